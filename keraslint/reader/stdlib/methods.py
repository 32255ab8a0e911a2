"""The methods of Python's own types: text, numbers, tuples, lists, sets and dicts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from astroid import nodes

from keraslint.graph import Tensor, Unknown
from keraslint.reader.language.assignment import overwrite
from keraslint.reader.language.comparison import compare
from keraslint.reader.language.instances import special
from keraslint.reader.language.operators import bounded, set_operation, too_wide
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.conversion import NotPlain, from_plain, make_set, to_plain
from keraslint.reader.machine.iteration import cause_of, items_of, more
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.protocols import MEMBER_OF_DTYPE, UNDEFINED
from keraslint.reader.machine.values import (
    MORE,
    DictValue,
    ListValue,
    More,
    Native,
    Sizes,
    TensorShape,
    Value,
    is_key,
)
from keraslint.reader.stdlib.sequences import order

ListMethod = Callable[[Machine, ListValue, Arguments, nodes.NodeNG], Value]
DictMethod = Callable[[Machine, DictValue, Arguments, nodes.NodeNG], Value]
LONGEST_TEXT = 10_000
_TEXT_METHODS = {
    *("capitalize", "casefold", "lower", "swapcase", "title", "upper"),
    *("center", "ljust", "rjust", "zfill", "format", "format_map", "join"),
    *("count", "endswith", "find", "index", "rfind", "rindex", "startswith"),
    *("isalnum", "isalpha", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isspace", "isupper"),
    *("partition", "rpartition", "rsplit", "split", "splitlines"),
    *("lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "strip"),
}


@attributes_of(str)
def _str_attribute(machine: Machine, text: str, name: str, node: nodes.NodeNG) -> Value:
    if name not in _TEXT_METHODS:
        member = MEMBER_OF_DTYPE.ask(text, name)
        return machine.unknown(f"`{name}` of a string", node) if member is None else member

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        try:
            given = [_as_text(machine, machine.need(g.value), node) for g in arguments.positional]
            named = {key: _as_text(machine, machine.need(g.value), node) for key, g in arguments.keywords.items()}
        except NotPlain:
            unknown = machine.unknown(f"`{name}` of a string", node)
            return machine.ended(unknown, text.rpartition("}")[2]) if name == "format" and "}" in text else unknown
        wide = any(isinstance(value, int) and value > LONGEST_TEXT for value in given) or too_wide(text)
        if arguments.open_ended or len(text) > LONGEST_TEXT or (name in _PADDING and wide):
            return machine.unknown(f"`{name}` of a string", node)
        longest = max((len(value) for value in given if isinstance(value, str)), default=0)
        if name in _FILLING and len(text) * longest > LONGEST_TEXT * LONGEST_TEXT // 10:
            return machine.unknown(f"`{name}` of a string", node)
        try:
            return bounded(machine, from_plain(getattr(text, name)(*given, **named)), node)
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
            return machine.failure(type(error).__name__, f"`{name}` of a string", node)

    return Native(name, call)


_FILLING = ("format", "join", "replace")
_PADDING = ("format", "format_map", "center", "ljust", "rjust", "zfill")


def _as_text(machine: Machine, value: Value, node: nodes.NodeNG) -> Any:
    text = special(machine, value, "__str__", node)
    return to_plain(machine, value if text is UNDEFINED else text)


@attributes_of(int, float, bool)
def _number_attribute(machine: Machine, number: float, name: str, node: nodes.NodeNG) -> Value:
    if name in ("real", "imag", "numerator", "denominator") and isinstance(number, int):
        return getattr(number, name)
    if name in ("bit_length", "is_integer", "item"):
        return Native(name, lambda machine, arguments, node: number if name == "item" else getattr(number, name)())
    return machine.unknown(f"`{name}` of a number", node)


@attributes_of(tuple, Sizes, TensorShape)
def _tuple_attribute(machine: Machine, value: tuple[Value, ...], name: str, node: nodes.NodeNG) -> Value:
    if name in ("index", "count"):
        return Native(name, lambda machine, arguments, node: _places(machine, list(value), name, arguments, node))
    if name in ("rank", "ndims"):
        return len(value)
    if name == "dims":
        return value
    if name in ("as_list", "num_elements", "is_fully_defined"):  # a shape of TensorFlow
        return Native(name, lambda machine, arguments, node: _of_shape(machine, value, name, node))
    return machine.unknown(f"`{name}` of a tuple", node)


def _of_shape(machine: Machine, value: tuple[Value, ...], name: str, node: nodes.NodeNG) -> Value:
    """Methods of a `tf.TensorShape`."""
    if name == "as_list":
        return ListValue(list(value))
    sizes = [size for size in value if isinstance(size, int)]
    if len(sizes) == len(value):
        return True if name == "is_fully_defined" else math.prod(sizes)
    unknown = [size for size in value if isinstance(size, Unknown)]
    if len(sizes) + len(unknown) == len(value):
        return unknown[0]
    return False if name == "is_fully_defined" else None


def _places(machine: Machine, items: list[Value], name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``index`` and ``count``."""
    try:
        plain = [to_plain(machine, item) for item in items if not isinstance(item, More)]
        wanted = to_plain(machine, arguments.get(0))
    except NotPlain:
        return machine.unknown(f"`{name}` of a list", node)
    if MORE in items:
        return machine.unknown(f"`{name}` of a list that is not all known", node)
    if name == "index" and wanted not in plain:
        return machine.failure("ValueError", "the place of something that is not there", node)
    return plain.index(wanted) if name == "index" else plain.count(wanted)


