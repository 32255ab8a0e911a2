"""Layers: how they are made, and what calling one on tensors gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from astroid import nodes

from keraslint.graph import Argument, Array, Confidence, Fact, Layer, Model, Op, Span, Tensor, Unknown
from keraslint.graph.build import call_of, outputs_of
from keraslint.graph.declared import declared_input_shape, shape_from
from keraslint.graph.shape import Shape, dim_of
from keraslint.graph.shapes import infer
from keraslint.reader.keras import dtypes
from keraslint.reader.keras.adapting import note_asked, note_called_on_data
from keraslint.reader.keras.binding import auto_name, bind_keras, current_layer, fact_of, parameter_names
from keraslint.reader.keras.observing import note, note_layers_as_tensors, note_made_in_call
from keraslint.reader.keras.preprocessing import PREPROCESSING, preprocessed
from keraslint.reader.keras.quantizing import why_reweighed
from keraslint.reader.keras.trainings import GivenWeights
from keraslint.reader.keras.versions import is_keras_1
from keraslint.reader.keras.vocabulary import ENCODERS, LOOKUPS, MEMBERS, encoded_data, vocabulary_member
from keraslint.reader.keras.weights import LISTS, weights_of
from keraslint.reader.keras.wrappers import around_custom
from keraslint.reader.language.functions import tensors_in
from keraslint.reader.libraries.arrays.facts import as_array
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import cause_of
from keraslint.reader.machine.machine import Machine, attributes_of, calls_of
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import LAYER_PARTS, UNDEFINED
from keraslint.reader.machine.state import tensor_behind
from keraslint.reader.machine.values import (
    Config,
    DictValue,
    FunctionValue,
    Instance,
    LayerState,
    LayerValue,
    ListValue,
    Method,
    More,
    Native,
    Table,
    TensorShape,
    Value,
)

COST_OF_A_CALL = 8
"""Putting a layer behind tensors takes as long as so many expressions take to evaluate."""


def make_layer(machine: Machine, class_name: str, arguments: Arguments, node: nodes.NodeNG) -> LayerValue:
    """A layer of Keras, with its arguments bound."""
    bound = bind_keras(machine, class_name, arguments)
    note_ordering(machine, bound, node)
    if "image_data_format" in machine.config and ("2D" in class_name or "3D" in class_name):
        bound = _laid_out(machine, class_name, bound, span_of(node))
    given = {argument.name: argument.value.value for argument in bound}
    trainable = given.get("trainable", True)
    layer = Layer(
        class_name,
        bound,
        span_of(node),
        machine.flow_confidence,
        open_ended=arguments.open_ended,
        unpacks=arguments.unpacks,
        name=auto_name(machine, class_name, given.get("name")),
        trainable=trainable if isinstance(trainable, bool | Unknown) else True,
        refused=arguments.refused,
        expected=machine.expecting > 0,
        assumed=machine.assumed > 0,
        reweighed=why_reweighed(machine, class_name, arguments.get(None, "dtype"), node),
    )
    machine.record.layers.append(layer)
    state = LayerState(layer.trainable)
    if class_name == "keras.layers.Lambda":
        state.function, state.arguments = arguments.get(0, "function"), arguments.get(3, "arguments")
    elif class_name in WRAPPERS:
        state.wrapped = arguments.get(0, "layer", "cell")
    return LayerValue(layer, state)


def note_ordering(machine: Machine, bound: Iterable[Argument], node: nodes.NodeNG) -> None:
    """A program for Keras 1 with images of ``(3, 224, 224)`` that says no ordering has it in its file of settings."""
    for argument in bound:
        if argument.name in ("input_shape", "shape") and "image_data_format" not in machine.config:
            dims = argument.value.value
            images = isinstance(dims, tuple) and len(dims) == 3 and dims[0] in (1, 3) and _is_wide(dims[1:])
            if images and is_keras_1(machine, node):
                machine.journal.set(machine.config, "image_data_format", "channels_first")


def _is_wide(sides: tuple[object, ...]) -> bool:
    return all(isinstance(side, int) and side > MOST_CHANNELS for side in sides)


MOST_CHANNELS = 4
"""More than so many are the side of an image."""


def _laid_out(machine: Machine, class_name: str, bound: tuple[Argument, ...], span: Span) -> tuple[Argument, ...]:
    """The arguments of a layer of images with the layout that the program has set for all that name none."""
    named = any(argument.name == "data_format" and argument.value.value is not None for argument in bound)
    if named or "data_format" not in parameter_names(class_name):
        return bound
    layout = Fact(machine.need(machine.config["image_data_format"]), span, Confidence.INFERENCE, is_default=True)
    return (*(argument for argument in bound if argument.name != "data_format"), Argument("data_format", layout))


WRAPPERS = ("keras.layers.TimeDistributed", "keras.layers.RNN")
"""Layers around a layer that may be one of the file's own."""


