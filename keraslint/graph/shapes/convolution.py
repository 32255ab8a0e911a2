"""Convolutions: plain, separable, depthwise, transposed and locally connected, in one to three dimensions."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes import adapters
from keraslint.graph.shapes.arithmetic import combine, multiply, spread, total, weight, windows
from keraslint.graph.shapes.reading import (
    Size,
    axes_of,
    channels_first,
    choice,
    fill,
    flag,
    only_input,
    positive,
    sizes,
    value,
)  # fmt: skip
from keraslint.graph.shapes.registry import Inferred, Rejected, layer, undecided

AXES = {
    1: "batch, steps, channels",
    2: "batch, height, width, channels",
    3: "batch, depth, height, width, channels",
}
PADDINGS = ("valid", "same", "causal")


def spatial_rank(kind: str) -> int:
    """The 2 in ``Conv2D`` and ``Conv2DTranspose``."""
    return next(int(letter) for letter in kind if letter in "123")


def split(dims: tuple[Dim, ...], first: bool) -> tuple[Dim, tuple[Dim, ...], Dim]:
    """Batch, spatial sizes and channels of an image-like input."""
    return (dims[0], dims[2:], dims[1]) if first else (dims[0], dims[1:-1], dims[-1])


def unite(batch: Dim, spatial: tuple[Dim, ...], channels: Dim, first: bool) -> Shape:
    return Shape.of(batch, channels, *spatial) if first else Shape.of(batch, *spatial, channels)


def has_too_many_axes(layer: object, shape: Shape) -> bool:
    """Whether a convolution is called on more axes than images have: Keras 3 raises, Keras 2 takes them."""
    if not isinstance(layer, KerasObject) or not layer.kind.endswith(_CONVOLUTIONS) or not shape.rank_known:
        return False
    return shape.rank > spatial_rank(layer.kind) + 2


_CONVOLUTIONS = tuple(f"Conv{rank}D" for rank in (1, 2, 3))


def image_axes(layer: KerasObject, shape: Shape, rank: int) -> tuple[Dim, ...] | None:
    """The input's sizes, None when it has more dimensions than the layer needs.

    Keras 3 rejects those, Keras 2 takes them as more batch dimensions.
    """
    if shape.rank > rank + 2:
        return None
    dims = axes_of(layer, shape, rank + 2, AXES[rank])
    if not shape.rank_known and channels_first(layer) is True:
        dims = fill(Shape.unknown(shape.reason), rank + 2)
    return dims


def slid(
    layer: KerasObject,
    spatial: tuple[Dim, ...],
    kernel: tuple[Dim, ...],
    shape: Shape,
    dilation: tuple[Dim, ...],
) -> tuple[Dim, ...]:
    """Spatial sizes after a kernel has slid over them; rejected when it does not fit."""
    strides = sizes(layer, "strides", len(spatial))
    padding = choice(layer, "padding", PADDINGS)
    after = tuple(
        windows(size, k, stride, padding, rate)
        for size, k, stride, rate in zip(spatial, kernel, strides, dilation, strict=True)
    )
    if any(isinstance(size, int) and size <= 0 for size in after):
        window = "x".join(map(str, kernel))
        raise Rejected(f"{layer.kind} expects an input at least as large as its {window} kernel, got {shape}")
    return after


def check_steps(layer: KerasObject, rank: int) -> None:
    """Keras refuses strides together with dilation, but not in separable and depthwise convolutions."""
    strides, rates = sizes(layer, "strides", rank), sizes(layer, "dilation_rate", rank)
    if any(stride > 1 for stride in strides) and any(rate > 1 for rate in rates):
        shown = f"strides={Shape(strides)} and dilation_rate={Shape(rates)}"
        raise Rejected(f"{layer.kind} expects strides or dilation_rate to be 1, got {shown}")


@layer("Conv1D", "Conv2D", "Conv3D")
def convolution(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, rank, first = only_input(inputs), spatial_rank(layer.kind), channels_first(layer)
    filters, groups = positive(layer, "filters"), positive(layer, "groups")
    dims = image_axes(layer, shape, rank)
    if dims is None:
        return undecided(f"{layer.kind} on more than {rank + 2} dimensions")
    if isinstance(first, Unknown):
        return Inferred((Shape((None, *[first] * (rank + 1))),), first)
    batch, spatial, channels = split(dims, first)
    check_steps(layer, rank)
    _check_groups(layer, channels, filters, groups, shape)
    window = sizes(layer, "kernel_size", rank)
    after = slid(layer, spatial, window, shape, sizes(layer, "dilation_rate", rank))
    per_group = combine(lambda count, parts: count // parts, channels, groups)
    kernel, fixed = adapters.kernel(layer, *window, per_group, filters)
    params = total(kernel, weight(filters, when=flag(layer, "use_bias")))
    return Inferred((unite(batch, after, filters, first),), params, fixed)


def _check_groups(layer: KerasObject, channels: Dim, filters: Size, groups: Size, shape: Shape) -> None:
    if channels is None:
        raise Rejected(f"{layer.kind} expects an input with a fixed number of channels, got {shape}")
    if isinstance(channels, int) and isinstance(groups, int) and channels % groups:
        raise Rejected(f"{layer.kind} expects channels that divide into {groups} groups, got {shape}")
    if isinstance(filters, int) and isinstance(groups, int) and filters % groups:
        raise Rejected(f"{layer.kind} expects filters that divide into {groups} groups, got {filters} filters")


@layer("DepthwiseConv1D", "DepthwiseConv2D", "DepthwiseConv3D")
def depthwise(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return _by_channel(layer, inputs, None)


@layer("SeparableConv1D", "SeparableConv2D", "SeparableConv3D")
def separable(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return _by_channel(layer, inputs, positive(layer, "filters"))


def _by_channel(layer: KerasObject, inputs: tuple[Shape, ...], filters: Size | None) -> Inferred:
    """A kernel per channel, then, with ``filters``, a 1x1 convolution that mixes the channels."""
    shape, rank, first = only_input(inputs), spatial_rank(layer.kind), channels_first(layer)
    dims = image_axes(layer, shape, rank)
    if dims is None:
        return undecided(f"{layer.kind} on more than {rank + 2} dimensions")
    if isinstance(first, Unknown):
        return Inferred((Shape((None, *[first] * (rank + 1))),), first)
    batch, spatial, channels = split(dims, first)
    if channels is None:
        raise Rejected(f"{layer.kind} expects an input with a fixed number of channels, got {shape}")
    kernel = sizes(layer, "kernel_size", rank)
    after = slid(layer, spatial, kernel, shape, sizes(layer, "dilation_rate", rank))
    widened = multiply(channels, positive(layer, "depth_multiplier"))
    out = widened if filters is None else filters
    pointwise = 0 if filters is None else weight(widened, filters)
    params = total(weight(*kernel, widened), pointwise, weight(out, when=flag(layer, "use_bias")))
    return Inferred((unite(batch, after, out, first),), params)


@layer("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def transposed(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, rank, first = only_input(inputs), spatial_rank(layer.kind), channels_first(layer)
    filters = positive(layer, "filters")
    dims = image_axes(layer, shape, rank)
    if dims is None:
        return undecided(f"{layer.kind} on more than {rank + 2} dimensions")
    if isinstance(first, Unknown):
        return Inferred((Shape((None, *[first] * (rank + 1))),), first)
    batch, spatial, channels = split(dims, first)
    if channels is None:
        raise Rejected(f"{layer.kind} expects an input with a fixed number of channels, got {shape}")
    check_steps(layer, rank)
    kernel, strides = sizes(layer, "kernel_size", rank), sizes(layer, "strides", rank)
    rates, padding = sizes(layer, "dilation_rate", rank), choice(layer, "padding", PADDINGS)
    added: tuple[Dim, ...] = (None,) * rank
    if value(layer, "output_padding") is not None:
        added = sizes(layer, "output_padding", rank)
    after = tuple(
        spread(size, k, stride, padding, extra, rate)
        for size, k, stride, extra, rate in zip(spatial, kernel, strides, added, rates, strict=True)
    )
    params = total(weight(*kernel, filters, channels), weight(filters, when=flag(layer, "use_bias")))
    return Inferred((unite(batch, after, filters, first),), params)


@layer("LocallyConnected1D", "LocallyConnected2D")
def locally_connected(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """A convolution whose kernel differs at every place, Keras 2 only.

    Its ``implementation`` 3 holds other weights.
    """
    shape, rank, first = only_input(inputs), spatial_rank(layer.kind), channels_first(layer)
    filters = positive(layer, "filters")
    dims = axes_of(layer, shape, rank + 2, AXES[rank])
    if isinstance(first, Unknown):
        return Inferred((Shape((None, *[first] * (rank + 1))),), first)
    batch, spatial, channels = split(dims, first)
    kernel = sizes(layer, "kernel_size", rank)
    after = slid(layer, spatial, kernel, shape, (1,) * rank)
    bias = weight(*after, filters, when=flag(layer, "use_bias"))
    params: int | Unknown = Unknown(f"the weights of {layer.kind} depend on its implementation")
    if layer.argument("implementation").is_in((1, 2)) and choice(layer, "padding", PADDINGS) == "valid":
        params = total(weight(*after, *kernel, channels, filters), bias)
    return Inferred((unite(batch, after, filters, first),), params)
