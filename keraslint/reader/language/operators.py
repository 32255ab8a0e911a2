"""Operators between values: Python's own on constants, Keras's on tensors, shapes and ranges on data."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from astroid import nodes

from keraslint.graph import OPEN, Ended, OneOf, Quotient, Unknown
from keraslint.graph.shape import LARGEST
from keraslint.reader.language.instances import special
from keraslint.reader.machine.conversion import NotPlain, from_plain, to_plain
from keraslint.reader.machine.iteration import MOST_ITEMS, items_of
from keraslint.reader.machine.journal import COPIED_FOR_ONE
from keraslint.reader.machine.machine import Machine, truth
from keraslint.reader.machine.protocols import BINARY, PASS, UNARY, UNDEFINED
from keraslint.reader.machine.values import (
    MORE,
    SCALARS,
    Choice,
    DictValue,
    Instance,
    ListValue,
    Sizes,
    Value,
    WeightsOf,
    key_of,
    scalar_of,
)

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
LONGEST_TEXT = 10_000

_WIDE_FIELD = re.compile(r"\d{4}|\*")
"""A width in a format that could make a small text a huge one."""


_SPECIAL = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "@": "matmul",
    "&": "and",
    "|": "or",
    "^": "xor",
    "<<": "lshift",
    ">>": "rshift",
}
"""Operators by the names of their special methods."""


@dataclass
class Mapped:
    """What operators make of numbers of which several values are possible."""

    results: dict[tuple[object, ...], tuple[Unknown, Unknown]] = field(default_factory=dict)
    """What was there, and what it has become."""


def binary(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """``left op right``."""
    result = BINARY.ask(machine, op, left, right, node)
    return _of_constants(machine, op, left, right, node) if result is PASS else result


@BINARY.answers(Instance)
def _of_instances(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """By the special methods of the file, else as the plain values that they stand for."""
    result = special(machine, left, f"__{_SPECIAL[op]}__", node, right)
    if result is UNDEFINED:
        result = special(machine, right, f"__r{_SPECIAL[op]}__", node, left)
    if result is not UNDEFINED:
        return result
    one, other = plainer(left), plainer(right)
    return PASS if one is left and other is right else binary(machine, op, one, other, node)


@BINARY.answers(Sizes)
def _of_sizes(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """TensorFlow keeps no constants through arithmetic on a whole tensor of sizes."""
    return Sizes((OPEN,) * len(left if isinstance(left, Sizes) else right))


def _of_constants(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    if op == "%" and isinstance(left, str) and not isinstance(right, SCALARS):
        return _of_sequences(machine, op, left, right, node)
    if isinstance(left, DictValue) and isinstance(right, DictValue) and op == "|":
        machine.burn((len(left.entries) + len(right.entries)) // COPIED_FOR_ONE)
        return DictValue({**left.entries, **right.entries}, has_more=left.has_more or right.has_more)
    if isinstance(left, SCALARS) and isinstance(right, SCALARS) and _affordable(op, left, right):
        try:
            return bounded(machine, _BINARY[op](left, right), node)
        except (ArithmeticError, TypeError, ValueError) as error:
            return machine.failure(type(error).__name__, f"the result of `{op}`", node)
    return machine.unknown(f"the result of `{op}`", node, Quotient if op == "/" else Unknown)


def bounded(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """A computed value, unknown when it is longer or larger than anything that a model is made of: a size like
    ``10**10**10`` must not cost anything."""
    if isinstance(value, str | bytes) and len(value) > LONGEST_TEXT:
        return machine.unknown("a text that is too long", node)
    if isinstance(value, int) and abs(value) > LARGEST:
        return machine.unknown("a number that is too large", node)
    return value


def plainer(value: Value) -> Value:
    """The plain value that an instance stands for: a member of an IntEnum, a dict of the file's own class."""
    if not isinstance(value, Instance):
        return value
    scalar = scalar_of(value)
    if scalar is not None:
        return scalar
    return value.contents if value.contents is not None else value


def too_wide(spec: str) -> bool:
    """Whether a format asks for a width that could make a small text a huge one."""
    return _WIDE_FIELD.search(spec) is not None


