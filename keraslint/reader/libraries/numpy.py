"""numpy, and what TensorFlow and keras.ops call by the same names: arrays made, and worked on one by one."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape, length_of, product
from keraslint.reader.language.operators import binary
from keraslint.reader.libraries.arrays.facts import (
    ELEMENTWISE,
    Numbers,
    array,
    broadcast,
    common,
    dtype_of,
    encoding_of,
    is_finite,
    is_float,
    is_number,
    number_of_classes,
    rowless,
    shape_of_value,
    size,
    union,
    with_axis,
)
from keraslint.reader.libraries.arrays.joining import (
    column_stack,
    concatenate,
    concatenated,
    hstack,
    repeat,
    stack,
    tile,
    vstack,
)
from keraslint.reader.libraries.arrays.operations import (
    REDUCTIONS,
    argmax,
    cast,
    clipped,
    cumulated,
    known_range,
    order,
    reduced,
    reshaped,
    squeezed,
    transpose,
)
from keraslint.reader.libraries.arrays.windows import array_of_some
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import cause_of, items_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import COMPARE, PASS
from keraslint.reader.machine.values import ListValue, Value, regular

OnArray = Callable[[Machine, Array, Arguments, nodes.NodeNG], Value]


# constructors ------------------------------------------------------------------------------------------------


def _filled(low: float | None, high: float | None, dtype: str = "float64") -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        kind = dtype_of(machine, arguments.get(1, "dtype"), dtype)
        return array(shape_of_value(machine, arguments.get(0, "shape", "size")), kind, low, high)

    return call


def _full(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    shape, value = (
        shape_of_value(machine, arguments.get(0, "shape", "dims")),
        machine.need(arguments.get(1, "fill_value")),
    )
    kind = dtype_of(machine, arguments.get(2, "dtype"), Unknown("the dtype of what it is filled with"))
    if not is_number(value):
        return array(shape, kind)
    own = "int64" if isinstance(value, int) else "float64"
    return cast(array(shape, own, value, value), own if isinstance(kind, Unknown) else kind)


def _like(low: float | None, high: float | None) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        model = machine.need(arguments.get(0, "a", "input"))
        if not isinstance(model, Array):
            return machine.unknown("an array like something unknown", node)
        return array(model.shape, dtype_of(machine, arguments.get(1, "dtype"), model.dtype), low, high)

    return call


def _eye(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    rows, columns = machine.need(arguments.get(0, "N", "n", "num_rows")), machine.need(arguments.get(1, "M"))
    shape = Shape((size(rows), size(rows if columns is None else columns)))
    moved = arguments.given(1, "M", "num_columns") or arguments.given(2, "k", "batch_shape")
    kind = dtype_of(machine, arguments.get(3, "dtype"), "float64")
    one_hot = not moved and not (isinstance(rows, int) and rows < 2)
    classes = rows if one_hot and isinstance(rows, int) else None
    return array(shape if not moved else Shape.unknown("eye"), kind, 0, 1, "one-hot" if one_hot else None, classes)


def make_array(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.array([…])``: of nested lists, or of an array again."""
    value = machine.need_all(arguments.get(0, "object", "a", "data", "value", "x"))
    if isinstance(value, Array):
        return cast(value, dtype_of(machine, arguments.get(1, "dtype"), value.dtype))
    if isinstance(value, Unknown):
        return array(Shape.unknown(value.reason), dtype_of(machine, arguments.get(1, "dtype"), Unknown("a dtype")))
    some = array_of_some(machine, value) if isinstance(value, ListValue) else None
    if some is not None:
        return replace(some, dtype=dtype_of(machine, arguments.get(1, "dtype"), some.dtype))
    rows = _arrays_in(machine, value)
    if rows:
        as_row = {id(row): _as_row(row) for row in {id(row): row for row in rows}.values()}  # a loop adds one often
        stacked = concatenated([as_row[id(row)] for row in rows], 0)
        return cast(stacked, dtype_of(machine, arguments.get(1, "dtype"), stacked.dtype))
    dims, leaves = _measure(machine, value)
    if dims is None or not all(map(is_number, leaves)) or not leaves:
        texts = dims is not None and all(isinstance(leaf, str | bool | int | float) for leaf in leaves)
        return array(Shape(dims) if texts and dims else Shape.unknown("an array of unknown content"))
    own = "int64" if all(isinstance(leaf, int) for leaf in leaves) else "float64"
    if not all(map(is_finite, leaves)):
        return cast(array(Shape(dims), own), dtype_of(machine, arguments.get(1, "dtype"), own))
    encoding, classes = encoding_of(dims, leaves)
    made = replace(array(Shape(dims), own, min(leaves), max(leaves), encoding, classes), range_occurs=True)
    return cast(made, dtype_of(machine, arguments.get(1, "dtype"), own))


