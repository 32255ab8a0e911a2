"""``tf.strings``: what becomes of the shapes of texts."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Shape
from keraslint.reader.libraries.arrays.facts import array
from keraslint.reader.libraries.numpy import make_array
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import cause_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, Value


def _texts(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Array | Unknown:
    """What is given as an array of texts; a single one has no axis."""
    given = machine.need_all(arguments.get(0, "input"))
    if isinstance(given, str):
        return array(Shape(()), "string")
    if isinstance(given, ListValue):
        given = make_array(machine, Arguments([Given(given, node)]), node)
    return given if isinstance(given, Array) else machine.unknown(cause_of(given) or "texts", node)


def _each(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    texts = _texts(machine, arguments, node)
    return array(texts.shape, "string") if isinstance(texts, Array) else texts


def _split(dtype: str) -> NativeCall:
    """Each text becomes as many words or characters as it has."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        texts = _texts(machine, arguments, node)
        if isinstance(texts, Unknown):
            return texts
        shape = texts.shape
        return array(Shape((*shape.dims, Unknown("the length of a text"))) if shape.rank_known else shape, dtype)

    return call


def _length(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    texts = _texts(machine, arguments, node)
    return array(texts.shape, "int32", 0) if isinstance(texts, Array) else texts


_ONE_BY_ONE = ("lower", "regex_replace", "strip", "substr", "upper")
EXTERNAL: dict[str, NativeCall] = {
    **{f"tensorflow.strings.{name}": _each for name in _ONE_BY_ONE},
    "tensorflow.strings.bytes_split": _split("string"),
    "tensorflow.strings.length": _length,
    "tensorflow.strings.split": _split("string"),
    "tensorflow.strings.unicode_decode": _split("int32"),
    "tensorflow.strings.unicode_split": _split("string"),
}

known("data", EXTERNAL)
