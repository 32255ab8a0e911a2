"""What `for` and `while` mean: each turn is read, until the turns are known to change nothing more."""

from __future__ import annotations

from collections.abc import Sequence

from astroid import nodes

from keraslint.graph import Array, Tensor, Unknown
from keraslint.graph.shape import join as join_shapes
from keraslint.reader.language.assignment import assign, assigned_names
from keraslint.reader.language.filling import Left, leave_out, left_by
from keraslint.reader.language.sweeps import a_turn_of
from keraslint.reader.machine.iteration import advance, element_of, iterated, more
from keraslint.reader.machine.machine import Completion, Flow, Machine, Split, statement, truth
from keraslint.reader.machine.places import nodes_in, span_of
from keraslint.reader.machine.values import (
    MISSING,
    Choice,
    LayerValue,
    ListValue,
    ModelState,
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

MOST_ATTEMPTS = 2
"""So often it is tried to leave out the turns of a loop that fills arrays or lists."""

MOST_YIELDED = 32
"""So much is taken from a generator that never ends."""


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
    attempts = MOST_ATTEMPTS
    for index, item in enumerate(items):
        if isinstance(item, More):
            return _once(machine, node, node.body, lambda: _enter_later_turn(machine, node))
        if used_up:
            machine.journal.touch(used_up)
            del used_up[0]
        completion, left = _turn(machine, node, item, targets)
        if isinstance(completion, Split) and machine.may_fork:
            rest = items[index + 1 :]
            return machine.then(completion, lambda rest=rest: _unroll(machine, node, rest, limit, used_up))  # type: ignore[misc]
        if completion is not Flow.NEXT and not isinstance(completion, Split):
            return completion
        if attempts and left.fills and used_up is None and _is_long(items, index):
            attempts -= 1
            if leave_out(machine, node, items[index + 1 :], left, lambda item: _turn(machine, node, item, targets)):
                return Flow.NEXT
        idle = idle + 1 if left.is_nothing else 0
        if idle >= patience:
            assign(machine, node.target, items[-1])
            return Flow.NEXT
        if limit.is_reached(machine) or isinstance(completion, Split):
            return _once(machine, node, node.body, lambda: _enter_later_turn(machine, node))
    return Flow.NEXT


def _is_long(items: Sequence[Value], index: int) -> bool:
    """Whether turns that are known are left behind a place, and more than it takes to see what they do."""
    return index + MOST_IDLE_TURNS < len(items) and not isinstance(items[-1], More)


def _drain(machine: Machine, node: nodes.For, left: list[Value], limit: LoopFuel) -> Completion:
    """Read the body once for each element of an iterator that makes them one by one."""
    idle = 0
    patience = MOST_IDLE_TURNS if not any(map(_decides, node.body)) else MOST_IDLE_DECISIONS
    targets = assigned_names(node.target)
    while advance(machine, left) and not isinstance(left[0], More):
        item = left[0]
        machine.journal.touch(left)
        del left[0]
        completion, left_behind = _turn(machine, node, item, targets)
        if isinstance(completion, Split) and machine.may_fork:
            return machine.then(completion, lambda: _drain(machine, node, left, limit))
        if completion is not Flow.NEXT and not isinstance(completion, Split):
            return completion
        idle = idle + 1 if left_behind.is_nothing and not isinstance(item, LayerValue) else 0
        if idle >= patience or limit.is_reached(machine) or isinstance(completion, Split):
            break
    return _once(machine, node, node.body, lambda: _enter_later_turn(machine, node)) if left else Flow.NEXT


def _enter_later_turn(machine: Machine, node: nodes.For) -> None:
    assign(machine, node.target, machine.unknown("a later turn of the loop", node))


def _turn(machine: Machine, node: nodes.For, item: Value, targets: frozenset[str]) -> tuple[Completion, Left]:
    """One turn of a loop, and what it left behind."""
    machine.journal.begin()
    with machine.watched_scopes() as inner:
        try:
            with a_turn_of(machine, node):
                assign(machine, node.target, item)
                completion = _renamed(machine.execute(node.body), Flow.CONTINUE, Flow.NEXT)
        finally:
            changes = machine.journal.undo()
            left = left_by(machine, changes, targets, inner)
            machine.keep(changes)
    return completion, left


def _decides(statement: nodes.NodeNG) -> bool:
    """Whether a later turn may do what the first ones did not."""
    return isinstance(statement, nodes.If | nodes.Match)


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
        with a_turn_of(machine, node):
            completion = _renamed(machine.execute(node.body), Flow.CONTINUE, Flow.NEXT)
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
    return any(nodes_in(statement, *kinds) for statement in body)


def _yielded_enough(machine: Machine) -> bool:
    return bool(machine.frames) and len(machine.frames[-1].yielded) >= MOST_YIELDED


def _once(
    machine: Machine, node: nodes.NodeNG, body: Sequence[nodes.NodeNG], enter: object, why: str | None = None
) -> Completion:
    """Read the body of a loop with an unknown number of turns once; what it changes is unknown from there on.

    What is known in it holds in every turn: what changes between turns is not known.

    ``why`` is the reason for which the number is not known.
    """
    machine.journal.begin()
    try:
        enter()  # type: ignore[operator]
        completion = machine.execute(body)
    finally:
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
