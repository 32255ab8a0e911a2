"""Pooling over windows, over whole maps, and to a given size."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Shape
from keraslint.graph.shapes.arithmetic import windows
from keraslint.graph.shapes.convolution import AXES, spatial_rank, split, unite
from keraslint.graph.shapes.reading import (
    Size,
    as_sizes,
    axes_of,
    channels_first,
    choice,
    fill,
    flag,
    only_input,
    sizes,
    value,
)
from keraslint.graph.shapes.registry import Inferred, Rejected, layer, undecided


@layer("MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D")
def pooling(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, rank, first = only_input(inputs), spatial_rank(layer.kind), channels_first(layer)
    dims = axes_of(layer, shape, rank + 2, AXES[rank])
    if isinstance(first, Unknown):
        return Inferred((Shape((None, *[first] * (rank + 1))),))
    batch, spatial, channels = split(dims, first)
    pool = _pool_sizes(layer, rank)
    strides = pool if value(layer, "strides") is None else sizes(layer, "strides", rank)
    padding = choice(layer, "padding", ("valid", "same"))
    after = tuple(windows(*each, padding) for each in zip(spatial, pool, strides, strict=True))
    if any(isinstance(size, int) and size <= 0 for size in after):
        window = "x".join(map(str, pool))
        raise Rejected(f"{layer.kind} expects an input at least as large as its {window} window, got {shape}")
    return Inferred((unite(batch, after, channels, first),))


def _pool_sizes(layer: KerasObject, rank: int) -> tuple[Size, ...]:
    """The window; 2 where none is given, which Keras 3 refuses for an average and Keras 1 and 2 did not."""
    if layer.given("pool_size") is None and not layer.open_ended:
        return (2,) * rank
    return sizes(layer, "pool_size", rank)


@layer(
    "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D",
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
)  # fmt: skip
def global_pooling(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, rank, first, keep = (
        only_input(inputs),
        spatial_rank(layer.kind),
        channels_first(layer),
        flag(layer, "keepdims"),
    )
    dims = axes_of(layer, shape, rank + 2, AXES[rank])
    if not shape.rank_known and first is True:
        dims = fill(Shape.unknown(shape.reason), rank + 2)
    if isinstance(keep, Unknown):
        return Inferred((Shape.unknown(keep.reason),))
    if isinstance(first, Unknown):
        return Inferred((Shape.of(dims[0], *[first] * (rank + 1 if keep else 1)),))
    batch, _, channels = split(dims, first)
    return Inferred((unite(batch, (1,) * rank if keep else (), channels, first),))


@layer(
    "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D",
    "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D",
)  # fmt: skip
def adaptive_pooling(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, rank, first = only_input(inputs), spatial_rank(layer.kind), channels_first(layer)
    if shape.rank_known and len(shape.dims) != rank + 2:
        return undecided(f"{layer.kind} on {shape}")
    dims = axes_of(layer, shape, rank + 2, AXES[rank])
    if isinstance(first, Unknown):
        return Inferred((Shape((None, *[first] * (rank + 1))),))
    batch, _, channels = split(dims, first)
    size = as_sizes(value(layer, "output_size"), rank, f"`output_size` of {layer.kind}")
    return Inferred((unite(batch, size, channels, first),))
