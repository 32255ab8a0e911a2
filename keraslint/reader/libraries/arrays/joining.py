"""Arrays joined, stacked, repeated: what numpy, TensorFlow and keras.ops call by the same names."""

from __future__ import annotations

from dataclasses import replace

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape, dim_of
from keraslint.reader.libraries.arrays.facts import (
    ELEMENTWISE,
    array,
    common,
    rowless,
    union,
    with_axis,
)
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import cause_of, items_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Value


def _parts(machine: Machine, given: Value) -> list[Array] | None:
    """The arrays to be joined, when all are known to be arrays."""
    items = items_of(machine, machine.need_all(given))
    if not items or not all(isinstance(item, Array) for item in items):
        return None
    return list(items)


def concatenated(parts: list[Array], axis: int) -> Array:
    """Arrays one behind the other along an axis; the bounds are those of all."""
    shapes = [part.shape for part in parts]
    rank = common(shape.rank for shape in shapes)
    if not isinstance(rank, int) or not -rank <= axis < rank:
        return _joined(parts, Shape.unknown("concatenated arrays"), False)
    axis %= rank
    dims = [common(shape[n] for shape in shapes) for n in range(rank)]
    sizes = [shape[axis] for shape in shapes]
    whole = [length for length in sizes if isinstance(length, int)]
    dims[axis] = sum(whole) if len(whole) == len(sizes) else Unknown("the number of samples")
    is_open = [all(shape[n] is None for shape in shapes) for n in range(rank)]
    is_open[axis] = None in sizes and all(length is None or isinstance(length, int) for length in sizes)
    unsure = Unknown("a size that differs or is not known")
    known = (None if left else unsure if dim is None else dim for dim, left in zip(dims, is_open, strict=True))
    return _joined(parts, Shape(tuple(known)), axis < rank - 1)


def _joined(parts: list[Array], shape: Shape, rows_stay: bool) -> Array:
    encoding = common(part.encoding for part in parts)
    if not isinstance(encoding, str) and all(part.holds_only_0_and_1 for part in parts):
        encoding = "binary"  # zeros and ones, one behind the other
    keeps = encoding in ELEMENTWISE or rows_stay
    return array(
        shape,
        common(part.dtype for part in parts),
        *union(parts),
        encoding if keeps else None,
        common(part.classes for part in parts) if keeps else None,
        common(part.origin for part in parts) or "",
    )


def concatenate(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = _parts(machine, arguments.get(0, "arrays", "values", "xs"))
    axis = machine.need(arguments.get(1, "axis")) if arguments.given(1, "axis") else 0
    if parts is None or not isinstance(axis, int):
        given = machine.need(arguments.get(0, "arrays", "values", "xs"))
        return machine.unknown(cause_of(given, axis) or "concatenated arrays", node)
    return concatenated(parts, axis)


def vstack(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = _parts(machine, arguments.get(0, "tup"))
    if parts is None:
        return machine.unknown("stacked arrays", node)
    rows = [replace(part, shape=with_axis(part.shape, 0)) if part.shape.rank == 1 else part for part in parts]
    return concatenated(rows, 0)


def hstack(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = _parts(machine, arguments.get(0, "tup"))
    if parts is None:
        return machine.unknown("stacked arrays", node)
    return concatenated(parts, 0 if all(part.shape.rank == 1 for part in parts) else 1)


def column_stack(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = _parts(machine, arguments.get(0, "tup"))
    if parts is None:
        return machine.unknown("stacked arrays", node)
    columns = [replace(part, shape=with_axis(part.shape, 1)) if part.shape.rank == 1 else part for part in parts]
    return concatenated(columns, 1)


def stack(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = _parts(machine, arguments.get(0, "arrays", "values", "x"))
    axis = machine.need(arguments.get(1, "axis")) if arguments.given(1, "axis") else 0
    if parts is None or not isinstance(axis, int):
        return machine.unknown("stacked arrays", node)
    return concatenated([replace(rowless(part), shape=with_axis(part.shape, axis)) for part in parts], axis)


def repeat(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    times, axis = machine.need(arguments.get(1, "repeats")), machine.need(arguments.get(2, "axis"))
    shape = Shape.unknown("a repeated array")
    if axis is None and not arguments.given(2, "axis") and value.shape.rank == 1:
        axis = 0
    if isinstance(axis, int) and value.shape.has_axis(axis):
        length = value.shape[axis]
        longer: Dim = Unknown("a repeated axis")
        if isinstance(length, int) and isinstance(times, int):
            longer = length * times
        shape = value.shape.with_dim(axis, longer)
    return replace(rowless(value), shape=shape)


def tile(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.tile(x, (2, 1))``: as many copies along each axis; axes that one of the two lacks come first."""
    given = machine.need_all(arguments.get(1, "reps", "repeats", "multiples"))
    copies = (given,) if isinstance(given, int) else items_of(machine, given)
    if copies is None or not value.shape.rank_known:
        reason = cause_of(given) or value.shape.reason or "a tiled array"
        return replace(rowless(value), shape=Shape.unknown(reason))
    rank = max(len(copies), len(value.shape.dims))
    dims = (1,) * (rank - len(value.shape.dims)) + value.shape.dims
    times = (1,) * (rank - len(copies)) + tuple(copies)
    return replace(rowless(value), shape=Shape(tuple(map(_times, dims, times))))


def _times(dim: Dim, times: Value) -> Dim:
    """A size so many times over."""
    if isinstance(dim, int) and isinstance(times, int):
        return dim * times
    if dim == 1 or times == 1:
        return dim_of(times) if dim == 1 else dim
    return Unknown(cause_of(dim, times) or "a tiled axis")
