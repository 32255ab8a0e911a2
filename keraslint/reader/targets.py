"""Assignment: binding names, attributes, elements and unpacked tuples."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.reader.iteration import items_of
from keraslint.reader.machine import Machine
from keraslint.reader.values import Choice, DictValue, Fields, Instance, LayerValue, ListValue, ModelValue, Scope, Value


def assign(machine: Machine, target: nodes.NodeNG, value: Value) -> None:
    """Bind ``value`` to an assignment target."""
    match target:
        case nodes.AssignName(name=name):
            machine.journal.set(_scope_of(machine, name).names, name, value)
        case nodes.Tuple(elts=elts) | nodes.List(elts=elts):
            _unpack(machine, elts, value, target)
        case nodes.AssignAttr(expr=expr, attrname=name):
            set_attribute(machine, machine.now(expr), name, value)
        case nodes.Subscript(value=owner, slice=index):
            _set_item(machine, machine.now(owner), machine.now(index), value)
        case nodes.Starred(value=inner):
            assign(machine, inner, value)


def _scope_of(machine: Machine, name: str) -> Scope:
    """The scope in which an assignment binds ``name``."""
    scope = machine.scope
    if name in scope.globals_declared:
        return scope.module
    if name in scope.nonlocals_declared:
        outer = scope.parent
        while outer is not None:
            if name in outer.names:
                return outer
            outer = outer.parent
    return scope


def _choice_of_items(machine: Machine, value: Choice, count: int) -> Value:
    """The items of a value that depends on a branch, each as a choice; the value as it is here where that fails."""
    arm = machine.worlds.get(value.test)
    if arm is not None:
        chosen = value.if_true if arm else value.if_false
        return _choice_of_items(machine, chosen, count) if isinstance(chosen, Choice) else chosen
    sides = []
    for side in (value.if_true, value.if_false):
        inner = _choice_of_items(machine, side, count) if isinstance(side, Choice) else side
        sides.append(items_of(machine, inner) if isinstance(inner, tuple | ListValue) else None)
    one, other = sides
    if one is not None and other is not None and len(one) == len(other) == count:
        return tuple(machine.join(value.test, a, b) for a, b in zip(one, other, strict=True))
    return machine.need(value)


def _unpack(machine: Machine, targets: Sequence[nodes.NodeNG], value: Value, node: nodes.NodeNG) -> None:
    if isinstance(value, Choice):
        value = _choice_of_items(machine, value, len(targets))
    items = items_of(machine, value)
    star = next((i for i, target in enumerate(targets) if isinstance(target, nodes.Starred)), None)
    if items is not None and star is None and len(items) == len(targets):
        for target, item in zip(targets, items, strict=True):
            assign(machine, target, item)
        return
    if items is not None and star is not None and len(items) >= len(targets) - 1:
        behind = len(targets) - star - 1
        middle = items[star : len(items) - behind]
        for target, item in zip(targets[:star], items[:star], strict=True):
            assign(machine, target, item)
        assign(machine, targets[star], ListValue(list(middle)))
        for target, item in zip(targets[star + 1 :], items[len(items) - behind :], strict=True):
            assign(machine, target, item)
        return
    reason = value.reason if isinstance(value, Unknown) else "part of a value that cannot be unpacked"
    for target in targets:
        assign(machine, target, Unknown(reason))


def set_attribute(machine: Machine, owner: Value, name: str, value: Value) -> None:
    match owner:
        case Instance(attributes=attributes):
            machine.journal.set(attributes, name, value)
            if owner.model is not None and name == "trainable":
                machine.journal.set(owner.model.state, name, value)
        case Fields(values=values):
            machine.journal.set(values, name, value)
        case ModelValue(state=state) | LayerValue(state=state):
            machine.journal.set(state, "trainable" if name == "trainable" else f".{name}", value)


def _set_item(machine: Machine, owner: Value, index: Value, value: Value) -> None:
    match owner:
        case DictValue(entries=entries):
            if isinstance(index, Hashable) and not isinstance(index, Unknown):
                machine.journal.set(entries, index, value)
            else:
                owner.has_more = True
        case ListValue(items=items):
            machine.journal.touch(items)
            if isinstance(index, int) and -len(items) <= index < len(items):
                items[index] = value
            else:
                items[:] = [Unknown("an element was set at an unknown place") for _ in items]
            owner.spans = None
        case Array():
            from keraslint.reader.data import set_item

            set_item(machine, owner, value)


def delete(machine: Machine, target: nodes.NodeNG) -> None:
    match target:
        case nodes.DelName(name=name):
            machine.journal.delete(_scope_of(machine, name).names, name)
        case nodes.Subscript(value=owner_node, slice=index_node):
            owner, index = machine.now(owner_node), machine.now(index_node)
            if isinstance(owner, DictValue) and isinstance(index, Hashable):
                machine.journal.delete(owner.entries, index)
            elif (
                isinstance(owner, ListValue)
                and isinstance(index, int)
                and -len(owner.items) <= index < len(owner.items)
            ):
                machine.journal.touch(owner.items)
                del owner.items[index]
                owner.spans = None


def assigned_names(target: nodes.NodeNG) -> frozenset[str]:
    """The names that a loop's target binds."""
    match target:
        case nodes.AssignName(name=name):
            return frozenset((name,))
        case nodes.Tuple(elts=elts) | nodes.List(elts=elts):
            return frozenset().union(*map(assigned_names, elts))
        case nodes.Starred(value=inner):
            return assigned_names(inner)
        case _:
            return frozenset()
