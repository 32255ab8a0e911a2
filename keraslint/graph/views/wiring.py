"""Wiring: how the calls of a model hang together, worked out once a model, in linear time and without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Confidence, Span
from keraslint.graph.objects import Call, Layer, Model, Tensor
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.sources import is_input
from keraslint.graph.training import Training
from keraslint.graph.views.traits import KERNELS, parameter_names, unwrapped


@dataclass(frozen=True, eq=False, repr=False)
class Link:
    """Two calls with kernels that follow each other on a plain chain, and the calls between them in order."""

    first: Call
    second: Call
    between: tuple[Call, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Wiring:
    """The graph of one model, asked from both ends."""

    model: Model
    trainings: tuple[Training, ...] = ()
    """The compiles of this very model; empty when there is none in sight."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Wiring]:
        """Of every model, as it was trained where it was, else as it stood at the end."""
        return iter(wirings_of(program))

    @property
    def training(self) -> Training | None:
        return next(iter(self.trainings), None)

    @property
    def about(self) -> tuple[Any, ...]:
        return self, self.model

    @property
    def span(self) -> Span:
        return self.model.span

    @property
    def confidence(self) -> Confidence:
        return self.model.confidence

    @property
    def is_known(self) -> bool:
        """Whether every layer and connection is known."""
        return bool(self.model.outputs) and not self.model.unknowns

    @cached_property
    def _consumers(self) -> dict[int, list[Call]]:
        found: dict[int, list[Call]] = {}
        for call in self.model.calls:
            for tensor in {id(tensor): tensor for tensor in call.inputs}.values():
                found.setdefault(id(tensor), []).append(call)
        return found

    @cached_property
    def _after(self) -> dict[int, list[Call]]:
        found: dict[int, list[Call]] = {}
        for call in self.model.calls:
            for producer in self.before(call):
                found.setdefault(id(producer), []).append(call)
        return found

    @cached_property
    def _inputs(self) -> frozenset[int]:
        return frozenset(map(id, self.model.inputs))

    @cached_property
    def _makers(self) -> frozenset[int]:
        """The calls that make an output."""
        return frozenset(id(output.producer) for output in self.model.outputs if output.producer is not None)

    def consumers(self, tensor: Tensor) -> tuple[Call, ...]:
        """The calls of the model that a tensor goes into."""
        return tuple(self._consumers.get(id(tensor), ()))

    def before(self, call: Call) -> tuple[Call, ...]:
        """The calls whose results go into ``call``, each once."""
        makers = (tensor.producer for tensor in call.inputs if id(tensor) not in self._inputs)
        return tuple({id(maker): maker for maker in makers if maker is not None}.values())

    def after(self, call: Call) -> tuple[Call, ...]:
        """The calls that what ``call`` gives goes into."""
        return tuple(self._after.get(id(call), ()))

    def makes_output(self, call: Call) -> bool:
        """Whether some output of the model is what ``call`` gives."""
        return id(call) in self._makers

    def next_on_chain(self, call: Call) -> Call | None:
        """The only call that gets what ``call`` gives, where it gets nothing else and no output is made of it."""
        after = self._after.get(id(call), [])
        if len(after) != 1 or self.makes_output(call) or len(self.before(after[0])) != 1:
            return None
        return after[0] if len(after[0].inputs) == 1 else None

    @cached_property
    def chains(self) -> tuple[tuple[Call, ...], ...]:
        """The model cut where it branches or merges: plain chains, each as long as it can be, from input to output."""
        inside = {id(following) for call in self.model.calls if (following := self.next_on_chain(call))}
        found = []
        for call in self.model.calls:
            if id(call) not in inside:
                chain = [call]
                while (following := self.next_on_chain(chain[-1])) is not None:
                    chain.append(following)
                found.append(tuple(chain))
        return tuple(found)

    @cached_property
    def kernels_in_sequence(self) -> tuple[Link, ...]:
        """Each pair of kernels that follow each other on a plain chain."""
        found = []
        for chain in self.chains:
            first: Call | None = None
            between: list[Call] = []
            for call in chain:
                if not applies_kernel(call):
                    between.append(call)
                    continue
                if first is not None:
                    found.append(Link(first, call, tuple(between)))
                first, between = call, []
        return tuple(found)

    def depends_on(self, tensor: Tensor, other: Tensor | Call) -> bool:
        """Whether ``other`` is asked on the way to ``tensor``."""
        seen: set[int] = set()
        waiting = [tensor]
        while waiting:
            asked = waiting.pop()
            if asked is other or asked.producer is other:
                return True
            call = None if id(asked) in self._inputs else asked.producer
            if call is not None and id(call) not in seen:
                seen.add(id(call))
                waiting.extend(call.inputs)
        return False

    @cached_property
    def unused_inputs(self) -> tuple[Tensor, ...]:
        """Inputs that no output depends on; none where the model is not known."""
        if not self.is_known:
            return ()
        made = set(map(id, self.model.outputs))
        return tuple(t for t in self.model.inputs if id(t) not in self._consumers and id(t) not in made)

    @cached_property
    def inputs_left_out(self) -> tuple[Tensor, ...]:
        """Inputs that an output depends on and that the model is not given; none where the model is not known."""
        if not self.is_known or self.model.kind != "functional":
            return ()
        asked = (*(tensor for call in self.model.calls for tensor in call.inputs), *self.model.outputs)
        return tuple(tensor for tensor in asked if id(tensor) not in self._inputs and is_input(tensor))

    @cached_property
    def unused_layers(self) -> tuple[Layer | Model, ...]:
        """Layers that the model holds and does not ask for any output; none where the model is not known."""
        if not self.is_known:
            return ()
        used = {id(layer) for call in self.model.calls for layer in (call.layer, unwrapped(call.layer))}
        return tuple(layer for layer in self.model.layers if id(layer) not in used and not _is_input(layer))


def _is_input(layer: Layer | Model) -> bool:
    return isinstance(layer, Layer) and layer.class_name == "keras.layers.InputLayer"


def applies_kernel(call: Call) -> bool:
    """Whether it is one of Keras's layers that multiply with a kernel: Dense, convolutions, recurrent ones."""
    layer = unwrapped(call.layer)
    if not isinstance(layer, Layer) or layer.in_file or keras_api.symbol(layer.class_name) is None:
        return False
    return not KERNELS.isdisjoint(parameter_names(layer.class_name))


@once
def wirings_of(program: Program) -> tuple[Wiring, ...]:
    """Of each model as it was last trained; one that differs between branches has a wiring for each way."""
    trained: dict[int, list[Training]] = {}
    for training in program.trainings:
        trained.setdefault(id(training.model), []).append(training)
    compiled = {(training.model.span, training.model.name) for training in program.trainings}
    untrained = (
        model for model in program.models if id(model) not in trained and (model.span, model.name) not in compiled
    )
    of_trainings = (Wiring(trainings[-1].model, tuple(trainings)) for trainings in trained.values())
    return tuple(_bounded((*of_trainings, *map(Wiring, untrained))))


def _bounded(wirings: tuple[Wiring, ...]) -> Iterator[Wiring]:
    """The first of them, until so many calls are looked at: models that share their layers grow with the square."""
    looked_at = 0
    for wiring in wirings:
        if looked_at > MOST_CALLS:
            return
        looked_at += len(wiring.model.calls)
        yield wiring


MOST_CALLS = 10_000
"""Of models that hold more calls together the later ones are not looked at."""
