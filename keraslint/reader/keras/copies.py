"""Copies of layers and models: `clone_model`, and `from_config` of what `get_config` gave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from astroid import nodes

from keraslint.graph import Call, KerasObject, Layer, Tensor, Unknown
from keraslint.graph.build import outputs_of
from keraslint.reader.keras.layers import note_call
from keraslint.reader.keras.models import graph_of, register
from keraslint.reader.language.functions import tensors_in
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.protocols import DELETE_ITEM, SET_ITEM
from keraslint.reader.machine.values import (
    Config,
    DictValue,
    LayerValue,
    ListValue,
    ModelValue,
    Native,
    Value,
)

_READS = frozenset(("copy", "get", "items", "keys", "values"))
"""Methods of a dict that leave it as it is."""


@dataclass
class Edited:
    """What is remembered of configurations."""

    configs: set[Config] = field(default_factory=set)
    """Those that the program changes; nobody knows what is made of them."""


@attributes_of(Config)
def _config_attribute(machine: Machine, config: Config, name: str, node: nodes.NodeNG) -> Value:
    if name not in _READS:
        machine.memory(Edited).configs.add(config)
    return Native(name, lambda machine, arguments, node: machine.unknown(f"`{name}` of a configuration", node))


@SET_ITEM.answers(Config)
def _set_in_config(machine: Machine, config: Config, key: Value, value: Value, node: nodes.NodeNG) -> None:
    machine.memory(Edited).configs.add(config)


@DELETE_ITEM.answers(Config)
def _delete_from_config(machine: Machine, config: Config, key: Value) -> None:
    machine.memory(Edited).configs.add(config)


def from_config(machine: Machine, config: Config, node: nodes.NodeNG) -> Value:
    """A layer, model or object like the one that the configuration is of."""
    if config in machine.memory(Edited).configs:
        return machine.unknown("what is made of a configuration that was changed", node)
    if isinstance(config.owner, LayerValue):
        return _clone_layer(machine, config.owner)
    if isinstance(config.owner, KerasObject):
        return _clone_object(machine, config.owner)
    return clone_model(machine, config.owner, None, node)


def _clone_object(machine: Machine, value: KerasObject) -> KerasObject:
    made = replace(value)
    if value in machine.changed:
        machine.journal.set(machine.changed, made, made)
    return made


def clone_model(machine: Machine, model: Value, inputs: Value, node: nodes.NodeNG) -> Value:
    """The same model with layers of its own; with ``inputs`` it starts there."""
    known = isinstance(model, ModelValue) and model.instance is None and not model.state.opaque
    tensors = tensors_in(machine, inputs)
    if not known or (tensors and model.kind != "sequential"):
        return machine.unknown(model.reason if isinstance(model, Unknown) else "a cloned model", node)
    # The clone of a compiled model is compiled, too.
    state = replace(model.state, given_away="clone_model", attributes=dict(model.state.attributes))
    if model.kind == "sequential":
        layers = machine.need_all(state.layers)
        if not isinstance(layers, tuple):
            return machine.unknown("a cloned model", node)
        cloned = tuple(_clone_part(machine, layer, node) for layer in layers)
        state.layers = (tensors[0], *_behind_input(cloned)) if tensors else cloned
    else:
        state.inputs, state.outputs = _clone_graph(machine, model, node)
    return register(machine, ModelValue(model.kind, model.name, machine.place(node), state), node)


def _behind_input(layers: tuple[Value, ...]) -> tuple[Value, ...]:
    first = layers[0] if layers else None
    is_input = isinstance(first, Tensor) or (isinstance(first, LayerValue) and first.layer.kind == "InputLayer")
    return layers[1:] if is_input else layers


def _clone_part(machine: Machine, part: Value, node: nodes.NodeNG) -> Value:
    match part:
        case LayerValue():
            return _clone_layer(machine, part)
        case ModelValue(instance=None):
            return clone_model(machine, part, None, node)
        case Tensor() | Unknown():
            return part
        case _:
            return machine.unknown("a layer of a cloned model", node)


def _clone_layer(machine: Machine, value: LayerValue) -> LayerValue:
    layer = replace(value.layer)
    machine.record.layers.append(layer)
    return LayerValue(layer, replace(value.state, attributes=dict(value.state.attributes)))


def _clone_graph(machine: Machine, model: ModelValue, node: nodes.NodeNG) -> tuple[Value, Value]:
    """The tensors of a functional model anew, behind the same inputs."""
    graph = graph_of(machine, model)
    calls: dict[int, Call] = {}
    clones: dict[int, LayerValue] = {}

    def moved(tensor: Tensor) -> Tensor:
        producer = calls.get(id(tensor.producer))
        return tensor if producer is None else replace(tensor, producer=producer)

    for call in graph.calls:
        inputs = tuple(map(moved, call.inputs))
        layer = call.layer
        original = machine.made_by.get(layer) if isinstance(layer, Layer) else None
        if isinstance(layer, Layer) and isinstance(original, LayerValue):
            clone = clones.setdefault(id(layer), _clone_layer(machine, original))
            layer = clone.layer
            machine.made_by[layer] = clone
            new = calls[id(call)] = replace(call, layer=layer, inputs=inputs)
            note_call(clone, inputs, outputs_of(new))
        else:
            calls[id(call)] = replace(call, inputs=inputs)
    outputs = machine.need_all(model.state.outputs)
    return model.state.inputs, _moved(machine, outputs, moved)


def _moved(machine: Machine, value: Value, moved: object) -> Value:
    match value:
        case Tensor():
            return moved(value)  # type: ignore[operator]
        case tuple():
            return tuple(_moved(machine, item, moved) for item in value)
        case ListValue(items=items):
            return ListValue([_moved(machine, item, moved) for item in items])
        case DictValue(entries=entries):
            return DictValue({key: _moved(machine, item, moved) for key, item in entries.items()})
        case _:
            return value
