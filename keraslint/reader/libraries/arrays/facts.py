"""What the families of data functions share: making arrays of known facts, and reading sizes, numbers and dtypes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import cause_of, items_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import External, ListValue, Native, Table, Value


@dataclass
class Numbers:
    """The numbers in arrays."""

    of: dict[Array, tuple[Value, ...]] = field(default_factory=dict)
    """Those of arrays that are short, as far as they are computed from literals."""


Encoding = Literal["integer", "binary", "one-hot", "multi-hot", "continuous"]

INTEGERS = {
    "bool": (0, 1),
    "int8": (-(2**7), 2**7 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint8": (0, 2**8 - 1),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}
"""Integer dtypes, and what they can hold."""

_DTYPES = {
    "float": "float64",
    "int": "int64",
    "bool_": "bool",
    "double": "float64",
    "single": "float32",
    "half": "float16",
    "f4": "float32",
    "f8": "float64",
    "i4": "int32",
    "i8": "int64",
    "u1": "uint8",
}
ELEMENTWISE = ("integer", "binary", "continuous")
"""Encodings that hold of each element by itself."""


def array(
    shape: Shape,
    dtype: str | Unknown | None = None,
    low: float | Unknown | None = None,
    high: float | Unknown | None = None,
    encoding: str | Unknown | None = None,
    classes: int | Unknown | None = None,
    origin: str = "",
) -> Array:
    """An array of which some things are known; what is None stays unknown."""
    known = {"dtype": dtype, "low": low, "high": high, "encoding": encoding, "classes": classes}
    given: dict[str, Any] = {name: value for name, value in known.items() if value is not None}
    return Array(shape, **given, origin=origin)


def shape_of_value(machine: Machine, value: Value) -> Shape:
    """A shape given as an integer or a tuple."""
    value = machine.need_all(value)
    items = items_of(machine, value) if isinstance(value, tuple | ListValue) else None
    if items is not None:
        return Shape(tuple(size(item) for item in items))
    if isinstance(value, int) and not isinstance(value, bool):
        return Shape((value,))
    return Shape.unknown(cause_of(value) or "a shape that is not understood")


def size(value: Value) -> Dim:
    """One size of a shape."""
    if isinstance(value, Unknown) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return Unknown("a size that is no integer")


def given_size(machine: Machine, arguments: Arguments, position: int | None, name: str, default: int) -> Dim:
    """A number of samples, columns and the like that an argument says."""
    if not arguments.given(position, name):
        return default
    return size(machine.need(arguments.get(position, name)))


def is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


LARGEST_NUMBER = 1e300
"""Arithmetic with larger ones leaves the range of a float."""


def is_finite(value: float) -> bool:
    """Whether a number is neither infinite nor NaN, nor so large that Python could not calculate with it."""
    return abs(value) <= LARGEST_NUMBER


def number(machine: Machine, value: Value, default: float) -> float | None:
    """A number, its default when it is not given, None when it is not known."""
    value = machine.need(value)
    if value is None:
        return default
    return value if isinstance(value, int | float) else None


def dtype_of(machine: Machine, value: Value, default: str | Unknown) -> str | Unknown:
    """A dtype given as a string, a name of numpy or TensorFlow, or ``float`` and ``int``."""
    value = machine.need(value)
    match value:
        case None:
            return default
        case str():
            return _DTYPES.get(value, value)
        case External(path=path):
            name = path.rpartition(".")[2]
            return _DTYPES.get(name, name)
        case Native(name=("float" | "int" | "bool") as name):
            return _DTYPES.get(name, name)
        case _:
            return Unknown("a dtype that is not known")


def is_integer(dtype: str | Unknown) -> bool:
    return isinstance(dtype, str) and dtype in INTEGERS


def is_float(dtype: str | Unknown) -> bool:
    return isinstance(dtype, str) and dtype.startswith(("float", "bfloat"))


def holds(dtype: str | Unknown, low: float, high: float) -> bool:
    """Whether values from ``low`` to ``high`` are known to fit the dtype without wrapping around."""
    if is_float(dtype):
        return dtype in ("float32", "float64") or max(abs(low), abs(high)) < 60_000
    least, most = INTEGERS.get(str(dtype), (0, 127))
    return least <= low and high <= most


def as_array(machine: Machine, value: Value) -> Value:
    """A table as the array of its values; anything else as it is."""
    if not isinstance(value, Table):
        return value
    columns = machine.need(value.state["columns"])
    return Array(Shape((machine.need(value.state["rows"]), columns if isinstance(columns, Unknown) else len(columns))))


def samples(value: Array) -> Dim:
    """How many samples there are."""
    return value.shape[0] if value.shape.rank_known and value.shape.dims else Unknown("the number of samples")


def number_of_classes(value: Array) -> int | None:
    """How many classes surely occur: of a whole data set, or of so many labels that none is missing."""
    count = samples(value)
    if not isinstance(value.classes, int):
        return None
    many = isinstance(count, int) and count >= 20 * value.classes
    return value.classes if value.origin or many else None


def union(values: Iterable[Array | float]) -> tuple[float | None, float | None]:
    """The bounds that hold for all of the arrays and numbers; None where one is not known."""
    lows: list[Any] = []
    highs: list[Any] = []
    for value in values:
        lows.append(value.low if isinstance(value, Array) else value)
        highs.append(value.high if isinstance(value, Array) else value)
    known = [end for end in (*lows, *highs) if isinstance(end, int | float)]
    if len(known) < len(lows) + len(highs) or not lows:
        return None, None
    return min(lows), max(highs)


def common(values: Iterable[Any]) -> Any:
    """The one value that all have, or None."""
    found = list(values)
    return found[0] if found and all(value == found[0] for value in found) else None


def broadcast(one: Shape, other: Shape) -> Shape:
    """The shape of an operation on two arrays."""
    if not one.rank_known or not other.rank_known:
        return Shape.unknown(other.reason if one.rank_known else one.reason)
    if len(one.dims) < len(other.dims):
        one, other = other, one
    padded = (1,) * (len(one.dims) - len(other.dims)) + other.dims
    return Shape(tuple(map(_broadcast_dim, one.dims, padded)))


def _broadcast_dim(one: Dim, other: Dim) -> Dim:
    if isinstance(one, int):
        return other if one == 1 else one
    return one if other == 1 else other if isinstance(other, int) else one


def without_axis(shape: Shape, axis: int) -> Shape:
    """The shape when an axis is reduced away."""
    if not shape.has_axis(axis):
        return Shape.unknown("an array with one axis less")
    dims = list(shape.dims)
    del dims[axis]
    return Shape(tuple(dims))


def with_axis(shape: Shape, axis: int) -> Shape:
    """The shape with an axis of size 1 at ``axis``."""
    if not shape.rank_known or not -len(shape.dims) - 1 <= axis <= len(shape.dims):
        return Shape.unknown("an array with one more axis")
    dims = list(shape.dims)
    dims.insert(axis if axis >= 0 else len(dims) + 1 + axis, 1)
    return Shape(tuple(dims))


def encoding_of(dims: tuple[Dim, ...], leaves: list[Value]) -> tuple[Encoding | None, int | None]:
    """What literal numbers encode, where their values leave no doubt."""
    if not set(leaves) <= {0, 1}:
        return ("continuous" if any(leaf != math.trunc(leaf) for leaf in leaves) else None), None
    width = dims[-1] if dims else None
    if len(dims) == 1 or width == 1:
        return "binary", None
    if not isinstance(width, int) or width < 2:
        return None, None
    rows = [sum(leaves[start : start + width]) for start in range(0, len(leaves), width)]
    if all(row == 1 for row in rows):
        return "one-hot", width
    return ("multi-hot", width) if any(row > 1 for row in rows) else (None, None)


def rowless(value: Array) -> Array:
    """The array when its last axis is no longer what it was."""
    if isinstance(value.encoding, str) and value.encoding not in ELEMENTWISE:
        return replace(value, encoding=Unknown("rows of classes that were rearranged"), classes=Unknown("rearranged"))
    return value
