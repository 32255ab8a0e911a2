"""Layers that learn from data before any training, by `adapt`: which of them surely never did, and are used all the
same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Fit, Layer, Model, Observation, Span
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in
from keraslint.reader.machine.protocols import ESCAPED
from keraslint.reader.machine.values import MISSING, LayerValue, ModelValue

LEARNED_BY = {
    "Discretization": ("bin_boundaries",),
    "IntegerLookup": ("vocabulary",),
    "Normalization": ("mean", "variance"),
    "StringLookup": ("vocabulary",),
    "TextVectorization": ("vocabulary",),
}
"""The arguments that spare such a layer its `adapt`."""
HARMLESS = frozenset(("dtype", "input", "input_shape", "name", "output", "output_shape", "trainable"))
"""Attributes that may be read without that anything is learned."""
LEARNS = frozenset(
    (
        *("adapt", "build_from_config", "finalize_state", "from_config", "load_assets", "load_own_variables"),
        *("load_weights", "restore", "set_vocabulary", "set_weights", "update_state"),
    )
)
"""Methods that give a layer what it has to know, or all layers of a model."""


@dataclass(eq=False)
class Learning:
    """What is remembered of layers that learn from data."""

    told: set[Span] = field(default_factory=set)
    """Where those were made that may have learned something; no branch takes that back."""
    asked: set[nodes.NodeNG] = field(default_factory=set)
    """The places where one of them is asked for something."""
    used: dict[Span, Layer] = field(default_factory=dict)
    """Those that were called on data, by the places where they are made."""


def note_asked(machine: Machine, layer: Layer, name: str, node: nodes.NodeNG) -> None:
    """A layer is asked for an attribute."""
    if layer.kind in LEARNED_BY and name not in HARMLESS:
        machine.memory(Learning).told.add(layer.span)
        machine.memory(Learning).asked.add(node)


def note_called_on_data(machine: Machine, layer: Layer) -> None:
    if layer.kind in LEARNED_BY and not machine.proves_nothing:
        machine.memory(Learning).used.setdefault(layer.span, layer)


@ESCAPED.answers(LayerValue)
def _escaped(machine: Machine, value: LayerValue, where: str) -> None:
    machine.memory(Learning).told.add(value.layer.span)


def never_adapted(machine: Machine, module: nodes.Module, fits: Iterable[Fit]) -> Iterator[Observation]:
    """Layers without statistics or vocabulary that are called on data, or stand in a model that is given some, where
    nothing in the file can have told them."""
    learning = machine.memory(Learning)
    asked = (part for part in nodes_in(module, nodes.Attribute) if part.attrname in LEARNS)
    if any(part not in learning.asked for part in asked):
        return
    away = set(_given_away(machine))
    used = {id(layer): layer for layer in learning.used.values()}
    for fit in fits:
        if not fit.assumed and fit.model.span not in away:
            used.update((id(layer), layer) for layer in _layers_in(fit.model))
    places: set[Span] = set()
    for layer in used.values():
        if layer.span in learning.told | places or layer.span.file or not _has_to_learn(layer):
            continue
        places.add(layer.span)
        yield Observation("never-adapted", layer.span, layer, layer.kind, confidence=layer.confidence)


def _has_to_learn(layer: Layer) -> bool:
    """Whether nothing that it was given says what it has to know."""
    names = LEARNED_BY.get(layer.kind, ())
    if not names or layer.in_file or layer.origin or layer.open_ended or layer.assumed or layer.expected:
        return False
    return all(layer.argument(name).is_a(type(None)) for name in names)


def _layers_in(model: Model) -> Iterator[Layer]:
    """The layers of a model that it calls, at any depth."""
    waiting, seen = [model], {id(model)}
    while waiting:
        for call in waiting.pop().calls:
            inner = call.layer if isinstance(call.layer, Model) else call.contents
            if isinstance(call.layer, Layer) and call.layer.kind in LEARNED_BY:
                yield call.layer
            if inner is not None and id(inner) not in seen:
                seen.add(id(inner))
                waiting.append(inner)


def _given_away(machine: Machine) -> Iterator[Span]:
    """Where models were made that something out of sight was given, which may have adapted what is inside."""
    for model in machine.record.models:
        if isinstance(model, ModelValue) and (model.state.given_away is not MISSING or model.state.opaque):
            yield model.span
