"""Subclasses of Model and Layer that the file defines: their instances, their `call`, what they inherit."""

from __future__ import annotations

import math
from collections.abc import Iterator

from astroid import nodes

from keraslint.graph import Argument, Call, Fact, KerasObject, Layer, Model, Op, Span, Tensor, Unknown
from keraslint.graph.shape import Shape
from keraslint.reader.binding import auto_name, current_layer, fact_of
from keraslint.reader.functions import call_function, tensors_in
from keraslint.reader.iteration import MORE
from keraslint.reader.layers import call_arguments, input_tensors, shape_from
from keraslint.reader.machine import Arguments, Given, Machine
from keraslint.reader.models import apply_model, built_shape, graph_of, model_attribute
from keraslint.reader.state import span_of
from keraslint.reader.values import (
    DictValue,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    ModelValue,
    Native,
    Value,
)

_WEIGHTS = "_weights"
"""The attribute under which an instance keeps what `add_weight` made: pairs of a count and whether it trains."""
_MODEL_BASES = ("keras.Model", "keras.Sequential")


def prepare_instance(machine: Machine, instance: Instance, arguments: Arguments) -> None:
    """Give a new instance what its Keras base class brings."""
    base = instance.cls.keras_base
    name = instance.cls.node.name
    if base in _MODEL_BASES:
        kind = "sequential" if base == "keras.Sequential" else "subclass"
        state: dict[str, Value] = {"trainable": True}
        if kind == "sequential":
            state["layers"] = ()
        own = auto_name(machine, name, None)
        instance.model = ModelValue(kind, own, instance.span, state, instance)
        instance.model.confidence = machine.flow_confidence
        machine.record.models.append(instance.model)
    elif base is not None and (base == "keras.Layer" or base.startswith("keras.layers.")):
        bound = tuple(
            Argument(key, fact_of(machine, given), key, given.span) for key, given in arguments.keywords.items()
        )
        instance.layer = Layer(
            name,
            bound,
            instance.span,
            machine.flow_confidence,
            in_file=True,
            open_ended=True,
            name=auto_name(machine, name, None),
        )
        machine.record.layers.append(instance.layer)


def keras_super_attribute(machine: Machine, instance: Instance, name: str, node: nodes.NodeNG) -> Value:
    """What ``super().name`` is, where the base is Keras's."""
    if name == "__call__":
        return instance
    if instance.model is not None:
        return model_attribute(machine, instance.model, name, node)
    return Native(
        f"super().{name}", lambda machine, arguments, node: machine.unknown(f"result of super().{name}", node)
    )


