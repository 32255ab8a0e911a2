"""What is frozen: ``trainable`` set on layers and models, and graphs brought up to date with it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from astroid import nodes

from keraslint.graph import Call, Layer, Model, Op, Tensor, Unknown
from keraslint.graph.rewiring import rewired
from keraslint.reader.keras.adapting import note_asked
from keraslint.reader.keras.binding import current_layer, to_graph
from keraslint.reader.keras.observing import note
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import SET_ATTRIBUTE, SET_ON_KERAS
from keraslint.reader.machine.values import MISSING, DictValue, Instance, LayerValue, ListValue, ModelValue, More, Value


@dataclass
class Freezing:
    """What is remembered of layers that a program freezes."""

    happens: bool = False
    """The program sets ``trainable`` somewhere."""

    frozen: dict[tuple[Layer | Model, bool | Unknown], Layer | Model] = field(default_factory=dict)
    """Custom layers with another ``trainable`` than they were made with."""


def set_trainable(machine: Machine, owner: Value, value: Value) -> None:
    """``owner.trainable = value``: Keras sets it on everything inside as well."""
    machine.memory(Freezing).happens = True
    for part in (owner, *inside(machine, owner)):
        match part:
            case LayerValue(state=state) | ModelValue(state=state):
                machine.journal.set(state, "trainable", value)
            case Instance(attributes=attributes, model=model):
                machine.journal.set(attributes, "trainable", value)
                if model is not None:
                    machine.journal.set(model.state, "trainable", value)


@SET_ATTRIBUTE.answers(ModelValue, LayerValue)
def _set_on_part(machine: Machine, owner: ModelValue | LayerValue, name: str, value: Value, node: nodes.NodeNG) -> None:
    if isinstance(owner, LayerValue):
        note_asked(machine, owner.layer, name, node)
    if name == "trainable":
        _set_in_program(machine, owner, value, node)
    else:
        machine.journal.set(owner.state.attributes, name, value)
    _note_name(machine, owner, name, node)


@SET_ON_KERAS.answers
def _set_on_instance(machine: Machine, owner: Instance, name: str, value: Value, node: nodes.NodeNG) -> None:
    if name == "trainable":
        _set_in_program(machine, owner, value, node)
    _note_name(machine, owner, name, node)


def _note_name(machine: Machine, owner: Value, name: str, node: nodes.NodeNG) -> None:
    if name in ("_name", "name"):
        note(machine, "renamed", owner, _name_of(owner), machine.place(node))


def _set_in_program(machine: Machine, owner: Value, value: Value, node: nodes.NodeNG) -> None:
    """Set it, and note where that changes something after a compile."""
    changes = machine.record.compiles and any(
        _own(machine, part) is not value for part in (owner, *inside(machine, owner))
    )
    if changes and isinstance(value, bool):
        note(machine, "trainable-after-compile", owner, _name_of(owner), machine.place(node))
    set_trainable(machine, owner, value)


def _name_of(owner: Value) -> str:
    match owner:
        case LayerValue(layer=layer):
            return layer.name
        case ModelValue(name=name):
            return name
        case Instance(cls=cls):
            return cls.name
    return ""


def inside(machine: Machine, owner: Value) -> Iterator[Value]:
    """The layers and models that a model or custom layer holds, at any depth, each once."""
    seen: set[int] = set()
    stack = [machine.need(owner)]
    while stack:
        held = _held(machine, stack.pop())
        machine.burn(len(held))
        for part in held:
            if id(part) not in seen:
                seen.add(id(part))
                stack.append(part)
                yield part


def _held(machine: Machine, owner: Value) -> list[Value]:
    match owner:
        case ModelValue(instance=Instance() as instance) if not _has_graph(owner):
            return _held(machine, instance)
        case ModelValue(state=state):
            return [*_values(machine, state.get("layers")), *_behind(machine, owner)]
        case Instance(attributes=attributes, model=model):
            own = [part for attribute in attributes.values() for part in _values(machine, attribute)]
            return own + _held(machine, model) if model is not None and _has_graph(model) else own
        case _:
            return []


def _has_graph(model: ModelValue) -> bool:
    """Whether it is given layers or tensors, and not only a `call`."""
    return model.state.layers is not MISSING or model.state.inputs is not MISSING


def _values(machine: Machine, value: Value) -> Iterator[Value]:
    value = machine.need(value)
    match value:
        case LayerValue() | ModelValue():
            yield value
        case Instance() if value.layer is not None or value.model is not None:
            yield value
        case tuple() | ListValue() | DictValue():
            machine.burn()
            for item in _elements(value):
                if not isinstance(item, More):
                    yield from _values(machine, item)


def _elements(value: tuple[Value, ...] | ListValue | DictValue) -> Iterable[Value]:
    match value:
        case ListValue(items=items):
            return items
        case DictValue(entries=entries):
            return entries.values()
        case _:
            return value


def _behind(machine: Machine, model: ModelValue) -> Iterator[Value]:
    """The layers between the inputs and outputs of a functional model."""
    if model.state.is_functional:
        for layer in to_graph(machine, model).layers:
            if layer in machine.made_by:
                yield machine.made_by[layer]


def state_of(machine: Machine, owner: Value) -> Hashable:
    """What is frozen of a model, to tell whether a graph of it is out of date."""
    if not machine.memory(Freezing).happens:
        return ()
    if isinstance(owner, LayerValue):
        return _own(machine, owner)  # most hold nothing
    return (_own(machine, owner), *(_own(machine, part) for part in inside(machine, owner)))


def states_in(machine: Machine, graph: Model) -> Hashable:
    """The same for the layers of a graph."""
    return tuple(state_of(machine, machine.made_by.get(layer)) for layer in graph.layers)


def _own(machine: Machine, value: Value) -> bool | Unknown:
    match value:
        case LayerValue(state=state) | ModelValue(state=state):
            found = machine.need(state.get("trainable", True))
        case Instance(attributes=attributes):
            found = machine.need(attributes.get("trainable", True))
        case _:
            return True
    return found if isinstance(found, bool | Unknown) else True


def current_graph(machine: Machine, model: Model) -> Model:
    """A graph with its layers as they are now; the same one when nothing in it was frozen since."""
    if not machine.memory(Freezing).happens:
        return model
    machine.burn(len(model.calls))
    now = {id(layer): _current(machine, layer) for layer in _layers(model)}
    if all(now[id(layer)] is layer for layer in _layers(model)):
        return model
    calls: dict[int, Call] = {}

    def moved(tensor: Tensor) -> Tensor:
        producer = calls.get(id(tensor.producer))
        return tensor if producer is None else replace(tensor, producer=producer)

    for call in model.calls:
        layer = now.get(id(call.layer), call.layer)
        if isinstance(layer, Op):
            layer = replace(layer, arguments=rewired(layer.arguments, moved))
        inputs, arguments = tuple(map(moved, call.inputs)), rewired(call.arguments, moved)
        calls[id(call)] = replace(call, layer=layer, inputs=inputs, arguments=arguments)
    layers = tuple(now[id(layer)] for layer in model.layers)
    return replace(model, outputs=tuple(map(moved, model.outputs)), layers=layers)


def _layers(model: Model) -> list[Layer | Model]:
    called = [call.layer for call in model.calls if not isinstance(call.layer, Op)]
    return [*called, *model.layers]


def _current(machine: Machine, layer: Layer | Model) -> Layer | Model:
    value = machine.made_by.get(layer)
    match value:
        case LayerValue():
            now: Layer | Model = current_layer(machine, value)
        case ModelValue() | Instance() if isinstance(layer, Model):
            trainable = _own(machine, value)
            whole = layer if trainable is layer.trainable else replace(layer, trainable=trainable)
            now = current_graph(machine, whole)
        case Instance():
            now = _as_frozen(machine, layer, _own(machine, value))
        case _:
            return layer
    machine.made_by[now] = value
    return now


def _as_frozen(machine: Machine, layer: Layer | Model, trainable: bool | Unknown) -> Layer | Model:
    """A custom layer with another ``trainable``, always the same one."""
    if trainable is layer.trainable:
        return layer
    key = (layer, trainable)
    frozen = machine.memory(Freezing).frozen
    if key not in frozen:
        frozen[key] = replace(layer, trainable=trainable)
    return frozen[key]