def _as_row(value: Array) -> Array:
    """An array as one of the rows of another."""
    row = regular(value)
    return replace(rowless(row), shape=with_axis(row.shape, 0))


def _arrays_in(machine: Machine, value: Value) -> list[Array]:
    """The elements of a list that holds arrays and nothing else: one more axis holds them all."""
    items = items_of(machine, value) if isinstance(value, ListValue | tuple) else None
    if not items or (isinstance(value, ListValue) and value.is_set):
        return []
    arrays = [item for item in map(machine.need, items) if isinstance(item, Array)]
    return arrays if len(arrays) == len(items) else []


def _tensor(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.convert_to_tensor``: like an array, but Python's numbers become 32 bits wide."""
    made = make_array(machine, arguments, node)
    value = machine.need(arguments.get(0, "value", "x"))
    if isinstance(made, Array) and not isinstance(value, Array) and not arguments.given(1, "dtype"):
        return replace(made, dtype={"float64": "float32", "int64": "int32"}.get(str(made.dtype), made.dtype))
    return made


def _constant(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.constant(0.5, shape=(2, 3))``: the numbers in the shape that is asked for."""
    made = _tensor(machine, arguments, node)
    asked = arguments.get(2, "shape")
    if machine.need(asked) is None or not isinstance(made, Array):
        return made
    return replace(rowless(made), shape=shape_of_value(machine, asked))


def _measure(machine: Machine, value: Value) -> tuple[tuple[Dim, ...] | None, list[Value]]:
    """Sizes of a nested list, and its numbers."""
    if isinstance(value, Array):
        return None, []
    if not isinstance(value, ListValue | tuple | range):
        return (), [value]
    items = items_of(machine, value)
    if items is None or (isinstance(value, ListValue) and value.is_set):
        return None, []
    inner = [_measure(machine, item) for item in items]
    shapes = {dims for dims, _ in inner}
    if len(shapes) > 1 or None in shapes:
        return None, []
    rest = next(iter(shapes)) if shapes else ()
    assert rest is not None
    return (len(items), *rest), [leaf for _, leaves in inner for leaf in leaves]


def _arange(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = [machine.need(given.value) for given in arguments.positional]
    kind = dtype_of(machine, arguments.get(3, "dtype"), "int64")
    if 1 <= len(values) <= 3 and all(isinstance(v, int) for v in values) and not set(arguments.keywords) - {"dtype"}:
        numbers = range(*values) if len(values) < 3 or values[2] != 0 else range(0)
        if numbers:
            low, high = sorted((numbers[0], numbers[-1]))
            return cast(array(Shape((length_of(numbers),)), "int64", low, high), kind)
    return array(Shape((Unknown("the length of an arange"),)))


def _delete(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.delete(range(5), (1, 4))`` of a few integers: those that are left; of an array, its other axes."""
    numbers, given = machine.need(arguments.get(0, "arr")), machine.need_all(arguments.get(1, "obj"))
    items = items_of(machine, numbers)
    places = (given,) if isinstance(given, int) else items_of(machine, given)
    known = items is not None and places is not None and len(items) <= MOST_ELEMENTS and not arguments.given(2, "axis")
    if isinstance(numbers, Array) and type(axis := machine.need(arguments.get(2, "axis"))) is int:
        return _without_some(numbers, axis, places)
    if not known or not all(type(item) is int for item in (*(items or ()), *(places or ()))):
        return array(Shape.unknown("an array of which some elements are deleted"))
    length = len(items or ())
    if not all(-length <= place < length for place in places or ()):
        return machine.failure("IndexError", "an element that is not there is deleted", node)
    gone = {place % length for place in places or ()}
    left = [item for index, item in enumerate(items or ()) if index not in gone]
    made = array(Shape((len(left),)), "int64", min(left, default=None), max(left, default=None))
    machine.memory(Numbers).of[made] = tuple(left)
    return made


def _without_some(value: Array, axis: int, places: Sequence[Value] | None) -> Array:
    """An array without the elements at ``places`` along an axis."""
    if not value.shape.has_axis(axis):
        return array(Shape.unknown("an array of which some elements are deleted"))
    length = value.shape[axis]
    left: Dim = Unknown("the elements that are not deleted")
    if isinstance(length, int) and places is not None and all(type(place) is int for place in places):
        left = length - len({place % length for place in places if -length <= place < length})
    dims = list(value.shape.dims)
    dims[axis] = left
    return array(Shape(tuple(dims)), value.dtype)


def _append(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.append(x, y, axis=0)``: one behind the other; without an axis both are flat."""
    parts = [machine.need_all(arguments.get(place, name)) for place, name in enumerate(("arr", "values"))]
    arrays = [make_array(machine, Arguments([Given(part, node)]), node) for part in parts]
    axis = machine.need(arguments.get(2, "axis"))
    known = [part for part in arrays if isinstance(part, Array)]
    if not (axis is None or type(axis) is int) or len(known) < 2:
        return machine.unknown("joined arrays", node)
    if axis is None:
        known = [part if part.shape.rank == 1 else _flat(part) for part in known]
    return concatenated(known, 0 if axis is None else axis)


def _flat(value: Array) -> Array:
    count = product(value.shape.dims) if value.shape.rank_known else Unknown("a size")
    return replace(rowless(value), shape=Shape((count,)))


def _taken(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.take(array, indices, axis=0)``: as ``array[indices]``."""
    taken = machine.attribute(arguments.get(0, "a"), "take", node)
    keywords = {name: given for name, given in arguments.keywords.items() if name != "a"}
    return machine.call(taken, Arguments(arguments.positional[1:], keywords), node)


def _split(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.array_split(array, 3)``, ``np.split(array, [10, 20])``: parts along the first axis."""
    value, how = machine.need(arguments.get(0, "ary")), machine.need_all(arguments.get(1, "indices_or_sections"))
    bounds = items_of(machine, how)
    count = how if type(how) is int else None if bounds is None else len(bounds) + 1
    shape = value.shape if isinstance(value, Array) else Shape.unknown("parts of something unknown")
    along = machine.need(arguments.get(2, "axis"))
    if count is None or not 0 < count <= MOST_PARTS or along not in (None, 0) or not shape.has_axis(0):
        return machine.unknown(cause_of(value) or "parts of an array", node)
    assert isinstance(value, Array)
    if (numbers := machine.memory(Numbers).of.get(value)) is not None and shape.rank == 1:
        return ListValue([_some_of(machine, part) for part in _cut(numbers, how if bounds is None else bounds)])
    rows: Dim = Unknown("the length of a part of an array")
    if isinstance(shape[0], int) and bounds is None and shape[0] % count == 0:
        rows = shape[0] // count
    part = Shape((rows, *shape.dims[1:]))
    return ListValue([replace(value, shape=part) for _ in range(count)])


def _cut(numbers: Sequence[Value], how: Any) -> list[Sequence[Value]]:
    """The parts of a few numbers: so many as even as can be, or cut at places."""
    if isinstance(how, int):
        least, more = divmod(len(numbers), how)
        how = [place * least + min(place, more) for place in range(1, how)]
    if not all(type(place) is int for place in how):
        return []
    ends = [0, *how, len(numbers)]
    return [numbers[start:end] for start, end in pairwise(ends)]


def _some_of(machine: Machine, numbers: Sequence[Value]) -> Array:
    plain = [number for number in numbers if is_number(number)]
    known = bool(plain) and len(plain) == len(numbers)
    ends = (min(plain), max(plain)) if known else (None, None)
    whole = known and all(type(number) is int for number in plain)
    made = array(Shape((len(numbers),)), "int64" if whole else "float64", *ends)
    machine.memory(Numbers).of[made] = tuple(numbers)
    return made


MOST_PARTS = 100
"""An array is not cut into more parts than so many."""
MOST_ELEMENTS = 200
"""The numbers of longer arrays are not kept."""


def _linspace(dtype: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        start, stop = machine.need(arguments.get(0, "start")), machine.need(arguments.get(1, "stop"))
        count = machine.need(arguments.get(2, "num"))
        length = 50 if count is None else size(count)
        if arguments.open_ended or arguments.given(None, "axis", "retstep", "endpoint") or isinstance(start, Array):
            return machine.unknown("a linspace", node)
        kind = dtype_of(machine, arguments.get(None, "dtype"), dtype)
        if not all(is_number(end) and is_finite(end) for end in (start, stop)):
            return _between_unknown_ends(machine, start, stop, length, kind, node)
        step = (stop - start) / (length - 1) if isinstance(length, int) and length > 1 else 0
        between = isinstance(length, int) and length > 1 and step != math.trunc(step)
        made = array(Shape((length,)), "float64", min(start, stop), max(start, stop), "continuous" if between else None)
        made = cast(made, kind)
        if isinstance(length, int) and length <= MOST_ELEMENTS and kind in ("float32", "float64"):
            numbers = (float(start + step * index) for index in range(length))
            machine.memory(Numbers).of[made] = tuple(map(_in_32_bits, numbers) if kind == "float32" else numbers)
        return made

    return call


def _in_32_bits(number: float) -> float:
    """A number as near as 32 bits come to it."""
    (near,) = struct.unpack("f", struct.pack("f", number))
    return float(near)


def _between_unknown_ends(
    machine: Machine, start: Value, stop: Value, length: Dim, kind: str | Unknown, node: nodes.NodeNG
) -> Value:
    """So many numbers, of which at most the ends are known."""
    cause = next((end for end in (start, stop) if isinstance(end, Unknown)), None)
    if cause is None or (not isinstance(start, Unknown) and not is_number(start)):
        return array(Shape.unknown("a linspace between unknown ends"), kind)
    made = array(Shape((length,)), kind)
    if isinstance(length, int) and 1 < length <= MOST_ELEMENTS:
        middle = (machine.unknown(cause.reason, node) for _ in range(length - 2))
        machine.memory(Numbers).of[made] = (start, *middle, stop)
    return made


# operations --------------------------------------------------------------------------------------------------


def _on_array(function: OnArray) -> NativeCall:
    """A function of one array; lists are made into one first, anything else is unknown."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        value = machine.need_all(arguments.get(0, "a", "x", "input", "array", "ary", "m", "arr", "tensor", "image"))
        if isinstance(value, ListValue):
            value = make_array(machine, Arguments(arguments.positional[:1], {}), node)
        if not isinstance(value, Array):
            return machine.unknown("the result of an operation on something unknown", node)
        return function(machine, value, arguments, node)

    return call


def _reshape(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return reshaped(value, shape_of_value(machine, arguments.get(1, "newshape", "shape")))


def _expand_dims(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    axis = machine.need(arguments.get(1, "axis"))
    kept = value if isinstance(axis, int) and axis >= 0 and axis != value.shape.rank else rowless(value)
    if not isinstance(axis, int):
        return replace(kept, shape=Shape.unknown("an array with one more axis"))
    return replace(kept, shape=with_axis(value.shape, axis))


def _cast(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return cast(value, dtype_of(machine, arguments.get(1, "dtype"), Unknown("a dtype")))


def _clip(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    least = arguments.get(1, "a_min", "min", "x_min", "clip_value_min")
    return clipped(
        value, machine.need(least), machine.need(arguments.get(2, "a_max", "max", "x_max", "clip_value_max"))
    )


def _reduction(how: str) -> NativeCall:
    return _on_array(lambda machine, value, arguments, node: reduced(machine, value, how, arguments, 1))


def _test_of_all(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.all`` and ``np.any`` of an array that is not empty, where its range tells: both are the same then."""
    ends = known_range(value)
    filled = value.shape.rank_known and all(isinstance(dim, int) and dim > 0 for dim in value.shape.dims)
    if ends is None or not filled or arguments.given(1, "axis"):
        return machine.unknown("a test of all elements", node)
    if ends[0] == ends[1] == 0:
        return False
    return True if ends[0] > 0 or ends[1] < 0 else machine.unknown("a test of all elements", node)


def _elementwise(low: float | None, high: float | None) -> NativeCall:
    """A smooth function of each element, with the range that it has everywhere."""

    def call(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
        wide = value.dtype in ("int32", "int64")
        return array(value.shape, value.dtype if is_float(value.dtype) else "float64" if wide else None, low, high)

    return _on_array(call)


def _absolute(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    ends = known_range(value)
    if ends is None:
        return array(value.shape, value.dtype)
    inside = ends[0] <= 0 <= ends[1]
    low, high = sorted(map(abs, ends))
    encoding = value.encoding if value.encoding == "continuous" else None
    return array(value.shape, value.dtype, 0 if inside else low, high, encoding)


def _round(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    ends = known_range(value)
    dtype = value.dtype if value.dtype != "bool" else None
    if ends is None or arguments.given(1, "decimals"):
        return array(value.shape, dtype)
    return array(value.shape, dtype, math.floor(ends[0]), math.ceil(ends[1]))


def _log1p(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return array(value.shape, value.dtype if is_float(value.dtype) else None)


def _unique(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "ar"))
    if not isinstance(value, Array) or arguments.keywords or len(arguments.positional) > 1:
        return machine.unknown("the values that occur", node)
    count = number_of_classes(value) if value.encoding in ELEMENTWISE else None
    return array(Shape((count if count else Unknown("how many values occur"),)), value.dtype, value.low, value.high)


def _where(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    test, one, other = (machine.need(arguments.get(n, name)) for n, name in enumerate(("condition", "x", "y")))
    if isinstance(test, Array) and test.shape.rank_known and not arguments.given(1, "x"):
        return _picked(test)
    if not isinstance(test, Array) or not arguments.given(2, "y"):
        return machine.unknown("a choice by a mask", node)
    parts = [part for part in (one, other) if isinstance(part, Array) or is_number(part)]
    if len(parts) < 2:
        return Array(Shape.unknown("a choice between unknown values"))
    shape = test.shape
    for part in parts:
        shape = broadcast(shape, part.shape) if isinstance(part, Array) else shape
    numbers = [part for part in parts if is_number(part)]
    if len(numbers) == 2:
        whole = all(isinstance(part, int) for part in numbers)
        binary = set(numbers) == {0, 1}
        low, high = sorted(numbers)
        chosen = array(shape, "int64" if whole else "float64", low, high, "binary" if binary else None)
        return replace(chosen, range_occurs=True)
    dtype = common(part.dtype for part in parts if isinstance(part, Array))
    return array(shape, dtype if is_float(dtype) else None, *union(parts))


_PICKED = "the number of elements that a mask picks"


def _picked(mask: Array) -> Value:
    """The places where an array is not zero: an array of indices for each axis."""
    if not (mask.shape.rank_known and mask.shape.dims):
        return Unknown("the places in an array of unknown rank")
    return tuple(array(Shape((Unknown(_PICKED),)), "int64", 0, None) for _ in mask.shape.dims)


def _places_of_true(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    known = value.shape.rank_known and value.shape.dims
    return array(Shape((Unknown(_PICKED), len(value.shape.dims))) if known else Shape.unknown(_PICKED), "int64")


def _is_among(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return array(value.shape, "bool", 0, 1, "binary")


def _one_hot(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.one_hot``: one more axis, of size ``depth``."""
    labels, depth = (
        machine.need(arguments.get(0, "indices", "x")),
        machine.need(arguments.get(1, "depth", "num_classes")),
    )
    if arguments.given(2, "on_value", "axis", "off_value") or set(arguments.keywords) & {
        "on_value",
        "off_value",
        "axis",
    }:
        return machine.unknown("one-hot labels along another axis", node)
    count: Dim = depth if isinstance(depth, int) else Unknown("the depth of one-hot labels")
    shape = Shape.unknown("one-hot labels", count)
    inside = True
    if isinstance(labels, Array):
        ends = known_range(labels)
        inside = ends is None or not isinstance(count, int) or (ends[0] >= 0 and ends[1] < count)
        if labels.shape.rank_known:
            shape = Shape((*labels.shape.dims, count))
    kind = dtype_of(machine, arguments.get(None, "dtype"), "float32")
    classes = count if inside and isinstance(count, int) else None
    return array(shape, kind, 0, 1, "one-hot" if inside else None, classes)


def _same(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return value


def _binary_operation(op: str) -> NativeCall:
    """``np.divide(x, 255)`` as the operator."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if len(arguments.positional) != 2 or arguments.keywords:
            return machine.unknown("the result of an operation", node)
        left, right = (machine.need(given.value) for given in arguments.positional)
        return binary(machine, op, left, right, node)

    return call


def _comparison(op: str) -> NativeCall:
    """``np.equal(a, b)`` as the operator."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if len(arguments.positional) != 2 or arguments.keywords:
            return machine.unknown("the result of a comparison", node)
        left, right = (machine.need(given.value) for given in arguments.positional)
        made = COMPARE.ask(machine, op, left, right, node)
        return machine.unknown("the result of a comparison", node) if made is PASS else made

    return call


_OPERATIONS: dict[str, NativeCall] = {
    "abs": _on_array(_absolute),
    "add": _binary_operation("+"),
    "argmax": _on_array(lambda machine, value, arguments, node: argmax(machine, value, arguments, 1, node)),
    "clip": _on_array(_clip),
    "concatenate": concatenate,
    "cos": _elementwise(-1, 1),
    "cumprod": _on_array(lambda machine, value, arguments, node: cumulated(machine, value, arguments, 1)),
    "cumsum": _on_array(lambda machine, value, arguments, node: cumulated(machine, value, arguments, 1)),
    "divide": _binary_operation("/"),
    "exp": _elementwise(0, None),
    "expand_dims": _on_array(_expand_dims),
    "log": _elementwise(None, None),
    "multiply": _binary_operation("*"),
    "repeat": _on_array(repeat),
    "reshape": _on_array(_reshape),
    "round": _on_array(_round),
    "sin": _elementwise(-1, 1),
    "sqrt": _elementwise(0, None),
    "squeeze": _on_array(lambda machine, value, arguments, node: squeezed(machine, value, arguments.get(1, "axis"))),
    "stack": stack,
    "subtract": _binary_operation("-"),
    "tanh": _elementwise(-1, 1),
    "tile": _on_array(tile),
    "transpose": _on_array(
        lambda machine, value, arguments, node: transpose(
            machine, value, [machine.need_all(arguments.get(1, "axes", "perm"))]
        )
    ),
    "where": _where,
}
"""What numpy, TensorFlow and keras.ops call by the same name."""

EXTERNAL: dict[str, NativeCall] = {
    **{f"numpy.{name}": call for name, call in _OPERATIONS.items()},
    **{
        f"tensorflow.{name}": call for name, call in _OPERATIONS.items() if name not in ("concatenate", "repeat", "log")
    },
    **{f"keras.ops.{name}": call for name, call in _OPERATIONS.items()},
    **{f"numpy.{how}": _reduction(how) for how in REDUCTIONS},
    **{f"tensorflow.reduce_{how}": _reduction(how) for how in ("max", "mean", "min", "sum")},
    "numpy.amax": _reduction("max"),
    "numpy.amin": _reduction("min"),
    "numpy.absolute": _on_array(_absolute),
    "numpy.arange": _arange,
    "numpy.append": _append,
    "numpy.all": _on_array(_test_of_all),
    "numpy.any": _on_array(_test_of_all),
    "numpy.argsort": _on_array(lambda machine, value, arguments, node: order(value)),
    "numpy.argwhere": _on_array(_places_of_true),
    "numpy.array": make_array,
    "numpy.array_split": _split,
    "numpy.split": _split,
    "numpy.take": _taken,
    "numpy.asarray": make_array,
    "numpy.ascontiguousarray": make_array,
    "numpy.column_stack": column_stack,
    "numpy.delete": _delete,
    "numpy.copy": _on_array(_same),
    "numpy.empty": _filled(None, None),
    "numpy.empty_like": _like(None, None),
    "numpy.eye": _eye,
    "numpy.equal": _comparison("=="),
    "numpy.flip": _on_array(lambda machine, value, arguments, node: rowless(value)),
    "numpy.full": _full,
    "numpy.hstack": hstack,
    "numpy.identity": _eye,
    "numpy.in1d": _on_array(_is_among),
    "numpy.isin": _on_array(_is_among),
    "numpy.not_equal": _comparison("!="),
    "numpy.nonzero": _on_array(lambda machine, value, arguments, node: _picked(value)),
    "numpy.linspace": _linspace("float64"),
    "tensorflow.linspace": _linspace("float32"),
    "keras.ops.linspace": _linspace("float32"),
    "numpy.log1p": _on_array(_log1p),
    "numpy.ones": _filled(1, 1),
    "numpy.ones_like": _like(1, 1),
    "numpy.unique": _unique,
    "numpy.vstack": vstack,
    "numpy.zeros": _filled(0, 0),
    "numpy.zeros_like": _like(0, 0),
    "tensorflow.cast": _on_array(_cast),
    "keras.ops.cast": _on_array(_cast),
    "tensorflow.clip_by_value": _on_array(_clip),
    "tensorflow.concat": concatenate,
    "keras.backend.constant": _constant,
    "keras.ops.array": _tensor,
    "keras.ops.convert_to_tensor": _tensor,
    "tensorflow.constant": _constant,
    "tensorflow.Variable": _tensor,
    "tensorflow.convert_to_tensor": _tensor,
    "tensorflow.one_hot": _one_hot,
    "keras.ops.one_hot": _one_hot,
    "tensorflow.ones": _filled(1, 1, "float32"),
    "tensorflow.zeros": _filled(0, 0, "float32"),
}

known("data", EXTERNAL)
