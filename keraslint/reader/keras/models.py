"""Keras models: Sequential and functional construction, calling one, and the graph that it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from astroid import nodes

from keraslint.graph import (
    Argument,
    Array,
    Confidence,
    Layer,
    Model,
    Span,
    Tensor,
    Unknown,
)
from keraslint.graph.build import call_of, functional, outputs_of, shapes_through
from keraslint.graph.declared import declared_input_shape
from keraslint.graph.shape import Shape
from keraslint.graph.shape import join as join_shapes
from keraslint.graph.shapes import Inferred
from keraslint.reader.keras.binding import auto_name, current_layer
from keraslint.reader.keras.freezing import Freezing, current_graph, state_of, states_in
from keraslint.reader.keras.layers import (
    apply_layer,
    call_arguments,
    input_tensors,
    with_constants,
)
from keraslint.reader.keras.observing import note, note_dropped, note_layers_as_tensors, note_not_a_layer
from keraslint.reader.keras.preprocessing import PREPROCESSING, preprocessed
from keraslint.reader.language.functions import flat_order, rebuilt, tensors_in
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import more, settle
from keraslint.reader.machine.machine import Machine, calls_of
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import APPLY, ESCAPED, GRAPH, GRAPH_VALUE
from keraslint.reader.machine.values import (
    MISSING,
    MORE,
    DataShape,
    DictValue,
    Instance,
    LayerValue,
    ListValue,
    ModelState,
    ModelValue,
    More,
    Repeated,
    Value,
)

CALLS_FOR_ONE = 2
"""Finding so many calls behind a model's outputs takes as long as evaluating one expression."""


# construction ------------------------------------------------------------------------------------------------


