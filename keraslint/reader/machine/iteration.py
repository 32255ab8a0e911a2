"""What iterating over a value gives, when that is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from astroid import nodes

from keraslint.graph import Array, Dataset, Tensor, Unknown
from keraslint.graph.shape import Shape, length_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import ITEM, ITEMS
from keraslint.reader.machine.values import MORE, DictValue, Fields, ListValue, More, Numbers, Pending, Value, Whole

MOST_ITEMS = 20_000
"""Longer ranges are not spelled out."""
MOST_SLICES = 64
"""Nor are longer tensors slice by slice."""


def lazily(step: Callable[[Value], list[Value]], over: Sequence[Value] | ListValue) -> ListValue:
    """An iterator that makes its elements when it is asked for them."""
    return ListValue([Pending(step, over)] if isinstance(over, ListValue) or over else [], is_generator=True)


def is_lazy(value: Value) -> bool:
    """Whether a value is an iterator that has still to make its elements."""
    return isinstance(value, ListValue) and value.is_generator and any(isinstance(v, Pending) for v in value.items)


def advance(machine: Machine, items: list[Value]) -> bool:
    """Make the first element of an iterator, where it has one."""
    while items and isinstance(pending := items[0], Pending):
        made = _step(machine, pending)
        machine.journal.touch(items)
        items[:1] = made
    return bool(items)


def _step(machine: Machine, pending: Pending) -> list[Value]:
    """What comes of the next item, and what is pending behind it."""
    over, step, done = pending.over, pending.step, pending.done
    if isinstance(over, ListValue):
        source = over.items
        if not advance(machine, source) or isinstance(source[0], More):
            return source[:1]
        machine.journal.touch(source)
        item, rest = source.pop(0), True
    else:
        item, done = over[done], done + 1
        rest = done < len(over)
    made = step(item)
    return made if MORE in made[-1:] or not rest else [*made, Pending(step, over, done)]


def settle(machine: Machine, items: list[Value]) -> None:
    """Make all that an iterator has still to give."""
    made: list[Value] = []
    while any(isinstance(item, Pending) for item in items) and advance(machine, items):
        place = next((i for i, item in enumerate(items) if isinstance(item, Pending)), len(items))
        machine.journal.touch(items)
        made.extend(items[:place])
        del items[:place]
    if made:
        machine.journal.touch(items)
        items[:0] = made


def more(cause: Value) -> More:
    """The end of a list that is not all known for the reason for which ``cause`` is not."""
    match cause:
        case Unknown(reason=reason):
            return More(reason)
        case ListValue(items=items):
            return next((item for item in items if isinstance(item, More)), MORE)
        case DictValue(why=why):
            return More(why)
        case Tensor(shape=shape) if not shape.rank_known:
            return More(shape.reason)
        case _:
            return MORE


def cause_of(*values: Value) -> str:
    """Why the first of these values is not all known that is not; empty when all are."""
    for value in values:
        match value:
            case tuple():  # no deeper: a tuple of tuples may hold any number of them
                reason = cause_of(*(item for item in value if isinstance(item, Unknown | More)))
            case slice():
                reason = cause_of(value.start, value.stop, value.step)
            case Unknown(reason=reason):
                pass
            case ListValue(items=items):
                reason = cause_of(*(item for item in items if isinstance(item, Unknown | More)))
            case DictValue(why=reason):
                pass
            case Tensor(shape=shape) | Array(shape=shape):
                reason = "" if shape.rank_known else shape.reason
            case More(reason=reason):
                pass
            case _:
                continue
        if reason:
            return reason
    return ""


def items_of(machine: Machine, value: Value) -> Sequence[Value] | None:
    """The elements in order, or None when they are not all known."""
    value = machine.need(value)
    answer = ITEMS.of(value)
    return answer(machine, value) if answer else None


@ITEMS.answers(tuple)
def _of_tuple(machine: Machine, items: tuple[Value, ...]) -> Sequence[Value]:
    machine.look_through(items)
    return items


@ITEMS.answers(ListValue)
def _of_list(machine: Machine, value: ListValue) -> Sequence[Value] | None:
    items = value.items
    if value.is_generator:
        settle(machine, items)
    machine.look_through(items)
    if MORE in items:
        return None
    found = tuple(items)
    if value.is_generator:  # whoever goes over it uses it up
        machine.journal.touch(items)
        items.clear()
    return found


@ITEMS.answers(DictValue)
def _of_dict(machine: Machine, value: DictValue) -> Sequence[Value] | None:
    if value.has_more:
        return None
    machine.look_through(value.entries)
    return tuple(value.entries)


@ITEMS.answers(range)
def _of_range(machine: Machine, numbers: range) -> Sequence[Value] | None:
    if length_of(numbers) > MOST_ITEMS:
        return None
    machine.look_through(numbers)
    return numbers


@ITEMS.answers(str)
def _of_text(machine: Machine, text: str) -> Sequence[Value]:
    machine.look_through(text)
    return tuple(text)


@ITEMS.answers(Fields)
def _of_fields(machine: Machine, value: Fields) -> Sequence[Value] | None:
    return tuple(value.values.values()) if value.is_tuple else None


def iterated(machine: Machine, value: Value, node: nodes.NodeNG) -> Sequence[Value] | None:
    """The same for what a program goes over, and that may be a tensor: its slices, where their number is known."""
    value = machine.need(value)
    if not isinstance(value, Tensor):
        return items_of(machine, value)
    size = value.shape.dims[0] if value.shape.rank_known and value.shape.dims else None
    if not isinstance(size, int) or size > MOST_SLICES:
        return None
    return [_slice_of(machine, value, index, node) for index in range(size)]


def _slice_of(machine: Machine, tensor: Tensor, index: int, node: nodes.NodeNG) -> Value:
    item = ITEM.of(tensor)
    assert item is not None
    return item(machine, tensor, index, node)


def element_of(machine: Machine, iterable: Value, node: nodes.NodeNG) -> Value:
    """Some element of something whose elements are not all known."""
    match iterable:
        case ListValue(items=[first, *_]) if not isinstance(first, More):
            return first
        case range():
            return Whole("one of a long range")
        case Numbers(reason=reason):
            return machine.unknown(reason, node, Whole)
        case Array(shape=shape) if shape.rank_known and len(shape.dims) > 1:
            return Array(Shape(shape.dims[1:]), iterable.dtype, iterable.low, iterable.high)
        case Tensor():
            return _slice_of(machine, iterable, 0, node)
        case Dataset(components=[_, *_] as components):
            return components[0] if len(components) == 1 else tuple(components)
        case Unknown() as unknown:
            return machine.unknown(unknown.reason, node)
        case _:
            return machine.unknown(more(iterable).reason or "an element of something unknown", node)
