"""Subclasses of Model and Layer that the file defines: their instances, their `call`, what they inherit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import (
    Argument,
    Array,
    Fact,
    Layer,
    Model,
    Span,
    Tensor,
    Unknown,
    parameters,
)
from keraslint.graph.build import call_of, outputs_of
from keraslint.graph.declared import shape_from
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import Inferred
from keraslint.reader.keras import dtypes
from keraslint.reader.keras.binding import auto_name, bind_keras, fact_of, to_graph
from keraslint.reader.keras.contents import BASE, GIVEN, WEIGHTS, contents_of, up_to_date, why_unknown
from keraslint.reader.keras.declared_shapes import with_declared
from keraslint.reader.keras.layers import as_tensors, call_arguments, input_tensors
from keraslint.reader.keras.masks import Masks, with_mask
from keraslint.reader.keras.model_methods import model_attribute
from keraslint.reader.keras.models import (
    apply_model,
    build_by_call,
    built_shape,
    graph_of,
    structured,
    unknown_in,
)
from keraslint.reader.keras.observing import INITIALIZED, note, note_dropped, note_layers_changed, note_made_in_call
from keraslint.reader.keras.weights import LISTS, weights_of
from keraslint.reader.language.classes import PLAIN_BASES
from keraslint.reader.language.functions import rebuilt, tensors_in
from keraslint.reader.language.instances import call_method
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import (
    APPLY,
    ATTRIBUTE,
    BUILD,
    CALL,
    GRAPH,
    INIT,
    PREPARE,
    SUPER_ATTRIBUTE,
)
from keraslint.reader.machine.values import (
    MISSING,
    MORE,
    ClassValue,
    DataShape,
    DictValue,
    External,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    ModelState,
    ModelValue,
    More,
    NamedShapes,
    Native,
    TensorShape,
    Value,
)

_DTYPE = "dtype"
"""The note of the ``dtype`` that `Layer.__init__` was given."""
_BUILT = "built"
"""The note of whether `build` was read, or what it made without a shape."""
_MODEL_BASES = ("keras.Model", "keras.Sequential")


@PREPARE.answers
def _prepare_instance(machine: Machine, instance: Instance, arguments: Arguments) -> None:
    """Give a new instance what its Keras base class brings; its name comes with the base's `__init__`."""
    base = instance.cls.keras_base
    if base is not None:
        machine.journal.set(instance.notes, GIVEN, arguments)
    if base in _MODEL_BASES:
        kind = "sequential" if base == "keras.Sequential" else "subclass"
        state = ModelState(layers=()) if kind == "sequential" else ModelState(unfinished=True)
        instance.model = ModelValue(kind, "", instance.span, state, instance)
        instance.model.confidence = machine.flow_confidence
        machine.record.models.append(instance.model)
    elif base is not None and (base == "keras.Layer" or base.startswith("keras.layers.")):
        bound = tuple(
            Argument(key, fact_of(machine, given), key, given.span) for key, given in arguments.keywords.items()
        )
        instance.layer = Layer(
            instance.cls.name, bound, instance.span, machine.flow_confidence, in_file=True, open_ended=True
        )
        machine.record.layers.append(instance.layer)


def ensure_name(machine: Machine, instance: Instance, given: Value = None) -> None:
    """Name a layer or model, unless it has a name: as given, or as Keras counts them."""
    if instance.model is not None and not instance.model.name:
        instance.model.name = auto_name(machine, instance.cls.name, given)
    elif instance.layer is not None and not instance.layer.name:
        object.__setattr__(instance.layer, "name", auto_name(machine, instance.cls.name, given))


@SUPER_ATTRIBUTE.answers
def _keras_super_attribute(machine: Machine, instance: Instance, name: str, node: nodes.NodeNG) -> Value:
    """What ``super().name`` is, where the base is Keras's."""
    if name == "__call__":
        return Native(name, lambda machine, arguments, node: _call_keras_instance(machine, instance, arguments, node))
    base = machine.need(instance.notes.get(BASE))
    if name == "call" and isinstance(base, LayerValue):
        return base
    if instance.model is not None:
        return model_attribute(machine, instance.model, name, node)
    return Native(
        f"super().{name}", lambda machine, arguments, node: machine.unknown(f"result of super().{name}", node)
    )


