"""Methods and attributes of models: add, build, compile, fit and their likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from astroid import nodes

from keraslint.graph import (
    Argument,
    Array,
    Dataset,
    Fact,
    KerasObject,
    Layer,
    Model,
    Op,
    Step,
    Tensor,
    Unknown,
)
from keraslint.graph.declared import shape_from
from keraslint.graph.order import operations
from keraslint.graph.shape import Shape
from keraslint.graph.training import data_among
from keraslint.reader.keras.binding import bind_keras, fact_of
from keraslint.reader.keras.models import CALLS_FOR_ONE, build_by_call, graph_of, structure_of
from keraslint.reader.keras.observed_fits import note_fit
from keraslint.reader.keras.observing import note, note_layers_changed, note_not_a_layer, note_use_of_none
from keraslint.reader.keras.optimizers import optimizer_of
from keraslint.reader.keras.own_functions import note_compiled
from keraslint.reader.keras.saved import note_file, save, save_at_checkpoints
from keraslint.reader.keras.trainings import GivenWeights
from keraslint.reader.keras.versions import in_steps
from keraslint.reader.keras.weights import LISTS, weights_of
from keraslint.reader.libraries.arrays.history import Predicted
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import cause_of
from keraslint.reader.machine.machine import Machine, attributes_of, calls_of
from keraslint.reader.machine.places import file_of, span_of
from keraslint.reader.machine.record import CompileEvent, FitEvent
from keraslint.reader.machine.values import (
    Config,
    DataShape,
    DictValue,
    Instance,
    LayerValue,
    ListValue,
    Method,
    ModelValue,
    NamedShapes,
    Repeated,
    Value,
)
from keraslint.reader.project.imports import Spelled

FIT_METHODS = {
    "fit": "keras.Model.fit",
    "evaluate": "keras.Model.evaluate",
    "train_on_batch": "keras.Model.train_on_batch",
    "test_on_batch": "keras.Model.test_on_batch",
    "fit_generator": "keras.Model.fit_generator",
    "evaluate_generator": "keras.Model.evaluate_generator",
    "predict": "keras.Model.predict",
    "predict_on_batch": "keras.Model.predict_on_batch",
    "predict_classes": "keras.Model.predict_classes",
    "predict_proba": "keras.Model.predict_proba",
    "predict_generator": "keras.Model.predict_generator",
}

GONE_METHODS = frozenset(
    (
        *("_make_predict_function", "_make_train_function", "add_update", "evaluate_generator", "fit_generator"),
        *("get_losses_for", "get_updates_for", "predict_classes", "predict_generator", "predict_proba", "reset_states"),
        *("state_updates", "to_yaml", "uses_learning_phase"),
    )
)
"""Attributes of a model that Keras 3 no longer has."""


@attributes_of(ModelValue)
def model_attribute(machine: Machine, model: ModelValue, name: str, node: nodes.NodeNG) -> Value:
    if name in model.state.attributes:
        return model.state.attributes[name]
    if name in GONE_METHODS and not file_of(node):
        machine.memory(Spelled).gone.setdefault(node, f"keras.Model.{name}")
    if name in _METHODS or name in FIT_METHODS:
        return Method(model.instance or model, name)
    match name:
        case "name":
            return model.name
        case "trainable":
            return model.state.trainable
        case "layers":
            note_layers_changed(machine, model.instance or model, name, node)
            return _layers(machine, model, node)
        case "optimizer":
            return optimizer_of(machine, model, node)
        case "input" | "output" if isinstance(named := machine.need(model.state.get(f"{name}s")), DictValue):
            return named
        case "input" | "inputs" | "output" | "outputs":
            graph = structure_of(machine, model)
            tensors = graph.inputs if name.startswith("input") else graph.outputs
            if not tensors:
                return machine.unknown(f"`{name}` of {model.name}", node)
            return tensors[0] if len(tensors) == 1 and not name.endswith("s") else ListValue(list(tensors))
        case "input_shape" | "output_shape":
            graph = graph_of(machine, model)
            shape = graph.input_shape if name == "input_shape" else graph.output_shape
            return shape.dims if shape.rank_known else machine.unknown(shape.reason, node)
        case _ if name in LISTS:
            return weights_of(machine, model.instance or model, name, node)
        case _:
            return machine.unknown(f"attribute `{name}` of a model", node)


def _layers(machine: Machine, model: ModelValue, node: nodes.NodeNG) -> Value:
    """``model.layers``, in Keras's order."""
    if model.kind == "sequential" and not model.state.has_escaped:
        layers = machine.need_all(model.state.layers)
        if isinstance(layers, tuple) and not any(isinstance(layer, Repeated) for layer in layers):
            graph_of(machine, model)
            first = layers[0] if layers else None
            starts = isinstance(first, Tensor) or (isinstance(first, LayerValue) and first.layer.kind == "InputLayer")
            return ListValue(list(layers[1:] if starts else layers))
    if model.kind == "functional" and not model.state.opaque:
        graph = structure_of(machine, model)
        machine.burn(len(graph.calls) // CALLS_FOR_ONE)
        values = [_value_of(machine, part) for part in operations(graph) if not isinstance(part, Op)]
        if graph.outputs and None not in values:
            return ListValue(values)
    return machine.unknown(f"the layers of {model.name}", node)


def _value_of(machine: Machine, part: Layer | Model | Tensor) -> Value:
    """What a part of a graph is in the program; an `InputLayer` that nobody wrote is made for its tensor."""
    if isinstance(part, Tensor) and part not in machine.made_by:
        shape = Fact(part.shape.dims if part.shape.rank_known else Unknown(part.shape.reason), part.span)
        argument = Argument("batch_shape", shape, None, part.span)
        layer = Layer("keras.layers.InputLayer", (argument,), part.span, name=part.name)
        machine.made_by[part] = LayerValue(layer, outputs=[part], inputs=[part])
    return machine.made_by.get(part)


@calls_of(Method)
def _call_method(machine: Machine, method: Method, arguments: Arguments, node: nodes.NodeNG) -> Value:
    owner = method.owner
    model = owner.model if isinstance(owner, Instance) else owner
    if isinstance(model, ModelValue):
        if method.name in FIT_METHODS:
            return _fit(machine, owner, model, method.name, arguments, node)
        return _METHODS[method.name](machine, owner, model, arguments, node)
    return machine.unknown(f"result of `{method.name}`", node)


MethodOf = Callable[[Machine, Any, ModelValue, Arguments, nodes.NodeNG], Value]


def _add(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    note_use_of_none(machine, owner, "add", node)
    layer = machine.need_all(arguments.get(0, "layer"))
    layers = machine.need(model.state.get("layers", ()))
    if arguments.given(0, "layer"):
        place = arguments.positional[0].node if arguments.positional else node
        note_not_a_layer(machine, layer, place, first=layers == ())
    if isinstance(layers, tuple):
        machine.journal.set(model.state, "layers", (*layers, layer))
    return None


def _pop(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    layers = machine.need(model.state.get("layers", ()))
    if isinstance(layers, tuple) and layers:
        machine.journal.set(model.state, "layers", layers[:-1])
    return None


def _build(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    given = next(iter(arguments.positional), None) or arguments.keywords.get("input_shape")
    shape = _shapes_from(fact_of(machine, given)) if given is not None else None
    if isinstance(shape, Shape) and not shape.rank_known:
        return None
    if shape is not None and (isinstance(shape, Shape) or model.kind == "subclass"):
        machine.journal.set(model.state, "built_shape", shape)
    return None


def _shapes_from(stated: Fact[Any]) -> DataShape:
    """The shape that `build` is given, or those of several inputs in their structure."""
    if stated.entries:
        return NamedShapes(tuple((str(name.value), _shapes_from(part)) for name, part in stated.entries))
    if isinstance(stated.value, list) and any(isinstance(item.value, list | tuple) for item in stated.items):
        return tuple(_shapes_from(item) for item in stated.items)
    return shape_from(stated, batched=True)


def _compile(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    note_use_of_none(machine, owner, "compile", node)
    compiled = KerasObject(
        "keras.Model.compile",
        bind_keras(machine, "keras.Model.compile", arguments),
        span_of(node),
        machine.flow_confidence,
        open_ended=arguments.open_ended,
        expected=machine.expecting > 0 or (model.instance is not None and model.instance.cls.open_base),
    )
    graph = graph_of(machine, model)
    note_compiled(machine, compiled, arguments)
    if not machine.refused:
        _record_compile(machine, owner, compiled, graph)
    return None


def _record_compile(machine: Machine, owner: Value, compiled: KerasObject, graph: Model) -> None:
    confidence = min(graph.confidence, compiled.confidence)
    event = CompileEvent(owner, compiled, graph, machine.where, confidence, len(machine.record.fits))
    machine.record.compiles.append(event)


def _fit(
    machine: Machine, owner: Value, model: ModelValue, name: str, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    bound = bind_keras(machine, FIT_METHODS[name], arguments)
    if name.endswith("_generator"):
        bound = in_steps(machine, bound, node)
    given = data_among(bound)
    data = given.value if given is not None else None
    if isinstance(data, Dataset):
        data = data.component(0)
    shape = _data_shape(data)
    if isinstance(shape, Shape):
        build_by_call(machine, model, shape)
    own_step = model.instance is not None and model.instance.cls.lookup("train_step") is not None
    machine.assumed += own_step  # what `call` makes of the data, then, nobody may ask
    try:
        graph = graph_of(machine, model, shape)
    finally:
        machine.assumed -= own_step
    event = FitEvent(
        owner,
        name,
        bound,
        graph,
        span_of(node),
        machine.where,
        machine.flow_confidence,
        machine.proves_nothing,
    )
    if machine.refused:
        last = next((made for made in reversed(machine.record.compiles) if made.owner is owner), None)
        machine.meant_to_fail.update([id(last.compiled)] if last is not None else ())
    else:
        note_fit(machine, owner, model, name, node)
        machine.record.fits.append(event)
        save_at_checkpoints(machine, model, bound)
    step = Step("made", graph, machine.place(node))
    if name in PREDICTING and isinstance(data, Array) and data.shape.rank_known and data.shape.dims:
        machine.memory(Predicted).rows[step] = data.shape.dims[0]
    predicted = _predictions(machine, model, graph, step) if name in PREDICTING else None
    return machine.unknown(f"result of {name}", node) if predicted is None else predicted


PREDICTING = ("predict", "predict_on_batch", "predict_generator")


def _predictions(machine: Machine, model: ModelValue, graph: Model, step: Step) -> Value:
    """What `predict` gives: an array for each output; of a class of the file one does not know in what structure.

    How many samples there are is left open: functions of the file may have made other rows than those that came in.
    """
    if model.instance is not None or graph.unknowns or model.state.opaque:
        return None
    outputs = [Array(_of_data(tensor.shape), steps=(step,)) for tensor in graph.outputs]
    match machine.need(model.state.get("outputs")):
        case None | Tensor() if len(outputs) == 1:
            return outputs[0]
        case ListValue() | tuple() if len(outputs) > 1:
            return ListValue([*outputs])
    return None


def _of_data(shape: Shape) -> Shape:
    """A tensor's shape as that of data, whose sizes are all there, known or not."""
    if not shape.rank_known or not shape.dims:
        return shape
    rest = (Unknown("a size that the model leaves open") if dim is None else dim for dim in shape.dims[1:])
    return Shape((Unknown("the number of samples"), *rest))


def _data_shape(data: object) -> DataShape | None:
    """The shapes of data given to fit; None when nothing is known."""
    match data:
        case Array(shape=shape) if shape.rank_known:
            return Shape((None, *shape.dims[1:]))
        case list() | tuple() if data:
            parts = [_data_shape(part) for part in data]
            return tuple(Shape.unknown("data of unknown shape") if part is None else part for part in parts)
        case dict() if data:
            named = [(str(name), _data_shape(part)) for name, part in data.items()]
            return NamedShapes(
                tuple((name, Shape.unknown("data of unknown shape") if part is None else part) for name, part in named)
            )
    return None


def _get_layer(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    layers = _layers(machine, model, node)
    name, index = machine.need(arguments.get(0, "name")), machine.need(arguments.get(1, "index"))
    if isinstance(layers, ListValue):
        if isinstance(index, int) and -len(layers.items) <= index < len(layers.items):
            return layers.items[index]
        for layer in layers.items:
            if isinstance(name, str) and _name_of(layer) == name:
                return layer
    return machine.unknown(cause_of(name, index, layers) or f"a layer of {model.name}", node)


def _name_of(value: Value) -> str | None:
    """The name of an element of ``model.layers``."""
    match value:
        case LayerValue(layer=layer) | Instance(layer=Layer() as layer):
            return layer.name
        case ModelValue(name=name) | Instance(model=ModelValue(name=name)):
            return name
    return None


def _add_loss(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    note(machine, "loss-added", owner, model.name, machine.place(node))
    return machine.unknown("result of a method of a model", node)


def _nothing(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.unknown("result of a method of a model", node)


def _given_weights(
    machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    machine.memory(GivenWeights).at.append(len(machine.record.fits))
    return machine.unknown("result of a method of a model", node)


def _save(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    save(machine, model, "keras.Model.save", arguments, node)
    return None


def _save_weights(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    note_file(machine, "save_weights", "keras.Model.save_weights", arguments, node)
    return None


def _export(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    note_file(machine, "export", "keras.Model.export", arguments, node)
    return None


def _load_weights(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    note_file(machine, "load_weights", "keras.Model.load_weights", arguments, node)
    return _given_weights(machine, owner, model, arguments, node)


def _get_config(machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Config(model) if model.instance is None else machine.unknown("the configuration of a model", node)


def _call_directly(
    machine: Machine, owner: Value, model: ModelValue, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    return machine.call(owner, arguments, node)


_METHODS: dict[str, MethodOf] = {
    "add": _add,
    "add_loss": _add_loss,
    "get_config": _get_config,
    "pop": _pop,
    "build": _build,
    "compile": _compile,
    "export": _export,
    "get_layer": _get_layer,
    "call": _call_directly,
    "load_weights": _load_weights,
    "save": _save,
    "save_weights": _save_weights,
    "set_weights": _given_weights,
    **dict.fromkeys(
        [
            "summary",
            "get_weights",
            "to_json",
            "to_yaml",
            "count_params",
            "reset_states",
            "reset_metrics",
            "make_train_function",
        ],
        _nothing,
    ),
}


def compile_unknown(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> None:
    """A compile of a model that is not in sight: what it is given can still be judged."""
    if not {"loss", "optimizer", "metrics"} & set(arguments.keywords):
        return
    compiled = KerasObject(
        "keras.Model.compile",
        bind_keras(machine, "keras.Model.compile", arguments),
        span_of(node),
        machine.flow_confidence,
        open_ended=arguments.open_ended,
    )
    why = Unknown("the model is not built in sight", span_of(node))
    graph = Model("functional", "", span_of(node), unknowns=(why,))
    _record_compile(machine, None, compiled, graph)
