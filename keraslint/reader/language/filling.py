"""Turns that need not be played: each leaves what the first one left, an array in place or one more in a list."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.reader.language.assignment import assign, assigned_names
from keraslint.reader.machine.journal import COPIED_FOR_ONE, Changes
from keraslint.reader.machine.machine import Completion, Flow, Machine
from keraslint.reader.machine.places import nodes_in, text_of
from keraslint.reader.machine.values import Value, Whole, regular

LONGEST_COMPARED = 64
"""Longer tuples count as different."""


@dataclass(eq=False)
class Left:
    """What a turn leaves behind, beside its own loop variable."""

    names: dict[str, Value] = field(default_factory=dict)
    """Local names, and what they were set to."""
    grown: dict[int, tuple[list[Value], list[Value]]] = field(default_factory=dict)
    """Lists by their ids, and what was put at their ends."""
    arrays: bool = False
    """Arrays of which no more or less is known than before."""
    more: bool = False
    """Anything else that is known."""

    @property
    def is_nothing(self) -> bool:
        """Nothing but unknowns."""
        known = any(not isinstance(value, Unknown) for value in self.names.values())
        return not (known or self.grown or self.arrays or self.more)

    @property
    def fills(self) -> bool:
        """Whether it did nothing but to fill arrays and lists, as far as can be seen by one turn."""
        return bool(self.arrays or self.grown) and not self.more


def left_by(machine: Machine, changes: Changes, targets: Container[str], inner: Container[int]) -> Left:
    """What a turn with these changes left behind, which are undone at the moment; ``inner`` are the ids of what
    belongs to calls that are over."""
    left = Left()
    names = machine.scope.names
    for container, key, value in changes.values():
        if (container is names and key in targets) or id(container) in inner:
            continue
        if isinstance(container, list):
            old = len(container)
            if len(value) > old and (not old or value[old - 1] is container[-1]):
                left.grown[id(container)] = container, value[old:]
            else:
                left.more = True
        elif as_much_is_known(container.get(key), value):
            left.arrays = True
        elif container is names:
            left.names[str(key)] = value
        elif not isinstance(value, Unknown):
            left.more = True
    return left


_FACTS = ("shape", "dtype", "low", "high", "encoding", "classes", "origin", "range_occurs")


def as_much_is_known(old: Value, new: Value) -> bool:
    """Whether two arrays have the same facts."""
    return old is new or (isinstance(old, Array) and isinstance(new, Array) and all(_same(old, new, f) for f in _FACTS))


def _same(old: Array, new: Array, fact: str) -> bool:
    one, other = getattr(old, fact), getattr(new, fact)
    return one == other or (isinstance(one, Unknown) and isinstance(other, Unknown))


def are_alike(one: Value, other: Value) -> bool:
    """Whether nobody can tell two elements from one another: one number, or arrays and unknowns of the same facts."""
    if isinstance(one, tuple):
        both = isinstance(other, tuple) and len(one) == len(other) <= LONGEST_COMPARED
        return both and all(map(are_alike, one, other))
    if isinstance(one, int | float | str | bytes | None):
        return type(one) is type(other) and one == other
    return type(one) is type(other) is Unknown or as_much_is_known(one, other)


def another(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """One more of what can only differ in what is not known."""
    if isinstance(value, tuple):
        return tuple(another(machine, item, node) for item in value)
    return machine.unknown(value.reason, node) if isinstance(value, Unknown) else value


def _whole(value: Value) -> Value:
    """An element as it is where the windows in it do not reach beyond the end of their array."""
    if isinstance(value, tuple):
        return tuple(map(_whole, value))
    return regular(value) if isinstance(value, Array) else value


def leave_out(
    machine: Machine,
    node: nodes.For,
    left: Sequence[Value],
    first: Left,
    play: Callable[[Value], tuple[Completion, Left]],
) -> bool:
    """Leave out all but the last of the turns that are left, where any of them does what ``first`` did.

    That is shown by a turn for an element of which nothing is known, with nothing known of what turns set. The last
    one is played, so that what it sets is known. Where that loses anything, nothing has happened.
    """
    if not _only_grow(node, first, machine):
        return False
    inside = frozenset().union(*(assigned_names(loop.target) for loop in nodes_in(node, nodes.For, nodes.AsyncFor)))
    if not _any_turn_does_the_same(machine, node, left, first, inside):
        return False
    known = {name for name, value in first.names.items() if not isinstance(value, Unknown)} - inside
    mark = machine.record.mark()
    machine.journal.begin()
    kept = False
    try:
        for container, elements in first.grown.values():
            machine.journal.touch(container)
            machine.burn(len(left) * len(elements) // COPIED_FOR_ONE)
            for _ in left[:-1]:
                container.extend(another(machine, element, node) for element in elements)
        _forget(machine, node, {*first.names, *inside})
        if known or first.grown:
            completion, last = play(left[-1])
            kept = (
                completion is Flow.NEXT
                and _is_like(last, first)
                and not any(isinstance(machine.scope.names.get(name), Unknown) for name in known)
            )
        else:
            assign(machine, node.target, left[-1])
            kept = True
    finally:
        changes = machine.journal.undo()
        if kept:
            machine.keep(changes)
        else:
            machine.record.rewind(mark)
    return kept


def _forget(machine: Machine, node: nodes.For, names: Iterable[str]) -> None:
    for name in sorted(names):
        machine.journal.set(machine.scope.names, name, machine.unknown("a later turn of the loop", node))


def _only_grow(node: nodes.For, first: Left, machine: Machine) -> bool:
    """Whether the loop looks into none of the lists that it fills: how long they are by then is not known."""
    if not first.grown:
        return True
    statements = (part.value for part in nodes_in(node, nodes.Expr))
    called = [call.func for call in statements if isinstance(call, nodes.Call)]
    appended = {func.expr for func in called if isinstance(func, nodes.Attribute) and func.attrname == "append"}
    texts = set(map(text_of, appended))
    asked = nodes_in(node, nodes.Name, nodes.Attribute)
    machine.burn(len(asked) // 10)
    return len(texts) == len(first.grown) and all(text_of(part) not in texts or part in appended for part in asked)


def _any_turn_does_the_same(
    machine: Machine, node: nodes.For, left: Sequence[Value], first: Left, inside: frozenset[str]
) -> bool:
    """Whether a turn for any element does it; ``inside`` are the variables of this loop and those in it."""
    mark = machine.record.mark()
    in_order = isinstance(left, range)
    machine.journal.begin()
    machine.loops += 1
    with machine.watched_scopes() as inner:
        try:
            _forget(machine, node, first.names)
            kind = Whole if in_order else Unknown
            assign(machine, node.target, machine.unknown("a later turn of the loop", node, kind))
            completion = machine.execute(node.body)
        finally:
            machine.loops -= 1
            changes = machine.journal.undo()
            then = left_by(machine, changes, inside, inner)
    proven = completion in (Flow.NEXT, Flow.CONTINUE) and mark == machine.record.mark()
    machine.record.rewind(mark)
    return proven and not (first.grown and inner) and _is_like(then, first, windows_are_whole=in_order)


def _is_like(then: Left, first: Left, *, windows_are_whole: bool = False) -> bool:
    """Whether a turn did what the first did. Windows in order are whole when the first and the last of them are."""
    if then.more or then.grown.keys() != first.grown.keys() or not then.names.keys() <= first.names.keys():
        return False
    for key, (_, elements) in then.grown.items():
        others = first.grown[key][1]
        compared = map(_whole, elements) if windows_are_whole else elements
        if len(elements) != len(others) or not all(map(are_alike, compared, others)):
            return False
    return True
