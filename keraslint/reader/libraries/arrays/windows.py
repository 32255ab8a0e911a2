"""Windows cut out of a series: slices of a fixed length between ends that are not known, and lists of them."""

from __future__ import annotations

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.machine.iteration import cause_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, More, Shifted, Value, Window, is_whole, regular


def sliced(start: Value, stop: Value) -> Dim:
    """The length of a slice between ends of which one at least is not known."""
    length = _distance(start, stop)
    reason = cause_of(start, stop) or "the length of a slice"
    return Unknown(reason) if length is None else Window(reason, length=length)


def _distance(start: Value, stop: Value) -> Dim:
    """How far the ends are from one another, where both hang on the same unknown."""
    if isinstance(stop, Shifted) and stop.base is start:
        return stop.by
    base, by = (start.base, start.by) if isinstance(start, Shifted) else (start, 0)
    if not isinstance(base, Unknown) or not isinstance(by, int):
        return None
    if stop is base:
        return -by
    same = isinstance(stop, Shifted) and stop.base is base and isinstance(stop.by, int)
    return stop.by - by if same else None


def array_of_some(machine: Machine, value: ListValue) -> Array | None:
    """``np.array(rows)`` of a list that a loop has filled an unknown number of times; None for other lists.

    What the loop appends once is as large as what it appends each time, since numpy makes no array of anything else.
    """
    more = next((item for item in value.items if isinstance(item, More)), None)
    if more is None or value.is_set:
        return None
    first = more.like if value.items[0] is more else value.items[0]
    inner = _shape_of(machine, machine.need(first))
    count = Unknown(cause_of(value) or "how often a loop turns")
    return Array(Shape((count, *inner.dims))) if inner.rank_known else Array(inner)


def _shape_of(machine: Machine, item: Value) -> Shape:
    match item:
        case Array():
            return regular(item).shape
        case int() | float() | str():
            return Shape(())
        case Unknown() if is_whole(item):
            return Shape(())
        case ListValue() if (rows := array_of_some(machine, item)) is not None:
            return rows.shape
        case ListValue(items=[first, *_] as items, is_set=False) | tuple((first, *_) as items):
            inner = _shape_of(machine, machine.need(first))
            return Shape((len(items), *inner.dims)) if inner.rank_known else inner
        case _:
            return Shape.unknown(cause_of(item) or "an array of unknown content")
