"""Operators between values: Python's own on constants, Keras's on tensors, shapes and ranges on data."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import OPEN, OneOf, Tensor, Unknown
from keraslint.graph.shape import LARGEST, length_of
from keraslint.reader.language.classes import field_values, special
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.conversion import NotPlain, from_plain, to_plain
from keraslint.reader.machine.iteration import MOST_ITEMS, cause_of, items_of
from keraslint.reader.machine.machine import Machine, truth
from keraslint.reader.machine.protocols import BINARY, COMPARE, ITEM, PASS, UNARY, UNDEFINED
from keraslint.reader.machine.state import COPIED_FOR_ONE
from keraslint.reader.machine.values import (
    MORE,
    Choice,
    ClassValue,
    DictValue,
    External,
    Fields,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    ModelValue,
    Native,
    Sizes,
    Value,
    is_key,
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
_DECIDED: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "==": (operator.eq, operator.ne),
    "!=": (operator.ne, operator.eq),
    "<": (operator.lt, operator.ge),
    "<=": (operator.le, operator.gt),
    ">": (operator.gt, operator.le),
    ">=": (operator.ge, operator.lt),
}
"""Comparisons that all the values of a hyperparameter may answer alike, and their opposites."""
_NEGATED = {"!=": "==", "is not": "is", "not in": "in"}

LONGEST_TEXT = 10_000

_WIDE_FIELD = re.compile(r"\d{4}|\*")
"""A width in a format that could make a small text a huge one."""

_SCALARS = (int, float, complex, str, bytes, bool, type(None))


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
    one, other = _plainer(left), _plainer(right)
    return PASS if one is left and other is right else binary(machine, op, one, other, node)


@BINARY.answers(Sizes)
def _of_sizes(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """TensorFlow keeps no constants through arithmetic on a whole tensor of sizes."""
    return Sizes((OPEN,) * len(left if isinstance(left, Sizes) else right))


def _of_constants(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    if op == "%" and isinstance(left, str) and not isinstance(right, _SCALARS):
        return _of_sequences(machine, op, left, right, node)
    if isinstance(left, DictValue) and isinstance(right, DictValue) and op == "|":
        machine.burn((len(left.entries) + len(right.entries)) // COPIED_FOR_ONE)
        return DictValue({**left.entries, **right.entries}, has_more=left.has_more or right.has_more)
    if isinstance(left, _SCALARS) and isinstance(right, _SCALARS) and _affordable(op, left, right):
        try:
            return bounded(machine, _BINARY[op](left, right), node)
        except (ArithmeticError, TypeError, ValueError) as error:
            return machine.failure(type(error).__name__, f"the result of `{op}`", node)
    return machine.unknown(f"the result of `{op}`", node)


def bounded(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """A computed value, unknown when it is longer or larger than anything that a model is made of: a size like
    ``10**10**10`` must not cost anything."""
    if isinstance(value, str | bytes) and len(value) > LONGEST_TEXT:
        return machine.unknown("a text that is too long", node)
    if isinstance(value, int) and abs(value) > LARGEST:
        return machine.unknown("a number that is too large", node)
    return value


def _plainer(value: Value) -> Value:
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
    if key not in machine.mapped:
        pairs = [(value, other) if known is left else (other, value) for value in known.values]
        each = [binary(machine, op, one, two, node) for one, two in pairs]
        plain = all(isinstance(value, _SCALARS) for value in each)
        made = OneOf(known.reason, known.span, tuple(each)) if plain else Unknown(known.reason, known.span)
        machine.mapped[key] = (known, made)
    return machine.mapped[key][1]


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
    if left is OPEN or right is OPEN:
        return OPEN
    one, other = (left, right) if isinstance(left, Unknown) else (right, left)
    if not isinstance(one, OneOf) and op == "+" and type(other) in (int, Unknown):
        return machine.shifted(one, other)
    if one is left and not isinstance(one, OneOf) and op == "-" and type(other) is int:
        return machine.shifted(one, -other)
    return machine.derived(one, op, _key(other)) if one is left else machine.derived(one, op, _key(other), "reversed")


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


_COMPARED = {"==": "eq", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_MIRRORED = {"==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """A comparison; with an unknown, always the same unknown for the same question."""
    result = COMPARE.ask(machine, op, left, right, node)
    return _compare_constants(machine, op, left, right, node) if result is PASS else result


@COMPARE.answers(Instance)
def _of_compared_instances(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    result = _compare_instances(machine, op, left, right, node)
    if result is not UNDEFINED:
        return result
    one, other = _plainer(left), _plainer(right)
    return PASS if one is left and other is right else compare(machine, op, one, other, node)


def _compare_constants(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    for one, other, swapped in ((left, right, False), (right, left, True)):
        if isinstance(one, OneOf) and isinstance(other, _SCALARS) and op in _DECIDED:
            test, opposite = _DECIDED[op]
            answers = [test(*((other, one) if swapped else (one, other)))]
            answers.append(opposite(*((other, one) if swapped else (one, other))))
            if any(answers):
                return answers[0]
            if op == "==" and len(one.values) == 2 and not one.between and other == one.values[1]:
                return negated(machine, machine.derived(one, op, _key(one.values[0])))
    if op not in ("is", "is not"):
        left, right = _settled(machine, left, right), _settled(machine, right, left)
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
    if op in ("==", "!=") and (same := _same_thing(left, right)) is not None:
        return same == (op == "==")
    left_items, right_items = _comparable(machine, left), _comparable(machine, right)
    if left_items is None or right_items is None:
        return machine.unknown(f"the result of `{op}`", node)
    try:
        return bool(_COMPARE[op](left_items, right_items))
    except TypeError:
        return machine.unknown(f"the result of `{op}`", node)


def _compare_instances(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """By the special methods of the file, else by identity, as Python does."""
    if op == "!=" and special(machine, left, "__ne__", node, right) is UNDEFINED:
        answer = _compare_instances(machine, "==", left, right, node)
        return answer if answer is UNDEFINED else unary(machine, "not", answer, node)
    if op in _COMPARED:
        result = special(machine, left, f"__{_COMPARED[op]}__", node, right)
        if result is UNDEFINED:
            result = special(machine, right, f"__{_COMPARED[_MIRRORED[op]]}__", node, left)
        if result is UNDEFINED and op == "==":
            return _equal_instances(machine, left, right, node)
        return result
    if op in ("in", "not in") and isinstance(right, Instance):
        result = special(machine, right, "__contains__", node, left)
        return result if result is UNDEFINED or op == "in" else unary(machine, "not", result, node)
    return UNDEFINED


def _equal_instances(machine: Machine, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    if left is right:
        return True
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNDEFINED
    if _plainer(left) is not left or _plainer(right) is not right:
        return UNDEFINED
    if not isinstance(left, Instance) or not isinstance(right, Instance) or left.cls is not right.cls:
        return False if not _opaque(left) and not _opaque(right) else machine.unknown("an equality", node)
    if left.cls.fields:
        return compare(machine, "==", tuple(field_values(left).values()), tuple(field_values(right).values()), node)
    return machine.unknown("an equality", node) if left.cls.open_base and left.cls.kind != "enum" else False


def _opaque(value: Value) -> bool:
    """Whether a value may decide by itself what it is equal to."""
    return isinstance(value, Instance) and value.cls.open_base and value.cls.kind != "enum"


def _key(value: Value) -> object:
    return value if isinstance(value, _SCALARS) else id(value)


def _comparable(machine: Machine, value: Value) -> object | None:
    """A plain Python value to compare with, or None (None itself comes as ``(None,)``)."""
    if value is None:
        return (None,)
    if isinstance(value, _SCALARS):
        return value
    try:
        return (
            (to_plain(machine, value), type(value).__name__)
            if isinstance(value, ListValue | tuple | DictValue)
            else None
        )
    except NotPlain:
        return None


def _identity(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return (left is right) == (op == "is")
    if isinstance(left, Instance | Tensor) and isinstance(right, (*_THINGS, Instance, Tensor)):
        return (left is right) == (op == "is")
    same = _same_thing(left, right)
    return machine.unknown("an identity test", node) if same is None else same == (op == "is")


_THINGS = (ClassValue, FunctionValue, Native, LayerValue, ModelValue)
"""What is only equal to itself."""


def _same_thing(left: Value, right: Value) -> bool | None:
    """Whether two functions, classes or layers are one and the same; None where that is not known."""
    if isinstance(left, External) and isinstance(right, External):
        one, other = keras_api.canonical(left.path), keras_api.canonical(right.path)
        return True if left == right else one == other if one and other else None
    for one, other in ((left, right), (right, left)):
        if isinstance(one, _THINGS) or (isinstance(one, External) and keras_api.canonical(one.path)):
            if isinstance(other, _THINGS):
                return one is other
            if isinstance(other, _SCALARS) or (isinstance(other, Instance) and isinstance(one, _THINGS)):
                return False
    return None


def _settled(machine: Machine, value: Value, other: Value) -> Value:
    """For something of another package that is compared with a plain value, the one unknown that it is everywhere."""
    if isinstance(value, External) and isinstance(other, _SCALARS) and not keras_api.canonical(value.path):
        return machine.about(value.path)
    return value


def _membership(machine: Machine, op: str, item: Value, container: Value, node: nodes.NodeNG) -> Value:
    if isinstance(container, str) and isinstance(item, str):
        return (item in container) == (op == "in")
    if isinstance(container, DictValue) and isinstance(item, _SCALARS):
        if item in container.entries or not container.has_more:
            return (item in container.entries) == (op == "in")
    elif isinstance(item, Instance):
        items = items_of(machine, container)
        if items is not None:
            answers = [compare(machine, "==", item, other, node) for other in items]
            if any(answer is True for answer in answers):
                return op == "in"
            if all(answer is False for answer in answers):
                return op == "not in"
    elif isinstance(item, _SCALARS):
        items = items_of(machine, container)
        if items is not None and all(isinstance(other, _SCALARS) for other in items):
            return (item in items) == (op == "in")
    return machine.unknown(cause_of(item, container) or "a membership test", node)


def subscript(machine: Machine, owner: Value, index: Value, node: nodes.NodeNG) -> Value:
    """``owner[index]``."""
    answer = ITEM.of(owner)
    return answer(machine, owner, index, node) if answer else machine.unknown("an element", node)


@ITEM.answers(Unknown)
def _of_something(machine: Machine, owner: Unknown, index: Value, node: nodes.NodeNG) -> Value:
    return machine.derived(owner, "[]", _key(index))


@ITEM.answers(Instance)
def _of_an_instance(machine: Machine, owner: Instance, index: Value, node: nodes.NodeNG) -> Value:
    result = special(machine, owner, "__getitem__", node, index)
    if result is not UNDEFINED:
        return result
    inner = owner.contents if owner.contents is not None else items_of(machine, owner)
    if inner is None:
        return machine.unknown(cause_of(index) or "an element", node)
    return subscript(machine, inner, index, node)


@ITEM.answers(ClassValue)
def _of_a_class(machine: Machine, owner: ClassValue, index: Value, node: nodes.NodeNG) -> Value:
    """A member of an Enum by its name; or the class itself, as in ``Generic[T]``."""
    if owner.kind != "enum" or not isinstance(index, str):
        return owner
    return owner.names[index] if index in owner.names else machine.failure("KeyError", "a member of an Enum", node)


@ITEM.answers(Fields)
def _of_fields(machine: Machine, owner: Fields, index: Value, node: nodes.NodeNG) -> Value:
    return _element(machine, tuple(owner.values.values()), index, node)


@ITEM.answers(tuple)
def _of_a_tuple(machine: Machine, owner: tuple[Value, ...], index: Value, node: nodes.NodeNG) -> Value:
    if isinstance(index, Unknown):
        return _some_element(machine, owner, index, node)
    return _element(machine, owner, index, node)


@ITEM.answers(Sizes)
def _size(machine: Machine, owner: Sizes, index: Value, node: nodes.NodeNG) -> Value:
    found = _of_a_tuple(machine, owner, index, node)
    return Sizes(found) if isinstance(index, slice) and isinstance(found, tuple) else found


@ITEM.answers(ListValue)
def _of_a_list(machine: Machine, owner: ListValue, index: Value, node: nodes.NodeNG) -> Value:
    if isinstance(index, Unknown):
        return _some_element(machine, owner, index, node)
    items = owner.items
    if MORE in items and not (isinstance(index, int) and 0 <= index < len(items) - 1):
        return machine.unknown(cause_of(owner, index) or "an element of a list that is not all known", node)
    element = _element(machine, items, index, node)
    return ListValue(element) if isinstance(element, list) else element


@ITEM.answers(DictValue)
def _entry(machine: Machine, owner: DictValue, index: Value, node: nodes.NodeNG) -> Value:
    if is_key(index) and index in owner.entries:
        return owner.entries[index]
    if owner.missing is not None and isinstance(index, _SCALARS) and not owner.has_more:
        made = machine.call(owner.missing, Arguments(), node)
        machine.journal.set(owner.entries, index, made)
        return made
    if isinstance(index, _SCALARS) and not owner.has_more:
        return machine.failure("KeyError", "an element of a dict", node)
    if isinstance(index, Unknown):
        if owner.missing is not None:
            owner.has_more, owner.why = True, owner.why or index.reason
        return _some_element(machine, owner, index, node)
    return machine.unknown(cause_of(owner, index) or "an element of a dict", node)


def _some_element(
    machine: Machine, owner: ListValue | DictValue | tuple[Value, ...], index: Unknown, node: nodes.NodeNG
) -> Unknown:
    """The element at a place that is not known: what is done to it may be done to any."""
    derived = isinstance(owner, DictValue)
    found = machine.derived(index, "key", id(owner)) if derived else machine.unknown(index.reason, node)
    machine.part_of[found] = owner
    return found


@ITEM.answers(str, range)
def _element(machine: Machine, items: Any, index: Value, node: nodes.NodeNG) -> Value:
    if isinstance(index, slice) and all(isinstance(p, int | None) for p in (index.start, index.stop, index.step)):
        machine.burn(0 if isinstance(items, range) else len(items) // COPIED_FOR_ONE)
        return items[index] if index.step != 0 else machine.failure("ValueError", "a slice with a step of 0", node)
    length = length_of(items) if isinstance(items, range) else len(items)
    if isinstance(index, int) and -length <= index < length:
        return items[index]
    if isinstance(index, int):
        return machine.failure("IndexError", "an element", node)
    return machine.unknown(cause_of(index) or "an element", node)
