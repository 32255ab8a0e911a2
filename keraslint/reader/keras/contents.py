"""What an instance of a Model or Layer subclass consists of: its layers, its weights, the way to its outputs."""

from __future__ import annotations

from collections.abc import Iterator

from astroid import nodes

from keraslint.graph import (
    KerasObject,
    Layer,
    Model,
    Op,
    Tensor,
    Unknown,
)
from keraslint.reader.keras.attention_parts import called_parts
from keraslint.reader.keras.binding import current_layer
from keraslint.reader.keras.freezing import current_graph, state_of
from keraslint.reader.keras.masks import BARE
from keraslint.reader.keras.models import (
    CALLS_FOR_ONE,
    graph_of,
    unknown_in,
)
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in
from keraslint.reader.machine.protocols import (
    GRAPH_VALUE,
)
from keraslint.reader.machine.values import (
    ClassValue,
    DictValue,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    ModelValue,
    Value,
)

WEIGHTS = "weights"
"""The note of what `add_weight` made: pairs of a count and whether it trains."""
GIVEN = "given"
"""The note of the arguments that an instance was made with."""
BASE = "base"
"""The note of the built-in layer that an instance of a subclass of it is."""


def up_to_date(machine: Machine, called: Model, instance: Instance) -> Model:
    """The graph of the last call with what has been frozen since."""
    assert instance.model is not None
    version = ("called", id(called), state_of(machine, instance.model))
    if version not in instance.model.cache:
        why = next((unknown.reason for unknown in called.unknowns), "")
        instance.model.cache[version] = contents_of(machine, instance, called.inputs, called.outputs, why)
    return instance.model.cache[version]  # type: ignore[no-any-return]


def why_unknown(instance: Instance, result: Value, found: tuple[Tensor, ...]) -> str:
    """Why it is not all known what `call` gives, where ``found`` are the tensors in its result; empty when it is."""
    unknown = next(unknown_in(result), None)
    if unknown is not None:
        return unknown.reason
    return "" if found else f"what `call` of {instance.cls.name} returns"


def contents_of(
    machine: Machine, instance: Instance, inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...], why: str = ""
) -> Model:
    """What an instance is made of, as a model: its layers, its own weights, and the way from inputs to outputs."""
    name = instance.cls.name
    unknowns = (Unknown(why, instance.span),) if why else ()
    passed = Model("subclass", name, instance.span, inputs, outputs)
    machine.burn(len(passed.calls) // CALLS_FOR_ONE)
    made = [call.layer for call in passed.calls if not isinstance(call.layer, Op)]
    by_value = {id(machine.made_by[layer]): layer for layer in made if layer in machine.made_by}
    own = [
        by_value.get(id(value)) or part
        for attribute in (*_inherited(instance), *instance.attributes.values())
        for value, part in _parts(machine, attribute)
        if id(value) in by_value or not (isinstance(value, Instance) and _is_weightless(machine, value))
    ]
    total, trainable = _own_weights(machine, instance)
    model = instance.model
    frozen = machine.need(model.state.trainable) if model is not None else True
    return current_graph(
        machine,
        Model(
            "subclass",
            model.name if model is not None else name,
            instance.span,
            inputs,
            outputs,
            tuple(dict.fromkeys(own)),
            min(model.confidence, machine.flow_confidence) if model is not None else machine.flow_confidence,
            unknowns,
            name,
            trainable=frozen if isinstance(frozen, bool | Unknown) else True,
            own_params=total,
            own_trainable_params=trainable,
        ),
    )


def _is_weightless(machine: Machine, instance: Instance) -> bool:
    """Whether a layer of the file surely has no weights: one that others ask for its methods need not be called."""
    if instance.layer is None or instance.cls.keras_base not in BARE or instance.cls.lookup("build") is not None:
        return False
    held = (part for attribute in instance.attributes.values() for part in _parts(machine, attribute))
    return _own_weights(machine, instance)[0] == 0 and next(held, None) is None


def _inherited(instance: Instance) -> tuple[Value, ...]:
    """The built-in layer whose weights an instance of a subclass of it has."""
    return () if BASE not in instance.notes or _builds_itself(instance.cls) else (instance.notes[BASE],)


def _builds_itself(cls: ClassValue) -> bool:
    """Whether a subclass of a built-in layer makes weights of its own in the place of those of its base."""
    build, call = cls.lookup("build"), cls.lookup("call")
    if build is None or call is None or not isinstance(build[0], FunctionValue):
        return False
    return not any(
        isinstance(asked.func.expr, nodes.Call) and asked.func.attrname in ("build", "_build_from_signature")
        for asked in nodes_in(build[0].node, nodes.Call)
        if isinstance(asked.func, nodes.Attribute)
    )


def _own_weights(machine: Machine, instance: Instance) -> tuple[int | Unknown, int | Unknown]:
    """The sizes of what `add_weight` made: of all, and of those that train."""
    made = machine.need(instance.notes.get(WEIGHTS, ()))
    if not isinstance(made, tuple):
        unknown = Unknown(f"the weights of {instance.cls.name}", instance.span)
        return unknown, unknown
    total = trainable = 0
    for count, trains in made:
        if isinstance(count, Unknown):
            return count, count
        total, trainable = total + count, trainable + count * trains
    return total, trainable


def _parts(machine: Machine, value: Value) -> Iterator[tuple[Value, Layer | Model]]:
    """The layers in an attribute, with the values of the program that they are."""
    value = machine.need(value)
    match value:
        case LayerValue():
            for part in called_parts(value) or (value,):
                yield part, current_layer(machine, part)
        case ModelValue():
            yield value, graph_of(machine, value)
        case Instance(layer=Layer() as layer):
            yield value, layer
        case Instance(model=ModelValue() as model):
            yield value, graph_of(machine, model)
        case ListValue(items=items):
            machine.look_through(items)
            for item in items:
                yield from _parts(machine, item)
        case DictValue(entries=entries):
            for item in entries.values():
                yield from _parts(machine, item)
        case tuple():
            machine.look_through(value)
            for item in value:
                yield from _parts(machine, item)


@GRAPH_VALUE.answers(Instance)
def _instance_object(machine: Machine, instance: Instance) -> object:
    """An instance of a class of the file, as the graph knows it."""
    if instance.layer is not None:
        return instance.layer
    if instance.model is not None:
        return graph_of(machine, instance.model)
    return KerasObject(instance.cls.node.name, (), instance.span, in_file=True, open_ended=True)
