"""Python's built-in functions on sequences: len, zip, sorted, max, map and their likes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from astroid import nodes

from keraslint.graph import Array, Dataset, OneOf, Tensor, Unknown
from keraslint.reader.language.instances import special
from keraslint.reader.language.operators import binary, bounded
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.conversion import NotPlain, make_set, to_plain
from keraslint.reader.machine.iteration import advance, cause_of, element_of, is_lazy, items_of, lazily, more
from keraslint.reader.machine.journal import COPIED_FOR_ONE
from keraslint.reader.machine.library import NativeCall
from keraslint.reader.machine.machine import Machine, truth
from keraslint.reader.machine.places import text_of
from keraslint.reader.machine.protocols import UNDEFINED
from keraslint.reader.machine.values import (
    MORE,
    ClassValue,
    DictValue,
    Fields,
    Instance,
    ListValue,
    More,
    Numbers,
    Table,
    Value,
    Whole,
)

_NUMBERS = (int, float)


def _len(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    match value:
        case ListValue(items=items):
            return (
                len(items)
                if MORE not in items
                else machine.unknown(more(value).reason or "the length of a list that is not all known", node)
            )
        case DictValue(entries=entries, has_more=False):
            return len(entries)
        case Instance() if (result := special(machine, value, "__len__", node)) is not UNDEFINED:
            return result
        case Instance() | ClassValue() | Fields():
            elements = items_of(machine, value)
            return len(elements) if elements is not None else machine.unknown("a length", node)
        case str() | tuple() | bytes() | range():
            return len(value)
        case Tensor(shape=shape) if isinstance(shape[0], int):
            return shape[0]
        case Tensor(shape=shape):
            return machine.unknown(shape.reason or "the number of samples", node)
        case Table(state=state):
            return machine.need(state["rows"])
        case Array(shape=shape) if shape.rank_known and shape.dims:
            size = shape.dims[0]
            return size if size is not None else machine.unknown("the number of samples", node)
        case Array(shape=shape) if not shape.rank_known:
            return machine.unknown(shape.reason, node)
        case Unknown():
            return machine.derived(value, "len")
        case _:
            return machine.unknown(cause_of(value) or "a length", node)


def _range(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = [machine.need(value) for value in arguments.values]
    if values and all(isinstance(value, int) for value in values):
        try:
            return range(*values)
        except (TypeError, ValueError, OverflowError):
            pass
    end = next((value for value in values if isinstance(value, Unknown)), None)
    if end is None:
        return machine.unknown("a range", node)
    return end if isinstance(end, OneOf) else machine.derived(end, "range", kind=Numbers)


def _sequence(make: Callable[[list[Value]], Value]) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if not arguments.positional:
            return make([])
        value = machine.need(arguments.positional[0].value)
        items = items_of(machine, value)
        if items is None:
            if isinstance(value, Unknown):
                return machine.derived(value, "list")
            return ListValue([element_of(machine, value, node), more(value)])
        return make(list(items))

    return call


def _zip(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    given = [machine.need(value) for value in arguments.values]
    first = given[0] if given else None
    if isinstance(first, ListValue) and first.is_generator and all(one is first for one in given):
        items = items_of(machine, first)
        if items is None:
            return machine.unknown("several elements of one iterator at a time", node)
        places = range(0, len(items) - len(items) % len(given), len(given))
        return ListValue([tuple(items[place : place + len(given)]) for place in places], is_generator=True)
    columns = [items_of(machine, value) for value in given]
    length = min((len(column) for column in columns if column is not None), default=None)
    if length is not None:
        begun = [
            _beginning(machine, value, length) if c is None else c for value, c in zip(given, columns, strict=True)
        ]
        if None not in begun:
            rows = [tuple(row) for row in zip(*[c for c in begun if c is not None], strict=False)]
            return ListValue(rows, is_generator=True)
    return ListValue([tuple(element_of(machine, value, node) for value in given), More(cause_of(*given))])


def _beginning(machine: Machine, value: Value, length: int) -> Sequence[Value] | None:
    """So many elements of an iterator that goes on beyond."""
    if isinstance(value, ListValue) and value.is_generator and len(value.items) > length:
        return value.items[:length]
    return None


def _enumerate(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    start = machine.need(arguments.get(1, "start")) if arguments.given(1, "start") else 0
    items = items_of(machine, value)
    if items is None or not isinstance(start, int):
        why = cause_of(value, start)
        place = machine.unknown(why or "an index", node, Whole)
        return ListValue([(place, element_of(machine, value, node)), More(why)])
    return ListValue([(start + index, item) for index, item in enumerate(items)], is_generator=True)


def _sorted(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    ordered = None if items is None else order(machine, items, arguments, node)
    return ListValue(ordered) if ordered is not None else machine.unknown("a sorted list", node)


def order(machine: Machine, items: Sequence[Value], arguments: Arguments, node: nodes.NodeNG) -> list[Value] | None:
    """The items in the order of ``key=`` and ``reverse=``; None when it is not known."""
    backwards = machine.need(arguments.get(None, "reverse"))
    keys = keys_of(machine, items, arguments, node)
    if keys is None or isinstance(backwards, Unknown):
        return None
    try:
        ranks = sorted(range(len(items)), key=keys.__getitem__, reverse=bool(backwards))
    except TypeError:
        return None
    return [items[rank] for rank in ranks]


def keys_of(machine: Machine, items: Sequence[Value], arguments: Arguments, node: nodes.NodeNG) -> list[Any] | None:
    """What the items are compared by: themselves, or what ``key=`` gives for them; None when it is not known."""
    key = machine.need(arguments.get(None, "key"))
    if isinstance(key, Unknown):
        return None
    values = items if key is None else [machine.call(key, Arguments([Given(item, node)]), node) for item in items]
    try:
        return [to_plain(machine, value) for value in values]
    except NotPlain:
        return _first_parts(machine, values)


def _first_parts(machine: Machine, values: Sequence[Value]) -> list[Any] | None:
    """The first parts of tuples, where they differ: what follows, ``(name, layer)``, is never compared then."""
    if not all(isinstance(value, tuple) and value for value in values):
        return None
    try:
        firsts = [to_plain(machine, value[0]) for value in values]
        return firsts if len(set(firsts)) == len(firsts) else None
    except (NotPlain, TypeError):
        return None


def _reversed(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    return ListValue(list(reversed(items))) if items is not None else machine.unknown("a reversed list", node)


def _extreme(pick: Callable[..., int]) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        unsure = machine.unknown("an extreme value", node)
        values: Sequence[Value] | None = [machine.need(given.value) for given in arguments.positional]
        if len(values or ()) == 1:
            values = items_of(machine, arguments.positional[0].value)
            if values is not None and not values and arguments.given(None, "default"):
                return arguments.get(None, "default")
        if not values:
            return unsure
        unknown = next((value for value in values if isinstance(value, Unknown)), None)
        if unknown is not None:
            return machine.derived(unknown, text_of(node))
        keys = keys_of(machine, values, arguments, node)
        try:
            return values[pick(range(len(values)), key=keys.__getitem__)] if keys else unsure
        except TypeError:
            return unsure

    return call


def _any_all(wanted: bool) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        items = items_of(machine, machine.need(arguments.get(0)))
        if items is None:
            return machine.unknown("a test of all elements", node)
        tests = [truth(machine, item) for item in items]
        if any(test is wanted for test in tests):
            return wanted
        return next((test for test in tests if isinstance(test, Unknown)), not wanted)

    return call


def _map(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if len(arguments.positional) < 2:
        return machine.unknown("result of map", node)
    function = arguments.positional[0].value
    columns = [items_of(machine, machine.need(given.value)) for given in arguments.positional[1:]]
    if any(column is None for column in columns):
        return machine.unknown("a map over something unknown", node)
    rows = list(zip(*[column for column in columns if column is not None], strict=False))
    machine.burn(len(rows) // COPIED_FOR_ONE)
    return lazily(lambda row: [machine.call(function, Arguments([Given(v, node) for v in row]), node)], rows)


def _iter(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    if isinstance(value, Dataset) or (isinstance(value, ListValue) and value.is_generator):
        return value
    items = items_of(machine, value)
    if items is None:
        return machine.derived(value, "iter") if isinstance(value, Unknown) else machine.unknown("an iterator", node)
    return ListValue(list(items), is_generator=True)


def _next(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    result = special(machine, value, "__next__", node)
    if result is not UNDEFINED:
        return result
    if isinstance(value, ListValue) and value.is_generator:
        if not advance(machine, value.items):
            if len(arguments.positional) > 1:
                return arguments.positional[1].value
            return machine.failure("StopIteration", "the next of an empty iterator", node)
        if not isinstance(value.items[0], More):
            machine.journal.touch(value.items)
            return value.items.pop(0)
    if isinstance(value, Dataset):
        return element_of(machine, value, node)
    return machine.unknown("the next of an iterator", node)


def _filter(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    iterable = machine.need(arguments.get(1))
    items = iterable if is_lazy(iterable) else items_of(machine, iterable)
    if items is None:
        return machine.unknown("a filter over something unknown", node)
    function = machine.need(arguments.get(0))

    def kept(item: Value) -> list[Value]:
        test = item if function is None else machine.call(function, Arguments([Given(item, node)]), node)
        answer = truth(machine, test)
        if isinstance(answer, Unknown):
            return [more(answer)]
        return [item] if answer else []

    return lazily(kept, items)


def product(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    if items is not None and all(isinstance(item, _NUMBERS) for item in items):
        return bounded(machine, math.prod(items), node)
    return machine.unknown("a product", node)


def _sum(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    total = machine.need(arguments.get(1, "start")) if arguments.given(1, "start") else 0
    if items is None:
        return machine.unknown("a sum", node)
    for item in items:
        total = binary(machine, "+", total, machine.need(item), node)
    return total


FUNCTIONS: dict[str, NativeCall] = {
    "all": _any_all(False),
    "any": _any_all(True),
    "enumerate": _enumerate,
    "filter": _filter,
    "frozenset": _sequence(make_set),
    "iter": _iter,
    "len": _len,
    "list": _sequence(ListValue),
    "map": _map,
    "max": _extreme(max),
    "min": _extreme(min),
    "next": _next,
    "range": _range,
    "reversed": _reversed,
    "set": _sequence(make_set),
    "sorted": _sorted,
    "sum": _sum,
    "tuple": _sequence(tuple),
    "zip": _zip,
}