def keras_base_init(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """`super().__init__(...)`: a name, or the inputs and outputs of a functional model."""
    name = machine.need(arguments.get(None, "name"))
    model = instance.model
    if model is None:
        return None
    if isinstance(name, str):
        model.name = name
    if arguments.given(None, "inputs") or (arguments.positional and tensors_in(machine, arguments.positional[0].value)):
        machine.journal.set(model.state, "inputs", arguments.get(0, "inputs"))
        machine.journal.set(model.state, "outputs", arguments.get(1, "outputs"))
    elif model.kind == "sequential":
        layers = machine.need(arguments.get(0, "layers"))
        if isinstance(layers, ListValue) and MORE not in layers.items:
            machine.journal.set(model.state, "layers", tuple(layers.items))
    return None


def keras_attribute(machine: Machine, instance: Instance, name: str, node: nodes.NodeNG) -> Value:
    """An attribute that an instance has from Keras."""
    if instance.model is not None:
        if name == "layers":
            return machine.unknown(f"the layers of {instance.cls.node.name}", node)
        return model_attribute(machine, instance.model, name, node)
    if name == "name" and instance.layer is not None:
        return instance.layer.name
    if name in ("add_weight", "add_variable"):
        return Native(name, lambda machine, arguments, node: _add_weight(machine, instance, arguments, node))
    return machine.unknown(f"attribute `{name}` of {instance.cls.node.name}", node)


def _add_weight(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """`self.add_weight(shape=…)` of a custom layer; Keras 2 has the name before the shape."""
    named_first = isinstance(arguments.get(0), str)
    given = machine.need_all(arguments.get(1 if named_first else 0, "shape"))
    shape = shape_from(Fact(() if given is None else given, span_of(node)), batched=True)
    sizes = [size for size in shape.dims if isinstance(size, int)]
    whole = shape.rank_known and len(sizes) == len(shape.dims)
    count = math.prod(sizes) if whole else Unknown("the shape of a weight", span_of(node))
    made = (count, machine.need(arguments.get(None, "trainable")) is not False)
    before = instance.attributes.get(_WEIGHTS, ())
    after = (*before, made) if isinstance(before, tuple) else Unknown("weights that depend on a branch")
    machine.journal.set(instance.attributes, _WEIGHTS, after)
    return machine.opaque_tensor("a weight", (), span_of(node), shape)


def _weights(
    machine: Machine, instance: Instance, inputs: tuple[Tensor, ...], inner: tuple[Tensor, ...]
) -> tuple[int | Unknown, int | Unknown]:
    """All weights of a custom layer and those that never train: its own, and those of the layers inside."""
    unknown = Unknown(f"the weights of {instance.cls.node.name}", instance.span)
    own = machine.need(instance.attributes.get(_WEIGHTS, ()))
    if instance.cls.keras_base != "keras.Layer" or not isinstance(own, tuple):
        return unknown, unknown
    inside = {id(call.layer): call for call in _calls_between(inputs, inner) if not isinstance(call.layer, Op)}
    parts = [part for value in instance.attributes.values() for part in _parts(machine, value)]
    if any(id(part) not in inside for part in parts) or any(isinstance(c.layer, Model) for c in inside.values()):
        return unknown, unknown
    pairs = [(count, 0 if trains else count) for count, trains in own]
    pairs += [(call.params, call.non_trainable_params) for call in inside.values()]
    total = frozen = 0
    for count, still in pairs:
        if isinstance(count, Unknown) or isinstance(still, Unknown):
            return unknown, unknown
        total, frozen = total + count, frozen + still
    return total, frozen


def _calls_between(inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...]) -> Iterator[Call]:
    """The calls that lead from a layer's inputs to its outputs."""
    seen = {id(tensor) for tensor in inputs}
    stack = list(outputs)
    while stack:
        tensor = stack.pop()
        if id(tensor) not in seen:
            seen.add(id(tensor))
            if tensor.producer is not None:
                yield tensor.producer
                stack.extend(tensor.producer.inputs)


def call_keras_instance(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Calling an instance of a Model or Layer subclass: its `call` is read on the tensors."""
    inputs = input_tensors(machine, arguments)
    if not inputs:
        return machine.unknown(f"{instance.cls.node.name} called without an input", node)
    if instance.model is not None and (instance.model.kind == "sequential" or "outputs" in instance.model.state):
        graph = graph_of(machine, instance.model, inputs[0].shape)
        outputs = apply_model(machine, graph, inputs, span_of(node), call_arguments(machine, arguments))
        return outputs[0] if len(outputs) == 1 else ListValue(list(outputs))
    result = _read_call(machine, instance, arguments, node)
    inner = tensors_in(machine, result)
    if not inner:
        return machine.opaque_tensor(instance.cls.node.name, inputs, span_of(node))
    outputs = _wrap(machine, instance, inputs, tuple(inner), span_of(node), call_arguments(machine, arguments))
    match machine.need(result):
        case Tensor():
            return outputs[0]
        case tuple() if len(result) == len(outputs):
            return tuple(outputs)
        case DictValue(entries=entries) if len(entries) == len(outputs):
            return DictValue(dict(zip(entries, outputs, strict=True)))
        case _:
            return ListValue(list(outputs))


def _read_call(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Read `build` once and `call` on the arguments."""
    found = instance.cls.lookup("call")
    if found is None or not isinstance(found[0], FunctionValue):
        return machine.unknown(f"{instance.cls.node.name} has no `call` in this file", node)
    receiver = Given(instance, node)
    build = instance.cls.lookup("build")
    if build is not None and isinstance(build[0], FunctionValue) and "_built" not in instance.attributes:
        machine.journal.set(instance.attributes, "_built", True)
        first = input_tensors(machine, arguments)
        shape: Value = (
            first[0].shape.dims if len(first) == 1 and first[0].shape.rank_known else Unknown("an input shape")
        )
        call_function(machine, build[0], Arguments([receiver, Given(shape, node)]), node)
    return call_function(machine, found[0], arguments.behind(receiver), node)


def _wrap(
    machine: Machine,
    instance: Instance,
    inputs: tuple[Tensor, ...],
    inner: tuple[Tensor, ...],
    span: Span,
    arguments: tuple[Argument, ...],
) -> tuple[Tensor, ...]:
    """One call of the custom layer or model around what its `call` did."""
    shapes = tuple(tensor.shape for tensor in inner)
    layer: Layer | Model
    if instance.model is not None:
        layer = _as_model(machine, instance.model, inputs, inner)
    else:
        assert instance.layer is not None
        layer = instance.layer
    params, non_trainable = _weights(machine, instance, inputs, inner)
    call = Call(
        layer,
        inputs,
        shapes,
        span,
        arguments,
        params,
        non_trainable,
        confidence=machine.flow_confidence,
    )
    machine.record.calls.append(call)
    return tuple(Tensor(shape, span, call, index) for index, shape in enumerate(shapes))


def apply_instance(machine: Machine, instance: Instance, inputs: tuple[Tensor, ...], span: Span) -> tuple[Tensor, ...]:
    """Put an instance behind tensors, as an element of a Sequential."""
    whole = inputs[0] if len(inputs) == 1 else ListValue(list(inputs))
    result = machine.call(instance, Arguments([Given(whole, instance.node)]), instance.node)
    return tuple(tensors_in(machine, result))


def subclass_graph(machine: Machine, model: ModelValue, given: Shape | None) -> Model:
    """The graph of a subclassed model: its `call`, read on an input of the shape that is known."""
    instance = model.instance
    assert instance is not None
    shape = built_shape(machine, model) or given or Shape.unknown("no input shape is given")
    version = (shape, len(instance.attributes), model.state.get("trainable") is True)
    if version in model.cache:
        return model.cache[version]  # type: ignore[no-any-return]
    source = Tensor(shape, model.span)
    node = instance.node
    result = _read_call(machine, instance, Arguments([Given(source, node)]), node)
    graph = _as_model(machine, model, (source,), tuple(tensors_in(machine, result)))
    model.cache[version] = graph
    return graph


def _as_model(machine: Machine, model: ModelValue, inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...]) -> Model:
    assert model.instance is not None
    name = model.instance.cls.node.name
    unknowns = () if outputs else (Unknown(f"what `call` of {name} returns", model.span),)
    found = Model("subclass", model.name, model.span, inputs, outputs, class_name=name)
    made = [call.layer for call in found.calls if not isinstance(call.layer, Op)]
    own = [part for value in model.instance.attributes.values() for part in _parts(machine, value)]
    layers = tuple(dict.fromkeys([*own, *made]))
    trainable = machine.need(model.state.get("trainable", True))
    return Model(
        "subclass",
        model.name,
        model.span,
        inputs,
        outputs,
        layers,
        min(model.confidence, machine.flow_confidence),
        unknowns,
        name,
        trainable=trainable if isinstance(trainable, bool | Unknown) else True,
    )


def _parts(machine: Machine, value: Value) -> Iterator[Layer | Model]:
    """The layers in an attribute."""
    value = machine.need(value)
    match value:
        case LayerValue():
            yield current_layer(machine, value)
        case ModelValue():
            yield graph_of(machine, value)
        case Instance(layer=Layer() as layer):
            yield layer
        case ListValue(items=items):
            for item in items:
                yield from _parts(machine, item)
        case tuple():
            for item in value:
                yield from _parts(machine, item)


def instance_object(machine: Machine, instance: Instance) -> object:
    """An instance of a class of the file, as the graph knows it."""
    if instance.layer is not None:
        return instance.layer
    if instance.model is not None:
        return graph_of(machine, instance.model)
    return KerasObject(instance.cls.node.name, (), instance.span, in_file=True, open_ended=True)
