"""Assignment: binding names, attributes, elements and unpacked tuples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Tensor, Unknown
from keraslint.reader.language.functions import call_function
from keraslint.reader.language.instances import special
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import cause_of, items_of, iterated, more
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import (
    DELETE_ITEM,
    SET_ATTRIBUTE,
    SET_ITEM,
    SET_ON_KERAS,
    UNDEFINED,
    UNPACKED,
)
from keraslint.reader.machine.values import (
    ANY_NAME,
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
    More,
    Scope,
    Value,
    is_key,
)


@dataclass
class Patched:
    """Names of other packages that the program sets."""

    names: dict[str, Value] = field(default_factory=dict)
    """What they are set to."""


def assign(machine: Machine, target: nodes.NodeNG, value: Value) -> None:
    """Bind ``value`` to an assignment target."""
    match target:
        case nodes.AssignName(name=name):
            machine.journal.set(_scope_of(machine, name).names, name, value)
        case nodes.Tuple(elts=elts) | nodes.List(elts=elts):
            _unpack(machine, elts, value, target)
        case nodes.AssignAttr(expr=expr, attrname=name):
            set_attribute(machine, machine.now(expr), name, value, target)
        case nodes.Subscript(value=owner, slice=index):
            set_item(machine, machine.now(owner), machine.now(index), value, target)
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
    arm = machine.arm_of(value.test)
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
    items = iterated(machine, value, node)
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
    if isinstance(value, Tensor) and items is None:
        UNPACKED.ask(machine, value, node)
    for place, target in enumerate(targets):
        assign(machine, target, _part(machine, value, place, target))


def _part(machine: Machine, value: Value, place: int, target: nodes.NodeNG) -> Value:
    """One of the parts of something that cannot be unpacked here; what gives one unknown tensor may give several."""
    if isinstance(value, Unknown):
        return machine.derived(value, "part", place)
    if isinstance(value, Tensor) and not value.shape.rank_known:
        return machine.opaque_tensor(f"part {place} of {value.shape.reason}", (value,), span_of(target), value.shape)
    return machine.unknown(cause_of(value) or "part of a value that cannot be unpacked", target)


def set_attribute(machine: Machine, owner: Value, name: str, value: Value, node: nodes.NodeNG) -> None:
    """``owner.name = value``."""
    answer = SET_ATTRIBUTE.of(owner)
    if answer:
        answer(machine, owner, name, value, node)


@SET_ATTRIBUTE.answers(ClassValue)
def _set_on_class(machine: Machine, owner: ClassValue, name: str, value: Value, node: nodes.NodeNG) -> None:
    machine.journal.set(owner.names, name, value)


@SET_ATTRIBUTE.answers(Fields)
def _set_field(machine: Machine, owner: Fields, name: str, value: Value, node: nodes.NodeNG) -> None:
    machine.journal.set(owner.values, name, value)


@SET_ATTRIBUTE.answers(FunctionValue)
def _set_on_function(machine: Machine, owner: FunctionValue, name: str, value: Value, node: nodes.NodeNG) -> None:
    machine.journal.set(owner.attributes, name, value)


@SET_ATTRIBUTE.answers(External)
def _set_on_package(machine: Machine, owner: External, name: str, value: Value, node: nodes.NodeNG) -> None:
    machine.journal.set(machine.memory(Patched).names, f"{owner.path}.{name}", value)


@SET_ATTRIBUTE.answers(Unknown)
def _set_on_unknown(machine: Machine, owner: Unknown, name: str, value: Value, node: nodes.NodeNG) -> None:
    for element in _may_be(machine, owner):
        if isinstance(element, Instance | LayerValue | ModelValue):
            set_attribute(machine, element, name, Unknown(owner.reason), node)


@SET_ATTRIBUTE.answers(Instance)
def _set_on_instance(machine: Machine, owner: Instance, name: str, value: Value, node: nodes.NodeNG) -> None:
    found = owner.cls.lookup(name)
    if found is not None and isinstance(found[0], FunctionValue) and found[0].is_property:
        if isinstance(found[0].setter, FunctionValue):
            call_function(machine, found[0].setter, Arguments([Given(owner, node), Given(value, node)]), node)
        return
    if special(machine, owner, "__setattr__", node, name, value) is not UNDEFINED:
        return
    if owner.model is not None or owner.layer is not None:
        SET_ON_KERAS.ask(machine, owner, name, value, node)
    machine.journal.set(owner.attributes, name, value)


def set_item(machine: Machine, owner: Value, index: Value, value: Value, node: nodes.NodeNG) -> None:
    """``owner[index] = value``."""
    answer = SET_ITEM.of(owner)
    if answer:
        answer(machine, owner, index, value, node)


@SET_ITEM.answers(Instance)
def _set_in_instance(machine: Machine, owner: Instance, index: Value, value: Value, node: nodes.NodeNG) -> None:
    if special(machine, owner, "__setitem__", node, index, value) is UNDEFINED and owner.contents is not None:
        set_item(machine, owner.contents, index, value, node)


@SET_ITEM.answers(DictValue)
def _set_entry(machine: Machine, owner: DictValue, index: Value, value: Value, node: nodes.NodeNG) -> None:
    if is_key(index):
        machine.journal.set(owner.entries, index, value)
    else:
        overwrite(machine, owner, index)


@SET_ITEM.answers(ListValue)
def _set_element(machine: Machine, owner: ListValue, index: Value, value: Value, node: nodes.NodeNG) -> None:
    machine.journal.touch(owner.items)
    _set_in_list(machine, owner.items, index, value)
    owner.spans = None


@SET_ITEM.answers(Unknown)
def _set_in_unknown(machine: Machine, owner: Unknown, index: Value, value: Value, node: nodes.NodeNG) -> None:
    change_elements(machine, owner)


def _may_be(machine: Machine, element: Unknown) -> list[Value]:
    """What an unknown element of a container may be."""
    owner = machine.part_of.get(element, ())
    elements = owner.items if isinstance(owner, ListValue) else owner
    elements = list(elements.entries.values() if isinstance(elements, DictValue) else elements)
    machine.look_through(elements)
    return [machine.need(item) for item in elements if not isinstance(item, More)]


def change_elements(machine: Machine, element: Unknown) -> None:
    """One of the lists or dicts of a container is changed, nobody knows which: each may hold more."""
    for found in _may_be(machine, element):
        if isinstance(found, DictValue):
            overwrite(machine, found, element)
        elif isinstance(found, ListValue) and MORE not in found.items:
            machine.journal.touch(found.items)
            found.items.append(more(element))


def overwrite(machine: Machine, owner: DictValue, cause: Value) -> None:
    """A dict gets entries whose keys are not known: they may be new, or any that it has."""
    reason = cause_of(cause)
    for key in owner.entries:
        machine.journal.set(owner.entries, key, Unknown(reason or "an entry that may have been overwritten"))
    if owner.is_namespace:
        machine.journal.set(owner.entries, ANY_NAME, Unknown(reason or "an attribute that is not known"))
    owner.has_more = True
    owner.why = owner.why or reason


def _set_in_list(machine: Machine, items: list[Value], index: Value, value: Value) -> None:
    complete = MORE not in items
    if isinstance(index, int) and complete and -len(items) <= index < len(items):
        items[index] = value
        return
    new = items_of(machine, value)
    if isinstance(index, slice) and complete and new is not None and is_plain_slice(index):
        try:
            items[index] = list(new)
        except ValueError:
            pass
        else:
            return
    why = cause_of(index)
    unknown = Unknown(why or "an element was set at an unknown place")
    items[:] = [unknown if not isinstance(item, More) else item for item in items]
    if isinstance(index, slice) and complete:
        items.append(More(why))


def is_plain_slice(index: slice) -> bool:
    return all(part is None or isinstance(part, int) for part in (index.start, index.stop, index.step))


def delete(machine: Machine, target: nodes.NodeNG) -> None:
    match target:
        case nodes.DelName(name=name):
            machine.journal.delete(_scope_of(machine, name).names, name)
        case nodes.Subscript(value=owner_node, slice=index_node):
            owner, index = machine.now(owner_node), machine.now(index_node)
            answer = DELETE_ITEM.of(owner)
            if answer:
                answer(machine, owner, index)
        case nodes.DelAttr(expr=expr, attrname=name):
            owner = machine.now(expr)
            if isinstance(owner, Instance):
                machine.journal.delete(owner.attributes, name)


@DELETE_ITEM.answers(DictValue)
def _delete_entry(machine: Machine, owner: DictValue, index: Value) -> None:
    if is_key(index):
        machine.journal.delete(owner.entries, index)


@DELETE_ITEM.answers(ListValue)
def _delete_element(machine: Machine, owner: ListValue, index: Value) -> None:
    machine.journal.touch(owner.items)
    _delete_from_list(owner.items, index)
    owner.spans = None


def _delete_from_list(items: list[Value], index: Value) -> None:
    place = isinstance(index, int) and -len(items) <= index < len(items)
    if MORE not in items and (place or (isinstance(index, slice) and is_plain_slice(index))):
        del items[index]
    else:
        items[:] = [More(cause_of(index))]


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
