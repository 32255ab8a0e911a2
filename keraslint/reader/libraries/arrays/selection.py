"""What indexing an array gives: rows, columns, masks and slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import EllipsisType
from typing import Any

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape, length_of
from keraslint.reader.libraries.arrays.facts import (
    ELEMENTWISE,
    Numbers,
    array,
    is_integer,
    rowless,
)
from keraslint.reader.libraries.arrays.history import with_order
from keraslint.reader.libraries.arrays.windows import sliced
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import ITEM, ITEMS
from keraslint.reader.machine.values import Choice, ListValue, More, Value, is_whole


@ITEM.answers(Array)
def item_of(machine: Machine, value: Array, index: Value, node: nodes.NodeNG) -> Value:
    """``array[index]``: rows keep what is known, a choice of columns does not."""
    made = _selected(value, index)
    if made is value:
        return made
    order = index.steps[-1].order if isinstance(index, Array) and index.steps else None
    return with_order(machine, made, [value], None, node, order, "sliced")


def _selected(value: Array, index: Value) -> Array:
    parts = index if isinstance(index, tuple) else (index,)
    if not parts:
        return value
    shape = _item_shape(value.shape, parts)
    first, *rest = parts
    if _chooses_rows(first) and all(part is None or part == slice(None) or part is Ellipsis for part in rest):
        last_moved = any(part is None for part in parts) and parts[-1] is None
        kept = rowless(value) if last_moved or value.shape.rank == 1 else value
        return replace(kept if _leaves_all_classes(value, first, shape) else _some_of(kept), shape=shape)
    encoding = value.encoding if value.encoding in ELEMENTWISE else None
    if value.origin.startswith("keras.datasets.") and value.encoding not in ("one-hot", "multi-hot"):
        return array(shape, value.dtype, value.low, value.high, encoding, value.classes, value.origin)
    return array(shape, value.dtype)


@ITEMS.answers(Array)
def _elements(machine: Machine, value: Array) -> Sequence[Value] | None:
    return machine.memory(Numbers).of.get(value)


def _leaves_all_classes(value: Array, index: Value, left: Shape) -> bool:
    """Whether a choice of samples surely has one of each class that the whole has."""
    if isinstance(index, Array):
        return index.dtype != "bool" and index.shape[0] == value.shape[0]
    if not isinstance(index, slice) or index == slice(None):
        return index is None or isinstance(index, slice | EllipsisType)
    if value.origin.startswith("sklearn."):
        return False  # these lie sorted by class
    many = isinstance(left[0], int) and isinstance(value.classes, int) and left[0] >= 20 * value.classes
    return many or (value.origin.startswith("keras.datasets.") and isinstance(left[0], Unknown | None))


def _some_of(value: Array) -> Array:
    """The array when some samples are left out, and with them perhaps a class."""
    one_hot = isinstance(value.encoding, str) and value.encoding not in ELEMENTWISE
    classes = value.classes if one_hot else Unknown("how many classes a choice of samples leaves")
    return replace(value, classes=classes, range_occurs=False)


def _chooses_rows(part: Value) -> bool:
    """Whether an index for the first axis picks samples, whole."""
    if isinstance(part, Array):
        return (part.dtype == "bool" or is_integer(part.dtype)) and part.shape.rank == 1
    if isinstance(part, ListValue):
        return True
    return isinstance(part, slice | Unknown | EllipsisType | None) and not is_whole(part)


def _item_shape(shape: Shape, parts: tuple[Value, ...]) -> Shape:
    unknown = Shape.unknown("a selection of an array")
    if not shape.rank_known or sum(isinstance(part, Array | ListValue) for part in parts) > 1:
        return unknown
    left = list(shape.dims)
    dims: list[Dim] = []
    for position, part in enumerate(parts):
        if part is None:
            dims.append(1)
            continue
        if part is Ellipsis:
            taken = sum(later is not None for later in parts[position + 1 :])
            count = len(left) - taken
            dims.extend(left[:count])
            del left[:count]
            continue
        chosen = list(_chosen(left, part))
        if any(dim is _LOST for dim in chosen):
            return unknown
        dims.extend(chosen)
    return Shape((*dims, *left))


_LOST: Any = object()


def _chosen(left: list[Dim], part: Value) -> Iterator[Dim]:
    """The axes that one part of an index makes out of the next of those that are left."""
    match part:
        case slice() if left:
            yield _sliced(left.pop(0), part)
        case int() if left and not isinstance(part, bool):
            left.pop(0)
        case Unknown() if left and is_whole(part):
            left.pop(0)
        case Array(shape=Shape(rank_known=True, dims=dims), dtype="bool") if 0 < len(dims) <= len(left):
            del left[: len(dims)]
            yield Unknown("the number of elements that a mask picks")
        case Array(shape=Shape(rank_known=True, dims=dims)) if left and is_integer(part.dtype):
            left.pop(0)
            yield from dims
        case ListValue(items=items) if left and not any(isinstance(item, ListValue | tuple | Array) for item in items):
            left.pop(0)
            counted = not any(isinstance(item, More | Choice | Unknown | bool) for item in items)
            yield len(items) if counted else Unknown("the number of elements that a list picks")
        case _:
            yield _LOST


def _sliced(length: Dim, part: slice) -> Dim:
    bounds = (part.start, part.stop, part.step)
    if bounds == (None, None, None):
        return length
    if isinstance(length, int) and all(isinstance(bound, int | None) for bound in bounds) and part.step != 0:
        return length_of(range(length)[part])
    return sliced(part.start, part.stop) if part.step is None else Unknown("the length of a slice")
