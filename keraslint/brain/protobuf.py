"""The names that a module of protocol buffers gets when it is imported, out of the description that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from astroid import nodes

NAME: Final = 1
"""The number of the field with the name, in the description of whatever has one."""

MESSAGES: Final = 4
ENUMS: Final = 5
VALUES: Final = 2
"""Numbers of fields: in the description of a file, and in that of an enum."""

SIZES: Final = {1: 8, 5: 4}
"""How many bytes a field of a fixed size has, by the last three bits of its key; of the others, 0 marks a number and 2
what has its length before it."""


def names_in(module: nodes.Module) -> list[str]:
    """The messages, the enums and their values in a module that protoc wrote; what cannot be read has none."""
    for call in module.nodes_of_class(nodes.Call):
        match call:
            case nodes.Call(func=nodes.Attribute(attrname="AddSerializedFile"), args=[nodes.Const(value=bytes(text))]):
                try:
                    return [name.decode() for name in _names(text)]
                except (IndexError, ValueError):
                    return []
    return []


def _names(file: bytes) -> Iterator[bytes]:
    for number, described in _fields(file):
        if number in (MESSAGES, ENUMS):
            yield from (value for field, value in _fields(described) if field == NAME)
        if number == ENUMS:
            values = (value for field, value in _fields(described) if field == VALUES)
            yield from (name for value in values for field, name in _fields(value) if field == NAME)


def _fields(text: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a message that hold text or other messages, with their numbers.

    Raises:
        ValueError: it is no message.
        IndexError: it ends too early.
    """
    place = 0
    while place < len(text):
        key, place = _varint(text, place)
        kind = key & 7
        if kind == 0:
            _, place = _varint(text, place)
        elif kind == 2:
            length, place = _varint(text, place)
            yield key >> 3, text[place : place + length]
            place += length
        elif kind in SIZES:
            place += SIZES[kind]
        else:
            raise ValueError(kind)


def _varint(text: bytes, place: int) -> tuple[int, int]:
    """A number, of which each byte has seven bits, and the place behind it."""
    value = shift = 0
    while True:
        byte = text[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, place
