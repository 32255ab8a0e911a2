"""Ops that move, join, repeat or pick elements: reshape, transpose, concat, split, slicing, resizing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import OPEN, Dim, Shape, length_of, product
from keraslint.graph.shapes.arithmetic import add, broadcast, combine, multiply
from keraslint.graph.shapes.merging import joined
from keraslint.graph.shapes.merging import listed as listed_shapes
from keraslint.graph.shapes.operands import (
    axes_setting,
    axis_setting,
    listed,
    listed_operands,
    operand,
    operands,
    setting,
)
from keraslint.graph.shapes.operators import under
from keraslint.graph.shapes.reading import Size, as_size, as_sizes, normal_axis
from keraslint.graph.shapes.registry import Inferred, Rejected, op, single, unclear
from keraslint.graph.shapes.reshaping import reshaped

MOST_PARTS = 1000
ANYWHERE = "keras.ops. keras.backend. tensorflow."
Dims = tuple[Dim, ...]


@op(*under(ANYWHERE, "reshape"))
def reshape(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, target = operand(call, inputs), listed(setting(call, "newshape", "shape"), "an item of the shape")
    if isinstance(target, Unknown):
        return single(Shape.unknown(target.reason))
    size = product(shape.dims) if shape.rank_known else Unknown(shape.reason)
    if not _fits_somehow(shape, target) and sum(dim == -1 for dim in target) < 2:
        return single(Shape(tuple(None if dim == -1 else dim for dim in target)))
    return single(Shape(reshaped(call.kind, size, target, shape)))


def _fits_somehow(shape: Shape, target: Dims) -> bool:
    """Whether the -1, if any, can be worked out: not while the batch is open."""
    return shape.rank_known and None not in map(_known_or_none, shape.dims)


def _known_or_none(size: Dim) -> object:
    return "unknown" if isinstance(size, Unknown) else size


@op("keras.ops.ravel", "keras.backend.flatten")
def ravel(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    return single(Shape.of(product(shape.dims) if shape.rank_known else Unknown(shape.reason)))


@op("keras.backend.batch_flatten")
def batch_flatten(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    return single(Shape.of(shape[0] if shape.rank_known else None, shape.size))


@op(*under(ANYWHERE, "transpose permute_dimensions"), "tensorflow.linalg.matrix_transpose")
def transpose(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, order = operand(call, inputs), axes_setting(call, "axes", "perm", "pattern")
    if isinstance(order, Unknown) or not shape.rank_known or call.kind == "matrix_transpose":
        return unclear(shape, "an order of axes that is not known")
    if order is None:
        return single(Shape(shape.dims[::-1]))
    if len(order) != len(shape.dims):
        raise Rejected(f"{call.kind} expects as many axes as the input has, got {order} for {shape}")
    places = [normal_axis(axis, len(shape.dims)) for axis in order]
    if sorted(place for place in places if place is not None) != list(range(len(shape.dims))):
        return unclear(shape, f"{order} as an order of the axes of {shape}")
    return single(Shape(tuple(shape.dims[place] for place in places if place is not None)))


@op("keras.ops.swapaxes")
def swapaxes(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, one, other = operand(call, inputs), axis_setting(call, "axis1"), axis_setting(call, "axis2")
    first, second = _place(one, shape), _place(other, shape)
    if first is None or second is None:
        return unclear(shape, "axes that are not known")
    return single(shape.with_dim(first, shape.dims[second]).with_dim(second, shape.dims[first]))


@op("keras.ops.moveaxis")
def moveaxis(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    sources, targets = (axes_setting(call, name) for name in ("source", "destination"))
    if not (isinstance(sources, tuple) and isinstance(targets, tuple) and shape.rank_known):
        return unclear(shape, "axes that are not known")
    moved = {_place(target, shape): _place(source, shape) for source, target in zip(sources, targets, strict=False)}
    if None in moved or None in moved.values() or not len(sources) == len(targets) == len(moved):
        return unclear(shape, "axes that are not known")
    others = iter(axis for axis in range(len(shape.dims)) if axis not in moved.values())
    order = (moved[place] if place in moved else next(others) for place in range(len(shape.dims)))
    return single(Shape(tuple(shape.dims[axis] for axis in order if axis is not None)))


@op(*under("keras.ops. ", "fft fft2 ifft2"))
def transformed(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Of a pair: the real parts and the imaginary ones."""
    if len(inputs) != 2:
        return unclear(operand(call, inputs), f"{call.kind} of other than a pair")
    return Inferred(inputs)


