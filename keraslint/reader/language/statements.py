"""What Python's statements do to the state."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from astroid import nodes

from keraslint.graph import Array, Tensor, Unknown
from keraslint.graph.shape import join as join_shapes
from keraslint.reader.language.assignment import assign, assigned_names, delete
from keraslint.reader.language.classes import make_class, special
from keraslint.reader.language.functions import decorated, make_function
from keraslint.reader.language.names import lookup
from keraslint.reader.language.operators import binary
from keraslint.reader.language.patterns import pattern_fits
from keraslint.reader.machine.iteration import advance, element_of, items_of, iterated, more
from keraslint.reader.machine.machine import Completion, Flow, Machine, Return, Split, statement, truth
from keraslint.reader.machine.protocols import AUGMENTED, UNDEFINED
from keraslint.reader.machine.state import MISSING, Changes, span_of, text_of
from keraslint.reader.machine.values import (
    Choice,
    ClassValue,
    DictValue,
    Error,
    Instance,
    LayerValue,
    ListValue,
    ModelState,
    ModelValue,
    More,
    Pending,
    Repeated,
    Value,
)

LOOP_FUEL = 60_000
"""A loop that makes something of Keras is unrolled until it has used so much; what it changes is unknown from there
on."""
SHARE_OF_DATA_LOOP = 0.5
"""One that makes nothing of Keras takes at most so much of what there is: it moves data, trains or predicts, and what
comes behind it has to be read, too."""
MOST_IDLE_TURNS = 2
"""A loop is left when so many turns in a row changed nothing."""
MOST_IDLE_DECISIONS = 32
"""The same for a loop with an `if` at its top, which may wait for its turn."""

MOST_YIELDED = 32
"""So much is taken from a generator that never ends."""


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


class LoopFuel:
    """How much a loop may use: more when it makes layers, models or other objects of Keras."""

    def __init__(self, machine: Machine) -> None:
        self._start, self._made = machine.fuel, _made(machine)

    def is_reached(self, machine: Machine) -> bool:
        most = LOOP_FUEL if _made(machine) > self._made else min(LOOP_FUEL, SHARE_OF_DATA_LOOP * self._start)
        return self._start - machine.fuel > most


def _made(machine: Machine) -> int:
    record = machine.record
    return len(record.models) + len(record.layers) + len(record.calls) + len(record.objects)


@statement(nodes.For, nodes.AsyncFor)
def _for(machine: Machine, node: nodes.For) -> Completion:
    iterable = machine.now(node.iter)
    used_up = iterable.items if isinstance(iterable, ListValue) and iterable.is_generator else None
    if used_up and isinstance(used_up[0], Pending):
        return _after_loop(machine, _drain(machine, node, used_up, LoopFuel(machine)), node.orelse)
    items = iterated(machine, iterable, node.iter)
    if items is None:
        element = element_of(machine, iterable, node.iter)
        why = more(iterable).reason or None
        completion = _once(machine, node, node.body, lambda: assign(machine, node.target, element), why)
        return _after_loop(machine, completion, node.orelse)
    if used_up is not None:
        machine.journal.touch(used_up)
        used_up[:] = items
    elif isinstance(iterable, ListValue) and not iterable.is_set:
        items = iterable.items  # it may grow while the loop goes over it
    completion = _unroll(machine, node, items, LoopFuel(machine), used_up)
    return _after_loop(machine, completion, node.orelse)


def _after_loop(machine: Machine, completion: Completion, orelse: Sequence[nodes.NodeNG]) -> Completion:
    """Go on behind a loop: with its `else` where nothing broke off."""
    completed = machine.then(_renamed(completion, Flow.CONTINUE, Flow.NEXT), lambda: machine.execute(orelse))
    return _renamed(completed, Flow.BREAK, Flow.NEXT)


def _renamed(completion: Completion, old: Flow, new: Flow) -> Completion:
    match completion:
        case Split(test=test, if_true=one, if_false=other):
            one, other = _renamed(one, old, new), _renamed(other, old, new)
            return one if one is other else Split(test, one, other)
        case _:
            return new if completion is old else completion


def _unroll(
    machine: Machine, node: nodes.For, items: Sequence[Value], limit: LoopFuel, used_up: list[Value] | None = None
) -> Completion:
    """Read the body once for each item, as long as it is worth it; an iterator loses them on the way."""
    idle = 0
    patience = MOST_IDLE_TURNS if not any(map(_decides, node.body)) else MOST_IDLE_DECISIONS
    if any(isinstance(item, LayerValue) for item in items):
        patience = len(items)  # which of them to freeze may be told from the name of one
    targets = assigned_names(node.target)
    for index, item in enumerate(items):
        if isinstance(item, More):
            return _once(machine, node, node.body, lambda: _enter_later_turn(machine, node))
        if used_up:
            machine.journal.touch(used_up)
            del used_up[0]
        completion, changes = _turn(machine, node, item)
        if isinstance(completion, Split) and machine.may_fork:
            rest = items[index + 1 :]
            return machine.then(completion, lambda rest=rest: _unroll(machine, node, rest, limit, used_up))  # type: ignore[misc]
        if completion is not Flow.NEXT and not isinstance(completion, Split):
            return completion
        idle = idle + 1 if _nothing_new(machine, changes, targets) else 0
        if idle >= patience:
            assign(machine, node.target, items[-1])
            return Flow.NEXT
        if limit.is_reached(machine) or isinstance(completion, Split):
            return _once(machine, node, node.body, lambda: _enter_later_turn(machine, node))
    return Flow.NEXT


def _drain(machine: Machine, node: nodes.For, left: list[Value], limit: LoopFuel) -> Completion:
    """Read the body once for each element of an iterator that makes them one by one."""
    idle = 0
    patience = MOST_IDLE_TURNS if not any(map(_decides, node.body)) else MOST_IDLE_DECISIONS
    targets = assigned_names(node.target)
    while advance(machine, left) and not isinstance(left[0], More):
        item = left[0]
        machine.journal.touch(left)
        del left[0]
        completion, changes = _turn(machine, node, item)
        if isinstance(completion, Split) and machine.may_fork:
            return machine.then(completion, lambda: _drain(machine, node, left, limit))
        if completion is not Flow.NEXT and not isinstance(completion, Split):
            return completion
        idle = idle + 1 if _nothing_new(machine, changes, targets) and not isinstance(item, LayerValue) else 0
        if idle >= patience or limit.is_reached(machine) or isinstance(completion, Split):
            break
    return _once(machine, node, node.body, lambda: _enter_later_turn(machine, node)) if left else Flow.NEXT


def _enter_later_turn(machine: Machine, node: nodes.For) -> None:
    assign(machine, node.target, machine.unknown("a later turn of the loop", node))


def _turn(machine: Machine, node: nodes.For, item: Value) -> tuple[Completion, Changes]:
    """One turn of a loop, and what it changed."""
    machine.journal.begin()
    machine.loops += 1
    try:
        assign(machine, node.target, item)
        completion = _renamed(machine.execute(node.body), Flow.CONTINUE, Flow.NEXT)
    finally:
        machine.loops -= 1
        changes = machine.journal.undo()
        machine.keep(changes)
    return completion, changes


def _decides(statement: nodes.NodeNG) -> bool:
    """Whether a later turn may do what the first ones did not."""
    return isinstance(statement, nodes.If | nodes.Match)


def _nothing_new(machine: Machine, changes: Changes, targets: frozenset[str]) -> bool:
    """Whether a turn left nothing behind but its own loop variable and unknowns."""
    return all(
        (container is machine.scope.names and key in targets) or isinstance(value, Unknown)
        for container, key, value in changes.values()
    )


@statement(nodes.While)
def _while(machine: Machine, node: nodes.While) -> Completion:
    return _after_loop(machine, _turns_of_while(machine, node, LoopFuel(machine)), node.orelse)


def _turns_of_while(machine: Machine, node: nodes.While, limit: LoopFuel) -> Completion:
    endless = isinstance(node.test, nodes.Const) and not _leaves(node.body)
    while not limit.is_reached(machine) and not endless and not _yielded_enough(machine):
        test = truth(machine, machine.now(node.test))
        if isinstance(test, Unknown):
            break
        if not test:
            return Flow.NEXT
        machine.loops += 1
        try:
            completion = _renamed(machine.execute(node.body), Flow.CONTINUE, Flow.NEXT)
        finally:
            machine.loops -= 1
        if isinstance(completion, Split):
            if not machine.may_fork:
                break
            return machine.then(completion, lambda: _turns_of_while(machine, node, limit))
        if completion is not Flow.NEXT:
            return completion
    return _once(machine, node, node.body, lambda: None)


def _leaves(body: Sequence[nodes.NodeNG]) -> bool:
    """Whether something in the body of a loop may end it, or hands out what it has so far."""
    kinds = (nodes.Break, nodes.Return, nodes.Raise, nodes.Yield, nodes.YieldFrom)
    return any(True for statement in body for _ in statement.nodes_of_class(kinds))


def _yielded_enough(machine: Machine) -> bool:
    return bool(machine.frames) and len(machine.frames[-1].yielded) >= MOST_YIELDED


def _once(
    machine: Machine, node: nodes.NodeNG, body: Sequence[nodes.NodeNG], enter: object, why: str | None = None
) -> Completion:
    """Read the body of a loop with an unknown number of turns once; what it changes is unknown from there on.

    ``why`` is the reason for which the number is not known.
    """
    machine.journal.begin()
    machine.loops += 1
    try:
        enter()  # type: ignore[operator]
        completion = machine.execute(body)
    finally:
        machine.loops -= 1
        changes = machine.journal.undo()
    for container, key, new in changes.values():
        if isinstance(container, list):
            machine.journal.write(container, None, _grown(container, new, why or ""))
            continue
        old = container.get(key, MISSING)
        if container is machine.settled:
            continue  # there may be no turn at all
        if container is machine.names_used:
            machine.journal.write(container, key, new)
            continue
        if isinstance(container, ModelState) and key == "layers":
            new = _added(machine, old, new, node, why or f"the number of turns of the loop at line {node.lineno}")
        machine.journal.write(container, key, _after_turns(machine, old, new, node, why))
    return completion


def _grown(old: list[Value], new: list[Value], why: str) -> list[Value]:
    """A list after an unknown number of turns: what both have in common at the start, then more."""
    common = 0
    while common < min(len(old), len(new)) and old[common] is new[common]:
        common += 1
    return [*old[:common], *new[common : common + 1], More(why)]


def _added(machine: Machine, old: Value, new: Value, node: nodes.NodeNG, why: str) -> Value:
    """The layers of a Sequential to which each turn adds some, in each world in which it does."""
    if isinstance(old, Choice) and isinstance(new, Choice) and old.test is new.test:
        one, other = _added(machine, old.if_true, new.if_true, node, why), new.if_false
        return Choice(new.test, one, _added(machine, old.if_false, other, node, why))
    if isinstance(new, Choice):
        one = _added(machine, old, new.if_true, node, why)
        return Choice(new.test, one, _added(machine, old, new.if_false, node, why))
    if not isinstance(old, tuple) or not isinstance(new, tuple) or len(new) <= len(old):
        return new
    if any(one is not other for one, other in zip(old, new, strict=False)):
        return new
    return (*old, Repeated(new[len(old) :], machine.unknown(why, node)))


def _is_repeated(layers: Value) -> bool:
    """Whether a loop adds to a Sequential in one world at least."""
    match layers:
        case Choice(if_true=one, if_false=other):
            return _is_repeated(one) or _is_repeated(other)
        case (*_, Repeated()):
            return True
    return False


def _after_turns(machine: Machine, old: Value, new: Value, node: nodes.NodeNG, why: str | None) -> Value:
    """A name after an unknown number of turns; ``why`` is the reason for which that is not known."""
    reason = why or f"changes in the loop at line {node.lineno}"
    match old, new:
        case _ if old is MISSING or new is MISSING or old is new or isinstance(new, Unknown):
            return new
        case Tensor(), Tensor():
            shape = join_shapes(old.shape, new.shape, reason)
            return machine.opaque_tensor(f"the loop at line {node.lineno}", (old, new), span_of(node), shape)
        case Array(), Array():
            return Array(join_shapes(old.shape, new.shape, reason))
        case tuple(), (*_, Repeated()):
            return new
        case tuple() | Choice(), Choice() if _is_repeated(new):
            return new
        case (int() | float() | str() | tuple(), _):
            return new if type(old) is type(new) and old == new else Unknown(reason, span_of(node))
        case _:
            return new


@statement(nodes.Try, nodes.TryStar)
def _try(machine: Machine, node: nodes.Try) -> Completion:
    completion = _guarded(machine, node) if node.handlers else machine.execute(node.body)
    final = machine.execute(node.finalbody)
    return completion if final is Flow.NEXT else final


def _guarded(machine: Machine, node: nodes.Try) -> Completion:
    machine.trying += 1
    try:
        completion = machine.execute(node.body)
    finally:
        machine.trying -= 1
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


@statement(nodes.With, nodes.AsyncWith)
def _with(machine: Machine, node: nodes.With) -> Completion:
    for context, target in node.items:
        entered = _entered(machine, machine.now(context), context)
        if target is not None:
            assign(machine, target, entered)
    return machine.execute(node.body)


def _entered(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """What `with value as …` gives."""
    match value:
        case Instance():
            result = special(machine, value, "__enter__", node)
            return machine.unknown("the value of a context manager", node) if result is UNDEFINED else result
        case ListValue(items=[first, *_], is_generator=True):
            return first  # a function under contextlib.contextmanager
        case ModelValue() | DictValue():
            return value
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