def _on_each(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Unknown | None:
    """The operator between a number and each of the values that another may have; always the same for the same."""
    known, other = (left, right) if isinstance(left, OneOf) else (right, left)
    if known.between or not isinstance(other, int | float):
        return None
    key = ("each", id(known), op, other, known is left)
    results = machine.memory(Mapped).results
    if key not in results:
        pairs = [(value, other) if known is left else (other, value) for value in known.values]
        each = [binary(machine, op, one, two, node) for one, two in pairs]
        plain = all(isinstance(value, SCALARS) for value in each)
        made = OneOf(known.reason, known.span, tuple(each)) if plain else Unknown(known.reason, known.span)
        results[key] = (known, made)
    return results[key][1]


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


@BINARY.answers(Unknown)
def _of_unknown(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """An operation on something unknown: always the same unknown for the same operation."""
    if op != "/" and (left is OPEN or right is OPEN):
        return OPEN
    if op == "+" and isinstance(left, WeightsOf) and isinstance(right, WeightsOf):
        owners = (*left.owners, *right.owners)
        return machine.derived(left, op, id(right), kind=lambda *made: WeightsOf(*made, owners=owners))
    one, other = (left, right) if isinstance(left, Unknown) else (right, left)
    if isinstance(other, str) and not isinstance(one, OneOf) and (end := _end_of_text(op, left, right)):
        return machine.ended(machine.derived(one, op, other, one is left), end)
    if not isinstance(one, OneOf) and op == "+" and type(other) in (int, Unknown):
        return machine.shifted(one, other)
    if one is left and not isinstance(one, OneOf) and op == "-" and type(other) is int:
        return machine.shifted(one, -other)
    order = () if one is left else ("reversed",)
    return machine.derived(one, op, key_of(other), *order, kind=Quotient if op == "/" else Unknown)


def _end_of_text(op: str, left: Value, right: Value) -> str:
    """The end of ``folder + "/best.h5"`` or ``"best_%s.h5" % name``, as far as it is text that is there."""
    if op == "+" and isinstance(right, str):
        return left.end + right if isinstance(left, Ended) else right
    if op == "%" and isinstance(left, str):
        return _CONVERSION.split(left)[-1]
    return ""


_CONVERSION = re.compile(r"%(?:\(\w+\))?[^a-zA-Z%]*[a-zA-Z%]")


@BINARY.answers(ListValue)
@BINARY.answers(tuple)
def _of_sequences(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    if op in _SET_OPERATIONS and isinstance(left, ListValue) and isinstance(right, ListValue):
        return set_operation(machine, op, left, right, node)
    if op == "+" and type(left) is type(right):
        one, other = _raw_items(left), _raw_items(right)
        if len(one) + len(other) > MOST_ITEMS:
            return machine.unknown("a list that is too long", node)
        machine.burn((len(one) + len(other)) // COPIED_FOR_ONE)
        if isinstance(left, tuple):
            return (*one, *other)
        return ListValue([*one, *other] if MORE not in one else [*one])
    if op == "*":
        sequence, count = (left, right) if isinstance(left, ListValue | tuple) else (right, left)
        items = items_of(machine, sequence)
        if items is not None and isinstance(count, int) and len(items) * count <= LONGEST_TEXT:
            machine.burn(len(items) * max(count, 0) // 16)
            repeated = [*items] * count if items else []
            return tuple(repeated) if isinstance(sequence, tuple) else ListValue(repeated)
    if op == "%" and isinstance(left, str) and not too_wide(left) and len(left) <= LONGEST_TEXT:
        try:
            return bounded(machine, left % to_plain(machine, right), node)
        except (NotPlain, TypeError, ValueError):
            return machine.unknown("a formatted string", node)
    return machine.unknown(f"the result of `{op}` on a sequence", node)


_SET_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "&": operator.and_,
    "|": operator.or_,
    "-": operator.sub,
    "^": operator.xor,
}


def set_operation(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """An operator between sets of plain values."""
    try:
        return from_plain(_SET_OPERATIONS[op](set(to_plain(machine, left)), set(to_plain(machine, right))))
    except (NotPlain, TypeError):
        return machine.unknown(f"the result of `{op}` on sets", node)


def _raw_items(value: Value) -> list[Value]:
    return value.items if isinstance(value, ListValue) else list(value)


def unary(machine: Machine, op: str, value: Value, node: nodes.NodeNG) -> Value:
    """``-value``, ``+value``, ``~value`` or ``not value``."""
    answer = UNARY.of(value)
    result = answer(machine, op, value, node) if answer else PASS
    return _unary_of_constant(machine, op, value, node) if result is PASS else result


@UNARY.answers(Unknown)
def _unary_of_unknown(machine: Machine, op: str, value: Unknown, node: nodes.NodeNG) -> Value:
    return negated(machine, value) if op == "not" else machine.derived(value, op)


@UNARY.answers(Instance)
def _unary_of_instance(machine: Machine, op: str, value: Instance, node: nodes.NodeNG) -> Value:
    if op == "not":
        return PASS
    result = special(machine, value, {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op], node)
    return unary(machine, op, scalar_of(value), node) if result is UNDEFINED else result


def _unary_of_constant(machine: Machine, op: str, value: Value, node: nodes.NodeNG) -> Value:
    if op == "not":
        result = truth(machine, value)
        return negated(machine, result) if isinstance(result, Unknown) else not result
    if isinstance(value, int | float | complex) and op in _UNARY:
        try:
            return _UNARY[op](value)
        except TypeError:
            pass
    return machine.unknown(f"the result of `{op}`", node)


def negated(machine: Machine, test: Unknown) -> Value:
    """The opposite of a test: decided by the same test, so that `if a` and `if not a` never hold together."""
    return Choice(test, False, True)
