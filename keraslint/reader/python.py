"""Python's built-in functions, as far as they decide models."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Sequence
from typing import Any

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import OPEN, Array, Dataset, KerasObject, OneOf, Tensor, Unknown
from keraslint.reader.classes import UNDEFINED, namespace, scalar_of, special
from keraslint.reader.identified import is_a
from keraslint.reader.inspection import TYPES
from keraslint.reader.iteration import MORE, More, advance, cause_of, element_of, is_lazy, items_of, lazily, more
from keraslint.reader.machine import Arguments, Given, Machine, truth
from keraslint.reader.operators import LONGEST_TEXT, binary, bounded
from keraslint.reader.plain import NotPlain, from_plain, make_set, to_plain
from keraslint.reader.state import COPIED_FOR_ONE
from keraslint.reader.targets import overwrite
from keraslint.reader.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    Error,
    External,
    Fields,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    Method,
    ModelValue,
    Native,
    Numbers,
    Super,
    Table,
    TensorShape,
    Value,
    Whole,
)

NativeCall = Callable[[Machine, Arguments, nodes.NodeNG], Value]
_NUMBERS = (int, float)


def _numeric(function: Callable[..., Any]) -> NativeCall:
    """A built-in on plain values; unknown when an argument is, or when it does not apply."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        given = [machine.need(value) for value in arguments.values]
        for value in given:
            if isinstance(value, Unknown):
                return machine.derived(value, "built-in", node.as_string())
        values = [_plain_number(machine, value, node) for value in given]
        if arguments.keywords or not all(isinstance(v, int | float | complex | str | bool | None) for v in values):
            return machine.unknown("result of a built-in function", node)
        if any(isinstance(value, int) and abs(value) > 10**30 for value in values):
            return machine.unknown("a number that is too large", node)
        try:
            return bounded(machine, function(*values), node)
        except (TypeError, ValueError, ArithmeticError) as error:
            return machine.failure(type(error).__name__, "result of a built-in function", node)

    return call


