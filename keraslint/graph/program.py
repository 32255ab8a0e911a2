"""Everything that was read out of one file: the models, how they are trained, and what stayed unknown."""

from __future__ import annotations

from dataclasses import dataclass

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import Call, KerasObject, Layer, Model
from keraslint.graph.training import Fit, Training


@dataclass(frozen=True, eq=False, repr=False)
class Program:
    """One source file (or saved model) as a graph: what rules, summary and confirm look at."""

    path: str
    models: tuple[Model, ...] = ()
    """Every model constructed, in order of first construction, as last seen."""
    trainings: tuple[Training, ...] = ()
    calls: tuple[Call, ...] = ()
    """Every application of a layer or op, in a model or not; layers that are never called appear once,
    applied to a tensor of unknown shape. What is inside a pretrained application is only in its models."""
    layers: tuple[Layer, ...] = ()
    objects: tuple[KerasObject, ...] = ()
    """Every loss, metric, optimizer, callback and other object, compiled or not; layers are in ``layers``."""
    fits: tuple[Fit, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    """What could not be read, and why, with spans."""
    api_versions: tuple[str, ...] = ()
    """The Keras versions that the file's own spellings allow; newest last."""
