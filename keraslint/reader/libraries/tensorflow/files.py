"""Datasets of files: their names and records, and the pictures that are decoded from them."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Array, Dataset, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.libraries.arrays.facts import array, dtype_of
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Value


def _texts(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """One name, line or record after the other."""
    return Dataset((array(Shape(()), "string"),), batched=False, endless=False)


def _contents(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return array(Shape(()), "string")


def _decoded(channels_at: int | None, dtype_at: int | None, *, moves: bool = False) -> NativeCall:
    """``tf.io.decode_jpeg(contents, channels=3)``; what may be a film has one axis more."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Array:
        kind = dtype_of(machine, arguments.get(dtype_at, "dtype"), "uint8")
        if moves and machine.need(arguments.get(3, "expand_animations")) is not False:
            return array(Shape.unknown("a picture that may move"), kind)
        count = machine.need(arguments.get(channels_at, "channels"))
        channels: Dim = count if isinstance(count, int) and count > 0 else Unknown("the channels of a picture")
        size = (Unknown("the height of a picture"), Unknown("the width of a picture"))
        known = kind in ("uint8", "uint16")
        return array(Shape((*size, channels)), kind, *((0, 255 if kind == "uint8" else 65535) if known else ()))

    return call


def _spelled(names: tuple[str, ...], call: NativeCall) -> dict[str, NativeCall]:
    return {f"tensorflow.{module}.{name}": call for module in ("io", "image") for name in names}


EXTERNAL: dict[str, NativeCall] = {
    **_spelled(("decode_jpeg", "decode_bmp"), _decoded(1, None)),
    **_spelled(("decode_png",), _decoded(1, 2)),
    **_spelled(("decode_image",), _decoded(1, 2, moves=True)),
    "tensorflow.data.Dataset.list_files": _texts,
    "tensorflow.data.TFRecordDataset": _texts,
    "tensorflow.data.TextLineDataset": _texts,
    "tensorflow.io.read_file": _contents,
}

known("data", EXTERNAL)