def make_sequential(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> ModelValue:
    given = machine.need(arguments.get(0, "layers"))
    if isinstance(given, ListValue):
        settle(machine, given.items)
        _note_others(machine, given, arguments.positional[0].node if arguments.positional else node)
    layers: tuple[Value, ...] = ()
    match given:
        case ListValue(items=items) if MORE not in items:
            layers = tuple(items)
        case tuple():
            layers = given
        case None:
            pass
        case _:
            cause = given.reason if isinstance(given, Unknown) else more(given).reason
            layers = (machine.unknown(cause or "layers given as a list that is not all known", node),)
    if arguments.open_ended:
        layers = (*layers, machine.unknown("layers given as *args", node))
    state = ModelState(layers=layers)
    name = auto_name(machine, "Sequential", machine.need(arguments.get(2, "name")))
    return register(machine, ModelValue("sequential", name, machine.place(node), state), node)


def _note_others(machine: Machine, given: ListValue, node: nodes.NodeNG) -> None:
    elements = getattr(node, "elts", None) or ()
    for place, item in enumerate(given.items):
        where = elements[place] if len(elements) == len(given.items) else node
        note_not_a_layer(machine, item, where, first=place == 0)


def make_functional(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> ModelValue:
    inputs = machine.need_all(arguments.get(0, "inputs", "input"))
    outputs = machine.need_all(arguments.get(1, "outputs", "output"))
    tensors = [*arguments.positional[:2], *(arguments.keywords[key] for key in _TENSORS if key in arguments.keywords)]
    for given in tensors:
        note_layers_as_tensors(machine, given.value, "Model", given.node)
    if arguments.refused:
        inputs = outputs = machine.unknown(arguments.refused, node)
    name = auto_name(machine, "Functional", machine.need(arguments.get(2, "name")))
    state = ModelState(inputs=inputs, outputs=outputs)
    return register(machine, ModelValue("functional", name, machine.place(node), state), node)


_TENSORS = ("inputs", "outputs", "input", "output")


def made_already(machine: Machine, graph: Model, parts: tuple[LayerValue, ...]) -> None:
    """Let the machine know a ``Sequential`` whose graph is built, and which layers it consists of."""
    layers: tuple[Value, ...] = (*graph.inputs, *parts)
    value = ModelValue("sequential", graph.name, graph.span, ModelState(layers=layers))
    now = _as_they_are(machine, layers)
    conditions = (None, graph.confidence)
    value.cache[_Built] = _Built(conditions, now, graph.inputs, graph.outputs, graph.layers, ())
    value.cache[now, conditions, True, False] = graph
    machine.made_by[graph] = value


def make_opaque(machine: Machine, what: str, name: str, node: nodes.NodeNG) -> ModelValue:
    """A model of which only the existence is known: a pretrained application, a loaded file."""
    span = machine.place(node)
    source = Tensor(Shape.unknown(f"the input of {what}"), span)
    output = machine.opaque_tensor(what, (source,), span)
    state = ModelState(inputs=source, outputs=output, opaque=what)
    return register(machine, ModelValue("functional", name, span, state), node)


def register(machine: Machine, model: ModelValue, node: nodes.NodeNG) -> ModelValue:
    """Record a model that the program makes."""
    machine.model_sites.add(node)
    model.confidence = machine.flow_confidence
    machine.record.models.append(model)
    if machine.expecting:
        note(machine, "model-in-try", model, model.name, model.span)
    return model


@ESCAPED.answers(ModelValue)
def _escaped(machine: Machine, model: ModelValue, where: str) -> None:
    if model.state.given_away is MISSING:
        machine.journal.set(model.state, "given_away", where)
    if model.kind == "sequential" and isinstance(model.state.layers, tuple) and not model.state.has_escaped:
        machine.journal.set(model.state, "escaped", where)


@ESCAPED.answers(Instance)
def _instance_escaped(machine: Machine, instance: Instance, where: str) -> None:
    if instance.model is not None:
        _escaped(machine, instance.model, where)


@GRAPH_VALUE.answers(ModelValue)
def _graph_value(machine: Machine, model: ModelValue) -> Model:
    return graph_of(machine, model)


# graphs ------------------------------------------------------------------------------------------------------


def graph_of(machine: Machine, model: ModelValue, given: DataShape | None = None) -> Model:
    """The model as it stands now; ``given`` are the shapes of data that it is called on, for one without an input.

    Raises:
        Undecided: a part of it depends on a branch.
    """
    if model.kind == "sequential":
        return _sequential_graph(machine, model, given if isinstance(given, Shape) else None)
    if model.kind == "subclass" and not model.state.is_functional:
        return GRAPH.ask(machine, model, given)
    return _functional_graph(machine, model)


def _trainable(machine: Machine, model: ModelValue) -> bool | Unknown:
    value = machine.need(model.state.trainable)
    return value if isinstance(value, bool | Unknown) else Unknown("`trainable` of a model")


def built_shape(machine: Machine, model: ModelValue) -> DataShape | None:
    """The shape that `build` was given, if it was called; of a subclass also those of several inputs."""
    shape = machine.need(model.state.built_shape)
    return Shape.unknown(shape.reason) if isinstance(shape, Unknown) else shape


def build_by_call(machine: Machine, model: ModelValue, shape: Shape) -> None:
    """A Sequential that was not told its input is built by the first data that it sees, and stays so."""
    if model.kind == "sequential" and model.state.built_shape is None and shape.rank_known:
        machine.journal.set(model.state, "built_shape", shape)


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class _Built:
    """A Sequential as far as it was built before: what it consisted of, and what came of it."""

    conditions: tuple[object, ...]
    layers: tuple[Value, ...]
    starts: tuple[Tensor, ...]
    ends: tuple[Tensor, ...]
    parts: tuple[Layer | Model, ...]
    unknowns: tuple[Unknown, ...]


def _sequential_graph(machine: Machine, model: ModelValue, given: Shape | None) -> Model:
    layers = machine.need_all(model.state.layers)
    if isinstance(layers, Unknown):
        layers = (layers,)
    trainable = _trainable(machine, model)
    stated = built_shape(machine, model)
    conditions = (stated if isinstance(stated, Shape) else given, machine.flow_confidence)
    now = _as_they_are(machine, layers)
    key = (now, conditions, trainable is True, model.state.has_escaped)
    if key in model.cache:
        return model.cache[key]  # type: ignore[no-any-return]
    built = _build_sequential(machine, model, layers, now, conditions)
    ends, unknowns = built.ends, built.unknowns
    if model.state.has_escaped:
        why = Unknown(f"layers may be added by {model.state.escaped}", model.span)
        unknowns = (*unknowns, why)
        ends = (machine.opaque_tensor(why.reason, ends, model.span),)
    graph = Model(
        "sequential",
        model.name,
        model.span,
        built.starts,
        ends if ends[0] is not built.starts[0] else (),
        built.parts,
        min(model.confidence, machine.flow_confidence),
        unknowns,
        model.instance.cls.name if model.instance else "",
        trainable=trainable,
    )
    model.cache[key] = graph
    return graph


def _as_they_are(machine: Machine, layers: tuple[Value, ...]) -> tuple[Value, ...]:
    """The elements of a Sequential as what it was built of before is compared with."""
    if not machine.memory(Freezing).happens and {LayerValue, Tensor}.issuperset(map(type, layers)):
        return layers
    return tuple(_as_it_is(machine, layer) for layer in layers)


def _as_it_is(machine: Machine, layer: Value) -> Value:
    """An element of a Sequential with what may have been set since it was made."""
    match layer:
        case LayerValue():
            return current_layer(machine, layer)
        case ModelValue() | Instance():
            return layer, state_of(machine, layer)
        case Tensor() | Unknown() | Repeated():
            return layer
        case _:
            return "something that is no layer"


def _build_sequential(
    machine: Machine,
    model: ModelValue,
    layers: tuple[Value, ...],
    now: tuple[Value, ...],
    conditions: tuple[Shape | None, Confidence],
) -> _Built:
    """Put the layers behind one another; those that were so before keep their tensors, so that a model that is
    looked at after each `add` is built once."""
    before: _Built | None = model.cache.get(_Built)
    rest: Sequence[Value]
    if before and before.conditions == conditions and before.layers == now[: len(before.layers)]:
        starts, rest = before.starts, layers[len(before.layers) :]
    else:
        before = None
        starts, rest = _start(machine, layers, model, conditions[0])
    ends = before.ends if before else starts[:1]
    parts = list(before.parts) if before else []
    unknowns = list(before.unknowns) if before else []
    for layer in rest:
        repeated = layer if isinstance(layer, Repeated) else None
        outside = ends
        for inner in machine.need_all(repeated.layers) if repeated else (layer,):
            several = starts if ends[0] is starts[0] and isinstance(inner, ModelValue) else ends
            ends, part = _step(machine, inner, several, model.span)
            if part is not None:
                parts.append(part)
            if isinstance(inner, Unknown):
                unknowns.append(inner)
        if repeated:
            unknowns.append(repeated.why)
            shape = join_shapes(outside[0].shape, ends[0].shape, repeated.why.reason)
            ends = (machine.opaque_tensor(repeated.why.reason, (*outside, *ends), model.span, shape),)
    built = _Built(conditions, now, starts, ends, tuple(parts), tuple(unknowns))
    if layers:
        model.cache[_Built] = built
    return built


def _start(
    machine: Machine, layers: Sequence[Value], model: ModelValue, built: Shape | None
) -> tuple[tuple[Tensor, ...], Sequence[Value]]:
    """The input tensors of a Sequential and the layers behind them: more than one where Keras 1 merges branches."""
    if layers:
        first = layers[0]
        if isinstance(first, Repeated):
            return (_start_of_turn(machine, first, built, model),), layers
        if isinstance(first, Tensor):
            return (first,), layers[1:]
        if isinstance(first, LayerValue):
            declared = declared_input_shape(first.layer)
            if first.layer.kind == "InputLayer":
                shape = declared or Shape.unknown("an InputLayer without a shape")
                return (Tensor(shape, first.layer.span, name=first.layer.name),), layers[1:]
            if declared is not None:
                return (Tensor(declared, first.layer.span),), layers
        if isinstance(first, ModelValue):
            inner = graph_of(machine, first, built)
            if inner.inputs:
                return tuple(Tensor(tensor.shape, model.span) for tensor in inner.inputs), layers
    return (Tensor(built or Shape.unknown("no input shape is given"), model.span),), layers


def _start_of_turn(machine: Machine, first: Repeated, built: Shape | None, model: ModelValue) -> Tensor:
    """The input of a Sequential whose first layers a loop adds."""
    layer = machine.need(first.layers[0])
    declared = declared_input_shape(layer.layer) if isinstance(layer, LayerValue) else None
    return Tensor(declared or built or Shape.unknown("no input shape is given"), model.span)


def _step(
    machine: Machine, layer: Value, incoming: tuple[Tensor, ...], span: Span
) -> tuple[tuple[Tensor, ...], Layer | Model | None]:
    """Put one element of a Sequential behind what comes in."""
    match layer:
        case LayerValue():
            outputs = apply_layer(machine, layer, incoming, layer.layer.span)
            layer.outputs[:], layer.inputs[:] = layer.outputs[-1:], layer.inputs[-1:]
            producer = outputs[0].producer
            assert producer is not None
            return outputs, producer.layer if isinstance(producer.layer, Layer | Model) else None
        case ModelValue():
            build_by_call(machine, layer, incoming[0].shape)
            inner = graph_of(machine, layer, incoming[0].shape)
            machine.made_by[inner] = layer
            return apply_model(machine, inner, incoming, layer.span), inner
        case Instance():
            results = APPLY.ask(machine, layer, incoming, layer.span)
            results = results or (machine.opaque_tensor(layer.cls.node.name, incoming, layer.span),)
            part = results[0].producer.layer if results[0].producer else None
            return results, part if isinstance(part, Layer | Model) else None
        case Unknown(reason=reason):
            return (machine.opaque_tensor(reason, incoming, span),), None
        case _:
            return (machine.opaque_tensor("something that is no layer", incoming, span),), None


def _functional_graph(machine: Machine, model: ModelValue) -> Model:
    raw_inputs, raw_outputs = machine.need_all(model.state.inputs), machine.need_all(model.state.outputs)
    trainable = _trainable(machine, model)
    key = (id(raw_inputs), id(raw_outputs), trainable is True)
    if key not in model.cache:
        model.cache[key] = _as_made(machine, model, raw_inputs, raw_outputs, trainable)
        model.cache["kept"] = (raw_inputs, raw_outputs)
    graph: Model = model.cache[key]
    if not machine.memory(Freezing).happens:
        return graph
    now = (*key, states_in(machine, graph))
    if now not in model.cache:
        model.cache[now] = current_graph(machine, graph)
    return model.cache[now]  # type: ignore[no-any-return]


def structure_of(machine: Machine, model: ModelValue) -> Model:
    """The model's layers and tensors as they were when they were called, whatever of them is frozen by now."""
    graph = graph_of(machine, model)
    if model.kind != "functional":
        return graph
    raw_inputs, raw_outputs = machine.need_all(model.state.inputs), machine.need_all(model.state.outputs)
    made: Model = model.cache.get((id(raw_inputs), id(raw_outputs), _trainable(machine, model) is True), graph)
    return made


def _as_made(
    machine: Machine, model: ModelValue, raw_inputs: Value, raw_outputs: Value, trainable: bool | Unknown
) -> Model:
    """A functional model with its layers as they were when they were called."""
    inputs, outputs = tuple(tensors_in(machine, raw_inputs)), tuple(tensors_in(machine, raw_outputs))
    unknowns = [*unknown_in(raw_inputs), *unknown_in(raw_outputs)]
    if not unknowns and not (inputs and outputs):
        unknowns.append(Unknown("inputs or outputs that are not understood", model.span))
    if model.state.opaque:
        unknowns.append(Unknown(f"the layers of {model.state.opaque}", model.span))
    names = tuple(map(str, flat_order(raw_outputs.entries))) if isinstance(raw_outputs, DictValue) else None
    graph = functional(
        model.name,
        model.span,
        inputs,
        outputs,
        kind="functional" if model.kind == "functional" else "subclass",
        class_name=model.instance.cls.node.name if model.instance else "",
        confidence=min(model.confidence, machine.flow_confidence),
        unknowns=tuple(unknowns),
        output_names=names,
        trainable=trainable,
        written_names=tuple(map(str, raw_outputs.entries)) if isinstance(raw_outputs, DictValue) else None,
    )
    machine.burn(len(graph.calls) // CALLS_FOR_ONE)
    return graph


def unknown_in(value: Value) -> Iterator[Unknown]:
    """The unknowns in inputs or outputs, through the structure they came in."""
    match value:
        case Unknown():
            yield value
        case ListValue(items=items) | (tuple() as items):
            for item in items:
                yield from unknown_in(item)
        case DictValue(entries=entries, has_more=has_more):
            for item in entries.values():
                yield from unknown_in(item)
            if has_more:
                yield Unknown(value.why or "tensors in a dict that is not all known")
        case More(reason=reason):
            yield Unknown(reason or "tensors in a list that is not all known")


# calling -----------------------------------------------------------------------------------------------------


@calls_of(ModelValue)
def call_model(machine: Machine, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    data = machine.need(arguments.get(0, "inputs"))
    if isinstance(data, Array) and (steps := _preprocessing(machine, model)):
        for layer in steps:
            data = preprocessed(machine, layer, data, node)
        return data
    arguments = with_constants(machine, arguments)
    inputs = input_tensors(machine, arguments, batched=True)
    if not inputs:
        return machine.unknown(f"the model {model.name} called without an input", node)
    note_dropped(machine, model, model.name, node)
    build_by_call(machine, model, inputs[0].shape)
    graph = graph_of(machine, model, inputs[0].shape)
    machine.made_by[graph] = model
    outputs = apply_model(machine, graph, inputs, span_of(node), call_arguments(machine, arguments))
    return structured(machine, model, outputs)


def _preprocessing(machine: Machine, model: ModelValue) -> list[Layer]:
    """The layers of a Sequential that does nothing but scale, resize and turn images."""
    layers = machine.need_all(model.state.get("layers")) if model.kind == "sequential" else None
    if not isinstance(layers, tuple) or model.state.has_escaped:
        return []
    parts = [layer.layer for layer in layers if isinstance(layer, LayerValue) and layer.layer.kind in PREPROCESSING]
    return parts if len(parts) == len(layers) else []


def structured(machine: Machine, model: ModelValue, outputs: tuple[Tensor, ...]) -> Value:
    """The outputs of a call in the structure in which the model was given its own; a list of one is that one."""
    own = machine.need_all(model.state.get("outputs"))
    listed = isinstance(own, ListValue) and len(outputs) == 1
    if not listed and len(tensors_in(machine, own)) == len(outputs):
        return rebuilt(machine, own, iter(outputs))
    return outputs[0] if len(outputs) == 1 else ListValue(list(outputs))


def apply_model(
    machine: Machine, model: Model, inputs: tuple[Tensor, ...], span: Span, arguments: tuple[Argument, ...] = ()
) -> tuple[Tensor, ...]:
    """Put a model behind tensors, as a layer of another model."""
    shapes = shapes_through(model, tuple(tensor.shape for tensor in inputs), machine.burn)
    call = call_of(
        model,
        inputs,
        Inferred(shapes),
        span,
        arguments,
        confidence=machine.flow_confidence,
        assumed=machine.proves_nothing,
    )
    machine.record.calls.append(call)
    return outputs_of(call)
