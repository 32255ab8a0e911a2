"""Calls of Keras as a program writes them: of what, with which arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from keraslint.graph import Argument, Confidence, Program, Span
from keraslint.graph.once import once


class Written(NamedTuple):
    """One call of something of Keras."""

    name: str
    """Canonical: ``keras.layers.Dense``, ``keras.Model.fit``."""
    arguments: tuple[Argument, ...]
    span: Span
    confidence: Confidence
    open_ended: bool = False
    unpacks: bool = False
    part: object = None

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2]


@once
def written_calls(program: Program) -> tuple[Written, ...]:
    """Of layers, objects, `compile` and `fit` with its likes; not where a class may have a `fit` that takes others."""
    return tuple(_written_calls(program))


def _written_calls(program: Program) -> Iterator[Written]:
    for made in (*program.layers, *program.objects):
        if not made.in_file and not made.expected:
            yield Written(
                made.class_name, made.arguments, made.span, made.confidence, made.open_ended, made.unpacks, made
            )
    for training in program.trainings:
        if not training.compiled.expected:
            made = training.compiled
            yield Written(
                made.class_name, made.arguments, made.span, made.confidence, made.open_ended, made.unpacks, training
            )
    for fit in program.fits:
        if fit.model.kind != "subclass" and not fit.assumed:
            yield Written(f"keras.Model.{fit.method}", fit.arguments, fit.span, fit.confidence, part=fit)