@calls_of(LayerValue)
def call_layer(machine: Machine, layer: LayerValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The output tensor, or a list of them."""
    data = machine.need(arguments.get(0, "inputs"))
    if isinstance(data, Array):
        note_called_on_data(machine, layer.layer)
    if isinstance(data, Array) and layer.layer.kind in ENCODERS:
        return encoded_data(machine, layer.layer, data)
    if isinstance(data, Array) and layer.layer.kind in PREPROCESSING:
        return preprocessed(machine, layer.layer, data, node)
    if arguments.positional:
        note_layers_as_tensors(machine, data, layer.layer.kind, arguments.positional[0].node)
    arguments = with_constants(machine, arguments)
    inputs = input_tensors(machine, arguments)
    if not inputs:
        return machine.unknown(f"{layer.layer.kind} called without an input", node)
    shaping = _shaping(machine, layer.layer.kind, arguments, inputs)
    outputs = apply_layer(machine, layer, inputs, span_of(node), call_arguments(machine, arguments), shaping)
    if layer.layer.kind in CELLS and len(outputs) > 1:
        return _step_of_cell(machine, arguments, outputs)
    return outputs[0] if len(outputs) == 1 else ListValue(list(outputs))


CELLS = ("GRUCell", "LSTMCell", "SimpleRNNCell")


def _step_of_cell(machine: Machine, arguments: Arguments, outputs: tuple[Tensor, ...]) -> Value:
    """What a cell gives that is called by hand: its output and its states; a list of one only where it got a list."""
    output, *states = outputs
    given = machine.need(arguments.get(1, "states", "state"))
    if isinstance(given, Tensor | Array) and len(states) == 1:
        return (output, states[0])
    return (output, ListValue(states))


_ATTENTION = ("query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask")
_CALLS = {"MultiHeadAttention": _ATTENTION, "GroupQueryAttention": _ATTENTION, "GroupedQueryAttention": _ATTENTION}
"""The parameters of a layer's `call`, where it has more inputs than one. Source: the layers' pages on keras.io."""


_BESIDE = frozenset(("initial_state", "state", "states", "constants", "training"))
"""What recurrent layers take beside their input."""


def _shaping(machine: Machine, kind: str, arguments: Arguments, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The inputs that decide the shape of the output, in the order of the layer's `call`: masks do not."""
    names = _CALLS.get(kind)
    if names is None:
        first = tensors_in(machine, arguments.positional[0].value) if arguments.positional else []
        beside = [given for name, given in arguments.keywords.items() if name.endswith("mask") or name in _BESIDE]
        unwanted = {id(tensor) for given in beside for tensor in tensors_in(machine, given.value)}
        return tuple(first) or tuple(tensor for tensor in inputs if id(tensor) not in unwanted)
    given = dict(zip(names, arguments.positional, strict=False)) | arguments.keywords
    wanted = [given[name] for name in names[:3] if name in given and machine.need(given[name].value) is not None]
    return tuple(
        tensor for item in wanted for tensor in as_tensors(machine, item.value, span_of(item.node), batched=False)
    )


def call_arguments(machine: Machine, arguments: Arguments) -> tuple[Argument, ...]:
    """The arguments of calling a layer: ``inputs`` first."""
    bound = []
    for position, given in enumerate(arguments.positional):
        name = "inputs" if position == 0 else f"argument {position}"
        value = fact_of(machine, given)
        bound.append(Argument(name, value, None, value.span, position))
    for name, given in arguments.keywords.items():
        bound.append(Argument(name, fact_of(machine, given), name, given.span))
    return tuple(bound)


def input_tensors(machine: Machine, arguments: Arguments, *, batched: bool = False) -> tuple[Tensor, ...]:
    """The tensors that a call is given; data counts as a tensor, an unknown as one of unknown shape.

    With ``batched`` the number of samples in data is left open, as a model does that is called on them.
    """
    found = tuple(tensor for value in arguments.values for tensor in tensors_in(machine, value))
    if found:
        return found
    first = next(iter(arguments.positional), None) or next(iter(arguments.keywords.values()), None)
    return () if first is None else as_tensors(machine, first.value, span_of(first.node), batched=batched)


def with_constants(machine: Machine, arguments: Arguments) -> Arguments:
    """Arguments with everything in a list of inputs as a tensor: data beside tensors are constants to Keras."""
    if not arguments.positional:
        return arguments
    first, *others = arguments.positional
    value = machine.need(first.value)
    if not isinstance(value, ListValue | tuple) or not tensors_in(machine, value):
        return arguments
    items = value.items if isinstance(value, ListValue) else list(value)
    tensors = [_as_constant(machine, item, first) for item in items]
    if all(new is old for new, old in zip(tensors, items, strict=True)):
        return arguments
    return replace(arguments, positional=[replace(first, value=ListValue(tensors)), *others])


def _as_constant(machine: Machine, value: Value, given: Given) -> Value:
    """An element of a list of inputs: what is no tensor is one that comes from no input."""
    value = machine.need(value)
    if value is None or isinstance(value, Tensor | ListValue | tuple | DictValue):
        return value
    (tensor,) = as_tensors(machine, value, span_of(given.node), batched=False)
    return tensor_behind("constant", (), tensor.shape, tensor.span)


def as_tensors(machine: Machine, value: Value, span: Span, *, batched: bool) -> tuple[Tensor, ...]:
    """A value that is used as a layer's or model's input."""
    value = machine.need(value)
    match value:
        case Tensor():
            return (value,)
        case Table():
            return as_tensors(machine, as_array(machine, value), span, batched=batched)
        case Array(shape=shape):
            batch = (None,) if batched else shape.dims[:1]
            known = Shape((*batch, *shape.dims[1:])) if shape.rank_known and shape.dims else shape
            return (Tensor(known, span, data=value),)
        case Unknown(reason=reason):
            return (Tensor(Shape.unknown(reason), span),)
        case More(reason=reason):
            return (Tensor(Shape.unknown(reason or "more tensors than are known"), span),)
        case ListValue() | tuple() if _is_plain_data(machine, value):
            return (Tensor(Shape.unknown("data in a list"), span),)
        case ListValue(items=items):
            return tuple(tensor for item in items for tensor in as_tensors(machine, item, span, batched=batched))
        case tuple():
            return tuple(tensor for item in value for tensor in as_tensors(machine, item, span, batched=batched))
        case _:
            return (Tensor(Shape.unknown(cause_of(value) or "an input that is not understood"), span),)


def _is_plain_data(machine: Machine, value: Value) -> bool:
    """Whether a list holds numbers or texts at last: ``[["foo"], ["bar"]]`` is one array, and not two."""
    value = machine.need(value)
    items = value.items if isinstance(value, ListValue) else value if isinstance(value, tuple) else ()
    machine.look_through(items)
    return bool(items) and all(
        isinstance(item, str | int | float) or _is_plain_data(machine, item) for item in map(machine.need, items)
    )


def apply_layer(
    machine: Machine,
    value: LayerValue,
    inputs: tuple[Tensor, ...],
    span: Span,
    arguments: tuple[Argument, ...] = (),
    shaping: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, ...]:
    """Put a layer behind tensors and record the call; ``shaping`` are those that decide the shape, all by default."""
    machine.burn(COST_OF_A_CALL)
    layer = current_layer(machine, value)
    machine.made_by[layer] = value
    decisive = inputs if shaping is None else shaping
    inferred = infer(layer, _as_built(value, tuple(tensor.shape for tensor in decisive)), arguments)
    contents = None
    if layer.class_name == "keras.layers.Lambda" and not any(shape.known for shape in inferred.outputs):
        made = _made_by_lambda(machine, value, inputs)
        inferred = inferred._replace(outputs=tuple(tensor.shape for tensor in made) or inferred.outputs)
        contents = _contents_of_lambda(layer, inputs, made)
    elif isinstance(machine.need(value.state.wrapped), Instance):
        shapes, params, non_trainable = around_custom(machine, value, inputs)
        inferred = inferred._replace(outputs=shapes, params=params, non_trainable_params=non_trainable)
    confidence = machine.flow_confidence
    call = call_of(
        layer,
        inputs,
        inferred,
        span,
        arguments,
        confidence=confidence,
        contents=contents,
        assumed=machine.proves_nothing,
    )
    machine.record.calls.append(call)
    outputs = outputs_of(call)
    machine.journal.touch(value.outputs)
    machine.journal.touch(value.inputs)
    note_call(value, inputs, outputs)
    return outputs


def note_call(value: LayerValue, inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...]) -> None:
    """Let a layer remember what it was called on and what it gave."""
    value.outputs.append(outputs[0] if len(outputs) == 1 else ListValue(list(outputs)))
    value.inputs.append(inputs[0] if len(inputs) == 1 else ListValue(list(inputs)))


