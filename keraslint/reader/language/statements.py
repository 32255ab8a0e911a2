"""What Python's statements do to the state."""

from __future__ import annotations

from collections.abc import Sequence

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.assignment import assign, delete
from keraslint.reader.language.classes import make_class
from keraslint.reader.language.functions import decorated, make_function
from keraslint.reader.language.instances import special
from keraslint.reader.language.names import lookup
from keraslint.reader.language.operators import binary
from keraslint.reader.language.patterns import pattern_fits
from keraslint.reader.language.testing import expects_error
from keraslint.reader.machine.iteration import items_of, more
from keraslint.reader.machine.machine import Completion, Flow, Machine, Return, statement, truth
from keraslint.reader.machine.protocols import AUGMENTED, ENTERED, UNDEFINED
from keraslint.reader.machine.values import (
    DictValue,
    Instance,
    ListValue,
    ModelValue,
    Value,
)


@statement(nodes.Expr)
def _expr(machine: Machine, node: nodes.Expr) -> Completion:
    machine.evaluate(node.value)
    return Flow.NEXT


@statement(nodes.Assign)
def _assign(machine: Machine, node: nodes.Assign) -> Completion:
    value = machine.evaluate(node.value)
    for target in node.targets:
        assign(machine, target, value)
    return Flow.NEXT


@statement(nodes.AnnAssign)
def _ann_assign(machine: Machine, node: nodes.AnnAssign) -> Completion:
    if node.value is not None:
        assign(machine, node.target, machine.evaluate(node.value))
    return Flow.NEXT


@statement(nodes.AugAssign)
def _aug_assign(machine: Machine, node: nodes.AugAssign) -> Completion:
    target = node.target
    match target:
        case nodes.AssignName(name=name):
            old = machine.need(lookup(machine, name, node))
        case nodes.AssignAttr(expr=expr, attrname=attrname):
            old = machine.need(machine.attribute(machine.evaluate(expr), attrname, node))
        case _:
            old = machine.now(target)
    new = machine.now(node.value)
    if isinstance(old, ListValue) and node.op == "+=":
        added = items_of(machine, new)
        machine.journal.touch(old.items)
        old.items.extend([more(new)] if added is None else added)
        old.spans = None
        return Flow.NEXT
    result = binary(machine, node.op[:-1], old, new, node)
    if answer := AUGMENTED.of(old):
        answer(machine, old, result)
    assign(machine, target, result)
    return Flow.NEXT


@statement(nodes.Delete)
def _delete(machine: Machine, node: nodes.Delete) -> Completion:
    for target in node.targets:
        delete(machine, target)
    return Flow.NEXT


@statement(nodes.Global)
def _global(machine: Machine, node: nodes.Global) -> Completion:
    machine.scope.globals_declared.update(node.names)
    return Flow.NEXT


@statement(nodes.Nonlocal)
def _nonlocal(machine: Machine, node: nodes.Nonlocal) -> Completion:
    machine.scope.nonlocals_declared.update(node.names)
    return Flow.NEXT


@statement(nodes.Return)
def _return(machine: Machine, node: nodes.Return) -> Completion:
    return Return(machine.evaluate(node.value) if node.value is not None else None)


@statement(nodes.Break)
def _break(machine: Machine, node: nodes.Break) -> Completion:
    return Flow.BREAK


@statement(nodes.Continue)
def _continue(machine: Machine, node: nodes.Continue) -> Completion:
    return Flow.CONTINUE


@statement(nodes.FunctionDef, nodes.AsyncFunctionDef)
def _function_def(machine: Machine, node: nodes.FunctionDef) -> Completion:
    machine.journal.set(machine.scope.names, node.name, decorated(machine, node, make_function(machine, node)))
    return Flow.NEXT


@statement(nodes.ClassDef)
def _class_def(machine: Machine, node: nodes.ClassDef) -> Completion:
    machine.journal.set(machine.scope.names, node.name, make_class(machine, node))
    return Flow.NEXT


@statement(nodes.If)
def _if(machine: Machine, node: nodes.If) -> Completion:
    if _is_type_checking(node.test):
        return machine.execute(node.orelse)
    test = truth(machine, machine.now(node.test))
    if isinstance(test, Unknown):
        return machine.branch(test, lambda arm: machine.execute(node.body if arm else node.orelse))
    return machine.execute(node.body if test else node.orelse)


def _is_type_checking(test: nodes.NodeNG) -> bool:
    return isinstance(test, nodes.Name) and test.name == "TYPE_CHECKING"


@statement(nodes.With, nodes.AsyncWith)
def _with(machine: Machine, node: nodes.With) -> Completion:
    for context, target in node.items:
        entered = _entered(machine, machine.now(context), context)
        if target is not None:
            assign(machine, target, entered)
    expected = any(expects_error(context) for context, _ in node.items)
    machine.expecting += expected
    machine.refused += expected
    try:
        return machine.execute(node.body)
    finally:
        machine.expecting -= expected
        machine.refused -= expected


def _entered(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """What `with value as …` gives."""
    answer = ENTERED.of(value)
    if answer:
        return answer(machine, value)
    match value:
        case Instance():
            result = special(machine, value, "__enter__", node)
            return machine.unknown("the value of a context manager", node) if result is UNDEFINED else result
        case ListValue(items=[first, *_], is_generator=True):
            return first  # a function under contextlib.contextmanager
        case ModelValue() | DictValue():
            return value
        case Unknown():
            return machine.derived(value, "with")
        case _:
            return machine.unknown("the value of a context manager", node)


@statement(nodes.Match)
def _match(machine: Machine, node: nodes.Match) -> Completion:
    return _match_cases(machine, machine.now(node.subject), node.cases)


def _match_cases(machine: Machine, subject: Value, cases: Sequence[nodes.MatchCase]) -> Completion:
    if not cases:
        return Flow.NEXT
    case = cases[0]
    fits = pattern_fits(machine, subject, case.pattern)
    if fits is True and case.guard is not None:
        fits = truth(machine, machine.now(case.guard))
    if isinstance(fits, Unknown):
        return machine.branch(
            fits, lambda arm: machine.execute(case.body) if arm else _match_cases(machine, subject, cases[1:])
        )
    return machine.execute(case.body) if fits else _match_cases(machine, subject, cases[1:])
