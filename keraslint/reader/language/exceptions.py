"""What raises and what catches: `raise`, `assert` and `try`."""

from __future__ import annotations

import builtins

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.assignment import assign
from keraslint.reader.machine.machine import Completion, Flow, Machine, statement, truth
from keraslint.reader.machine.places import text_of
from keraslint.reader.machine.values import (
    ClassValue,
    Error,
    Instance,
)


@statement(nodes.Raise)
def _raise(machine: Machine, node: nodes.Raise) -> Completion:
    if node.exc is not None:
        machine.raised = _exception(machine, node.exc.func if isinstance(node.exc, nodes.Call) else node.exc)
    return Flow.RAISE


@statement(nodes.Assert)
def _assert(machine: Machine, node: nodes.Assert) -> Completion:
    test = truth(machine, machine.now(node.test))
    if isinstance(test, Unknown):
        machine.settle(test, True)
    elif not test:
        machine.raised = "AssertionError"
        return Flow.RAISE
    return Flow.NEXT


@statement(nodes.Try, nodes.TryStar)
def _try(machine: Machine, node: nodes.Try) -> Completion:
    completion = _guarded(machine, node) if node.handlers else machine.execute(node.body)
    final = machine.execute(node.finalbody)
    return completion if final is Flow.NEXT else final


def _guarded(machine: Machine, node: nodes.Try) -> Completion:
    machine.trying += 1
    machine.expecting += 1
    try:
        completion = machine.execute(node.body)
    finally:
        machine.trying -= 1
        machine.expecting -= 1
    if completion is Flow.RAISE:
        raised = machine.raised
        catching = next((handler for handler in node.handlers if _catches(machine, handler, raised)), None)
        return _handle(machine, catching) if catching is not None else completion
    for handler in node.handlers:
        _read_and_forget(machine, handler)
    return machine.then(completion, lambda: machine.execute(node.orelse))


def _handle(machine: Machine, handler: nodes.ExceptHandler) -> Completion:
    if handler.name is not None:
        assign(machine, handler.name, machine.unknown("an exception", handler))
    return machine.execute(handler.body)


def _catches(machine: Machine, handler: nodes.ExceptHandler, raised: object) -> bool:
    """Whether a handler takes an exception of this kind; one of a kind that is not known goes to the first."""
    if handler.type is None or raised is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, nodes.Tuple) else [handler.type]
    return any(_is_kind(raised, _exception(machine, kind), text_of(kind)) for kind in kinds)


def _is_kind(raised: object, kind: object, name: str) -> bool:
    if kind is None:
        return "." in name and isinstance(raised, str) and name.rpartition(".")[2] == raised
    if isinstance(raised, ClassValue):
        roots = [base for cls in raised.mro for base in cls.node.basenames]
        return kind in raised.mro or any(_is_kind(root, kind, name) for root in roots if hasattr(builtins, root))
    if not isinstance(kind, str) or not isinstance(raised, str):
        return False
    return issubclass(getattr(builtins, raised), getattr(builtins, kind))


def _read_and_forget(machine: Machine, handler: nodes.ExceptHandler) -> None:
    """Read a handler for what it makes and compiles; the state afterwards is as if it had not run."""
    machine.journal.begin()
    try:
        with machine.world(machine.unknown("an exception", handler), True):
            _handle(machine, handler)
    finally:
        machine.journal.undo()


def _exception(machine: Machine, node: nodes.NodeNG) -> object:
    """The class of an exception: the name of a built-in one, a class of the file, or None."""
    value = machine.now(node)
    if isinstance(value, Instance):
        value = value.cls
    if isinstance(value, ClassValue):
        return value
    if isinstance(value, Error):
        return value.kind
    name = text_of(node)
    return name if isinstance(getattr(builtins, name, None), type) else None