def _as_built(value: LayerValue, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The inputs of a call; a layer that was built by hand knows the number of its features where they do not say."""
    built = value.state.built
    if len(shapes) != 1 or not isinstance(built, Shape) or not built.has_axis(-1):
        return shapes
    known = shapes[0].has_axis(-1) and isinstance(shapes[0][-1], int)
    return shapes if known else (shapes[0].with_dim(-1, built[-1]),)


def _made_by_lambda(machine: Machine, value: LayerValue, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """What the function of a Lambda layer gives, read on its inputs."""
    function = machine.need(value.state.function)
    if function is None:
        return ()
    node = function.node if isinstance(function, FunctionValue) else nodes.Const(None)
    whole = inputs[0] if len(inputs) == 1 else ListValue(list(inputs))
    settings = machine.need(value.state.arguments)
    named = settings.entries if isinstance(settings, DictValue) else {}
    keywords = {str(name): Given(item, node) for name, item in named.items()}
    before = len(machine.record.layers)
    result = machine.call(function, Arguments([Given(whole, node)], keywords, settings is not None and not named), node)
    if isinstance(function, FunctionValue):
        note_made_in_call(machine, function, machine.record.layers[before:])
    return tuple(tensors_in(machine, result))


def _contents_of_lambda(layer: Layer, inputs: tuple[Tensor, ...], made: tuple[Tensor, ...]) -> Model | None:
    """What a Lambda layer consists of, where it makes one tensor out of its inputs by ops that are known."""
    contents = Model("subclass", layer.name, layer.span, inputs, made)
    known = len(made) == 1 and all(isinstance(c.layer, Op) and not c.layer.in_file for c in contents.calls)
    return contents if known else None


@attributes_of(LayerValue)
def _attribute(machine: Machine, value: LayerValue, name: str, node: nodes.NodeNG) -> Value:
    layer = value.layer
    note_asked(machine, layer, name, node)
    if name in value.state.attributes:
        return value.state.attributes[name]
    if layer.kind in LOOKUPS and name in MEMBERS:
        return vocabulary_member(value, name)
    match name:
        case "name":
            return layer.name
        case "trainable":
            return value.state.trainable
        case _ if name in dtypes.OF_LAYERS:
            given = layer.given("dtype")
            return dtypes.dtype_member(machine, given.value.value if given else None, name, node)
        case "embeddings" if layer.kind == "Embedding":
            sizes = (dim_of(layer.argument(argument).value) for argument in ("input_dim", "output_dim"))
            return Tensor(Shape(tuple(sizes)), layer.span, name=name)
        case "output" if layer.kind == "InputLayer" and not value.outputs:
            return _tensor_of_input(machine, value)
        case "output" | "input":
            made = value.outputs if name == "output" else value.inputs
            return (
                made[-1] if len(made) == 1 else machine.unknown(f"`{name}` of a layer called {len(made)} times", node)
            )
        case "output_shape" | "input_shape":
            made = value.outputs if name == "output_shape" else value.inputs
            tensor = made[0] if len(made) == 1 else None
            return tensor.shape.dims if isinstance(tensor, Tensor) and tensor.shape.rank_known else Unknown(name)
        case "__class__":
            return machine.unknown("a class", node)
        case _ if name in LISTS:
            return weights_of(machine, value, name, node)
        case "get_config":
            return Native(name, lambda machine, arguments, node: _config(value))
        case "compute_output_shape":
            return Native(name, lambda machine, arguments, node: _computed_shape(machine, value, arguments, node))
        case "call":
            return value
        case "get_output_at" | "get_input_at":
            made = value.outputs if name == "get_output_at" else value.inputs
            return Native(name, lambda machine, arguments, node: _at(machine, made, arguments, node))
        case "build":
            return Native(name, lambda machine, arguments, node: _build_by_hand(machine, value, arguments))
        case "set_weights":
            machine.memory(GivenWeights).at.append(len(machine.record.fits))
            return Method(value, name)
        case "get_weights" | "count_params" | "adapt":
            return Method(value, name)
    if layer.kind in LAYER_PARTS:
        part = LAYER_PARTS[layer.kind](value, name)
        if part is not UNDEFINED:
            return part
    given = layer.given(name)
    if given is not None:
        return given.value.value
    default = layer.argument(name).value
    return machine.unknown(f"attribute `{name}` of {layer.kind}", node) if isinstance(default, Unknown) else default


def _build_by_hand(machine: Machine, value: LayerValue, arguments: Arguments) -> Value:
    """``layer.build(shape)``."""
    given = next(iter((*arguments.positional, *arguments.keywords.values())), None)
    if given is not None and len(arguments.values) == 1:
        machine.journal.set(value.state, "built", shape_from(fact_of(machine, given), batched=True))
    return None


def _computed_shape(machine: Machine, value: LayerValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``layer.compute_output_shape(shape)``, for one input and one output."""
    given = next(iter((*arguments.positional, *arguments.keywords.values())), None)
    shape = Shape.unknown("an input shape") if given is None else shape_from(fact_of(machine, given), batched=True)
    outputs = infer(current_layer(machine, value), (shape,)).outputs
    if value.layer.kind == "Lambda" and not outputs[0].known:
        made = _made_by_lambda(machine, value, (Tensor(shape, span_of(node)),))
        outputs = tuple(tensor.shape for tensor in made) or outputs
    if len(outputs) != 1 or not outputs[0].rank_known:
        return machine.unknown(shape.reason or outputs[0].reason or "an output shape", node)
    return TensorShape(outputs[0].dims)


def _at(machine: Machine, made: list[Value], arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``layer.get_output_at(0)``: what a layer gave when it was called first."""
    index = machine.need(arguments.get(0, "node_index"))
    if isinstance(index, int) and -len(made) <= index < len(made):
        return made[index]
    return machine.unknown("a call of a layer that is not in sight", node)


def _config(value: LayerValue) -> Value:
    return Config(value)


def _tensor_of_input(machine: Machine, value: LayerValue) -> Tensor:
    """The tensor that an `InputLayer` stands for, always the same."""
    shape = declared_input_shape(value.layer) or Shape.unknown("an InputLayer without a shape")
    tensor = Tensor(shape, value.layer.span, name=value.layer.name)
    machine.journal.set(value.state.attributes, "output", tensor)
    return tensor


def make_input(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Tensor:
    """``keras.Input(...)``: a symbolic tensor without a producer."""
    stated = bind_keras(machine, "keras.Input", arguments)
    note_ordering(machine, stated, node)
    bound = {argument.name: argument.value for argument in stated if argument.value.value is not None}
    batch = dim_of(bound["batch_size"].value) if "batch_size" in bound else None
    for stating in ("batch_shape", "shape"):
        if stating in bound and type(bound[stating].value) is int:
            note(machine, "shape-not-tuple", None, str(bound[stating].value), bound[stating].span)
    if "batch_shape" in bound:
        shape = shape_from(bound["batch_shape"], batched=True)
    elif "shape" in bound:
        shape = shape_from(bound["shape"], batch=batch)
    elif "tensor" in bound and isinstance(bound["tensor"].value, Tensor):
        return bound["tensor"].value
    else:
        shape = Shape.unknown("an Input without a shape")
    dtype = bound["dtype"].value if "dtype" in bound else "float32"
    name = bound["name"].value if "name" in bound else None
    return Tensor(
        shape,
        span_of(node),
        dtype=dtype if isinstance(dtype, str) else Unknown("dtype of an input") if dtype is not None else "float32",
        name=auto_name(machine, "InputLayer" if name is None else "", name),
    )
