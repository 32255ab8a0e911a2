"""Python's built-in functions and the methods of its own types, as far as they decide models."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.reader.iteration import MORE, element_of, items_of
from keraslint.reader.machine import Arguments, Given, Machine, attributes_of, truth
from keraslint.reader.values import (
    ClassValue,
    DictValue,
    External,
    Instance,
    ListValue,
    Native,
    Super,
    Value,
)

NativeCall = Callable[[Machine, Arguments, nodes.NodeNG], Value]
_NUMBERS = (int, float)


def _numeric(function: Callable[..., Any]) -> NativeCall:
    """A built-in on plain values; unknown when an argument is, or when it does not apply."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        values = [machine.need(value) for value in arguments.values]
        for value in values:
            if isinstance(value, Unknown):
                return Unknown(value.reason, value.span)
        if arguments.keywords or not all(isinstance(v, int | float | str | bool | None) for v in values):
            return machine.unknown("result of a built-in function", node)
        if any(isinstance(value, int) and abs(value) > 10**30 for value in values):
            return machine.unknown("a number that is too large", node)
        try:
            return function(*values)
        except (TypeError, ValueError, ArithmeticError):
            return machine.unknown("result of a built-in function", node)

    return call


def _len(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    match value:
        case ListValue(items=items):
            return (
                len(items) if MORE not in items else machine.unknown("the length of a list that is not all known", node)
            )
        case DictValue(entries=entries, has_more=False):
            return len(entries)
        case str() | tuple() | bytes() | range():
            return len(value)
        case Array(shape=shape) if shape.rank_known and shape.dims:
            size = shape.dims[0]
            return size if size is not None else machine.unknown("the number of samples", node)
        case Unknown():
            return machine.derived(value, "len")
        case _:
            return machine.unknown("a length", node)


def _range(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = [machine.need(value) for value in arguments.values]
    if values and all(isinstance(value, int) for value in values):
        try:
            return range(*values)
        except (TypeError, ValueError, OverflowError):
            pass
    return next((v for v in values if isinstance(v, Unknown)), machine.unknown("a range", node))


def _sequence(make: Callable[[list[Value]], Value]) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if not arguments.positional:
            return make([])
        value = machine.need(arguments.positional[0].value)
        items = items_of(machine, value)
        if items is None:
            if isinstance(value, Unknown):
                return machine.derived(value, "list")
            return ListValue([element_of(machine, value, node), MORE])
        return make(list(items))

    return call


def _zip(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    columns = [items_of(machine, machine.need(value)) for value in arguments.values]
    if columns and all(column is not None for column in columns):
        return ListValue([tuple(row) for row in zip(*[c for c in columns if c is not None], strict=False)])
    first = tuple(element_of(machine, machine.need(value), node) for value in arguments.values)
    return ListValue([first, MORE])


def _enumerate(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    start = machine.need(arguments.get(1, "start")) or 0
    items = items_of(machine, value)
    if items is None or not isinstance(start, int):
        return ListValue([(Unknown("an index"), element_of(machine, value, node)), MORE])
    return ListValue([(start + index, item) for index, item in enumerate(items)])


def _dict(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    result = DictValue({})
    base = machine.need(arguments.get(0))
    if isinstance(base, DictValue):
        result.entries.update(base.entries)
        result.has_more = base.has_more
    elif base is not None:
        pairs = items_of(machine, base)
        for pair in pairs or ():
            inner = items_of(machine, pair)
            if inner is not None and len(inner) == 2 and isinstance(inner[0], str | int):
                result.entries[inner[0]] = inner[1]
            else:
                result.has_more = True
        result.has_more |= pairs is None
    result.entries.update({name: given.value for name, given in arguments.keywords.items()})
    result.has_more |= arguments.open_ended
    return result


def _sorted(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    if items is not None and not arguments.keywords and all(isinstance(item, _NUMBERS) for item in items):
        return ListValue(sorted(items))
    return machine.unknown("a sorted list", node)


def _reversed(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    return ListValue(list(reversed(items))) if items is not None else machine.unknown("a reversed list", node)


def _extreme(function: Callable[[Any], Any]) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        values = [machine.need(given.value) for given in arguments.positional]
        if len(values) == 1:
            values = list(items_of(machine, values[0]) or ())
        if values and not arguments.keywords and all(isinstance(value, _NUMBERS) for value in values):
            return function(values)
        return next((v for v in values if isinstance(v, Unknown)), machine.unknown("an extreme value", node))

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
    rows = zip(*[column for column in columns if column is not None], strict=False)
    return ListValue([machine.call(function, Arguments([Given(value, node) for value in row]), node) for row in rows])


def _isinstance(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value, kinds = machine.need(arguments.get(0)), machine.need_all(arguments.get(1))
    if isinstance(value, Unknown):
        return machine.derived(value, "isinstance", node.as_string())
    answers = [_is_a(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    if True in answers:
        return True
    return False if all(answer is False for answer in answers) else machine.unknown("a class test", node)


def _is_a(value: Value, kind: Value) -> bool | None:
    """Whether a value is an instance, or None when that is not known."""
    from keraslint import keras_api
    from keraslint.reader.values import LayerValue, ModelValue

    python_types = {"int": int, "float": float, "str": str, "bool": bool, "tuple": tuple}
    if isinstance(kind, Native):
        if kind.name in python_types:
            return isinstance(value, python_types[kind.name])
        if kind.name in ("list", "dict"):
            wanted = ListValue if kind.name == "list" else DictValue
            return isinstance(value, wanted)
    if isinstance(kind, External):
        name = keras_api.canonical(kind.path)
        if isinstance(value, LayerValue) and name and name != "keras.Layer":
            return value.layer.class_name == name
        if isinstance(value, LayerValue):
            return True if name == "keras.Layer" else None
        if isinstance(value, ModelValue):
            return name == "keras.Model" or (name == "keras.Sequential" and value.kind == "sequential")
        if isinstance(value, int | float | str | bool | tuple | None | ListValue | DictValue):
            return False
    return None


def _getattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    owner, name = machine.need(arguments.get(0)), machine.need(arguments.get(1))
    if not isinstance(name, str):
        return machine.unknown("an attribute whose name is not known", node)
    value = machine.attribute(owner, name, node)
    if isinstance(value, Unknown) and len(arguments.positional) > 2 and isinstance(owner, Instance):
        return arguments.positional[2].value
    return value


def _setattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    from keraslint.reader.targets import set_attribute

    name = machine.need(arguments.get(1))
    if isinstance(name, str):
        set_attribute(machine, machine.need(arguments.get(0)), name, arguments.get(2))
    return None


def _super(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if len(arguments.positional) == 2:
        owner, instance = (machine.need(given.value) for given in arguments.positional)
        if isinstance(owner, ClassValue) and isinstance(instance, Instance):
            return Super(instance, owner)
    if machine.frames:
        frame = machine.frames[-1]
        parameters = frame.function.node.args.args or ()
        instance = frame.scope.names.get(parameters[0].name) if parameters else None
        if isinstance(instance, Instance) and frame.owner is not None:
            return Super(instance, frame.owner)
    return machine.unknown("super()", node)


def _print(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return None


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


def _prod(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    if items is not None and all(isinstance(item, _NUMBERS) for item in items):
        return math.prod(items)
    return machine.unknown("a product", node)


def _sum(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    items = items_of(machine, machine.need(arguments.get(0)))
    if items is not None and len(arguments.values) == 1 and all(isinstance(item, _NUMBERS) for item in items):
        return sum(items)
    return machine.unknown("a sum", node)


def _deepcopy(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _copy_of(machine.need(arguments.get(0, "x")))


def _copy_of(value: Value) -> Value:
    """Lists and dicts anew, what they hold as well; anything else is not changed in place."""
    match value:
        case ListValue(items=items, spans=spans, is_set=is_set):
            return ListValue([_copy_of(item) for item in items], spans, is_set)
        case DictValue(entries=entries, spans=spans, has_more=has_more):
            return DictValue({key: _copy_of(item) for key, item in entries.items()}, spans, has_more)
        case tuple():
            return tuple(_copy_of(item) for item in value)
        case _:
            return value


_FUNCTIONS: dict[str, NativeCall] = {
    "abs": _numeric(abs),
    "all": _any_all(False),
    "any": _any_all(True),
    "bool": _numeric(bool),
    "chr": _numeric(chr),
    "dict": _dict,
    "divmod": _numeric(divmod),
    "enumerate": _enumerate,
    "float": _numeric(float),
    "getattr": _getattr,
    "int": _numeric(int),
    "isinstance": _isinstance,
    "len": _len,
    "list": _sequence(ListValue),
    "map": _map,
    "max": _extreme(max),
    "min": _extreme(min),
    "print": _print,
    "range": _range,
    "reversed": _reversed,
    "round": _numeric(round),
    "set": _sequence(lambda items: ListValue(items, is_set=True)),
    "setattr": _setattr,
    "sorted": _sorted,
    "str": _numeric(str),
    "sum": _sum,
    "super": _super,
    "tuple": _sequence(tuple),
    "zip": _zip,
}
BUILTINS: dict[str, Value] = {
    **{name: Native(name, call) for name, call in _FUNCTIONS.items()},
    "object": External("object"),
    "__name__": "__main__",
}
EXTERNAL: dict[str, NativeCall] = {
    "copy.deepcopy": _deepcopy,
    "functools.partial": _partial,
    "math.ceil": _numeric(math.ceil),
    "math.floor": _numeric(math.floor),
    "math.log": _numeric(math.log),
    "math.log2": _numeric(math.log2),
    "math.pow": _numeric(math.pow),
    "math.prod": _prod,
    "math.sqrt": _numeric(math.sqrt),
    "numpy.ceil": _numeric(math.ceil),
    "numpy.floor": _numeric(math.floor),
    "numpy.log2": _numeric(math.log2),
    "numpy.prod": _prod,
    "numpy.sqrt": _numeric(math.sqrt),
    "operator.mul": _numeric(operator.mul),
    "collections.OrderedDict": _dict,
}


# methods -----------------------------------------------------------------------------------------------------


@attributes_of(str)
def _str_attribute(machine: Machine, text: str, name: str, node: nodes.NodeNG) -> Value:
    method = getattr(text, name, None)
    if name not in ("lower", "upper", "strip", "title", "startswith", "endswith", "replace", "split", "join", "format"):
        return machine.unknown(f"`{name}` of a string", node)

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        values = [machine.need(value) for value in arguments.values]
        plain = all(isinstance(value, str | int | float) for value in values) and not arguments.keywords
        if not plain or method is None or (name == "format" and "{:" in text) or len(text) > 10_000:
            return machine.unknown(f"`{name}` of a string", node)
        try:
            result = method(*values)
        except (TypeError, ValueError, IndexError, KeyError):
            return machine.unknown(f"`{name}` of a string", node)
        return ListValue(list(result)) if isinstance(result, list) else result

    return Native(name, call)


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
    items = items_of(machine, machine.need(arguments.get(0)))
    machine.journal.touch(value.items)
    value.spans = None
    if MORE not in value.items[-1:]:
        value.items.extend([MORE] if items is None else items)
    return None


def _insert(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    place = machine.need(arguments.get(0))
    machine.journal.touch(value.items)
    value.spans = None
    if isinstance(place, int) and MORE not in value.items:
        value.items.insert(place, arguments.get(1))
    else:
        value.items[:] = [MORE]
    return None


def _pop(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    place = machine.need(arguments.get(0)) if arguments.positional else -1
    if isinstance(place, int) and -len(value.items) <= place < len(value.items) and MORE not in value.items:
        machine.journal.touch(value.items)
        value.spans = None
        return value.items.pop(place)
    return machine.unknown("an element taken from a list", node)


def _change(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """A method that rearranges: the elements are no longer known."""
    machine.journal.touch(value.items)
    value.spans = None
    value.items[:] = [MORE]
    return None


def _copy(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return ListValue(list(value.items), value.spans, value.is_set)


def _reverse(machine: Machine, value: ListValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.touch(value.items)
    value.spans = None
    value.items.reverse()
    return None


ListMethod = Callable[[Machine, ListValue, Arguments, nodes.NodeNG], Value]
_LIST_METHODS: dict[str, ListMethod] = {
    "add": _append,
    "append": _append,
    "clear": _change,
    "copy": _copy,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "remove": _change,
    "reverse": _reverse,
    "sort": _change,
    "update": _extend,
}


@attributes_of(DictValue)
def _dict_attribute(machine: Machine, value: DictValue, name: str, node: nodes.NodeNG) -> Value:
    method = _DICT_METHODS.get(name)
    if method is None:
        return machine.unknown(f"`{name}` of a dict", node)
    return Native(name, lambda machine, arguments, node: method(machine, value, arguments, node))


DictMethod = Callable[[Machine, DictValue, Arguments, nodes.NodeNG], Value]


def _get(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    key = machine.need(arguments.get(0))
    if isinstance(key, str | int) and key in value.entries:
        return value.entries[key]
    if isinstance(key, str | int) and not value.has_more:
        return arguments.get(1, "default")
    return machine.unknown("an element of a dict", node)


def _dict_pop(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    found = _get(machine, value, arguments, node)
    key = machine.need(arguments.get(0))
    if isinstance(key, str | int):
        machine.journal.delete(value.entries, key)
    return found


def _dict_update(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    more = machine.need(arguments.get(0))
    entries = dict(more.entries) if isinstance(more, DictValue) else {}
    entries.update({name: given.value for name, given in arguments.keywords.items()})
    for key, item in entries.items():
        machine.journal.set(value.entries, key, item)
    if (more is not None and not isinstance(more, DictValue)) or (isinstance(more, DictValue) and more.has_more):
        value.has_more = True
    return None


def _setdefault(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    key = machine.need(arguments.get(0))
    if isinstance(key, str | int) and key not in value.entries and not value.has_more:
        machine.journal.set(value.entries, key, arguments.get(1))
    return _get(machine, value, arguments, node)


def _view(pick: Callable[[DictValue], list[Value]]) -> DictMethod:
    def call(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
        items = pick(value)
        return ListValue([*items, MORE] if value.has_more else items)

    return call


def _dict_copy(machine: Machine, value: DictValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return DictValue(dict(value.entries), value.spans, value.has_more)


_DICT_METHODS: dict[str, DictMethod] = {
    "copy": _dict_copy,
    "get": _get,
    "items": _view(lambda value: list(value.entries.items())),
    "keys": _view(lambda value: list(value.entries)),
    "pop": _dict_pop,
    "setdefault": _setdefault,
    "update": _dict_update,
    "values": _view(lambda value: list(value.entries.values())),
}
