"""Ops on images: resizing, patches, blocks moved between space and channels, pooling, convolution."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Shape
from keraslint.graph.shapes.arithmetic import combine, multiply, windows
from keraslint.graph.shapes.convolution import split as split_image
from keraslint.graph.shapes.convolution import unite
from keraslint.graph.shapes.operands import listed, operand, operands, setting
from keraslint.graph.shapes.operators import under
from keraslint.graph.shapes.reading import Size, as_size, as_sizes
from keraslint.graph.shapes.registry import Inferred, op, single, unclear


def _channels_first(call: KerasObject) -> bool | Unknown:
    given = setting(call, "data_format")
    if isinstance(given, Unknown) and call.given("data_format"):
        return given
    return isinstance(given, str) and (given == "channels_first" or given.startswith("NC"))


_OLD_RESIZES = "resize_area resize_bicubic resize_bilinear resize_images resize_nearest_neighbor"


@op(
    "tensorflow.image.resize",
    "tensorflow.compat.v1.image.resize",
    "keras.ops.image.resize",
    *under("tensorflow.image. tensorflow.compat.v1.image.", _OLD_RESIZES),
)
def resize(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, first = operand(call, inputs), _channels_first(call)
    size = listed(setting(call, "size", "argument 1"), "`size` of resize")
    keeps_ratio = call.given("preserve_aspect_ratio")
    if isinstance(first, Unknown) or not shape.rank_known or len(shape.dims) not in (3, 4) or keeps_ratio:
        return unclear(shape, "resizing of other than an image")
    if isinstance(size, Unknown) or len(size) != 2:
        size = (size if isinstance(size, Unknown) else Unknown("`size` of resize is not a pair"),) * 2
    place = len(shape.dims) - 2 - (not first)
    return single(Shape.of(*shape.dims[:place], *size, *shape.dims[place + 2 :]))


@op("keras.ops.image.extract_patches")
def extract_patches(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Patches of an image, each one flat along the last axis."""
    shape, first = operand(call, inputs), _channels_first(call)
    padding = setting(call, "padding")
    if first is not False or not isinstance(padding, str) or not shape.rank_known or len(shape.dims) not in (3, 4):
        return unclear(shape, "patches of other than images with their channels last")
    size = as_sizes(setting(call, "size"), 2, "`size` of extract_patches")
    given = setting(call, "strides")
    strides = size if given is None else as_sizes(given, 2, "the strides of extract_patches")
    dilation = as_sizes(setting(call, "dilation_rate"), 2, "the dilation of extract_patches")
    *batch, rows, columns, channels = shape.dims
    places = zip((rows, columns), size, strides, dilation, strict=True)
    after = (windows(n, k, s, padding.lower(), d) for n, k, s, d in places)
    return single(Shape.of(*batch, *after, multiply(channels, *size)))


@op("tensorflow.image.extract_patches")
def extract_patches_in_batch(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """The same, with sizes that have a 1 for the batch and another for the channels."""
    shape, padding = operand(call, inputs), setting(call, "padding")
    if not isinstance(padding, str) or not shape.rank_known or len(shape.dims) != 4:
        return unclear(shape, "patches of other than a batch of images")
    given = (as_sizes(setting(call, name), 4, f"`{name}` of extract_patches") for name in ("sizes", "strides", "rates"))
    size, strides, dilation = (both[1:3] for both in given)
    batch, rows, columns, channels = shape.dims
    places = zip((rows, columns), size, strides, dilation, strict=True)
    after = (windows(n, k, s, padding.lower(), d) for n, k, s, d in places)
    return single(Shape.of(batch, *after, multiply(channels, *size)))


@op(
    "tensorflow.nn.space_to_depth",
    "tensorflow.nn.depth_to_space",
    "keras.ops.space_to_depth",
    "keras.ops.depth_to_space",
    "keras.ops.nn.space_to_depth",
    "keras.ops.nn.depth_to_space",
)
def blocks(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, first = operand(call, inputs), _channels_first(call)
    block = as_size(setting(call, "block_size"), f"`block_size` of {call.kind}")
    if isinstance(first, Unknown) or not shape.rank_known or len(shape.dims) != 4 or block <= 0:
        return unclear(shape, f"{call.kind} of other than a batch of images")
    batch, spatial, channels = split_image(shape.dims, first)
    if call.kind == "depth_to_space":
        grown = tuple(multiply(size, block) for size in spatial)
        return single(unite(batch, grown, combine(lambda c, b: c // b**2, channels, block), first))
    shrunk = tuple(combine(lambda n, b: n // b, size, block) for size in spatial)
    return single(unite(batch, shrunk, multiply(channels, block, block), first))


@op(
    *under("keras.ops. keras.ops.nn.", "max_pool average_pool"),
    *under("tensorflow.nn.", "max_pool2d avg_pool2d max_pool1d avg_pool1d max_pool avg_pool"),
)
def pool(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, first = operand(call, inputs), _channels_first(call)
    padding = setting(call, "padding")
    if isinstance(first, Unknown) or not isinstance(padding, str) or not shape.rank_known or len(shape.dims) < 3:
        return unclear(shape, f"the arguments of {call.kind}")
    batch, spatial, channels = split_image(shape.dims, first)
    size = _spatial(setting(call, "pool_size", "ksize"), len(spatial), first, "the window of a pooling")
    given = setting(call, "strides")
    strides = size if given is None else _spatial(given, len(spatial), first, "the strides of a pooling")
    after = tuple(windows(*each, padding.lower()) for each in zip(spatial, size, strides, strict=True))
    return single(unite(batch, after, channels, first))


_INPUT = ("inputs", "input", "x")
_KERNEL = ("kernel", "filters", "filter")


@op(
    *under("keras.ops. keras.ops.nn.", "conv depthwise_conv"),
    *under("tensorflow.nn.", "conv1d conv2d conv3d depthwise_conv2d"),
)
def convolution(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """With a kernel of (*spatial, channels in, channels out), or (*spatial, channels, multiplier) for each alone."""
    (shape, kernel), first = operands(call, inputs, _INPUT, _KERNEL), _channels_first(call)
    padding = setting(call, "padding")
    known = shape.rank_known and kernel.rank_known and len(shape.dims) == len(kernel.dims) > 2
    if isinstance(first, Unknown) or not isinstance(padding, str) or not known:
        return unclear(shape, f"the arguments of {call.kind}")
    batch, spatial, channels = split_image(shape.dims, first)
    *size, _, filters = kernel.dims
    strides = _spatial(setting(call, "strides", "stride"), len(spatial), first, f"the strides of {call.kind}")
    given = setting(call, "dilation_rate", "dilations")
    dilation = _spatial(1 if given is None else given, len(spatial), first, f"the dilation of {call.kind}")
    places = zip(spatial, size, strides, dilation, strict=True)
    after = tuple(windows(n, k, s, padding.lower(), d) for n, k, s, d in places)
    made = multiply(channels, filters) if call.kind.startswith("depthwise") else filters
    return single(unite(batch, after, made, first))


def _spatial(given: object, rank: int, first: bool, what: str) -> tuple[Size, ...]:
    """One size for each spatial axis; TensorFlow 1 writes ``[1, 2, 2, 1]``, with the batch and the channels."""
    if isinstance(given, list | tuple) and len(given) == rank + 2:
        given = given[2:] if first else given[1:-1]
    return as_sizes(given, rank, what)
