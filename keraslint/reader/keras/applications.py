"""Models of `keras.applications` in a program, with all their layers as Keras builds them. Where an argument leaves
open which layers there are, all but the output's shape and the weights stays unseen."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from keraslint.graph import Argument, Fact, Span, Tensor, Unknown
from keraslint.graph.build import Builder
from keraslint.graph.declared import shape_from
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes import Inferred
from keraslint.keras_api.application_layers import layers_inside
from keraslint.keras_api.applications import Application, application
from keraslint.reader.keras.application_layers import COST_OF_ROW, ORIGIN, Given, put_behind
from keraslint.reader.keras.binding import auto_name, bind_keras
from keraslint.reader.keras.models import make_opaque, register
from keraslint.reader.keras.prebuilt import builder, take
from keraslint.reader.keras.private_helpers import sources_of
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, ModelState, ModelValue, Value

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
    if known is None or arguments.open_ended or isinstance(include_top, Unknown):
        return make_opaque(machine, name, auto_name(machine, name, given.get("name")), node)
    own_name = _own_name(machine, known, bound, bool(include_top))
    span = machine.place(node)
    source = _input(machine, known, bound, span, bool(include_top))
    state = ModelState(inputs=source)
    whole = _with_its_layers(machine, known, source, bound, own_name, span)
    if whole is not None:
        behind = bound["input_tensor"].value.value if "input_tensor" in bound else None
        inputs = list(sources_of([source])) if isinstance(behind, Tensor) else [source]
        state = ModelState(inputs=inputs[0] if len(inputs) == 1 else ListValue(inputs), outputs=whole)
        return register(machine, ModelValue("functional", own_name, span, state), node)
    as_recorded = PLAIN.issuperset(given) and given.get("include_preprocessing", True) is not False
    build = builder(machine, span, pretrained=_is_pretrained(given))
    if include_top:
        state.outputs = _with_top(machine, build, known, source, bound, as_recorded)
    else:
        state.outputs = _without_top(machine, build, known, source, given.get("pooling"), as_recorded)
    return register(machine, ModelValue("functional", own_name, span, state), node)


def _is_pretrained(given: dict[str, Any]) -> bool:
    """Whether it surely begins with weights that were trained: those of ImageNet by default, or those of a file."""
    return isinstance(given.get("weights", "imagenet"), str)


def _own_name(machine: Machine, known: Application, bound: dict[str, Argument], include_top: bool) -> str:
    """The name of the model; MobileNet puts the size of the image into it."""
    given = bound["name"].value.value if "name" in bound else None
    inside = layers_inside(known.name)
    if isinstance(given, str) or inside is None or not PLAIN.issuperset(bound):
        return auto_name(machine, known.name, given)
    rows = known.input_shape[0]
    if not inside.name.endswith(f"_{rows}"):
        return inside.name
    shape = shape_from(bound["input_shape"].value) if "input_shape" in bound else None
    asked = shape[1] if shape is not None else rows if include_top else None
    return f"{inside.name.removesuffix(f'_{rows}')}_{'' if isinstance(asked, Unknown) else asked}"


def _with_its_layers(
    machine: Machine, known: Application, source: Tensor, bound: dict[str, Argument], own_name: str, span: Span
) -> Tensor | None:
    """The output behind every layer of the application; None when an argument leaves open which layers there are."""
    given = {key: argument.value.value for key, argument in bound.items()}
    inside = layers_inside(known.name)
    plain = PLAIN.issuperset(given) and given.get("include_preprocessing", True) is True
    if inside is None or not plain or not source.shape.rank_known or len(source.shape.dims) != 4:
        return None
    if not inside.fits_open_size and not all(isinstance(size, int) for size in source.shape.dims[1:3]):
        return None
    pooling, weights = given.get("pooling"), given.get("weights", "imagenet")
    if (inside.imagenet and isinstance(weights, Unknown)) or isinstance(pooling, Unknown):
        return None
    dropout = bound.get("dropout") or bound.get("dropout_rate")
    if dropout is not None and not (isinstance(dropout.value.value, float) and dropout.value.value > 0):
        return None
    rows = inside.rows(given.get("include_top") is not False, pooling, weights == "imagenet")
    if not _is_color(source) and any(row.kind == "Normalization" for row in rows):
        return None
    machine.burn(COST_OF_ROW * len(rows))
    build = builder(machine, span, f"{ORIGIN}.{known.name}", pretrained=_is_pretrained(given))
    settings = Given(own_name, *_top_arguments(bound, span), dropout.value if dropout else None)
    output = put_behind(build, inside, rows, source, settings)
    take(machine, build)
    return output


def _top_arguments(bound: dict[str, Argument], span: Span) -> tuple[Fact[Any], Fact[Any]]:
    """How many classes the top tells apart, and its activation."""
    classes = bound["classes"].value if "classes" in bound else Fact(1000, span)
    activation = bound["classifier_activation"].value if "classifier_activation" in bound else Fact("softmax", span)
    return classes, activation


def _input(machine: Machine, known: Application, bound: dict[str, Argument], span: Span, include_top: bool) -> Tensor:
    tensor = bound["input_tensor"].value.value if "input_tensor" in bound else None
    if isinstance(tensor, Tensor):
        return tensor
    if tensor is not None:
        return Tensor(Shape.unknown("an input_tensor that is not understood"), span)
    shape = bound.get("input_shape")
    if shape is not None and shape.value.value is not None:
        return Tensor(shape_from(shape.value), span, name=auto_name(machine, "InputLayer", None))
    inside = layers_inside(known.name)
    dims: tuple[Dim, ...] = known.input_shape if include_top else inside.body_input if inside else (None, None, 3)
    return Tensor(Shape((None, *dims)), span, name=auto_name(machine, "InputLayer", None))


def _body(
    build: Builder, known: Application, source: Tensor, output: Shape, weights: tuple[int | Unknown, int | Unknown]
) -> Tensor:
    """All that is not seen, as one layer."""
    layer = build.layer(f"keras.applications.{known.name}", name=f"{known.name.lower()}_body", in_file=True)
    return build.call(layer, [source], known=Inferred((output,), *weights))[0]


def _without_top(
    machine: Machine, build: Builder, known: Application, source: Tensor, pooling: Any, as_recorded: bool
) -> Tensor:
    changed = Unknown(f"an argument changes the width of {known.name}")
    sure = as_recorded and _is_color(source) and (known.body_fits_open_size or None not in source.shape.dims[1:3])
    weights = (known.body_params, known.body_frozen) if sure else (changed, changed)
    shape = _feature_map(known, source.shape, known.features if as_recorded else changed)
    output = _body(build, known, source, shape, weights)
    if not isinstance(pooling, Unknown) and pooling in POOLING:
        layer = build.layer(f"keras.layers.{POOLING[pooling]}", name=POOLING[pooling].lower())
        (output,) = build.call(layer, [output])
    take(machine, build)
    if isinstance(pooling, Unknown):
        unknown = Shape.unknown(pooling.reason)
        return machine.opaque_tensor(f"pooling of {known.name}", (output,), build.span, unknown)
    return output


def _feature_map(known: Application, image: Shape, channels: Dim) -> Shape:
    if not image.rank_known or len(image.dims) != 4:
        return Shape((None, *(Unknown("the size of the image"),) * 2, channels))
    rows, columns = (known.feature_size(size) if isinstance(size, int) else size for size in image.dims[1:3])
    return Shape((image.dims[0], rows, columns, channels))


def _with_top(
    machine: Machine,
    build: Builder,
    known: Application,
    source: Tensor,
    bound: dict[str, Argument],
    as_recorded: bool,
) -> Tensor:
    usual_size = source.shape.rank_known and source.shape.dims[1:3] == known.input_shape[:2]
    changed = Unknown(f"an argument changes the weights of {known.name}")
    sure = as_recorded and _is_color(source) and (usual_size or known.top_fits_any_size)
    weights = (known.top_params, known.top_frozen) if sure else (changed, changed)
    batch = source.shape.dims[0] if source.shape.rank_known else None
    seen = Shape((batch, known.bottleneck if as_recorded else changed))
    classes, activation = _top_arguments(bound, build.span)
    given = (_written("units", classes), _written("activation", activation))
    top = build.layer("keras.layers.Dense", given, name="predictions")
    (output,) = build.call(top, [_body(build, known, source, seen, weights)])
    take(machine, build)
    return output


def _written(name: str, fact: Fact[Any]) -> Argument:
    return Argument(name, fact, name, fact.span)


def _is_color(source: Tensor) -> bool:
    return source.shape.rank_known and source.shape.dims[-1:] == (3,)
