"""Runs the statements of a module one by one, each with a share of the fuel, so that none can starve the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.functions import escape
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.state import OutOfFuel, Raised, Undecided
from keraslint.reader.machine.values import Choice, DictValue, Instance, ListValue, ModelValue, Scope, Value

FUEL_PER_LINE = 25
LARGEST_SHARE = 0.7
"""One statement of the module, or one function that nothing calls, takes so much of what is left."""
SHARE_WITH_FORKS = 0.65
"""So much of what is left is spent before a part is read again with one undecided branch at a time."""


def line_count(module: nodes.Module) -> int:
    return module.end_lineno or (module.body[-1].end_lineno if module.body else 1) or 1


def run_module(machine: Machine, module: nodes.Module, scope: Scope) -> None:
    """Execute a module's body in ``scope``; what cannot be finished stays unknown."""
    for statement in module.body:
        within_share(machine, partial(machine.execute, [statement]), statement, scope)


def within_share(machine: Machine, run: Callable[[], object], node: nodes.NodeNG, scope: Scope) -> None:
    """Run a part of the program with a share of the fuel, so that one that asks for too much leaves some to the rest.

    What an unfinished part binds is unknown afterwards, and what it may have added to is not complete.
    """
    before, settled = len(machine.record.models), dict(machine.settled)
    try:
        if not _finished(machine, run):
            with machine.share_of_fuel(LARGEST_SHARE), machine.limited_forks(1):
                run()
    except (OutOfFuel, RecursionError):
        why = machine.unknown("this asks for more work than is allowed; it is read in part", node)
        _blur(machine, node, why, scope, before)
    except Raised:
        pass
    except Undecided as undecided:
        _blur(machine, node, machine.unknown(f"depends on {undecided.test.reason}", node), scope, before)
    finally:
        if isinstance(node, nodes.FunctionDef | nodes.ClassDef):
            machine.settled = settled  # nobody may ever call it


def _finished(machine: Machine, run: Callable[[], object]) -> bool:
    """Run a part with undecided branches kept apart; if they keep it from its end, all is as before.

    Raises:
        OutOfFuel: it has none, and asks for too much work all the same.
    """
    mark, branches = machine.record.mark(), machine.branches_read
    machine.journal.begin()
    try:
        with machine.share_of_fuel(SHARE_WITH_FORKS), machine.fewer_forks_later():
            run()
    except OutOfFuel:
        if machine.branches_read == branches:
            machine.journal.commit()
            raise
        machine.journal.undo()
        machine.record.rewind(mark)
        return False
    except BaseException:
        machine.journal.commit()
        raise
    machine.journal.commit()
    if not machine.journal.is_open:
        machine.forget_unknowns()
    return True


def _blur(machine: Machine, node: nodes.NodeNG, why: Unknown, scope: Scope, before: int) -> None:
    """What a part may have changed that was left: a function has only its own models and those it finds by name."""
    machine.record.unknowns.append(why)
    is_function = isinstance(node, nodes.FunctionDef | nodes.ClassDef)
    if not is_function:
        for name in node.nodes_of_class(nodes.AssignName, (nodes.FunctionDef, nodes.ClassDef)):
            scope.names[name.name] = why
    within_reach = {id(model) for model in machine.record.models[before:]} | set(models_within(scope.names.values()))
    for model in machine.record.models:
        if not is_function or id(model) in within_reach:
            escape(machine, model, "what is read in part")


def models_within(values: Iterable[Value]) -> Iterator[int]:
    """The ids of the models that values lead to, through instances and containers."""
    stack, seen = list(values), set[int]()
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        match value:
            case ModelValue():
                yield id(value)
            case Choice(if_true=one, if_false=other):
                stack.extend((one, other))
            case Instance(attributes=attributes, model=model):
                stack.extend((*attributes.values(), model))
            case ListValue(items=items) | (tuple() as items):
                stack.extend(items)
            case DictValue(entries=entries):
                stack.extend(entries.values())
