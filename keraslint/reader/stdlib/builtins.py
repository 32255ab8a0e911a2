"""Python's built-in functions, as far as they decide models."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

from astroid import nodes

from keraslint.graph import OPEN, Array, Quotient, Unknown
from keraslint.reader.language.assignment import overwrite, set_attribute
from keraslint.reader.language.instances import namespace, special
from keraslint.reader.language.names import lookup
from keraslint.reader.language.operators import LONGEST_TEXT, bounded
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.conversion import from_plain
from keraslint.reader.machine.iteration import items_of, more
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine, truth
from keraslint.reader.machine.places import text_of
from keraslint.reader.machine.protocols import BUILTINS, UNDEFINED
from keraslint.reader.machine.values import (
    ClassValue,
    DictValue,
    Error,
    External,
    Fields,
    Instance,
    ListValue,
    Native,
    Super,
    TensorShape,
    Value,
    scalar_of,
)
from keraslint.reader.stdlib import sequences
from keraslint.reader.stdlib import type_tests as kinds

_NUMBERS = (int, float)


def _numeric(function: Callable[..., Any]) -> NativeCall:
    """A built-in on plain values; unknown when an argument is, or when it does not apply."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        given = [machine.need(value) for value in arguments.values]
        for value in given:
            if isinstance(value, Unknown):
                return machine.derived(value, "built-in", text_of(node))
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


def _to_a_float(function: Callable[[float], int]) -> NativeCall:
    """NumPy's rounding, which gives a float."""
    rounded = _numeric(lambda value: float(function(value)))

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        value = machine.need(arguments.get(0))
        if isinstance(value, Quotient):
            return machine.derived(value, "rounded", text_of(node), kind=Quotient)
        return rounded(machine, arguments, node)

    return call


def _plain_number(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """The number or text that an instance turns itself into."""
    for name in ("__int__", "__float__", "__index__", "__str__", "__repr__"):
        result = special(machine, value, name, node)
        if result is not UNDEFINED:
            return result
    scalar = scalar_of(value) if isinstance(value, Instance) else None
    return value if scalar is None else scalar


def _slice(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    bounds = [machine.need(value) for value in arguments.values]
    if arguments.open_ended or not 1 <= len(bounds) <= 3:
        return machine.unknown("a slice", node)
    return slice(*bounds)


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


def _getattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    owner, name = machine.need(arguments.get(0)), machine.need(arguments.get(1))
    if not isinstance(name, str):
        return machine.unknown("an attribute whose name is not known", node)
    if len(arguments.positional) > 2 and kinds.has_attribute(machine, owner, name) is False:
        return arguments.positional[2].value
    return machine.attribute(owner, name, node)


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
    text = machine.need(arguments.get(0))
    if not isinstance(text, str) or not all(part.isidentifier() for part in text.split(".")):
        return _literal(machine, arguments, node)
    first, *rest = text.split(".")
    value = lookup(machine, first, node)
    for name in rest:
        value = machine.attribute(value, name, node)
    return value


def _setattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
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


def _print(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return None


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


def _of_dict(part: str) -> NativeCall:
    """``six.iteritems(d)`` and the like."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        return machine.call(machine.attribute(arguments.get(0), part, node), Arguments(), node)

    return call


MOST_DIGITS = 400
"""No float has more before or behind its point."""


def _rounded(number: Any, digits: int | None = None) -> Any:
    """``round``, which takes as long as there are digits to leave out."""
    if isinstance(digits, int) and abs(digits) > MOST_DIGITS:
        return number if digits > 0 else 0 * number
    return round(number, digits)


def _open(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What is in a file is known to nobody who reads the program."""
    return machine.unknown("a file that is opened", node)


_FUNCTIONS: dict[str, NativeCall] = {
    "open": _open,
    **kinds.FUNCTIONS,
    **sequences.FUNCTIONS,
    "abs": _numeric(abs),
    "bool": _bool,
    "bytes": _numeric(_bounded_bytes),
    "chr": _numeric(chr),
    "complex": _numeric(complex),
    "dict": _dict,
    "divmod": _numeric(divmod),
    "eval": _eval,
    "float": _numeric(float),
    "getattr": _getattr,
    "globals": _globals,
    "int": _numeric(int),
    "locals": _locals,
    "ord": _numeric(ord),
    "pow": _numeric(_bounded_power),
    "print": _print,
    "repr": _numeric(repr),
    "round": _numeric(_rounded),
    "setattr": _setattr,
    "slice": _slice,
    "str": _numeric(str),
    "super": _super,
    "vars": _vars,
}
BUILTINS.update(
    {
        **{name: Native(name, call) for name, call in _FUNCTIONS.items()},
        **{name: Native(name, _error(kind.__name__)) for name, kind in kinds.ERRORS.items()},
        "object": External("object"),
        **{
            old: Native(new, _FUNCTIONS[new]) for old, new in (("long", "int"), ("unicode", "str"), ("xrange", "range"))
        },
        "__name__": "__main__",
    }
)
EXTERNAL: dict[str, NativeCall] = {
    "ast.literal_eval": _literal,
    "copy.copy": _copy_module,
    "importlib.import_module": _import_module,
    "object.__setattr__": _set_plainly,
    **{f"six.iter{part}": _of_dict(part) for part in ("items", "keys", "values")},
    "tensorflow.TensorShape": _tensor_shape,
    "tensorflow.as_dtype": _as_dtype,
    "tensorflow.dtypes.as_dtype": _as_dtype,
    "copy.deepcopy": _deepcopy,
    "math.ceil": _numeric(math.ceil),
    "math.floor": _numeric(math.floor),
    "math.log": _numeric(math.log),
    "math.log2": _numeric(math.log2),
    "math.pow": _numeric(math.pow),
    "math.prod": sequences.product,
    "math.sqrt": _numeric(math.sqrt),
    "numpy.ceil": _to_a_float(math.ceil),
    "numpy.floor": _to_a_float(math.floor),
    "numpy.log2": _numeric(math.log2),
    "numpy.prod": sequences.product,
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

known("plain", EXTERNAL)
