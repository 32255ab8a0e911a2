"""What Python's expressions evaluate to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from astroid import nodes

from keraslint.graph import Array, Span, Tensor, Unknown
from keraslint.reader.language.assignment import assign, overwrite
from keraslint.reader.language.comparison import compare
from keraslint.reader.language.functions import make_function
from keraslint.reader.language.instances import special
from keraslint.reader.language.items import subscript
from keraslint.reader.language.names import lookup
from keraslint.reader.language.operators import binary, bounded, too_wide, unary
from keraslint.reader.machine.arguments import arguments_of
from keraslint.reader.machine.conversion import NotPlain, make_set, to_plain
from keraslint.reader.machine.iteration import cause_of, element_of, items_of, more
from keraslint.reader.machine.journal import COPIED_FOR_ONE
from keraslint.reader.machine.machine import Machine, expression, truth
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import ASSIGNED, FIRST_PARTY, PASS, UNDEFINED
from keraslint.reader.machine.state import Raised, Undecided, same_name
from keraslint.reader.machine.values import (
    MORE,
    Choice,
    DictValue,
    External,
    ListValue,
    Table,
    Value,
    is_key,
)

MOST_FORKS_OF_A_TEST = 2
"""Inside so many undecided branches the parts of an `and` or `or` are no longer told apart."""
LONGEST_DISPLAY = 4_000
"""The elements of longer literals are not looked at."""


@expression(nodes.Const)
def _const(machine: Machine, node: nodes.Const) -> Value:
    return bounded(machine, node.value, node) if isinstance(node.value, int) else node.value


@expression(nodes.Name)
def _name(machine: Machine, node: nodes.Name) -> Value:
    value = lookup(machine, node.name, node)
    return FIRST_PARTY.ask(machine, value, node) if isinstance(value, External) else value


@expression(nodes.Attribute)
def _attribute(machine: Machine, node: nodes.Attribute) -> Value:
    owner = machine.evaluate(node.expr)
    if isinstance(owner, Choice) and (common := _common_member(machine, owner, node)) is not None:
        return common
    return machine.attribute(owner, node.attrname, node)


def _common_member(machine: Machine, owner: Choice, node: nodes.Attribute) -> External | None:
    """``keras.layers``, where ``keras`` is one of two modules by the versions installed, and either has the same."""
    leaves = list(_leaves(machine, owner))
    if not all(isinstance(leaf, External) for leaf in leaves):
        return None
    first, *others = (machine.attribute(leaf, node.attrname, node) for leaf in leaves)
    return first if all(same_name(first, other) for other in others) else None


def _leaves(machine: Machine, value: Value) -> Iterator[Value]:
    """The values that one may be here, by the branches that are open."""
    if not isinstance(value, Choice):
        yield value
        return
    arm = machine.arm_of(value.test)
    for which, side in ((True, value.if_true), (False, value.if_false)):
        if arm is None or arm is which:
            yield from _leaves(machine, side)


@expression(nodes.Call)
def _call(machine: Machine, node: nodes.Call) -> Value:
    if isinstance(node.func, nodes.Call) and _names_class(node.func.func):
        _need_names(machine, node.args)
    if isinstance(node.func, nodes.Attribute) and node.func.attrname == "assign" and len(node.args) == 1:
        value = ASSIGNED.ask(machine, node.func.expr, node.args[0])
        if value is not PASS:
            return value
    callee = machine.now(node.func)
    return machine.call(callee, arguments_of(machine, node), node)


def _names_class(node: nodes.NodeNG) -> bool:
    name = node.attrname if isinstance(node, nodes.Attribute) else node.name if isinstance(node, nodes.Name) else ""
    return bool(name[:1].isupper())


def _need_names(machine: Machine, arguments: Sequence[nodes.NodeNG]) -> None:
    """``Dense(4)(x)`` needs ``x``: where that depends on a branch, no layer need be made before both arms make one."""
    for argument in arguments:
        if isinstance(argument, nodes.Name):
            machine.need(lookup(machine, argument.name, argument))


@expression(nodes.BinOp)
def _bin_op(machine: Machine, node: nodes.BinOp) -> Value:
    return binary(machine, node.op, machine.now(node.left), machine.now(node.right), node)


@expression(nodes.UnaryOp)
def _unary_op(machine: Machine, node: nodes.UnaryOp) -> Value:
    return unary(machine, node.op, machine.now(node.operand), node)


@expression(nodes.BoolOp)
def _bool_op(machine: Machine, node: nodes.BoolOp) -> Value:
    value: Value = None
    for operand in node.values:
        value = machine.now(operand)
        test = truth(machine, value)
        if isinstance(test, Unknown):
            if machine.forks < MOST_FORKS_OF_A_TEST:
                raise Undecided(test)
            return _blurred(machine, test, node.op, node.values[node.values.index(operand) + 1 :])
        if test is (node.op == "or"):
            return value
    return value


def _blurred(machine: Machine, test: Unknown, op: str, rest: Sequence[nodes.NodeNG]) -> Value:
    """An `and` or `or` behind an unknown operand, not told apart: one that only goes on to raise is as the operand."""
    for later in rest:
        try:
            answer = truth(machine, machine.now(later))
        except Raised:
            return test
        if answer is (op == "or"):
            return False if op == "and" else test
    return test


@expression(nodes.Compare)
def _compare(machine: Machine, node: nodes.Compare) -> Value:
    left = machine.now(node.left)
    for op, right_node in node.ops:
        right = machine.now(right_node)
        result = machine.need(compare(machine, op, left, right, node))
        if isinstance(result, Unknown | Array | Table | Tensor) or not result:
            return result
        left = right
    return True


@expression(nodes.IfExp)
def _if_exp(machine: Machine, node: nodes.IfExp) -> Value:
    test = truth(machine, machine.now(node.test))
    if not isinstance(test, Unknown):
        return machine.evaluate(node.body if test else node.orelse)

    def arm(which: bool) -> Value:
        try:
            return machine.evaluate(node.body if which else node.orelse)
        except Raised:
            return Unknown("an expression that only raises")

    (one, changes), (other, other_changes) = machine.in_both(test, arm)
    machine.keep_joined(test, changes, other_changes)
    return machine.join(test, one, other)


@expression(nodes.NamedExpr)
def _named_expr(machine: Machine, node: nodes.NamedExpr) -> Value:
    value = machine.evaluate(node.value)
    assign(machine, node.target, value)
    return value


@expression(nodes.Subscript)
def _subscript(machine: Machine, node: nodes.Subscript) -> Value:
    return subscript(machine, machine.now(node.value), machine.need_all(machine.evaluate(node.slice)), node)


@expression(nodes.Slice)
def _slice(machine: Machine, node: nodes.Slice) -> Value:
    return slice(*(machine.now(part) if part is not None else None for part in (node.lower, node.upper, node.step)))


def _elements(machine: Machine, elements: Sequence[nodes.NodeNG]) -> list[Value]:
    values: list[Value] = []
    for element in elements[:LONGEST_DISPLAY]:
        if isinstance(element, nodes.Starred):
            starred = machine.now(element.value)
            items = items_of(machine, starred)
            values.extend([more(starred)] if items is None else items)
        else:
            values.append(machine.evaluate(element))
    if len(elements) > LONGEST_DISPLAY:
        values.extend([None] * (len(elements) - LONGEST_DISPLAY))
    return values


def _spans(elements: Sequence[nodes.NodeNG]) -> tuple[Span, ...] | None:
    if len(elements) > 64 or any(isinstance(element, nodes.Starred) for element in elements):
        return None
    return tuple(span_of(element) for element in elements)


@expression(nodes.List, nodes.Set)
def _list(machine: Machine, node: nodes.List | nodes.Set) -> Value:
    values = _elements(machine, node.elts)
    return make_set(values) if isinstance(node, nodes.Set) else ListValue(values, _spans(node.elts))


@expression(nodes.Tuple)
def _tuple(machine: Machine, node: nodes.Tuple) -> Value:
    values = _elements(machine, node.elts)
    return tuple(values) if MORE not in values else ListValue(values)


@expression(nodes.Dict)
def _dict(machine: Machine, node: nodes.Dict) -> Value:
    result = DictValue({})
    spans: list[tuple[Span, Span]] | None = []
    for key_node, value_node in node.items[:LONGEST_DISPLAY]:
        if isinstance(key_node, nodes.DictUnpack):
            unpacked = machine.now(value_node)
            if not isinstance(unpacked, DictValue) or unpacked.has_more:
                overwrite(machine, result, unpacked)
            if isinstance(unpacked, DictValue):
                machine.burn(len(unpacked.entries) // COPIED_FOR_ONE)
                result.entries.update(unpacked.entries)
            spans = None
            continue
        key = machine.now(key_node)
        if is_key(key):
            result.entries[key] = machine.evaluate(value_node)
        else:
            machine.evaluate(value_node)
            result.has_more, result.why = True, result.why or cause_of(key)
        if spans is not None:
            spans.append((span_of(key_node), span_of(value_node)))
    if spans is not None and len(spans) == len(result.entries):
        result.spans = tuple(spans)
    return result


@expression(nodes.Lambda)
def _lambda(machine: Machine, node: nodes.Lambda) -> Value:
    return make_function(machine, node)


@expression(nodes.JoinedStr)
def _joined_str(machine: Machine, node: nodes.JoinedStr) -> Value:
    parts = list(_text_parts(machine, node.values))
    for place in reversed(range(len(parts))):
        if isinstance(parts[place], Unknown):
            first = next(part for part in parts if isinstance(part, Unknown))
            return machine.ended(first, "".join(parts[place + 1 :]))
    return bounded(machine, "".join(parts), node)


def _text_parts(machine: Machine, parts: Sequence[nodes.NodeNG]) -> Iterator[Value]:
    for part in parts:
        if isinstance(part, nodes.Const):
            yield str(part.value)
        elif isinstance(part, nodes.FormattedValue):
            yield _formatted(machine, part)
        else:
            yield machine.unknown("a formatted value", part)


def _formatted(machine: Machine, part: nodes.FormattedValue) -> Value:
    value = machine.now(part.value)
    spec = machine.now(part.format_spec) if part.format_spec is not None else ""
    text = special(machine, value, "__str__", part)
    try:
        plain = to_plain(machine, value if text is UNDEFINED else text)
        if part.conversion in _CONVERSIONS:
            plain = _CONVERSIONS[part.conversion](plain)
        if isinstance(spec, str) and not too_wide(spec):
            return format(plain, spec)
    except (NotPlain, ValueError, TypeError):
        pass
    return machine.unknown(cause_of(value) or "a formatted value", part)


_CONVERSIONS: dict[int, Callable[[object], str]] = {ord("r"): repr, ord("s"): str, ord("a"): ascii}


@expression(nodes.Starred)
def _starred(machine: Machine, node: nodes.Starred) -> Value:
    return machine.evaluate(node.value)


@expression(nodes.Await)
def _await(machine: Machine, node: nodes.Await) -> Value:
    return machine.evaluate(node.value)


@expression(nodes.Yield)
def _yield(machine: Machine, node: nodes.Yield) -> Value:
    value = machine.evaluate(node.value) if node.value is not None else None
    _give(machine, [value])
    return machine.unknown("what is sent to a generator", node)


@expression(nodes.YieldFrom)
def _yield_from(machine: Machine, node: nodes.YieldFrom) -> Value:
    iterable = machine.now(node.value)
    items = items_of(machine, iterable)
    _give(machine, [element_of(machine, iterable, node), more(iterable)] if items is None else items)
    return machine.unknown("what a generator returns", node)


def _give(machine: Machine, values: Sequence[Value]) -> None:
    """Let the function that is being read yield; nothing after the part that is not known."""
    if machine.frames:
        yielded = machine.frames[-1].yielded
        machine.journal.touch(yielded)
        if MORE not in yielded[-1:]:
            yielded.extend(values)
