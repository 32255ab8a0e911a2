"""Values of a program as plain Python and back, for what Python itself computes best: formats, sorting, sets."""

from __future__ import annotations

from typing import Any

from keraslint.graph import Unknown
from keraslint.graph.shape import length_of
from keraslint.reader.machine.iteration import items_of, settle
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import MORE, SCALARS, DictValue, Fields, Instance, ListValue, Value, scalar_of

MOST_ELEMENTS = 20_000


class NotPlain(Exception):
    """A value that is no plain Python, or not all known."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def to_plain(machine: Machine, value: Value, depth: int = 0) -> Any:
    """A value as Python has it.

    Raises:
        NotPlain: it holds something unknown, or an object that is no plain value.
    """
    value = machine.need(value)
    machine.burn()
    if isinstance(value, SCALARS):
        return value
    if depth > 20:
        raise NotPlain(value)
    if isinstance(value, ListValue) and value.is_generator:
        settle(machine, value.items)
    match value:
        case tuple():
            return tuple(to_plain(machine, item, depth + 1) for item in value)
        case ListValue(items=items, is_set=is_set) if MORE not in items and len(items) <= MOST_ELEMENTS:
            elements = [to_plain(machine, item, depth + 1) for item in items]
            return set(elements) if is_set and all(isinstance(e, SCALARS) for e in elements) else elements
        case DictValue(entries=entries, has_more=False):
            return {key: to_plain(machine, item, depth + 1) for key, item in entries.items()}
        case range() if length_of(value) <= MOST_ELEMENTS:
            return value
        case Fields(is_tuple=True):
            return tuple(to_plain(machine, item, depth + 1) for item in items_of(machine, value) or ())
        case Instance():
            scalar = scalar_of(value)
            if scalar is not None:
                return scalar
    raise NotPlain(value)


def from_plain(value: Any) -> Value:
    """A plain Python value as the reader has it."""
    match value:
        case list():
            return ListValue([from_plain(item) for item in value])
        case set() | frozenset():
            return ListValue([from_plain(item) for item in value], is_set=True)
        case tuple():
            return tuple(from_plain(item) for item in value)
        case dict():
            return DictValue({key: from_plain(item) for key, item in value.items()})
        case _:
            return value


def make_set(items: list[Value]) -> ListValue:
    """A set of these elements: equal ones count once, and with unknown ones nobody knows how many there are."""
    if MORE in items:
        return ListValue(items, is_set=True)
    if all(isinstance(item, int | float) for item in items):
        return ListValue(list(set(items)), is_set=True)
    found: dict[object, Value] = {}
    for item in items:
        found.setdefault(item if isinstance(item, SCALARS) or _all_scalars(item) else id(item), item)
    open_ended = any(isinstance(item, Unknown) for item in items)
    return ListValue([*found.values(), MORE] if open_ended and len(items) > 1 else list(found.values()), is_set=True)


def _all_scalars(item: Value) -> bool:
    return isinstance(item, tuple) and all(isinstance(part, SCALARS) for part in item)