def _plain_number(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """The number or text that an instance turns itself into."""
    for name in ("__int__", "__float__", "__index__", "__str__", "__repr__"):
        result = special(machine, value, name, node)
        if result is not UNDEFINED:
            return result
    scalar = scalar_of(value) if isinstance(value, Instance) else None
    return value if scalar is None else scalar


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


def _slice(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    bounds = [machine.need(value) for value in arguments.values]
    if arguments.open_ended or not 1 <= len(bounds) <= 3:
        return machine.unknown("a slice", node)
    return slice(*bounds)


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


def _dict(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    result = DictValue({})
    base = machine.need(arguments.get(0))
    if isinstance(base, DictValue):
        result.entries.update(base.entries)
        result.has_more, result.why = base.has_more, base.why
    elif base is not None:
        pairs = items_of(machine, base)
        for pair in pairs or ():
            inner = items_of(machine, pair)
            if inner is not None and len(inner) == 2 and isinstance(inner[0], str | int):
                result.entries[inner[0]] = inner[1]
            else:
                result.has_more = True
        if pairs is None:
            result.has_more, result.why = True, more(base).reason
    if arguments.open_ended:
        overwrite(machine, result, None)
    result.entries.update({name: given.value for name, given in arguments.keywords.items()})
    return result


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
            return machine.derived(unknown, node.as_string())
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


def _isinstance(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return is_instance(machine, machine.need(arguments.get(0)), machine.need_all(arguments.get(1)), node)


def is_instance(machine: Machine, value: Value, kinds: Value, node: nodes.NodeNG) -> bool | Unknown:
    """``isinstance(value, kinds)``."""
    if isinstance(value, Unknown):
        return machine.derived(value, "isinstance", node.as_string())
    answers = [_is_a(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    if True in answers:
        return True
    return False if all(answer is False for answer in answers) else machine.unknown("a class test", node)


_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float,),
    "str": (str,),
    "bool": (bool,),
    "tuple": (tuple,),
    "complex": (complex,),
    "bytes": (bytes,),
    "NoneType": (type(None),),
}


def _is_a(value: Value, kind: Value) -> bool | None:
    """Whether a value is an instance, or None when that is not known."""
    match kind:
        case Native(name=name) if name in _PYTHON_TYPES:
            if isinstance(value, Instance):
                scalar = scalar_of(value)
                return None if value.cls.open_base else scalar is not None and isinstance(scalar, _PYTHON_TYPES[name])
            return isinstance(value, _PYTHON_TYPES[name]) or (name == "tuple" and isinstance(value, Fields))
        case Native(name="list" | "dict" | "set" as name):
            if isinstance(value, Instance):
                return value.cls.kind == name or (None if value.cls.open_base else False)
            if name == "dict":
                return isinstance(value, DictValue)
            is_list = isinstance(value, ListValue) and not value.is_generator
            return is_list and value.is_set == (name == "set")
        case Native(name=name) if name in ERRORS:
            if isinstance(value, Error):
                return issubclass(ERRORS[value.kind], ERRORS[name])
            return None if isinstance(value, Instance) else False
        case Native(name="type"):
            return _is_type(value)
        case ClassValue():
            if isinstance(value, Instance):
                return kind in (value.cls.mro or (value.cls,))
            return False
        case External(path=path):
            return _is_external(value, path)
    return None


def _is_type(value: Value) -> bool | None:
    match value:
        case ClassValue():
            return True
        case External():
            return None
        case Native(name=name):
            return name in TYPES
        case _:
            return False


_ABSTRACT = ("Sequence", "Mapping", "Iterable", "Callable", "Number", "Integral", "Real", "Hashable", "Collection")


def _is_external(value: Value, path: str) -> bool | None:
    name = keras_api.canonical(path)
    match value:
        case LayerValue():
            if name == "keras.Layer":
                return True
            return value.layer.class_name == name if name else None
        case ModelValue():
            if name == "keras.Sequential":
                return value.kind == "sequential"
            return True if name in ("keras.Model", "keras.Layer") else None
        case Instance():
            if name is None or value.cls.keras_base is None:
                return None
            bases = (value.cls.keras_base, "keras.Layer", *(("keras.Model",) if value.model is not None else ()))
            return True if name in bases else None
        case KerasObject() if name:
            return is_a(value, name)
        case TensorShape() if path.rpartition(".")[2] == "TensorShape":
            return True
        case int() | float() | str() | tuple() | None | ListValue() | DictValue() | FunctionValue():
            return False if path.rpartition(".")[2] not in _ABSTRACT else None
    return None


def _getattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    owner, name = machine.need(arguments.get(0)), machine.need(arguments.get(1))
    if not isinstance(name, str):
        return machine.unknown("an attribute whose name is not known", node)
    if len(arguments.positional) > 2 and has_attribute(machine, owner, name) is False:
        return arguments.positional[2].value
    return machine.attribute(owner, name, node)


def has_attribute(machine: Machine, owner: Value, name: str) -> bool | None:
    """``hasattr``, or None when it is not known."""
    match owner:
        case Instance():
            if name in owner.attributes or owner.cls.lookup(name) or name in ("__class__", "__dict__"):
                return True
            open_ended = owner.cls.open_base or owner.cls.lookup("__getattr__") or owner.contents is not None
            return None if open_ended else False
        case ClassValue():
            return True if owner.lookup(name) else None if owner.open_base else False
        case FunctionValue(attributes=attributes):
            return name in attributes or name.startswith("__")
        case ModelValue() | LayerValue():
            return None if isinstance(machine.attribute(owner, name, nodes.Const(None)), Unknown) else True
        case Fields(values=values, is_tuple=False):
            return name in values or None
        case Tensor() | Array() if name in ("shape", "dtype"):
            return True
        case int() | float() | str() | None | tuple():
            return hasattr(owner, name)
        case ListValue(is_set=is_set):
            return hasattr(set if is_set else list, name)
        case DictValue():
            return hasattr(dict, name)
        case _:
            return None


def _hasattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    owner, name = machine.need(arguments.get(0)), machine.need(arguments.get(1))
    if isinstance(owner, Unknown) and isinstance(name, str):
        return machine.derived(owner, "hasattr", name)
    known = has_attribute(machine, owner, name) if isinstance(name, str) else None
    return machine.unknown("whether an attribute is there", node) if known is None else known


def _callable(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    match value:
        case Unknown():
            return machine.derived(value, "callable")
        case FunctionValue() | BoundMethod() | Native() | ClassValue() | LayerValue() | ModelValue() | Method():
            return True
        case int() | float() | str() | None | tuple() | ListValue() | DictValue():
            return False
        case Instance():
            if value.cls.lookup("__call__") or value.layer is not None or value.model is not None:
                return True
        case External(path=path) if keras_api.canonical(path):
            return True
    return machine.unknown("whether something can be called", node)


def _type(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    if len(arguments.positional) != 1:
        return machine.unknown("a class made by type()", node)
    match value:
        case Instance():
            return value.cls
        case LayerValue():
            return External(value.layer.class_name)
        case ListValue(is_set=is_set, is_generator=False):
            return BUILTINS["set" if is_set else "list"]
        case DictValue():
            return BUILTINS["dict"]
        case bool() | int() | float() | str() | tuple():
            return BUILTINS[type(value).__name__]
        case None:
            return NONE_TYPE
        case Array() | Table():
            return TYPE_OF_DATA
        case Tensor():
            return TYPE_OF_TENSORS
        case Unknown():
            return machine.derived(value, "type")
        case _:
            return machine.unknown("a type", node)


NONE_TYPE = Native("NoneType", _type)
TYPE_OF_DATA, TYPE_OF_TENSORS = Native("a type of data", _type), Native("a type of tensors", _type)
"""No types of Python's own, whichever they are."""


def _vars(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``vars(settings)``: the dict that holds the attributes, not a copy."""
    value = machine.need(arguments.get(0))
    match value:
        case Instance(attributes=attributes):
            return namespace(attributes)
        case Fields(values=values):
            return namespace(values)
        case ClassValue(names=names):
            return namespace(names)
        case None if not arguments.positional:
            return _locals(machine, arguments, node)
        case _:
            return machine.unknown("vars()", node)


def _locals(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return namespace(dict(machine.scope.names))


def _globals(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return namespace(machine.module.names)


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


def _literal(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """`ast.literal_eval`: nothing is run."""
    text = machine.need(arguments.get(0))
    if isinstance(text, str) and len(text) <= LONGEST_TEXT:
        try:
            return from_plain(ast.literal_eval(text.strip()))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            pass
    return machine.unknown("what a text evaluates to", node)


def _eval(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``eval("ReLU")``: a name, dotted or not, or a literal; nothing else is read from text."""
    from keraslint.reader.expressions import lookup

    text = machine.need(arguments.get(0))
    if not isinstance(text, str) or not all(part.isidentifier() for part in text.split(".")):
        return _literal(machine, arguments, node)
    first, *rest = text.split(".")
    value = lookup(machine, first, node)
    for name in rest:
        value = machine.attribute(value, name, node)
    return value


def _setattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    from keraslint.reader.targets import set_attribute

    name = machine.need(arguments.get(1))
    owner = machine.need(arguments.get(0))
    if isinstance(name, str):
        set_attribute(machine, owner, name, arguments.get(2), node)
    elif isinstance(owner, Instance):
        overwrite(machine, namespace(owner.attributes), name)
    return None


def _set_plainly(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``object.__setattr__(self, name, value)``: past every `__setattr__` of the file."""
    owner, name = machine.need(arguments.get(0)), machine.need(arguments.get(1))
    if isinstance(owner, Instance):
        if isinstance(name, str):
            machine.journal.set(owner.attributes, name, arguments.get(2))
        else:
            overwrite(machine, namespace(owner.attributes), name)
    return None


def _super(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if len(arguments.positional) == 2:
        owner, instance = (machine.need(given.value) for given in arguments.positional)
        if isinstance(owner, ClassValue) and isinstance(instance, Instance | ClassValue):
            return Super(instance, owner)
    if machine.frames:
        frame = machine.frames[-1]
        parameters = frame.function.node.args.args or ()
        instance = frame.scope.names.get(parameters[0].name) if parameters else None
        if isinstance(instance, Instance | ClassValue) and frame.owner is not None:
            return Super(instance, frame.owner)
    return machine.unknown("super()", node)


def _error(kind: str) -> NativeCall:
    return lambda machine, arguments, node: Error(kind)


ERRORS = {
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}


def _print(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return None


def _prod(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
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


def _copy_module(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``copy.copy``: the container anew, with the same elements."""
    value = machine.need(arguments.get(0, "x"))
    match value:
        case ListValue(items=items, spans=spans, is_set=is_set):
            return ListValue(list(items), spans, is_set)
        case DictValue(entries=entries, spans=spans, has_more=has_more):
            return DictValue(dict(entries), spans, has_more)
        case Instance(model=None, layer=None):
            return Instance(value.cls, dict(value.attributes), value.node, value.span)
        case int() | float() | str() | tuple() | None:
            return value
        case _:
            return machine.unknown("a copy", node)


def _deepcopy(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _copy_of(machine, machine.need(arguments.get(0, "x")))


def _copy_of(machine: Machine, value: Value) -> Value:
    """Lists and dicts anew, what they hold as well; anything else is not changed in place."""
    machine.burn()
    match value:
        case ListValue(items=items, spans=spans, is_set=is_set):
            return ListValue([_copy_of(machine, item) for item in items], spans, is_set)
        case DictValue(entries=entries, spans=spans, has_more=has_more):
            return DictValue({key: _copy_of(machine, item) for key, item in entries.items()}, spans, has_more)
        case tuple():
            return tuple(_copy_of(machine, item) for item in value)
        case Instance(model=None, layer=None, attributes=attributes):
            copied = {key: _copy_of(machine, item) for key, item in attributes.items()}
            return Instance(value.cls, copied, value.node, value.span)
        case Fields(values=values, what=what, is_tuple=is_tuple):
            return Fields({key: _copy_of(machine, item) for key, item in values.items()}, what, is_tuple)
        case _:
            return value


def _bool(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return truth(machine, arguments.get(0))


def _issubclass(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    cls, kinds = machine.need(arguments.get(0)), machine.need_all(arguments.get(1))
    answers = []
    for kind in kinds if isinstance(kinds, tuple) else (kinds,):
        known = isinstance(cls, ClassValue) and isinstance(kind, ClassValue)
        answers.append(kind in cls.mro if known else None)
    if True in answers:
        return True
    return False if all(answer is False for answer in answers) else machine.unknown("a class test", node)


def _bounded_power(base: float, exponent: float, modulus: int | None = None) -> Any:
    if abs(base) > 10**6 or abs(exponent) > 64:
        raise ValueError("too large")
    return pow(base, exponent) if modulus is None else pow(int(base), int(exponent), modulus)


def _bounded_bytes(*given: Any) -> bytes:
    if any(isinstance(value, int) and value > LONGEST_TEXT for value in given):
        raise ValueError("too long")
    return bytes(*given)


def _tensor_shape(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.TensorShape([None, 8])``."""
    items = items_of(machine, machine.need_all(arguments.get(0, "dims")))
    return TensorShape(items) if items is not None else machine.unknown("a shape", node)


def _as_dtype(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    dtype = machine.need(arguments.get(0, "type_value"))
    return dtype if isinstance(dtype, str) else machine.unknown("a dtype", node)


def _import_module(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``import_module("tensorflow.keras.layers")``: the module by its name."""
    name = machine.need(arguments.get(0, "name"))
    absolute = isinstance(name, str) and all(part.isidentifier() for part in name.split("."))
    return External(name, machine.scope.module.file) if absolute else machine.unknown("an imported module", node)


def _cast(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``K.cast(K.shape(x)[-1], "float32")`` of a number, an open size or data; of a tensor it is an operation."""
    value = machine.need(arguments.get(0, "x"))
    if isinstance(value, int | float) or value is OPEN:
        return value
    if isinstance(value, Array):
        dtype = machine.need(arguments.get(1, "dtype"))
        return Array(value.shape, dtype if isinstance(dtype, str) else Unknown("the dtype of a cast"))
    return machine.unknown("result of a cast", node)


_FUNCTIONS: dict[str, NativeCall] = {
    "abs": _numeric(abs),
    "all": _any_all(False),
    "any": _any_all(True),
    "bool": _bool,
    "bytes": _numeric(_bounded_bytes),
    "callable": _callable,
    "chr": _numeric(chr),
    "complex": _numeric(complex),
    "dict": _dict,
    "divmod": _numeric(divmod),
    "enumerate": _enumerate,
    "eval": _eval,
    "filter": _filter,
    "float": _numeric(float),
    "frozenset": _sequence(make_set),
    "getattr": _getattr,
    "globals": _globals,
    "hasattr": _hasattr,
    "int": _numeric(int),
    "isinstance": _isinstance,
    "issubclass": _issubclass,
    "iter": _iter,
    "len": _len,
    "list": _sequence(ListValue),
    "locals": _locals,
    "map": _map,
    "max": _extreme(max),
    "min": _extreme(min),
    "next": _next,
    "ord": _numeric(ord),
    "pow": _numeric(_bounded_power),
    "print": _print,
    "range": _range,
    "reversed": _reversed,
    "repr": _numeric(repr),
    "round": _numeric(round),
    "set": _sequence(make_set),
    "setattr": _setattr,
    "slice": _slice,
    "sorted": _sorted,
    "str": _numeric(str),
    "sum": _sum,
    "super": _super,
    "tuple": _sequence(tuple),
    "type": _type,
    "vars": _vars,
    "zip": _zip,
}
BUILTINS: dict[str, Value] = {
    **{name: Native(name, call) for name, call in _FUNCTIONS.items()},
    **{name: Native(name, _error(kind.__name__)) for name, kind in ERRORS.items()},
    "object": External("object"),
    "__name__": "__main__",
}
EXTERNAL: dict[str, NativeCall] = {
    "ast.literal_eval": _literal,
    "copy.copy": _copy_module,
    "importlib.import_module": _import_module,
    "object.__setattr__": _set_plainly,
    "tensorflow.TensorShape": _tensor_shape,
    "tensorflow.as_dtype": _as_dtype,
    "tensorflow.dtypes.as_dtype": _as_dtype,
    "copy.deepcopy": _deepcopy,
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
    "math.exp": _numeric(math.exp),
    "math.gcd": _numeric(math.gcd),
    "math.isqrt": _numeric(math.isqrt),
    "math.log10": _numeric(math.log10),
    "collections.OrderedDict": _dict,
    "keras.backend.cast": _cast,
    "keras.backend.sqrt": _numeric(math.sqrt),
    "keras.ops.cast": _cast,
    "keras.ops.sqrt": _numeric(math.sqrt),
    "tensorflow.cast": _cast,
    "tensorflow.math.sqrt": _numeric(math.sqrt),
    "tensorflow.sqrt": _numeric(math.sqrt),
}
