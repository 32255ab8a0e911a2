"""Operators between values: Python's own on constants, Keras's on tensors, shapes and ranges on data."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from astroid import nodes

from keraslint.graph import Array, Tensor, Unknown
from keraslint.reader.iteration import MORE, items_of
from keraslint.reader.machine import Machine
from keraslint.reader.values import Choice, DictValue, External, ListValue, Value

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "@": operator.matmul,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
_UNARY: dict[str, Callable[[Any], Any]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
    "not": operator.not_,
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda item, container: item in container,
    "not in": lambda item, container: item not in container,
}
_NEGATED = {"!=": "==", "is not": "is", "not in": "in"}

LARGEST = 10**30
"""Beyond, arithmetic is not carried out: a size like ``10**10**10`` must not cost anything."""
LONGEST_TEXT = 10_000

_WIDE_FIELD = re.compile(r"\d{4}|\*")
"""A width in a format that could make a small text a huge one."""

_SCALARS = (int, float, complex, str, bytes, bool, type(None))


def binary(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """``left op right``."""
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        from keraslint.reader.tensors import apply_operator

        return apply_operator(machine, op, left, right, node)
    if isinstance(left, Array) or isinstance(right, Array):
        from keraslint.reader.data import array_arithmetic

        return array_arithmetic(op, left, right)
    if isinstance(left, Unknown):
        return machine.derived(left, op, _key(right))
    if isinstance(right, Unknown):
        return machine.derived(right, op, _key(left), "reversed")
    if isinstance(left, ListValue | tuple) or isinstance(right, ListValue | tuple):
        return _sequence(machine, op, left, right, node)
    if isinstance(left, DictValue) and isinstance(right, DictValue) and op == "|":
        return DictValue({**left.entries, **right.entries}, has_more=left.has_more or right.has_more)
    if isinstance(left, _SCALARS) and isinstance(right, _SCALARS) and _affordable(op, left, right):
        try:
            return _BINARY[op](left, right)
        except (ArithmeticError, TypeError, ValueError):
            pass
    return machine.unknown(f"the result of `{op}`", node)


def _affordable(op: str, left: object, right: object) -> bool:
    if op == "**":
        return (
            isinstance(left, int | float) and isinstance(right, int | float) and abs(left) <= 10**6 and abs(right) <= 64
        )
    if op == "<<":
        return isinstance(right, int) and 0 <= right <= 64
    if isinstance(left, str | bytes) or isinstance(right, str | bytes):
        text, count = (left, right) if isinstance(left, str | bytes) else (right, left)
        assert isinstance(text, str | bytes)
        if op == "*":
            return isinstance(count, int) and len(text) * count <= LONGEST_TEXT
        return len(text) <= LONGEST_TEXT and not (op == "%" and _WIDE_FIELD.search(str(text)))
    return all(not isinstance(v, int) or abs(v) <= LARGEST for v in (left, right))


def _sequence(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    if op == "+" and type(left) is type(right):
        one, other = _raw_items(left), _raw_items(right)
        if isinstance(left, tuple):
            return (*one, *other)
        return ListValue([*one, *other] if MORE not in one else [*one])
    if op == "*":
        sequence, count = (left, right) if isinstance(left, ListValue | tuple) else (right, left)
        items = items_of(machine, sequence)
        if items is not None and isinstance(count, int) and len(items) * count <= LONGEST_TEXT:
            repeated = [*items] * count
            return tuple(repeated) if isinstance(sequence, tuple) else ListValue(repeated)
    if op == "%" and isinstance(left, str):
        return machine.unknown("a formatted string", node)
    return machine.unknown(f"the result of `{op}` on a sequence", node)


def _raw_items(value: Value) -> list[Value]:
    return value.items if isinstance(value, ListValue) else list(value)


def unary(machine: Machine, op: str, value: Value, node: nodes.NodeNG) -> Value:
    if isinstance(value, Tensor):
        from keraslint.reader.tensors import apply_unary

        return apply_unary(machine, op, value, node)
    if isinstance(value, Unknown):
        return negated(machine, value) if op == "not" else machine.derived(value, op)
    if isinstance(value, Array) and op in "-+~":
        from keraslint.reader.data import array_inverse, array_negative

        return value if op == "+" else array_negative(value) if op == "-" else array_inverse(value)
    if op == "not":
        from keraslint.reader.machine import truth

        result = truth(machine, value)
        return negated(machine, result) if isinstance(result, Unknown) else not result
    if isinstance(value, int | float | complex):
        try:
            return _UNARY[op](value)
        except TypeError:
            pass
    return machine.unknown(f"the result of `{op}`", node)


def negated(machine: Machine, test: Unknown) -> Value:
    """The opposite of a test: decided by the same test, so that `if a` and `if not a` never hold together."""
    return Choice(test, False, True)


def compare(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """A comparison; with an unknown, always the same unknown for the same question."""
    if (isinstance(left, Array) or isinstance(right, Array)) and op in ("==", "!=", "<", "<=", ">", ">="):
        from keraslint.reader.data import array_comparison

        return array_comparison(left, right)
    if op in _NEGATED and (isinstance(left, Unknown) or isinstance(right, Unknown)):
        answer = compare(machine, _NEGATED[op], left, right, node)
        return negated(machine, answer) if isinstance(answer, Unknown) else not answer
    if isinstance(left, Unknown):
        return machine.derived(left, op, _key(right))
    if isinstance(right, Unknown):
        return machine.derived(right, op, _key(left), "reversed")
    if op in ("is", "is not"):
        return _identity(machine, op, left, right, node)
    if op in ("in", "not in"):
        return _membership(machine, op, left, right, node)
    left_items, right_items = _comparable(machine, left), _comparable(machine, right)
    if left_items is None or right_items is None:
        return machine.unknown(f"the result of `{op}`", node)
    try:
        return bool(_COMPARE[op](left_items, right_items))
    except TypeError:
        return machine.unknown(f"the result of `{op}`", node)


def _key(value: Value) -> object:
    return value if isinstance(value, _SCALARS) else id(value)


def _comparable(machine: Machine, value: Value) -> object | None:
    """A plain Python value to compare with, or None (None itself comes as ``(None,)``)."""
    if value is None:
        return (None,)
    if isinstance(value, _SCALARS):
        return value
    items = items_of(machine, value) if isinstance(value, ListValue | tuple) else None
    if items is not None and all(isinstance(item, _SCALARS) for item in items):
        return [type(value).__name__, *items]
    return None


def _identity(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return (left is right) == (op == "is")
    return machine.unknown("an identity test", node)


def _membership(machine: Machine, op: str, item: Value, container: Value, node: nodes.NodeNG) -> Value:
    if isinstance(container, str) and isinstance(item, str):
        return (item in container) == (op == "in")
    if isinstance(container, DictValue) and isinstance(item, _SCALARS):
        if item in container.entries or not container.has_more:
            return (item in container.entries) == (op == "in")
    elif isinstance(item, _SCALARS):
        items = items_of(machine, container)
        if items is not None and all(isinstance(other, _SCALARS) for other in items):
            return (item in items) == (op == "in")
    return machine.unknown("a membership test", node)


def subscript(machine: Machine, owner: Value, index: Value, node: nodes.NodeNG) -> Value:
    """``owner[index]``."""
    match owner:
        case Tensor():
            from keraslint.reader.tensors import get_item

            return get_item(machine, owner, index, node)
        case Array():
            from keraslint.reader.data import array_item

            return array_item(owner, index)
        case Unknown():
            return machine.derived(owner, "[]", _key(index))
        case DictValue(entries=entries):
            if isinstance(index, _SCALARS) and index in entries:
                return entries[index]
            return machine.unknown("an element of a dict", node)
        case External(path=path):
            return machine.unknown(f"an element of {path}", node)
        case tuple() | str() | range():
            return _element(machine, owner, index, node)
        case ListValue(items=items):
            if MORE in items and not (isinstance(index, int) and 0 <= index < len(items) - 1):
                return machine.unknown("an element of a list that is not all known", node)
            element = _element(machine, tuple(items), index, node)
            return ListValue(list(element)) if isinstance(index, slice) and isinstance(element, tuple) else element
        case _:
            return machine.unknown("an element", node)


def _element(machine: Machine, items: Any, index: Value, node: nodes.NodeNG) -> Value:
    if isinstance(index, slice) and all(isinstance(p, int | None) for p in (index.start, index.stop, index.step)):
        return items[index]
    if isinstance(index, int) and -len(items) <= index < len(items):
        return items[index]
    return machine.unknown("an element", node)
