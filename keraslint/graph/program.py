"""Everything that was read out of one file: the models, how they are trained, and what stayed unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from keraslint.graph.facts import Span, Unknown
from keraslint.graph.files import FileCall
from keraslint.graph.objects import Call, KerasObject, Layer, Model
from keraslint.graph.observations import Observation
from keraslint.graph.own import OwnFunction, OwnStep
from keraslint.graph.training import Fit, Training


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement that asks for Keras."""

    module: str
    """What it imports from; empty for ``import keras.layers as L``."""
    names: tuple[tuple[str, str | None], ...]
    """Each name, or with no module each dotted path, and what it is called here (None: the same)."""
    span: Span
    guarded: bool
    """Another Keras is reckoned with: by a `try`, a test around it, or a comparison of versions in the file."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted path of each name."""
        return tuple(f"{self.module}.{name}" if self.module else name for name, _ in self.names)


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
    imports: tuple[Import, ...] = ()
    """The statements that import Keras or something out of it."""
    observations: tuple[Observation, ...] = ()
    """What was seen that is no object, in the order in which it happens."""
    holds_tests: bool = False
    """It is a file of tests, which train to see that something runs."""
    refusals_expected: tuple[Span, ...] = ()
    """Blocks that are written to fail."""
    own_steps: tuple[OwnStep, ...] = ()
    """The gradients that the program takes for itself."""
    own_trainings: tuple[Training, ...] = ()
    """Those of the steps whose loss is one of Keras's, as if the model were compiled with it."""
    own_functions: tuple[OwnFunction, ...] = ()
    """Its own losses and metrics that a compile is given."""
    backend: str | Unknown = "tensorflow"
    """The backend that the program asks for; TensorFlow where it says nothing of it."""
    files: tuple[FileCall, ...] = ()
    """Every call that writes a model to a file or reads it from one, in order."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Program]:
        yield program

    def calls_layer(self, layer: object) -> bool:
        """Whether a layer is called anywhere."""
        return id(layer) in self._called

    @cached_property
    def _called(self) -> frozenset[int]:
        # One that is never called stands among the calls at its own place.
        return frozenset(id(call.layer) for call in self.calls if call.span != getattr(call.layer, "span", None))

    @cached_property
    def trained(self) -> Program:
        """The program without what surely trains nothing: idle compiles, and the objects and fits that only these
        have."""
        idle = [training for training in self.trainings if training.is_idle]
        if not idle:
            return self
        trainings = tuple(training for training in self.trainings if not training.is_idle)
        only_idle = set(map(id, _given_to(idle))) - set(map(id, _given_to(trainings)))
        objects = tuple(made for made in self.objects if id(made) not in only_idle)
        kept = {id(fit) for training in trainings for fit in training.fits}
        dropped = {id(fit) for training in idle for fit in training.fits} - kept
        fits = tuple(fit for fit in self.fits if id(fit) not in dropped)
        return replace(self, trainings=trainings, objects=objects, fits=fits)


def _given_to(trainings: Iterable[Training]) -> Iterator[KerasObject]:
    """The objects among the arguments of compiles: optimizers, losses, metrics, and what these were given in turn."""
    waiting = [argument.value for training in trainings for argument in training.compiled.arguments]
    while waiting:
        fact = waiting.pop()
        waiting += [*fact.items, *(value for _, value in fact.entries)]
        if isinstance(fact.value, KerasObject):
            yield fact.value
            waiting += [argument.value for argument in fact.value.arguments]
