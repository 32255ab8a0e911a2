"""What comparisons mean: equality, order, identity and membership."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import OneOf, Tensor, Unknown
from keraslint.reader.language.instances import field_values, special
from keraslint.reader.language.operators import negated, plainer, unary
from keraslint.reader.machine.conversion import NotPlain, to_plain
from keraslint.reader.machine.iteration import cause_of, items_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import COMPARE, PASS, UNDEFINED
from keraslint.reader.machine.values import (
    SCALARS,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    ModelValue,
    Native,
    Value,
    key_of,
)

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
    one, other = plainer(left), plainer(right)
    return PASS if one is left and other is right else compare(machine, op, one, other, node)


def _compare_constants(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    for one, other, swapped in ((left, right, False), (right, left, True)):
        if isinstance(one, OneOf) and isinstance(other, SCALARS) and op in _DECIDED:
            test, opposite = _DECIDED[op]
            answers = [test(*((other, one) if swapped else (one, other)))]
            answers.append(opposite(*((other, one) if swapped else (one, other))))
            if any(answers):
                return answers[0]
            if op == "==" and len(one.values) == 2 and not one.between and other == one.values[1]:
                return negated(machine, machine.derived(one, op, key_of(one.values[0])))
    if op not in ("is", "is not"):
        left, right = _settled(machine, left, right), _settled(machine, right, left)
    if op in _NEGATED and (isinstance(left, Unknown) or isinstance(right, Unknown)):
        answer = compare(machine, _NEGATED[op], left, right, node)
        return negated(machine, answer) if isinstance(answer, Unknown) else not answer
    if isinstance(left, Unknown):
        return machine.derived(left, op, key_of(right))
    if isinstance(right, Unknown):
        return machine.derived(right, op, key_of(left), "reversed")
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
    if plainer(left) is not left or plainer(right) is not right:
        return UNDEFINED
    if not isinstance(left, Instance) or not isinstance(right, Instance) or left.cls is not right.cls:
        return False if not _opaque(left) and not _opaque(right) else machine.unknown("an equality", node)
    if left.cls.fields:
        return compare(machine, "==", tuple(field_values(left).values()), tuple(field_values(right).values()), node)
    return machine.unknown("an equality", node) if left.cls.open_base and left.cls.kind != "enum" else False


def _opaque(value: Value) -> bool:
    """Whether a value may decide by itself what it is equal to."""
    return isinstance(value, Instance) and value.cls.open_base and value.cls.kind != "enum"


def _comparable(machine: Machine, value: Value) -> object | None:
    """A plain Python value to compare with, or None (None itself comes as ``(None,)``)."""
    if value is None:
        return (None,)
    if isinstance(value, SCALARS):
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
            if isinstance(other, SCALARS) or (isinstance(other, Instance) and isinstance(one, _THINGS)):
                return False
    return None


def _settled(machine: Machine, value: Value, other: Value) -> Value:
    """For something of another package that is compared with a plain value, the one unknown that it is everywhere."""
    if isinstance(value, External) and isinstance(other, SCALARS) and not keras_api.canonical(value.path):
        return machine.about(value.path)
    return value


def _membership(machine: Machine, op: str, item: Value, container: Value, node: nodes.NodeNG) -> Value:
    if isinstance(container, str) and isinstance(item, str):
        return (item in container) == (op == "in")
    if isinstance(container, DictValue) and isinstance(item, SCALARS):
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
    elif isinstance(item, SCALARS):
        items = items_of(machine, container)
        if items is not None and all(isinstance(other, SCALARS) for other in items):
            return (item in items) == (op == "in")
    return machine.unknown(cause_of(item, container) or "a membership test", node)