def _place(axis: Size | None, shape: Shape) -> int | None:
    """``axis`` counted from 0, None when there is no such axis or the rank is not known."""
    return normal_axis(axis, len(shape.dims)) if isinstance(axis, int) and shape.rank_known else None


@op(*under(ANYWHERE, "expand_dims"))
def expand_dims(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, axes = operand(call, inputs), axes_setting(call)
    if axes == (-1,) and not shape.rank_known:
        return single(Shape.unknown(shape.reason, *shape.dims, 1))
    if axes is None or isinstance(axes, Unknown) or not shape.rank_known:
        return unclear(shape, "an axis that is not known")
    rank = len(shape.dims) + len(axes)
    places, rest = {normal_axis(axis, rank) for axis in axes}, iter(shape.dims)
    if None in places or len(places) != len(axes):
        return unclear(shape, f"no place {axes} for an axis in {shape}")
    return single(Shape(tuple(1 if axis in places else next(rest) for axis in range(rank))))


@op(*under(ANYWHERE, "squeeze"))
def squeeze(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, axes = operand(call, inputs), axes_setting(call)
    if not shape.rank_known or isinstance(axes, Unknown):
        return unclear(shape, "an axis that is not known")
    if axes is None or not axes:
        if any(isinstance(size, Unknown) for size in shape.dims):
            return unclear(shape, "sizes that may be 1")
        return single(Shape(tuple(size for size in shape.dims if size != 1)))
    places = [_place(axis, shape) for axis in axes]
    if None in places:
        return unclear(shape, f"no axes {axes} in {shape}")
    for place in places:
        size = shape.dims[place] if place is not None else None
        if (isinstance(size, int) and size != 1) or (size is None and call.class_name == "keras.ops.squeeze"):
            raise Rejected(f"squeeze expects a size of 1 along axis {place}, got {shape}")
    return single(Shape(tuple(size for axis, size in enumerate(shape.dims) if axis not in places)))


@op("keras.ops.broadcast_to", "tensorflow.broadcast_to")
def broadcast_to(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    target = listed(setting(call, "shape"), "an item of the shape")
    return single(Shape.unknown(target.reason) if isinstance(target, Unknown) else Shape(target))


# --- joining and dividing -----------------------------------------------------------------------------------


@op(*under(ANYWHERE, "concat concatenate"))
def concatenate(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    axis, given = axis_setting(call), setting(call, "xs", "tensors", "values")
    shapes = listed_operands(call, inputs, "xs", "tensors", "values")
    if axis is None or not shapes:
        return single(Shape.unknown(given.reason if isinstance(given, Unknown) else "the tensors of a concatenation"))
    return single(joined(call.kind, shapes, axis))


@op(*under(ANYWHERE, "stack"))
def stack(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    axis, shapes = axis_setting(call), listed_operands(call, inputs, "x", "xs", "values")
    unknown = next((shape for shape in shapes if not shape.rank_known), None)
    if not shapes or unknown is not None or not isinstance(axis, int):
        given = setting(call, "x", "xs", "values")
        causes = (given, axis, unknown)
        why = (cause.reason for cause in causes if isinstance(cause, Unknown | Shape) and cause.reason)
        return single(Shape.unknown(next(why, "the tensors or the axis of a stack")))
    place = normal_axis(axis, len(shapes[0].dims) + 1)
    if len({len(shape.dims) for shape in shapes}) > 1:
        raise Rejected(f"stack expects tensors of one shape, got {listed_shapes(shapes)}")
    if place is None:
        return single(Shape.unknown(f"axis {axis} of a stack"))
    for sizes in zip(*(shape.dims for shape in shapes), strict=True):
        if len({size for size in sizes if isinstance(size, int)}) > 1:
            raise Rejected(f"stack expects tensors of one shape, got {listed_shapes(shapes)}")
    dims = shapes[0].dims
    return single(Shape.of(*dims[:place], len(shapes), *dims[place:]))


@op("keras.ops.hstack", "keras.ops.vstack")
def stacked_along(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Along the second axis, vectors along their only one; or along the first. Rows of vectors are left open: Keras
    3.15 gives their static shape as (16,) for two of 8."""
    shapes, across = listed_operands(call, inputs, "xs"), call.kind == "hstack"
    ranks = [shape.rank for shape in shapes]
    if not shapes or None in ranks or 0 in ranks or (1 in ranks and not across):
        return single(Shape.unknown(f"the tensors of {call.kind}"))
    return single(joined(call.kind, shapes, 1 if across and ranks[0] != 1 else 0))


@op("keras.ops.append")
def append(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shapes, axis = operands(call, inputs, ("x1",), ("x2",)), axis_setting(call)
    if axis is not None:
        return single(joined(call.kind, shapes, axis))
    return single(Shape.of(add(*(_count(shape) for shape in shapes))))


@op("keras.ops.outer")
def outer(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return single(Shape.of(*(_count(shape) for shape in operands(call, inputs, ("x1",), ("x2",)))))


def _count(shape: Shape) -> Dim:
    """The number of elements."""
    return product(shape.dims) if shape.rank_known else Unknown(shape.reason)


@op("keras.ops.unstack", "tensorflow.unstack")
def unstack(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    place = _place(axis_setting(call), shape)
    if place is None:
        return unclear(shape, "an axis that is not known")
    count = setting(call, "num")
    parts = count if isinstance(count, int) else shape.dims[place]
    if not isinstance(parts, int) or not 0 < parts <= MOST_PARTS:
        return unclear(shape, "a number of parts that is not known")
    return Inferred((Shape(shape.dims[:place] + shape.dims[place + 1 :]),) * parts)


@op("keras.ops.split", "tensorflow.split")
def split(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    place, parts = (
        _place(axis_setting(call), shape),
        setting(call, "indices_or_sections", "num_or_size_splits"),
    )
    if place is None or isinstance(parts, Unknown):
        return unclear(shape, "parts that are not known")
    size = shape.dims[place]
    if isinstance(parts, int):
        if not 0 < parts <= MOST_PARTS:
            return unclear(shape, "a number of parts that is not known")
        if isinstance(size, int) and size % parts:
            raise Rejected(f"split expects a size that divides into {parts} parts along axis {place}, got {shape}")
        count = parts
        return Inferred((shape.with_dim(place, combine(lambda n: n // count, size)),) * parts)
    sizes = _part_sizes(call, parts, size)
    if sizes is None:
        return unclear(shape, "parts that are not known")
    return Inferred(tuple(shape.with_dim(place, part) for part in sizes))


def _part_sizes(call: KerasObject, parts: object, size: Dim) -> list[Dim] | None:
    """Sizes of the parts: TensorFlow takes them as they are, Keras takes the places to cut at."""
    if not isinstance(parts, Sequence) or isinstance(parts, str) or len(parts) > MOST_PARTS:
        return None
    given = [as_size(part, "a part of a split") for part in parts]
    if call.class_name.startswith("tensorflow."):
        return [Unknown("the rest of a split") if part == -1 else part for part in given]
    cuts: list[Dim] = [0, *given, size]
    return [add(after, multiply(before, -1)) for before, after in pairwise(cuts)]


@op(*under(ANYWHERE, "repeat_elements"), "keras.ops.repeat", "tensorflow.repeat")
def repeat_elements(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    given = setting(call, "repeats", "rep")
    is_open = given is None and call.given("repeats") is not None
    axis = axis_setting(call)
    if isinstance(given, list | tuple) and axis is not None and (place := _place(axis, shape)) is not None:
        return single(shape.with_dim(place, add(*(as_size(times, f"`repeats` of {call.kind}") for times in given))))
    times = None if is_open else as_size(given, f"`repeats` of {call.kind}")
    if axis is None and shape.rank_known:
        return single(Shape.of(multiply(product(shape.dims), times)))
    place = _place(axis, shape)
    if place is None:
        return unclear(shape, "an axis that is not known")
    return single(shape.with_dim(place, multiply(shape.dims[place], times)))


@op("keras.backend.repeat")
def repeat(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    if shape.rank_known and len(shape.dims) == 2:
        return single(Shape.of(shape.dims[0], as_size(setting(call, "n"), "`n` of repeat"), shape.dims[1]))
    return unclear(shape, "repeat of other than two axes")


@op(*under(ANYWHERE, "tile"))
def tile(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, times = (
        operand(call, inputs),
        listed(setting(call, "multiples", "repeats", "n"), "a count of tile"),
    )
    if not shape.rank_known or isinstance(times, Unknown) or len(times) > len(shape.dims):
        return unclear(shape, "repeats that are not known")
    counts = (1,) * (len(shape.dims) - len(times)) + times
    return single(Shape(tuple(map(multiply, shape.dims, counts))))


@op("keras.ops.pad", "tensorflow.pad")
def pad(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, given = operand(call, inputs), setting(call, "pad_width", "paddings")
    if isinstance(given, int):
        given = (given,) * len(shape.dims)
    if not isinstance(given, Sequence) or not shape.rank_known or len(given) != len(shape.dims):
        return unclear(shape, "padding that is not known")
    margins = [add(*as_sizes(pair, 2, "padding")) for pair in given]
    return single(Shape(tuple(map(add, shape.dims, margins))))


# --- picking ------------------------------------------------------------------------------------------------


@op("operator.getitem")
def getitem(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Slicing as in numpy with integers, slices, None and one Ellipsis; anything else is unknown."""
    shape, key = operand(call, inputs), setting(call, "key", "b")
    keys = key if isinstance(key, tuple) else (key,)
    if not shape.rank_known or not all(item is None or isinstance(item, _PLAIN_KEYS) for item in keys):
        return unclear(shape, "a key that is not known")
    if not any(item is Ellipsis for item in keys):
        keys = (*keys, Ellipsis)
    used = sum(item is not None and item is not Ellipsis for item in keys)
    if used > len(shape.dims) or sum(item is Ellipsis for item in keys) > 1:
        return unclear(shape, f"more keys than {shape} has axes")
    picked: list[Dim] = []
    rest = list(shape.dims)
    for item in keys:
        if item is None:
            picked.append(1)
        elif item is Ellipsis:
            count = len(shape.dims) - used
            picked += rest[:count]
            del rest[:count]
        elif isinstance(item, slice):
            picked.append(_sliced(rest.pop(0), item))
        else:
            _check_index(rest.pop(0), item, shape)
    return single(Shape(tuple(picked)))


_PLAIN_KEYS = (int, slice, type(Ellipsis))


def _check_index(size: Dim, index: object, shape: Shape) -> None:
    if isinstance(size, int) and isinstance(index, int) and not -size <= index < size:
        raise Rejected(f"[…] expects an index below {size}, got {index} for {shape}")


def _sliced(size: Dim, key: slice) -> Dim:
    parts = (key.start, key.stop, key.step)
    if parts == (None, None, None):
        return size
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    if unknown is not None:
        return None if unknown is OPEN else unknown
    if not all(part is None or isinstance(part, int) for part in parts):
        return Unknown("a slice that is not known")
    if isinstance(size, int) and size < 0:
        return Unknown("a slice of a size below 0")
    return combine(lambda n: length_of(range(*key.indices(n))), size) if key.step != 0 else Unknown("a step of 0")


@op(*under(ANYWHERE, "gather"), "keras.ops.take")
def gather(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    table, indices = operands(call, inputs, ("x", "params", "reference"), ("indices",))
    axis: Size | None = 0
    if call.class_name != "keras.backend.gather":
        axis = axis_setting(call)
        if axis is None and call.class_name.startswith("tensorflow."):
            axis = 0
    if call.given("batch_dims") or axis is None or not indices.rank_known:
        return unclear(table, "indices or an axis that are not known")
    place = _place(axis, table)
    if place is None:
        return unclear(table, "an axis that is not known")
    return single(Shape.of(*table.dims[:place], *indices.dims, *table.dims[place + 1 :]))


@op("keras.ops.take_along_axis")
def take_along_axis(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """As the indices along the axis; along the others the two broadcast."""
    table, indices = operands(call, inputs, ("x", "arr"), ("indices",))
    place = _place(axis_setting(call), table)
    if place is None or not indices.rank_known or len(indices.dims) != len(table.dims):
        return unclear(indices, "an axis that is not known")
    shape = broadcast(table.with_dim(place, 1), indices.with_dim(place, 1), "take_along_axis")
    return single(shape.with_dim(place, indices.dims[place]))


@op(*under(ANYWHERE + " keras.ops.nn.", "one_hot"))
def one_hot(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, axis = operand(call, inputs), setting(call, "axis")
    depth = as_size(setting(call, "num_classes", "depth"), "the depth of one_hot")
    if axis is not None and axis != -1 and call.given("axis"):
        return unclear(shape, "one_hot along another axis than the last")
    return single(Shape((*shape.dims, depth), shape.rank_known, shape.reason))


@op("keras.ops.top_k", "tensorflow.math.top_k", "tensorflow.nn.top_k")
def top_k(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, count = operand(call, inputs), as_size(setting(call, "k"), "`k` of top_k")
    best = Shape((*shape.dims[:-1], count), shape.rank_known, shape.reason)
    return Inferred((best, best))
