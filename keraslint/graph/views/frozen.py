"""Trainings of models whose weights are all frozen, and ``trainable`` set too late for a training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint.graph.facts import Confidence, Fact, Span
from keraslint.graph.objects import Layer
from keraslint.graph.observations import Observation
from keraslint.graph.once import once
from keraslint.graph.parameters import parameters
from keraslint.graph.program import Program
from keraslint.graph.training import Training


@dataclass(frozen=True, eq=False, repr=False)
class Frozen:
    """A training that `fit` runs though no weight of its model trains."""

    training: Training
    thawed_before: Observation | None
    """``trainable`` set between its compile and its first fit: at compile the weights were not frozen yet."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Frozen]:
        return iter(frozen_of(program))

    @property
    def span(self) -> Span:
        return self.training.span

    @property
    def about(self) -> tuple[Any, ...]:
        return self, self.training

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,)

    @property
    def confidence(self) -> Confidence:
        return self.training.confidence

    @property
    def switches(self) -> tuple[Fact[Any], ...]:
        """The ``trainable=False`` that layers were made with; empty where the program freezes them later."""
        layers = [layer for layer in self.training.model.layers if isinstance(layer, Layer)]
        given = [layer.given("trainable") for layer in layers]
        return tuple(argument.value for argument in given if argument is not None and argument.value == False)  # noqa: E712


@dataclass(frozen=True, eq=False, repr=False)
class LateSwitch:
    """``trainable`` set after a fit, with no compile before the next fit of the same training."""

    observation: Observation
    training: Training

    @classmethod
    def of(cls, program: Program) -> Iterator[LateSwitch]:
        """Not where several models train in turn: their steps are traced once, with the switches as they stood."""
        for seen in program.observations:
            training = seen.training
            if seen.kind == "trainable-after-fit" and training is not None and not _takes_turns(training):
                yield cls(seen, training)

    @property
    def span(self) -> Span:
        return self.observation.span

    @property
    def about(self) -> tuple[Any, ...]:
        return self.observation.about

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,)

    @property
    def confidence(self) -> Confidence:
        return min(self.observation.confidence, self.training.confidence)

    @property
    def name(self) -> str:
        """Of the layer or model that it was set on."""
        return self.observation.name


def _takes_turns(training: Training) -> bool:
    eager = training.compiled.argument("run_eagerly")
    is_traced = eager.is_default or eager == False  # noqa: E712 (a fact compares by value)
    return bool(training.part_of or training.holds or training.own_step) or not is_traced


@once
def frozen_of(program: Program) -> tuple[Frozen, ...]:
    switched: dict[Training, Observation] = {}
    restless: set[Training] = set()
    for seen in program.observations:
        if seen.training is not None and seen.kind == "trainable-after-compile":
            switched.setdefault(seen.training, seen)
        elif seen.training is not None and seen.kind == "trainable-after-fit":
            restless.add(seen.training)
    found = []
    for training in program.trainings:
        if training in restless or training.own_step or not any(fit.trains for fit in training.fits):
            continue
        if training.model.trainable is True and all(layer.trainable is True for layer in training.model.layers):
            continue  # nothing is frozen: no need to count
        total, trained = parameters(training.model)
        if total > 0 and trained == 0:  # an unknown compares false
            found.append(Frozen(training, switched.get(training)))
    return tuple(found)