@INIT.answers
def _keras_base_init(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """`super().__init__(...)`: a name, the inputs and outputs of a functional model, the arguments of a layer."""
    ensure_name(machine, instance, machine.need(arguments.get(None, "name")))
    machine.journal.set(instance.notes, INITIALIZED, True)
    if arguments.given(None, "dtype"):
        machine.journal.set(instance.notes, _DTYPE, arguments.get(None, "dtype"))
    model, base = instance.model, instance.cls.keras_base
    if model is None:
        if instance.layer is not None and base is not None and base.startswith("keras.layers."):
            machine.journal.set(instance.notes, BASE, _base_layer(machine, instance, base, arguments))
        return None
    if arguments.given(None, "inputs") or (arguments.positional and tensors_in(machine, arguments.positional[0].value)):
        machine.journal.set(model.state, "inputs", arguments.get(0, "inputs"))
        machine.journal.set(model.state, "outputs", arguments.get(1, "outputs"))
    elif model.kind == "sequential":
        layers = machine.need(arguments.get(0, "layers"))
        if isinstance(layers, ListValue) and MORE not in layers.items:
            machine.journal.set(model.state, "layers", tuple(layers.items))
    return None


def _base_layer(machine: Machine, instance: Instance, class_name: str, arguments: Arguments) -> LayerValue:
    """The built-in layer that an instance of a subclass is."""
    assert instance.layer is not None
    layer = Layer(
        class_name,
        bind_keras(machine, class_name, arguments),
        instance.span,
        machine.flow_confidence,
        open_ended=arguments.open_ended,
        unpacks=arguments.unpacks,
        name=instance.layer.name,
    )
    return LayerValue(layer)


@ATTRIBUTE.answers
def _keras_attribute(machine: Machine, instance: Instance, name: str, node: nodes.NodeNG) -> Value:
    """An attribute that an instance has from Keras."""
    if name == "__call__":
        return instance
    if name in dtypes.OF_LAYERS:
        return dtypes.dtype_member(machine, instance.notes.get(_DTYPE), name, node)
    if instance.model is not None and name != "add_weight":
        if name == "layers" and instance.model.kind == "subclass" and not instance.model.state.is_functional:
            note_layers_changed(machine, instance, name, node)
            return machine.unknown(f"the layers of {instance.cls.name}", node)
        return model_attribute(machine, instance.model, name, node)
    if name == "name" and instance.layer is not None:
        return instance.layer.name
    if name == "built":
        return _is_built(machine, instance, node)
    if name == "add_loss":
        note(machine, "loss-added", instance, instance.cls.name, machine.place(node))
    if name in ("add_weight", "add_variable"):
        return Native(name, lambda machine, arguments, node: _add_weight(machine, instance, arguments, node))
    base = machine.need(instance.notes.get(BASE))
    if isinstance(base, LayerValue):
        return base if name == "call" else machine.attribute(base, name, node)
    if name in LISTS:
        return weights_of(machine, instance, name, node)
    return machine.unknown(f"attribute `{name}` of {instance.cls.name}", node)


def _add_weight(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """`self.add_weight(shape=…)` of a custom layer; Keras 2 has the name before the shape."""
    named_first = isinstance(arguments.get(0), str)
    given = to_graph(machine, machine.need_all(arguments.get(1 if named_first else 0, "shape")))
    shape = shape_from(Fact(() if given is None else given, span_of(node)), batched=True)
    sizes = [size for size in shape.dims if isinstance(size, int)]
    whole = shape.rank_known and len(sizes) == len(shape.dims)
    count = math.prod(sizes) if whole else Unknown("the shape of a weight", span_of(node))
    made = (count, machine.need(arguments.get(None, "trainable")) is not False)
    before = instance.notes.get(WEIGHTS, ())
    after = (*before, made) if isinstance(before, tuple) else Unknown("weights that depend on a branch")
    machine.journal.set(instance.notes, WEIGHTS, after)
    return Tensor(shape, machine.place(node), name="weight")


@CALL.answers
def _call_keras_instance(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Calling an instance of a Model or Layer subclass: its `call` is read on tensors of these shapes."""
    inputs = input_tensors(machine, arguments, batched=instance.model is not None)
    if not inputs:
        return machine.unknown(f"{instance.cls.name} called without an input", node)
    if instance.model is not None:
        note_dropped(machine, instance, instance.cls.name, node)
    ensure_name(machine, instance)
    if instance.model is not None and (instance.model.kind == "sequential" or instance.model.state.is_functional):
        build_by_call(machine, instance.model, inputs[0].shape)
        graph = graph_of(machine, instance.model, inputs[0].shape)
        machine.made_by[graph] = instance
        outputs = apply_model(machine, graph, inputs, machine.place(node), call_arguments(machine, arguments))
        return structured(machine, instance.model, outputs)
    inside, sources = _inside(machine, arguments, batched=instance.model is not None)
    found = instance.cls.lookup("call")
    if found is not None and isinstance(found[0], FunctionValue):
        inside = with_mask(machine, found[0], inside, node)
    result = _as_tensors(machine, _read_call(machine, instance, inside, node), node)
    inner = tuple(tensors_in(machine, result))
    why = why_unknown(instance, result, inner)
    shapes = tuple(tensor.shape for tensor in inner)
    if instance.layer is not None:
        base = machine.need(instance.notes.get(BASE))
        given = _shape_arguments(machine, instance, "compute_output_shape", inside, node)
        shapes = with_declared(machine, instance, base, shapes, given, inputs, node)
    shapes = shapes or (Shape.unknown(why),)
    outputs = _wrap(machine, instance, inputs, sources, inner, shapes, node, call_arguments(machine, arguments), why)
    return rebuilt(machine, result, iter(outputs)) if inner else outputs[0]


def _as_tensors(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """What a layer gives: data that its `call` has computed from no input are tensors outside of it."""
    value = machine.need(value)
    match value:
        case Array(shape=shape, dtype=dtype):
            return Tensor(shape, machine.place(node), dtype=dtype)
        case tuple() if any(isinstance(item, Array) for item in value):
            return tuple(_as_tensors(machine, item, node) for item in value)
        case ListValue(items=items) if any(isinstance(item, Array) for item in items):
            return ListValue([_as_tensors(machine, item, node) for item in items])
        case DictValue(entries=entries, has_more=has_more) if any(isinstance(v, Array) for v in entries.values()):
            return DictValue({key: _as_tensors(machine, item, node) for key, item in entries.items()}, None, has_more)
        case _:
            return value


def _inside(machine: Machine, arguments: Arguments, *, batched: bool) -> tuple[Arguments, tuple[Tensor, ...]]:
    """The arguments as `call` gets them, with tensors of its own, so that its graph ends at its inputs."""
    own: dict[int, Tensor] = {}
    outside = machine.memory(Masks).outside

    def enter(value: Value, *, is_input: bool) -> Value:
        value = machine.need(value)
        match value:
            case Tensor() | Array():
                span = value.span if isinstance(value, Tensor) else _NOWHERE
                (tensor,) = as_tensors(machine, value, span, batched=batched)
                inner = own.setdefault(id(value), Tensor(tensor.shape, tensor.span, dtype=tensor.dtype))
                outside[inner] = outside.get(tensor, tensor)
                return inner
            case Unknown() if is_input:
                return own.setdefault(id(value), Tensor(Shape.unknown(value.reason), value.span or _NOWHERE))
            case tuple():
                return tuple(enter(item, is_input=is_input) for item in value)
            case ListValue(items=items):
                return ListValue([item if isinstance(item, More) else enter(item, is_input=is_input) for item in items])
            case DictValue(entries=entries, has_more=has_more):
                return DictValue({key: enter(v, is_input=is_input) for key, v in entries.items()}, has_more=has_more)
            case _:
                return value

    first = arguments.positional[0] if arguments.positional else next(iter(arguments.keywords.values()), None)

    def given(argument: Given) -> Given:
        return Given(enter(argument.value, is_input=argument is first), argument.node, argument.keyword)

    positional = [given(argument) for argument in arguments.positional]
    keywords = {name: given(argument) for name, argument in arguments.keywords.items()}
    return Arguments(positional, keywords, arguments.open_ended), tuple(own.values())


_NOWHERE = Span(1, 0, 1, 0)


def _read_call(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Read `build` once and `call` on the arguments."""
    found = instance.cls.lookup("call")
    base = machine.need(instance.notes.get(BASE))
    if found is None and isinstance(base, LayerValue):
        return machine.call(base, arguments, node)
    if found is None or not isinstance(found[0], FunctionValue):
        return machine.unknown(f"{instance.cls.name} has no `call` in this file", node)
    _read_build(machine, instance, _shape_arguments(machine, instance, "build", arguments, node), node)
    before = len(machine.record.layers)
    result = call_method(machine, instance, found[0], arguments, node)
    note_made_in_call(machine, found[0], machine.record.layers[before:])
    return result


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class _Blind:
    """What `build` made when it was read without knowing the shape: it is read again with the first shape known."""

    models: list[ModelValue]
    weights: Value
    """What the instance had added to itself before."""


def _read_build(machine: Machine, instance: Instance, given: Arguments, node: nodes.NodeNG) -> None:
    """Read `build`, as Keras runs it: once, before the first call."""
    found = instance.cls.lookup("build")
    built = machine.need(instance.notes.get(_BUILT, False))
    blind = any(isinstance(shape, Unknown) for shape in given.values)
    if found is None or not isinstance(found[0], FunctionValue) or built is True or isinstance(built, Unknown):
        return
    if isinstance(built, _Blind) and blind:
        return
    models, weights = len(machine.record.models), instance.notes.get(WEIGHTS, ())
    if isinstance(built, _Blind):
        weights = built.weights
        machine.journal.set(instance.notes, WEIGHTS, weights)
        for stale in built.models:
            machine.journal.set(stale.state, "replaced", True)
    machine.journal.set(instance.notes, _BUILT, True)
    call_method(machine, instance, found[0], given, node)
    if blind:
        machine.journal.set(instance.notes, _BUILT, _Blind(machine.record.models[models:], weights))


@BUILD.answers
def _build_by_hand(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``block.build(shape)``: Keras does not build it again when it is called."""
    given = arguments if arguments.values else Arguments([Given(machine.unknown("an input shape", node), node)])
    _read_build(machine, instance, given, node)
    return None


def _is_built(machine: Machine, instance: Instance, node: nodes.NodeNG) -> Value:
    """``layer.built``, for a layer that has a `build`."""
    built = machine.need(instance.notes.get(_BUILT, False))
    has_own = instance.cls.lookup("build") is not None
    return built if has_own and isinstance(built, bool) else machine.unknown("whether a layer is built", node)


def _shape_arguments(
    machine: Machine, instance: Instance, method: str, arguments: Arguments, node: nodes.NodeNG
) -> Arguments:
    """What Keras gives `build` or `compute_output_shape` for a call: the shapes of the first argument, or those of
    each whose name is asked for, as ``query_shape`` and ``value_shape`` are."""
    asked = _parameters_behind_self(instance, method)
    if len(asked) > 1 and all(name.endswith("_shape") for name in asked):
        called = dict(zip(_parameters_behind_self(instance, "call"), arguments.positional, strict=False))
        given = {f"{name}_shape": value for name, value in {**called, **arguments.keywords}.items()}
        shapes = {name: _shapes_of(machine, given[name].value) for name in asked if name in given}
        return Arguments(keywords={name: Given(shape, node) for name, shape in shapes.items() if shape is not None})
    first = arguments.positional[0] if arguments.positional else next(iter(arguments.keywords.values()))
    return Arguments([Given(_shapes_of(machine, first.value), node)])


def _parameters_behind_self(instance: Instance, method: str) -> list[str]:
    found = instance.cls.lookup(method)
    if found is None or not isinstance(found[0], FunctionValue):
        return []
    return [parameter.name for parameter in found[0].node.args.args or ()][1:]


def _shapes_of(machine: Machine, value: Value) -> Value:
    """The shape of a tensor, or those of several in the same structure; None for what is not given."""

    def shape(value: Value) -> Value:
        value = machine.need(value)
        match value:
            case Tensor():
                return TensorShape(value.shape.dims) if value.shape.rank_known else Unknown(value.shape.reason)
            case tuple():
                return tuple(map(shape, value))
            case ListValue(items=items) if MORE not in items:
                return ListValue([shape(item) for item in items])
            case DictValue(entries=entries, has_more=False):
                return DictValue({key: shape(item) for key, item in entries.items()})
            case None:
                return None
            case _:
                return Unknown("an input shape")

    return shape(value)


def _wrap(
    machine: Machine,
    instance: Instance,
    inputs: tuple[Tensor, ...],
    sources: tuple[Tensor, ...],
    inner: tuple[Tensor, ...],
    shapes: tuple[Shape, ...],
    node: nodes.NodeNG,
    arguments: tuple[Argument, ...],
    why: str,
) -> tuple[Tensor, ...]:
    """One call of the custom layer or model around what its `call` did."""
    span = machine.place(node)
    contents = contents_of(machine, instance, sources, inner, why)
    total, trainable = parameters(contents)
    frozen = total - trainable if isinstance(total, int) and isinstance(trainable, int) else trainable
    layer: Layer | Model = contents
    if instance.layer is not None:
        layer = instance.layer
    else:
        assert instance.model is not None
        machine.journal.set(instance.model.state, "called", contents)
    machine.made_by[layer] = instance
    inside = contents if isinstance(layer, Layer) else None
    inferred = Inferred(shapes, total, frozen)
    call = call_of(layer, inputs, inferred, span, arguments, confidence=machine.flow_confidence, contents=inside)
    machine.record.calls.append(call)
    return outputs_of(call)


@APPLY.answers
def _apply_instance(machine: Machine, instance: Instance, inputs: tuple[Tensor, ...], span: Span) -> tuple[Tensor, ...]:
    """Put an instance behind tensors, as an element of a Sequential."""
    whole = inputs[0] if len(inputs) == 1 else ListValue(list(inputs))
    result = machine.call(instance, Arguments([Given(whole, instance.node)]), instance.node)
    return tuple(tensors_in(machine, result))


@GRAPH.answers
def _subclass_graph(machine: Machine, model: ModelValue, given: DataShape | None) -> Model:
    """The graph of a subclassed model: its `call`, read on an input of the shape that is known."""
    instance = model.instance
    assert instance is not None
    ensure_name(machine, instance)
    known = built_shape(machine, model) or given
    called = machine.need(model.state.called)
    if isinstance(called, Model) and (known is None or [t.shape for t in called.inputs] == [known]):
        return up_to_date(machine, called, instance)
    if _has_no_call(instance.cls):
        return contents_of(machine, instance, (), (), _why_not_held(machine, instance, model))
    shape = known or Shape.unknown("no input shape is given")
    version = (shape, len(instance.attributes) + len(instance.notes), model.state.trainable is True)
    if version in model.cache:
        return model.cache[version]  # type: ignore[no-any-return]
    source = _tensors_of(shape, model.span)
    node = instance.node
    result = _read_call(machine, instance, Arguments([Given(source, node)]), node)
    inputs, outputs = tuple(tensors_in(machine, source)), tuple(tensors_in(machine, result))
    graph = contents_of(machine, instance, inputs, outputs, why_unknown(instance, result, outputs))
    model.cache[version] = graph
    return graph


def _has_no_call(cls: ClassValue) -> bool:
    """Whether neither the class nor any base has `call` or `build`: such a model holds others, and trains them."""
    return not (cls.lookup("call") or cls.lookup("build") or cls.lookup("__call__")) and all(
        isinstance(base, ClassValue) or (isinstance(base, External) and _is_bare_model(base.path))
        for inherited in cls.mro or (cls,)
        for base in inherited.bases
    )


def _why_not_held(machine: Machine, instance: Instance, model: ModelValue) -> str:
    """Why it is not known what a model without `call` holds; empty when it is."""
    if model.state.unfinished is not MISSING:
        return f"`__init__` of {instance.cls.name} is read in part"
    held = (next(unknown_in(machine.need_all(value)), None) for value in instance.attributes.values())
    return next((unknown.reason for unknown in held if unknown is not None), "")


def _is_bare_model(path: str) -> bool:
    return path in PLAIN_BASES or keras_api.canonical(path) == "keras.Model"


def _tensors_of(shape: DataShape, span: Span) -> Value:
    """Inputs of the shapes of data, in the structure in which the data come."""
    match shape:
        case Shape():
            return Tensor(shape, span)
        case NamedShapes(entries=entries):
            return DictValue({name: _tensors_of(part, span) for name, part in entries})
        case _:
            return tuple(_tensors_of(part, span) for part in shape)
