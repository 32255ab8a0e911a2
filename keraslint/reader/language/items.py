"""What `owner[index]` means for each kind of value of the language."""

from __future__ import annotations

from typing import Any

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.graph.shape import length_of
from keraslint.reader.language.instances import special
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import cause_of, items_of
from keraslint.reader.machine.journal import COPIED_FOR_ONE
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import ITEM, UNDEFINED
from keraslint.reader.machine.values import (
    MORE,
    SCALARS,
    ClassValue,
    DictValue,
    Fields,
    Instance,
    ListValue,
    Sizes,
    Value,
    is_key,
    key_of,
)


def subscript(machine: Machine, owner: Value, index: Value, node: nodes.NodeNG) -> Value:
    """``owner[index]``."""
    answer = ITEM.of(owner)
    return answer(machine, owner, index, node) if answer else machine.unknown("an element", node)


@ITEM.answers(Unknown)
def _of_something(machine: Machine, owner: Unknown, index: Value, node: nodes.NodeNG) -> Value:
    return machine.derived(owner, "[]", key_of(index))


@ITEM.answers(Instance)
def _of_an_instance(machine: Machine, owner: Instance, index: Value, node: nodes.NodeNG) -> Value:
    result = special(machine, owner, "__getitem__", node, index)
    if result is not UNDEFINED:
        return result
    inner = owner.contents if owner.contents is not None else items_of(machine, owner)
    if inner is None:
        return machine.unknown(cause_of(index) or "an element", node)
    return subscript(machine, inner, index, node)


@ITEM.answers(ClassValue)
def _of_a_class(machine: Machine, owner: ClassValue, index: Value, node: nodes.NodeNG) -> Value:
    """A member of an Enum by its name; or the class itself, as in ``Generic[T]``."""
    if owner.kind != "enum" or not isinstance(index, str):
        return owner
    return owner.names[index] if index in owner.names else machine.failure("KeyError", "a member of an Enum", node)


@ITEM.answers(Fields)
def _of_fields(machine: Machine, owner: Fields, index: Value, node: nodes.NodeNG) -> Value:
    return _element(machine, tuple(owner.values.values()), index, node)


@ITEM.answers(tuple)
def _of_a_tuple(machine: Machine, owner: tuple[Value, ...], index: Value, node: nodes.NodeNG) -> Value:
    if isinstance(index, Unknown):
        return _some_element(machine, owner, index, node)
    return _element(machine, owner, index, node)


@ITEM.answers(Sizes)
def _size(machine: Machine, owner: Sizes, index: Value, node: nodes.NodeNG) -> Value:
    found = _of_a_tuple(machine, owner, index, node)
    return Sizes(found) if isinstance(index, slice) and isinstance(found, tuple) else found


@ITEM.answers(ListValue)
def _of_a_list(machine: Machine, owner: ListValue, index: Value, node: nodes.NodeNG) -> Value:
    if isinstance(index, Unknown):
        return _some_element(machine, owner, index, node)
    items = owner.items
    if MORE in items and not (isinstance(index, int) and 0 <= index < len(items) - 1):
        return machine.unknown(cause_of(owner, index) or "an element of a list that is not all known", node)
    element = _element(machine, items, index, node)
    return ListValue(element) if isinstance(element, list) else element


@ITEM.answers(DictValue)
def _entry(machine: Machine, owner: DictValue, index: Value, node: nodes.NodeNG) -> Value:
    if is_key(index) and index in owner.entries:
        return owner.entries[index]
    if owner.missing is not None and isinstance(index, SCALARS) and not owner.has_more:
        made = machine.call(owner.missing, Arguments(), node)
        machine.journal.set(owner.entries, index, made)
        return made
    if isinstance(index, SCALARS) and not owner.has_more:
        return machine.failure("KeyError", "an element of a dict", node)
    if isinstance(index, Unknown):
        if owner.missing is not None:
            owner.has_more, owner.why = True, owner.why or index.reason
        return _some_element(machine, owner, index, node)
    return machine.unknown(cause_of(owner, index) or "an element of a dict", node)


def _some_element(
    machine: Machine, owner: ListValue | DictValue | tuple[Value, ...], index: Unknown, node: nodes.NodeNG
) -> Unknown:
    """The element at a place that is not known: what is done to it may be done to any."""
    derived = isinstance(owner, DictValue)
    found = machine.derived(index, "key", id(owner)) if derived else machine.unknown(index.reason, node)
    machine.part_of[found] = owner
    return found


@ITEM.answers(str, range)
def _element(machine: Machine, items: Any, index: Value, node: nodes.NodeNG) -> Value:
    if isinstance(index, slice) and all(isinstance(p, int | None) for p in (index.start, index.stop, index.step)):
        machine.burn(0 if isinstance(items, range) else len(items) // COPIED_FOR_ONE)
        return items[index] if index.step != 0 else machine.failure("ValueError", "a slice with a step of 0", node)
    length = length_of(items) if isinstance(items, range) else len(items)
    if isinstance(index, int) and -length <= index < length:
        return items[index]
    if isinstance(index, int):
        return machine.failure("IndexError", "an element", node)
    return machine.unknown(cause_of(index) or "an element", node)
