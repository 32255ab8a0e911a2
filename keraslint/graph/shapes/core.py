"""Dense, embeddings, einsum, and layers that stand for a function or for nothing at all."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes import adapters, einsum
from keraslint.graph.shapes.arithmetic import total, weight
from keraslint.graph.shapes.reading import (
    as_size,
    flag,
    integers,
    only_input,
    positive,
    require_features,
    value,
)
from keraslint.graph.shapes.registry import Inferred, Rejected, layer, undecided


@layer("Dense")
def dense(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    units = positive(layer, "units")
    if shape.rank < 2:
        raise Rejected(f"Dense expects an input of 2 or more dimensions (batch, …, features), got {shape}")
    require_features(layer, shape)
    kernel, fixed = adapters.kernel(layer, shape[-1], units)
    params = total(kernel, weight(units, when=flag(layer, "use_bias")))
    if not shape.rank_known:
        return Inferred((Shape.unknown(shape.reason, *shape.dims[:-1], units),), params, fixed)
    return Inferred((shape.with_dim(-1, units),), params, fixed)


@layer("EinsumDense")
def einsum_dense(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    equation = value(layer, "equation")
    given = integers(value(layer, "output_shape"), "`output_shape` of EinsumDense")
    if not isinstance(equation, str) or isinstance(given, Unknown) or not shape.rank_known:
        reasons = [given.reason for given in (equation, given, shape) if isinstance(given, Unknown | Shape)]
        return undecided(next(filter(None, reasons), "the equation, output shape or input of EinsumDense is not known"))
    # A None in `output_shape` takes the size of the input.
    wanted: tuple[Dim, ...] = tuple(
        None if item is None else as_size(item, "`output_shape`") for item in _sequence(value(layer, "output_shape"))
    )
    solved = einsum.dense(equation, shape.dims, wanted)
    if solved is None:
        return undecided("the equation of EinsumDense does not fit the shapes in an obvious way")
    output, axes, sizes = solved
    if None in axes:
        raise Rejected(f"EinsumDense expects fixed sizes along the axes of its kernel, got {shape}")
    bias_axes = value(layer, "bias_axes")
    if bias_axes is not None and not isinstance(bias_axes, str):
        return Inferred((Shape(output),), Unknown("`bias_axes` of EinsumDense is not known"))
    bias = weight(*(sizes.get(axis, 1) for axis in bias_axes)) if bias_axes else 0
    kernel, fixed = adapters.kernel(layer, *axes)
    return Inferred((Shape(output),), total(kernel, bias), fixed)


def _sequence(given: object) -> tuple[object, ...]:
    return tuple(given) if isinstance(given, tuple | list) else (given,)


@layer("Embedding", "ReversibleEmbedding")
def embedding(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    words, width = positive(layer, "input_dim"), positive(layer, "output_dim")
    params, fixed = adapters.kernel(layer, words, width)
    if layer.kind == "ReversibleEmbedding":
        params = total(params, weight(width, words, when=_untied(layer)))
    return Inferred((Shape((*shape.dims, width), shape.rank_known, shape.reason),), params, fixed)


def _untied(layer: KerasObject) -> bool | Unknown:
    tied = flag(layer, "tie_weights")
    return tied if isinstance(tied, Unknown) else not tied


@layer("Lambda")
def function_layer(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Only ``output_shape`` says what a function makes; it leaves the batch out."""
    batch = inputs[0][0] if inputs else None
    sizes = integers(value(layer, "output_shape"), "`output_shape` of Lambda")
    if isinstance(sizes, Unknown):
        return Inferred((Shape.unknown("what a Lambda's function returns"),), 0)
    return Inferred((Shape.of(batch, *sizes),))