@attributes_of(ListValue)
def _list_attribute(machine: Machine, value: ListValue, name: str, node: nodes.NodeNG) -> Value:
    method = _LIST_METHODS.get(name)
    if method is None:
        return machine.unknown(f"`{name}` of a list", node)
    return Native(name, lambda machine, arguments, node: method(machine, value, arguments, node))


def _append(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.touch(value.items)
    value.spans = None
    if MORE not in value.items[-1:]:
        value.items.append(arguments.get(0))
    return None


def _extend(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    given = machine.need(arguments.get(0))
    items = items_of(machine, given)
    machine.journal.touch(value.items)
    value.spans = None
    if value.is_set:
        value.items[:] = make_set([*value.items, *([more(given)] if items is None else items)]).items
    elif MORE not in value.items[-1:]:
        value.items.extend([more(given)] if items is None else items)
    return None


def _insert(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    place = machine.need(arguments.get(0))
    machine.journal.touch(value.items)
    value.spans = None
    if isinstance(place, int) and MORE not in value.items:
        # Python takes any place beyond the ends for the end, but none that is no index at all.
        value.items.insert(max(-len(value.items), min(place, len(value.items))), arguments.get(1))
    else:
        value.items[:] = [MORE]
    return None


def _pop(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    place = machine.need(arguments.get(0)) if arguments.positional else -1
    if isinstance(place, int) and -len(value.items) <= place < len(value.items) and MORE not in value.items:
        machine.journal.touch(value.items)
        value.spans = None
        return value.items.pop(place)
    return machine.unknown(more(value).reason or "an element taken from a list", node)


def _clear(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.touch(value.items)
    value.spans = None
    value.items.clear()
    return None


def _remove(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    place = None
    if MORE not in value.items:
        wanted = machine.need(arguments.get(0))
        answers = [machine.need(compare(machine, "==", machine.need(item), wanted, node)) for item in value.items]
        first = next((i for i, answer in enumerate(answers) if answer is not False), None)
        place = first if first is not None and answers[first] is True else None
    machine.journal.touch(value.items)
    value.spans = None
    if place is not None:
        del value.items[place]
    else:
        value.items[:] = [MORE]
    return None


def _sort(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    ordered = order(machine, list(value.items), arguments, node) if MORE not in value.items else None
    machine.journal.touch(value.items)
    value.spans = None
    value.items[:] = [MORE] if ordered is None else ordered
    return None


def _add_to_set(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.touch(value.items)
    value.items[:] = make_set([*value.items, machine.need(arguments.get(0))]).items
    return None


def _append_left(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.touch(value.items)
    value.items.insert(0, arguments.get(0))
    return None


def _pop_left(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if not value.items or isinstance(value.items[0], More):
        return machine.unknown("an element taken from a list", node)
    machine.journal.touch(value.items)
    return value.items.pop(0)


def _place_of(name: str) -> ListMethod:
    return lambda machine, value, arguments, node: _places(machine, value.items, name, arguments, node)


def _set_method(op: str) -> ListMethod:
    return lambda machine, value, arguments, node: set_operation(
        machine, op, value, machine.need(arguments.get(0)), node
    )


def _copy(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return ListValue(list(value.items), value.spans, value.is_set)


def _reverse(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.touch(value.items)
    value.spans = None
    value.items.reverse()
    return None


_LIST_METHODS: dict[str, ListMethod] = {
    "add": _add_to_set,
    "append": _append,
    "appendleft": _append_left,
    "clear": _clear,
    "copy": _copy,
    "count": _place_of("count"),
    "difference": _set_method("-"),
    "discard": _remove,
    "extend": _extend,
    "index": _place_of("index"),
    "insert": _insert,
    "intersection": _set_method("&"),
    "pop": _pop,
    "popleft": _pop_left,
    "remove": _remove,
    "reverse": _reverse,
    "sort": _sort,
    "symmetric_difference": _set_method("^"),
    "union": _set_method("|"),
    "update": _extend,
}


@attributes_of(DictValue)
def _dict_attribute(machine: Machine, value: DictValue, name: str, node: nodes.NodeNG) -> Value:
    method = _DICT_METHODS.get(name)
    if method is None:
        return machine.unknown(f"`{name}` of a dict", node)
    return Native(name, lambda machine, arguments, node: method(machine, value, arguments, node))


def _get(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    key = machine.need(arguments.get(0))
    if is_key(key) and key in value.entries:
        return value.entries[key]
    if is_key(key) and not value.has_more:
        return arguments.get(1, "default")
    if isinstance(key, Unknown):
        return machine.derived(key, "get", id(value))
    return machine.unknown(cause_of(value, arguments.get(0)) or "an element of a dict", node)


def _dict_pop(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    key = machine.need(arguments.get(0))
    if is_key(key) and key not in value.entries and not value.has_more and len(arguments.positional) < 2:
        return machine.failure("KeyError", "an element of a dict", node)
    found = _get(machine, value, arguments, node)
    if is_key(key):
        machine.journal.delete(value.entries, key)
    return found


def _popitem(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if not value.entries or value.has_more:
        return machine.unknown("the last element of a dict", node)
    key = next(reversed(value.entries))
    item = value.entries[key]
    machine.journal.delete(value.entries, key)
    return (key, item)


def _dict_clear(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    for key in list(value.entries):
        machine.journal.delete(value.entries, key)
    value.has_more = False
    return None


def _most_common(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Of a Counter."""
    count = machine.need(arguments.get(0))
    counts = list(value.entries.items())
    if value.has_more or not all(isinstance(times, int) for _, times in counts):
        return machine.unknown("the most common elements", node)
    counts.sort(key=lambda item: -item[1])
    return ListValue([*counts[: count if isinstance(count, int) else None]])


def _dict_update(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    given = machine.need(arguments.get(0))
    if given is not None and not isinstance(given, DictValue | Tensor | Unknown):
        given = machine.need(machine.call(machine.builtin("dict"), Arguments([Given(given, node)]), node))
    if arguments.open_ended or (given is not None and not (isinstance(given, DictValue) and not given.has_more)):
        overwrite(machine, value, given)
    entries = dict(given.entries) if isinstance(given, DictValue) else {}
    entries.update({name: given.value for name, given in arguments.keywords.items()})
    for key, item in entries.items():
        machine.journal.set(value.entries, key, item)
    return None


def _setdefault(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    key = machine.need(arguments.get(0))
    if is_key(key) and key not in value.entries and not value.has_more:
        machine.journal.set(value.entries, key, arguments.get(1))
    return _get(machine, value, arguments, node)


def _view(pick: Callable[[DictValue], list[Value]]) -> DictMethod:
    def call(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
        items = pick(value)
        return ListValue([*items, more(value)] if value.has_more else items)

    return call


def _dict_copy(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return DictValue(dict(value.entries), value.spans, value.has_more)


_DICT_METHODS: dict[str, DictMethod] = {
    "clear": _dict_clear,
    "copy": _dict_copy,
    "get": _get,
    "items": _view(lambda value: list(value.entries.items())),
    "keys": _view(lambda value: list(value.entries)),
    "most_common": _most_common,
    "pop": _dict_pop,
    "popitem": _popitem,
    "setdefault": _setdefault,
    "update": _dict_update,
    "values": _view(lambda value: list(value.entries.values())),
}


@attributes_of(Native)
def _native_attribute(machine: Machine, native: Native, name: str, node: nodes.NodeNG) -> Value:
    """``dict.fromkeys``; ``__name__`` of a built-in."""
    if name == "__name__":
        return native.name
    if (native.name, name) == ("dict", "fromkeys"):
        return Native("dict.fromkeys", _from_keys)
    return machine.unknown(f"attribute `{name}` of {native.name}", node)


def _from_keys(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    keys = items_of(machine, machine.need(arguments.get(0)))
    if keys is None or not all(is_key(key) for key in keys):
        return DictValue({}, has_more=True)
    return DictValue(dict.fromkeys(keys, arguments.get(1)))
