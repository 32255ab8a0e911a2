"""Structures of tensors, however deep: what `tf.nest` and `keras.tree` do with lists, tuples and dicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.functions import flat_order
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import MOST_ITEMS
from keraslint.reader.machine.library import NativeCall, by_path
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import (
    MORE,
    DictValue,
    Fields,
    Instance,
    ListValue,
    More,
    Sizes,
    TensorShape,
    Value,
)

DEEPEST = 20
"""A structure nested deeper than this holds itself."""


class _NotKnown(Exception):
    """Not all of a structure is known."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _parts(value: Value) -> list[Value] | None:
    """What a structure holds, in the order in which it is flattened; None for a leaf."""
    match value:
        case TensorShape() | Sizes():
            return None
        case tuple() | range():
            return list(value[: MOST_ITEMS + 1])
        case ListValue(is_set=False, is_generator=False, items=items):
            if MORE in items:
                raise _NotKnown(next(item.reason for item in items if isinstance(item, More)))
            return items
        case DictValue(entries=entries, has_more=has_more, why=why):
            if has_more:
                raise _NotKnown(why)
            return [entries[key] for key in flat_order(entries)]
        case Fields(is_tuple=True, values=values):
            return list(values.values())
        case Instance() if value.cls.kind == "namedtuple":
            return [value.attributes[name] for name in value.cls.fields]
        case Instance(contents=DictValue() | ListValue() as contents):
            return _parts(contents)
        case _:
            return None


def _leaves(machine: Machine, value: Value, depth: int = DEEPEST) -> Iterator[Value]:
    """The leaves of a structure in order; an unknown may hold any number of them."""
    value = machine.need(value)
    if isinstance(value, Unknown):
        raise _NotKnown(value.reason)
    parts = _parts(value)
    if parts is None:
        yield value
        return
    if not depth:
        raise _NotKnown("a structure that is nested too deep")
    machine.look_through(parts)
    for part in parts:
        yield from _leaves(machine, part, depth - 1)


def _filled(machine: Machine, value: Value, leaves: Iterator[Value]) -> Value:
    """The structure of ``value`` with other leaves."""
    value = machine.need(value)
    parts = _parts(value)
    if parts is None:
        return next(leaves)
    machine.look_through(parts)
    filled = [_filled(machine, part, leaves) for part in parts]
    match value:
        case tuple():
            return tuple(filled)
        case ListValue() | range():
            return ListValue(filled)
        case DictValue(entries=entries):
            new = dict(zip(flat_order(entries), filled, strict=True))
            return DictValue({key: new[key] for key in entries})
        case Fields():
            return replace(value, values=dict(zip(value.values, filled, strict=True)))
        case Instance(contents=None):
            return Instance(value.cls, dict(zip(value.cls.fields, filled, strict=True)), value.node, value.span)
        case Instance(contents=contents):
            made = Instance(value.cls, dict(value.attributes), value.node, value.span, notes=dict(value.notes))
            made.contents = _filled(machine, contents, iter(filled))
            return made
    raise AssertionError(value)


def _flatten(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    try:
        return ListValue(list(_leaves(machine, arguments.get(0, "structure"))))
    except _NotKnown as unknown:
        return ListValue([More(unknown.reason)])


def _map(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``map_structure(function, structure, *more)``: the function on the leaves that stand at the same place."""
    named = "func" in arguments.keywords
    function, structures = (
        arguments.keywords["func"].value if named else arguments.get(0),
        arguments.positional[not named :],
    )
    if not structures:
        return machine.unknown("a structure", node)
    try:
        columns = [list(_leaves(machine, given.value)) for given in structures]
        if arguments.open_ended or len({len(column) for column in columns}) > 1:
            raise _NotKnown("structures of different shape")
    except _NotKnown as unknown:
        return machine.unknown(unknown.reason or "a structure", node)
    rows = zip(*columns, strict=True)
    made = [machine.call(function, Arguments([Given(leaf, node) for leaf in row]), node) for row in rows]
    return _filled(machine, structures[0].value, iter(made))


def _pack(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``pack_sequence_as(structure, flat)``."""
    structure, flat = arguments.get(0, "structure"), machine.need(arguments.get(1, "flat_sequence"))
    try:
        given = _parts(flat)
        if given is None or len(given) != sum(1 for _ in _leaves(machine, structure)):
            raise _NotKnown(flat.reason if isinstance(flat, Unknown) else "a structure")
        return _filled(machine, structure, iter(given))
    except _NotKnown as unknown:
        return machine.unknown(unknown.reason or "a structure", node)


def _is_nested(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "structure", "seq"))
    if isinstance(value, Unknown):
        return machine.derived(value, "is nested")
    try:
        return _parts(value) is not None
    except _NotKnown:
        return True


def _nothing(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return None


_PACKAGES = (
    *("tensorflow.nest", "tensorflow.compat.v1.nest", "tensorflow.compat.v2.nest", "tensorflow.python.util.nest"),
    *("keras.tree", "keras.src.tree", "tree"),
)
_FUNCTIONS: dict[str, NativeCall] = {
    "flatten": _flatten,
    "map_structure": _map,
    "pack_sequence_as": _pack,
    "is_nested": _is_nested,
    "is_sequence": _is_nested,
    "is_nested_or_composite": _is_nested,
    "assert_same_structure": _nothing,
    "assert_shallow_structure": _nothing,
}


@by_path(*(f"{package}." for package in _PACKAGES))
def nested(path: str) -> NativeCall | None:
    """What goes through a structure; keras_hub and others call such functions by private paths, too."""
    package, _, name = path.rpartition(".")
    return _FUNCTIONS.get(name) if package in _PACKAGES else None
