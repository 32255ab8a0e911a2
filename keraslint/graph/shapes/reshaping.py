"""Layers that move, add or drop elements: Flatten, Reshape, Permute, RepeatVector, cropping and padding."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape, product
from keraslint.graph.shapes.arithmetic import add, multiply
from keraslint.graph.shapes.convolution import AXES, spatial_rank, split, unite
from keraslint.graph.shapes.reading import (
    Size,
    as_size,
    as_sizes,
    axes_of,
    channels_first,
    fill,
    integers,
    only_input,
    positive,
    sizes,
    value,
)  # fmt: skip
from keraslint.graph.shapes.registry import Inferred, Rejected, layer


@layer("Flatten")
def flatten(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    return Inferred((Shape.of(shape[0] if shape.rank_known else None, shape.size),))


@layer("Reshape")
def reshape(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    given = value(layer, "target_shape")
    target = integers(given, "`target_shape` of Reshape")
    if isinstance(target, Unknown) or not isinstance(given, Sequence):
        return Inferred((Shape.unknown("the target shape of Reshape is not known"),))
    known = tuple(None if item is None else as_size(item, "an item of `target_shape`") for item in given)
    batch = shape[0] if shape.rank_known else None
    return Inferred((Shape.of(batch, *reshaped("Reshape", shape.size, known, shape)),))


def reshaped(what: str, size: Dim, target: tuple[Dim, ...], shape: Shape) -> tuple[Dim, ...]:
    """``target`` with its -1 worked out from ``size`` elements; rejected when they do not fit."""
    if sum(dim == -1 for dim in target) > 1:
        raise Rejected(f"{what} expects at most one -1, got {Shape(target)} for {shape}")
    if any(dim == -1 for dim in target):
        others = product(dim for dim in target if not isinstance(dim, int) or dim != -1)
        return tuple(_quotient(what, size, others, shape) if dim == -1 else dim for dim in target)
    if isinstance(size, int) and isinstance(needed := product(target), int) and needed != size:
        raise Rejected(f"{what} expects {needed} elements for {Shape(target)}, got {size} of {shape}")
    return target


def _quotient(what: str, size: Dim, others: Dim, shape: Shape) -> Dim:
    if isinstance(size, Unknown) or isinstance(others, Unknown):
        return size if isinstance(size, Unknown) else others
    if size is None or others is None:
        return None
    if others <= 0:
        return Unknown("-1 next to a size of 0")
    if size % others:
        raise Rejected(f"{what} expects a multiple of {others} elements, got {size} of {shape}")
    return size // others


@layer("Permute")
def permute(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    order = integers(value(layer, "dims"), "`dims` of Permute")
    if isinstance(order, Unknown):
        return Inferred((Shape.unknown(order.reason),))
    shape = only_input(inputs)
    dims = axes_of(layer, shape, len(order) + 1, f"batch and the {len(order)} of dims={_shown(order)}")
    picked = [
        dims[axis] if isinstance(axis, int) and 0 < axis < len(dims) else Unknown("an axis of Permute is not known")
        for axis in order
    ]
    return Inferred((Shape.of(dims[0], *picked),))


def _shown(order: tuple[Size, ...]) -> str:
    return str(Shape(order))


@layer("RepeatVector")
def repeat_vector(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    batch, features = axes_of(layer, only_input(inputs), 2, "batch, features")
    return Inferred((Shape.of(batch, positive(layer, "n"), features),))


@layer("UpSampling1D", "UpSampling2D", "UpSampling3D")
def upsampling(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    rank = spatial_rank(layer.kind)
    factors = sizes(layer, "size", rank)
    return _spatially(layer, inputs, lambda spatial: tuple(map(multiply, spatial, factors)))


@layer("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D")
def zero_padding(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    margins = _margins(layer, "padding")
    return _spatially(layer, inputs, lambda spatial: tuple(map(add, spatial, margins)))


@layer("Cropping1D", "Cropping2D", "Cropping3D")
def cropping(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    margins = _margins(layer, "cropping")

    def cropped(spatial: tuple[Dim, ...]) -> tuple[Dim, ...]:
        after = tuple(add(size, multiply(margin, -1)) for size, margin in zip(spatial, margins, strict=True))
        if any(size is not None and size <= 0 for size in after):
            raise Rejected(f"{layer.kind} expects an input larger than what it crops, got {only_input(inputs)}")
        return after

    return _spatially(layer, inputs, cropped)


def _margins(layer: KerasObject, name: str) -> tuple[Dim, ...]:
    """What padding or cropping takes along each spatial axis: ``1``, ``(1, 2)``, ``((0, 1), 2)``."""
    rank, given = spatial_rank(layer.kind), value(layer, name)
    what = f"`{name}` of {layer.kind}"
    if rank == 1:
        return (add(*as_sizes(given, 2, what)),)
    each = given if isinstance(given, Sequence) and len(given) == rank else (given,) * rank
    return tuple(add(*as_sizes(pair, 2, what)) for pair in each)


def _spatially(
    layer: KerasObject, inputs: tuple[Shape, ...], change: Callable[[tuple[Dim, ...]], tuple[Dim, ...]]
) -> Inferred:
    """A layer that changes the spatial sizes only."""
    shape, rank = only_input(inputs), spatial_rank(layer.kind)
    dims = axes_of(layer, shape, rank + 2, AXES[rank])
    # The one-dimensional ones mostly have no `data_format`: they always take (batch, steps, channels).
    first = channels_first(layer) if rank > 1 or layer.given("data_format") else False
    if isinstance(first, Unknown):
        return Inferred((Shape((None, *[first] * (rank + 1))),))
    if first and not shape.rank_known:
        dims = fill(Shape.unknown(shape.reason), rank + 2)
    batch, spatial, channels = split(dims, first)
    return Inferred((unite(batch, change(spatial), channels, first),))
