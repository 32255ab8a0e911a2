"""Models of `keras.applications` in a program: shapes and weights from what Keras is known to build, layers unseen."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Argument, Call, Fact, Layer, Span, Tensor, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.keras_api.applications import Application, application
from keraslint.reader.binding import auto_name, bind_keras
from keraslint.reader.layers import apply_layer, shape_from
from keraslint.reader.machine import Arguments, Machine
from keraslint.reader.models import make_opaque, register
from keraslint.reader.state import span_of
from keraslint.reader.values import LayerValue, ModelValue, Value

PLAIN = frozenset(
    (
        "include_top",
        "weights",
        "input_tensor",
        "input_shape",
        "pooling",
        "classes",
        "classifier_activation",
        "name",
        "include_preprocessing",
        "dropout",
        "dropout_rate",
    )
)
"""Arguments that leave sizes and weights inside as they were recorded; ``alpha`` and others do not."""
POOLING = {"avg": "GlobalAveragePooling2D", "max": "GlobalMaxPooling2D"}


def make_application(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The model that ``keras.applications.ResNet50(...)`` makes: an input, the body, pooling or the top."""
    bound = {argument.name: argument for argument in bind_keras(machine, name, arguments)}
    given = {key: argument.value.value for key, argument in bound.items()}
    known = application(name.rpartition(".")[2])
    include_top = given.get("include_top", True)
    own_name = auto_name(machine, name, given.get("name"))
    if known is None or arguments.open_ended or isinstance(include_top, Unknown):
        return make_opaque(machine, name, own_name, node)
    span = span_of(node)
    source = _input(known, bound, span, bool(include_top))
    as_recorded = PLAIN.issuperset(given) and given.get("include_preprocessing", True) is not False
    if include_top:
        output = _with_top(machine, known, source, bound, node, as_recorded)
    else:
        output = _without_top(machine, known, source, given.get("pooling"), node, as_recorded)
    state: dict[str, Value] = {"inputs": source, "outputs": output, "trainable": True, "layers_unseen": name}
    return register(machine, ModelValue("functional", own_name, machine.place(node), state))


def _input(known: Application, bound: dict[str, Argument], span: Span, include_top: bool) -> Tensor:
    tensor = bound["input_tensor"].value.value if "input_tensor" in bound else None
    if isinstance(tensor, Tensor):
        return tensor
    if tensor is not None:
        return Tensor(Shape.unknown("an input_tensor that is not understood"), span)
    shape = bound.get("input_shape")
    if shape is not None and shape.value.value is not None:
        return Tensor(shape_from(shape.value), span, name="input_layer")
    dims: tuple[Dim, ...] = known.input_shape if include_top else (None, None, 3)
    return Tensor(Shape((None, *dims)), span, name="input_layer")


def _body(
    machine: Machine,
    known: Application,
    source: Tensor,
    span: Span,
    output: Shape,
    weights: tuple[int | Unknown, int | Unknown],
) -> Tensor:
    """All that is not seen, as one layer."""
    name = f"{known.name.lower()}_body"
    layer = Layer(f"keras.applications.{known.name}", (), span, machine.flow_confidence, in_file=True, name=name)
    machine.record.layers.append(layer)
    machine.made_by[layer] = LayerValue(layer, {"trainable": True})
    total, frozen = weights
    call = Call(layer, (source,), (output,), span, (), total, frozen, confidence=machine.flow_confidence)
    machine.record.calls.append(call)
    return Tensor(output, span, call)


def _without_top(
    machine: Machine, known: Application, source: Tensor, pooling: Any, node: nodes.NodeNG, as_recorded: bool
) -> Tensor:
    changed = Unknown(f"an argument changes the width of {known.name}")
    sure = as_recorded and _is_color(source) and (known.body_fits_open_size or None not in source.shape.dims[1:3])
    weights = (known.body_params, known.body_frozen) if sure else (changed, changed)
    shape = _feature_map(known, source.shape, known.features if as_recorded else changed)
    features = _body(machine, known, source, span_of(node), shape, weights)
    if isinstance(pooling, Unknown):
        unknown = Shape.unknown(pooling.reason)
        return machine.opaque_tensor(f"pooling of {known.name}", (features,), span_of(node), unknown)
    return _layer(machine, POOLING[pooling], {}, features, node) if pooling in POOLING else features


def _feature_map(known: Application, image: Shape, channels: Dim) -> Shape:
    if not image.rank_known or len(image.dims) != 4:
        return Shape((None, *(Unknown("the size of the image"),) * 2, channels))
    rows, columns = (known.feature_size(size) if isinstance(size, int) else size for size in image.dims[1:3])
    return Shape((image.dims[0], rows, columns, channels))


def _with_top(
    machine: Machine,
    known: Application,
    source: Tensor,
    bound: dict[str, Argument],
    node: nodes.NodeNG,
    as_recorded: bool,
) -> Tensor:
    usual_size = source.shape.rank_known and source.shape.dims[1:3] == known.input_shape[:2]
    changed = Unknown(f"an argument changes the weights of {known.name}")
    sure = as_recorded and _is_color(source) and (usual_size or known.top_fits_any_size)
    weights = (known.top_params, known.top_frozen) if sure else (changed, changed)
    batch = source.shape.dims[0] if source.shape.rank_known else None
    seen = Shape((batch, known.bottleneck if as_recorded else changed))
    span = span_of(node)
    classes = bound["classes"].value if "classes" in bound else Fact(1000, span)
    activation = bound["classifier_activation"].value if "classifier_activation" in bound else Fact("softmax", span)
    top = {"units": classes, "activation": activation}
    return _layer(machine, "Dense", top, _body(machine, known, source, span, seen, weights), node)


def _layer(machine: Machine, kind: str, given: dict[str, Fact[Any]], source: Tensor, node: nodes.NodeNG) -> Tensor:
    span = span_of(node)
    arguments = tuple(Argument(name, fact, name, fact.span) for name, fact in given.items())
    class_name = f"keras.layers.{kind}"
    layer = Layer(
        class_name, arguments, span, machine.flow_confidence, name="predictions" if given else f"{kind.lower()}"
    )
    machine.record.layers.append(layer)
    return apply_layer(machine, LayerValue(layer, {"trainable": True}), (source,), span)[0]


def _is_color(source: Tensor) -> bool:
    return source.shape.rank_known and source.shape.dims[-1:] == (3,)


def is_application(name: str) -> bool:
    """Whether a public Keras name is a builder of a model, not a helper beside it."""
    symbol = keras_api.symbol(name)
    return (
        symbol is not None
        and symbol.category == "application"
        and symbol.kind == "function"
        and name.rpartition(".")[2][0].isupper()
    )
