"""Functions of Python's standard library that work on functions and iterables: functools, itertools, operator,
collections, json."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.classes import Auto
from keraslint.reader.language.comparison import compare
from keraslint.reader.language.items import subscript
from keraslint.reader.language.operators import binary, unary
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.conversion import MOST_ELEMENTS, from_plain
from keraslint.reader.machine.iteration import items_of, settle
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine, truth
from keraslint.reader.machine.values import MORE, DictValue, ListValue, More, Native, Value

LONGEST_CYCLE = 1_000
"""So many turns of an endless iterator are spelled out."""


# functools ---------------------------------------------------------------------------------------------------


def _partial(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if not arguments.positional:
        return machine.unknown("functools.partial", node)
    first = arguments

    def call(machine: Machine, later: Arguments, node: nodes.NodeNG) -> Value:
        merged = Arguments(
            [*first.positional[1:], *later.positional],
            {**first.keywords, **later.keywords},
            first.open_ended or later.open_ended,
        )
        return machine.call(first.positional[0].value, merged, node)

    return Native("partial", call)


def _reduce(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(1)))
    if items is None or not (items or arguments.given(2, "initial")):
        return machine.unknown("a reduction of something unknown", node)
    function = arguments.get(0)
    rest = iter(items)
    result = arguments.get(2, "initial") if arguments.given(2, "initial") else next(rest)
    for item in rest:
        result = machine.call(function, Arguments([Given(result, node), Given(item, node)]), node)
    return result


# itertools ---------------------------------------------------------------------------------------------------


def _iterator(make: Callable[..., Iterable[Any]], *, most: int = MOST_ELEMENTS) -> NativeCall:
    """A function of itertools on iterables that are all known; an endless one gives its beginning."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        columns = [_items(machine, given.value) for given in arguments.positional]
        named = {name: machine.need(given.value) for name, given in arguments.keywords.items()}
        if arguments.open_ended or any(column is None for column in columns):
            return machine.unknown("an iterator over something unknown", node)
        try:
            made = list(islice(make(*columns, **named), most + 1))
        except (OverflowError, TypeError, ValueError):
            return machine.unknown("an iterator", node)
        machine.burn(len(made) // 4)
        return ListValue(made if len(made) <= most else [*made[:most], MORE], is_generator=True)

    return call


def _items(machine: Machine, value: Value) -> Value:
    value = machine.need(value)
    return value if isinstance(value, int | float) else items_of(machine, value)


def _chain_from_iterable(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    parts = None if items is None else [items_of(machine, item) for item in items]
    if parts is None or any(part is None for part in parts):
        return machine.unknown("an iterator over something unknown", node)
    return ListValue([item for part in parts for item in part or ()], is_generator=True)


def _islice(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``islice(endless, n)`` needs no more than the beginning."""
    source = machine.need(arguments.get(0))
    bounds = [machine.need(given.value) for given in arguments.positional[1:]]
    in_order = all(bound is None or (isinstance(bound, int) and bound >= 0) for bound in bounds)
    if not in_order or not 1 <= len(bounds) <= 3 or bounds[2:] == [0]:
        return machine.unknown("a part of an iterator", node)
    if isinstance(source, ListValue):
        settle(machine, source.items)
        known = list(itertools.takewhile(lambda item: not isinstance(item, More), source.items))
        stop = bounds[0] if len(bounds) == 1 else bounds[1]
        if MORE not in source.items or (stop is not None and stop <= len(known)):
            return ListValue(list(islice(known, *bounds)), is_generator=True)
    items = items_of(machine, source)
    if items is None:
        return machine.unknown("a part of an iterator", node)
    return ListValue(list(islice(items, *bounds)), is_generator=True)


def _repeat(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value, times = arguments.get(0), machine.need(arguments.get(1, "times"))
    if times is None:
        return ListValue([value] * LONGEST_CYCLE + [MORE], is_generator=True)
    if isinstance(times, int) and times <= MOST_ELEMENTS:
        return ListValue([value] * times, is_generator=True)
    return machine.unknown("an iterator of unknown length", node)


def _accumulate(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    if items is None:
        return machine.unknown("an iterator over something unknown", node)
    function = machine.need(arguments.get(1, "func"))
    given = [*([arguments.get(None, "initial")] if arguments.given(None, "initial") else []), *items]
    made: list[Value] = []
    for item in given:
        if not made:
            made.append(item)
        elif function is None:
            made.append(binary(machine, "+", machine.need(made[-1]), machine.need(item), node))
        else:
            made.append(machine.call(function, Arguments([Given(made[-1], node), Given(item, node)]), node))
    return ListValue(made, is_generator=True)


def _while(keep: bool) -> NativeCall:
    """``takewhile`` and ``dropwhile``."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        source = machine.need(arguments.get(1))
        if isinstance(source, ListValue):
            settle(machine, source.items)
        items = source.items if isinstance(source, ListValue) else items_of(machine, source)
        known: Sequence[Value] = (MORE,) if items is None else items
        for index, item in enumerate(known):
            is_end = isinstance(item, More)
            test = None if is_end else machine.call(arguments.get(0), Arguments([Given(item, node)]), node)
            answer = Unknown("an iterator over something unknown") if is_end else truth(machine, test)
            if isinstance(answer, Unknown):
                return machine.unknown(answer.reason, node)
            if not answer:
                return ListValue(list(known[:index] if keep else known[index:]), is_generator=True)
        return ListValue(list(known) if keep else [], is_generator=True)

    return call


def _starmap(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    rows = items_of(machine, machine.need(arguments.get(1)))
    parts = None if rows is None else [items_of(machine, row) for row in rows]
    if parts is None or any(part is None for part in parts):
        return machine.unknown("a map over something unknown", node)
    calls = [Arguments([Given(item, node) for item in part or ()]) for part in parts]
    return ListValue([machine.call(arguments.get(0), call, node) for call in calls])


# operator ----------------------------------------------------------------------------------------------------


def _operation(op: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if len(arguments.positional) == 1:
            return unary(machine, op, machine.need(arguments.get(0)), node)
        apply = compare if op in ("==", "!=", "<", "<=", ">", ">=") else binary
        return apply(machine, op, machine.need(arguments.get(0)), machine.need(arguments.get(1)), node)

    return call


def _item_getter(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    keys = [machine.need(given.value) for given in arguments.positional]

    def get(machine: Machine, later: Arguments, node: nodes.NodeNG) -> Value:
        owner = machine.need(later.get(0))
        found = [subscript(machine, owner, key, node) for key in keys]
        return found[0] if len(found) == 1 else tuple(found)

    return Native("itemgetter", get)


def _attribute_getter(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    names = [machine.need(given.value) for given in arguments.positional]
    if not all(isinstance(name, str) for name in names):
        return machine.unknown("operator.attrgetter", node)

    def get(machine: Machine, later: Arguments, node: nodes.NodeNG) -> Value:
        found = []
        for name in names:
            value = later.get(0)
            for part in name.split("."):
                value = machine.attribute(value, part, node)
            found.append(value)
        return found[0] if len(found) == 1 else tuple(found)

    return Native("attrgetter", get)


def _method_caller(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    name = machine.need(arguments.get(0))
    if not isinstance(name, str):
        return machine.unknown("operator.methodcaller", node)
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open_ended)
    return Native(
        "methodcaller",
        lambda machine, later, node: machine.call(machine.attribute(later.get(0), name, node), rest, node),
    )


# collections, enum, json -------------------------------------------------------------------------------------


def _deque(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0))) if arguments.given(0, "iterable") else ()
    longest = machine.need(arguments.get(1, "maxlen"))
    if items is None or longest is not None:
        return ListValue([MORE])
    return ListValue(list(items))


def _defaultdict(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open_ended)
    made = machine.need(machine.call(machine.builtin("dict"), rest, node))
    if isinstance(made, DictValue):
        made.missing = machine.need(arguments.get(0))
    return made


def _counter(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    zero = Native("int", lambda machine, arguments, node: 0)
    if isinstance(value, DictValue):
        return DictValue(dict(value.entries), has_more=value.has_more, missing=zero)
    items = () if value is None else items_of(machine, value)
    if items is None or not all(isinstance(item, str | int | float) for item in items):
        return DictValue({}, has_more=True)
    return DictValue({item: list(items).count(item) for item in dict.fromkeys(items)}, missing=zero)


def _auto(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Auto()


def _json_loads(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    text = machine.need(arguments.get(0, "s"))
    if isinstance(text, str) and len(text) <= MOST_ELEMENTS:
        try:
            return from_plain(json.loads(text))
        except (ValueError, RecursionError):
            pass
    return machine.unknown("what a JSON text holds", node)


_BINARY = {
    "add": "+",
    "and_": "&",
    "eq": "==",
    "floordiv": "//",
    "ge": ">=",
    "gt": ">",
    "le": "<=",
    "lt": "<",
    "matmul": "@",
    "mod": "%",
    "mul": "*",
    "ne": "!=",
    "neg": "-",
    "or_": "|",
    "pow": "**",
    "sub": "-",
    "truediv": "/",
    "xor": "^",
}
EXTERNAL: dict[str, NativeCall] = {
    **{f"operator.{name}": _operation(op) for name, op in _BINARY.items()},
    "collections.Counter": _counter,
    "collections.defaultdict": _defaultdict,
    "collections.deque": _deque,
    "enum.auto": _auto,
    "functools.partial": _partial,
    "functools.reduce": _reduce,
    "itertools.accumulate": _accumulate,
    "itertools.chain": _iterator(itertools.chain),
    "itertools.chain.from_iterable": _chain_from_iterable,
    "itertools.combinations": _iterator(itertools.combinations),
    "itertools.compress": _iterator(itertools.compress),
    "itertools.count": _iterator(itertools.count, most=LONGEST_CYCLE),
    "itertools.cycle": _iterator(itertools.cycle, most=LONGEST_CYCLE),
    "itertools.dropwhile": _while(keep=False),
    "itertools.islice": _islice,
    "itertools.pairwise": _iterator(itertools.pairwise),
    "itertools.permutations": _iterator(itertools.permutations),
    "itertools.product": _iterator(itertools.product),
    "itertools.repeat": _repeat,
    "itertools.starmap": _starmap,
    "itertools.takewhile": _while(keep=True),
    "itertools.zip_longest": _iterator(itertools.zip_longest),
    "json.loads": _json_loads,
    "operator.attrgetter": _attribute_getter,
    "operator.getitem": lambda machine, arguments, node: subscript(
        machine, machine.need(arguments.get(0)), machine.need(arguments.get(1)), node
    ),
    "operator.itemgetter": _item_getter,
    "operator.methodcaller": _method_caller,
}

known("plain", EXTERNAL)
