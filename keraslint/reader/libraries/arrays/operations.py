"""Arrays as values: their attributes and methods, arithmetic, comparison and change in place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from astroid import nodes

from keraslint.graph import Array, Scaling, Unknown
from keraslint.graph.scaling import by_operator
from keraslint.graph.shape import Dim, Shape, product
from keraslint.reader.libraries.arrays.facts import (
    ELEMENTWISE,
    INTEGERS,
    array,
    broadcast,
    dtype_of,
    holds,
    is_finite,
    is_float,
    is_integer,
    number_of_classes,
    rowless,
    shape_of_value,
    union,
    without_axis,
)
from keraslint.reader.libraries.arrays.history import KINDS, WRITTEN, is_predicted, replaced, with_step, with_written
from keraslint.reader.libraries.arrays.ordering import splits_in_two
from keraslint.reader.libraries.arrays.selection import item_of
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import cause_of
from keraslint.reader.machine.library import methods
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.protocols import ARGMAX, AUGMENTED, BINARY, COMPARE, MET, PASS, SET_ITEM, UNARY
from keraslint.reader.machine.protocols import ELEMENTWISE as COMPARED
from keraslint.reader.machine.values import Choice, Instance, Native, Scope, Value

ArrayMethod = Callable[[Machine, Array, Arguments, nodes.NodeNG], Value]


@attributes_of(Array)
def _attribute(machine: Machine, value: Array, name: str, node: nodes.NodeNG) -> Value:
    match name:
        case "shape":
            if not value.shape.rank_known:
                return machine.unknown(value.shape.reason, node)
            return tuple(Unknown("the number of samples") if dim is None else dim for dim in value.shape.dims)
        case "ndim":
            return value.shape.rank
        case "dtype":
            return value.dtype
        case "T":
            return transposed(value, None)
        case "values":
            return value
        case "size":
            return product(value.shape.dims) if value.shape.rank_known else machine.unknown("the size", node)
    method = _METHODS.get(name)
    if method is None:
        return machine.unknown(f"`{name}` of an array", node)

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        made = method(machine, value, arguments, node)
        if name not in KINDS or made is value:
            return made
        by = machine.need(arguments.get(0, "dtype")) if name == "astype" else f"numpy.ndarray.{name}"
        return with_step(machine, made, [value], KINDS[name], by, node)

    return Native(name, call)


def known_range(value: Array) -> tuple[float, float] | None:
    """Both bounds, when both are known and finite."""
    ends = value.low, value.high
    known = all(isinstance(end, int | float) and is_finite(end) for end in ends)
    return ends if known else None  # type: ignore[return-value]


def cast(value: Array, dtype: str | Unknown) -> Array:
    """The array in another dtype: to integers values are cut off, and those that do not fit wrap around."""
    if dtype == value.dtype or not isinstance(dtype, str):
        return replace(value, dtype=dtype)
    if is_float(dtype):
        return replace(value, dtype=dtype)
    if dtype == "bool":
        return array(value.shape, "bool", 0, 1, "binary", origin=value.origin)
    if dtype not in INTEGERS:
        return Array(value.shape, dtype)
    ends = known_range(value)
    encoding = value.encoding if value.encoding != "continuous" else Unknown("cut off to integers")
    if ends is None or not holds(dtype, math.trunc(ends[0]), math.trunc(ends[1])):
        return Array(value.shape, dtype, origin=value.origin)
    low, high = map(math.trunc, ends)
    return replace(value, dtype=dtype, low=low, high=high, encoding=encoding)


def reshaped(value: Array, target: Shape) -> Array:
    """The array in another shape; rows of classes are kept only where they stay rows."""
    if target.rank_known and any(dim == -1 for dim in target.dims):
        asked = [dim for dim in target.dims if not (isinstance(dim, int) and dim == -1)]
        asked, there = _without_common(asked, list(value.shape.dims))
        rest = product(asked)
        whole = product(there) if value.shape.rank_known else Unknown("the size")
        free: Dim = Unknown("a size left to numpy")
        if isinstance(whole, Unknown) or (whole is None and rest is not None):
            free = whole
        elif isinstance(rest, int) and isinstance(whole, int) and rest > 0:
            free = whole // rest
        target = Shape(tuple(free if isinstance(dim, int) and dim == -1 else dim for dim in target.dims))
    keeps = value.encoding in ELEMENTWISE or (target.rank_known and target[-1] == value.shape[-1])
    return replace(value, shape=target) if keeps else replace(rowless(value), shape=target)


def _without_common(asked: list[Dim], there: list[Dim]) -> tuple[list[Dim], list[Dim]]:
    """Both without the unknown sizes that stand in both, as in ``x.reshape(len(x), -1)``."""
    left = list(there)
    rest: list[Dim] = []
    for dim in asked:
        place = next((i for i, other in enumerate(left) if other is dim and isinstance(dim, Unknown)), None)
        if place is None:
            rest.append(dim)
        else:
            del left[place]
    return rest, left


def transposed(value: Array, axes: tuple[int, ...] | None) -> Array:
    """The array with its axes reversed, or in the order ``axes``."""
    if not value.shape.rank_known:
        return rowless(value)
    rank = len(value.shape.dims)
    order = axes if axes is not None else tuple(reversed(range(rank)))
    if sorted(axis + rank if axis < 0 else axis for axis in order) != list(range(rank)):
        return replace(rowless(value), shape=Shape.unknown("transposed"))
    return replace(rowless(value), shape=Shape(tuple(value.shape.dims[axis] for axis in order)))


def squeezed(machine: Machine, value: Array, axis: Value) -> Array:
    """The array without its axes of size 1, or without one of them."""
    axis = machine.need(axis)
    if axis is None and value.shape.rank_known and all(isinstance(dim, int) for dim in value.shape.dims):
        shape = Shape(tuple(dim for dim in value.shape.dims if dim != 1))
    elif isinstance(axis, int):
        shape = without_axis(value.shape, axis)
    else:
        shape = Shape.unknown("an array without its axes of size 1")
    return replace(rowless(value), shape=shape)


def reduced(machine: Machine, value: Array, how: str, arguments: Arguments, position: int) -> Value:
    """``x.mean()``, ``np.max(x, axis=0)``: whole arrays come to one number, or lose an axis."""
    axis, keep = machine.need(arguments.get(position, "axis")), machine.need(arguments.get(None, "keepdims"))
    ends = known_range(value)
    if axis is None and not keep:
        whole_set = bool(value.origin) and number_of_classes(value) is not None
        if ends is not None and how in ("max", "min") and whole_set:
            return ends[1] if how == "max" else ends[0]
        shape = Shape(())
    elif isinstance(axis, int) and not isinstance(axis, bool) and keep in (None, False):
        shape = without_axis(value.shape, axis)
    elif isinstance(axis, int) and not isinstance(axis, bool) and keep is True:
        shape = value.shape.with_dim(axis, 1) if value.shape.rank_known else value.shape
    else:
        shape = Shape.unknown(f"the {how} along some axes")
    if how in ("max", "min"):
        return array(shape, value.dtype, *(ends or (None, None)))
    dtype = value.dtype if is_float(value.dtype) else None
    return array(shape, dtype, *ends) if ends and how == "mean" else array(shape, dtype)


def argmax(machine: Machine, value: Array, arguments: Arguments, position: int, node: nodes.NodeNG) -> Value:
    """``np.argmax(y, axis=1)``: class indices."""
    axis = machine.need(arguments.get(position, "axis"))
    if not isinstance(axis, int):
        return Unknown("the position of an extreme")
    count = value.shape[axis]
    shape = without_axis(value.shape, axis)
    if count == 1:
        ARGMAX.ask(machine, value, node)
    if isinstance(count, int):
        classes = count if axis in (-1, len(value.shape.dims) - 1) and value.encoding == "one-hot" else None
        return array(shape, "int64", 0, count - 1, "binary" if count == 2 else "integer", classes, value.origin)
    return array(shape, "int64", encoding="integer")


# methods -----------------------------------------------------------------------------------------------------


def _astype(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return cast(value, dtype_of(machine, arguments.get(0, "dtype"), Unknown("a dtype")))


def _reshape(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = [given.value for given in arguments.positional]
    target = (
        arguments.get(None, "shape", "newshape") if not values else values[0] if len(values) == 1 else tuple(values)
    )
    return reshaped(value, shape_of_value(machine, target))


def _flatten(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    count = product(value.shape.dims) if value.shape.rank_known else Unknown("a size")
    return replace(rowless(value), shape=Shape((count,)))


def cumulated(machine: Machine, value: Array, arguments: Arguments, position: int) -> Array:
    """Sums or products so far, along an axis or over the flat array; ``position`` is where the axis stands."""
    axis = machine.need(arguments.get(position, "axis"))
    shape = Shape((product(value.shape.dims),)) if value.shape.rank_known else value.shape
    if axis is not None:
        shape = value.shape if isinstance(axis, int) else Shape.unknown("an axis that is not known")
    floats = isinstance(value.dtype, str) and value.dtype.startswith("float") and not arguments.given(None, "dtype")
    return Array(shape, value.dtype if floats else Unknown("dtype of sums"))


def _keep(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return value


def _set_shape(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``x.set_shape([None, 24])``: sizes that TensorFlow cannot see; None leaves one as it is."""
    told = shape_of_value(machine, arguments.get(0, "shape"))
    if not told.rank_known:
        return None
    there = value.shape.dims if value.shape.rank_known else tuple(Unknown(value.shape.reason) for _ in told.dims)
    if len(there) == len(told.dims):
        dims = tuple(dim if isinstance(dim, int) else old for dim, old in zip(told.dims, there, strict=True))
        changed_in_place(machine, value, replace(value, shape=Shape(dims)))
    return None


def _transpose(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return transpose(machine, value, [machine.need_all(given.value) for given in arguments.positional])


def transpose(machine: Machine, value: Array, axes: list[Value]) -> Array:
    """Axes given one by one, or as one tuple, or not at all."""
    if not axes or axes == [None]:
        return transposed(value, None)
    order = shape_of_value(machine, axes[0] if len(axes) == 1 else tuple(axes))
    if order.rank_known and all(isinstance(axis, int) for axis in order.dims):
        return transposed(value, tuple(axis for axis in order.dims if isinstance(axis, int)))
    return replace(rowless(value), shape=Shape.unknown("transposed"))


def _clip(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return clipped(value, machine.need(arguments.get(0, "min")), machine.need(arguments.get(1, "max")))


def clipped(value: Array, least: Value, most: Value) -> Array:
    """The array held between two numbers."""
    whole = is_integer(value.dtype) and value.dtype != "bool" and isinstance(least, int) and isinstance(most, int)
    dtype = value.dtype if is_float(value.dtype) or whole else Unknown("the dtype of what is clipped")
    ends = known_range(value)
    if ends is None or not isinstance(least, int | float) or not isinstance(most, int | float):
        return Array(value.shape, dtype)
    low, high = (min(max(end, least), most) for end in ends)
    return array(value.shape, dtype, low, high, origin=value.origin)


def _fill(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    changed_in_place(machine, value, Array(value.shape, value.dtype))
    return None


def _sort(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    changed_in_place(machine, value, rowless(value))
    return None


def _squeeze(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return squeezed(machine, value, arguments.get(0, "axis"))


def _reduction(how: str) -> ArrayMethod:
    return lambda machine, value, arguments, node: reduced(machine, value, how, arguments, 0)


REDUCTIONS = ("max", "mean", "median", "min", "std", "sum", "var")


def _order(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return order(value)


def order(value: Array) -> Array:
    """The indices that would sort an array."""
    return array(value.shape, "int64", 0, None)


def _take(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``array.take(indices, axis=0)``: as ``array[indices]``."""
    indices = machine.need(arguments.get(0, "indices"))
    if machine.need(arguments.get(1, "axis")) != 0 or isinstance(indices, Unknown):
        return machine.unknown(cause_of(indices) or "a selection of an array", node)
    return item_of(machine, value, indices, node)


_METHODS: dict[str, ArrayMethod] = {
    "argsort": _order,
    "argmax": lambda machine, value, arguments, node: argmax(machine, value, arguments, 0, node),
    "astype": _astype,
    "clip": _clip,
    "copy": _keep,
    "cumprod": lambda machine, value, arguments, node: cumulated(machine, value, arguments, 0),
    "cumsum": lambda machine, value, arguments, node: cumulated(machine, value, arguments, 0),
    "fill": _fill,
    "flatten": _flatten,
    "numpy": _keep,
    "ravel": _flatten,
    "reshape": _reshape,
    "set_shape": _set_shape,
    "sort": _sort,
    "squeeze": _squeeze,
    "take": _take,
    "to_numpy": _keep,
    "toarray": _keep,
    "transpose": _transpose,
    **{how: _reduction(how) for how in REDUCTIONS if how != "median"},
}


# operators --------------------------------------------------------------------------------------------------


@BINARY.answers(Array)
def _arithmetic(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """Arithmetic on data."""
    if isinstance(left, Array) and isinstance(right, Array):
        MET.ask(machine, left, right, node)
    made = _calculated(op, left, right)
    number = right if isinstance(left, Array) else left
    known = isinstance(number, int | float) and is_finite(number)
    if op not in ("+", "-", "*", "/"):
        return with_step(machine, made, (left, right), "computed", op, node)
    scaling = by_operator(op, number, swapped=not isinstance(left, Array))
    return with_step(machine, made, (left, right), "scaled", (op, number if known else None), node, scaling)


def scaled_by(value: Array, scaling: Scaling) -> Array:
    """The values as a scaling leaves them; its bounds are known where its numbers are."""
    ends = known_range(value)
    dtype = value.dtype if is_float(value.dtype) else "float32"
    if ends is None or scaling.factor is None or scaling.offset is None or scaling.name:
        return array(value.shape, dtype, origin=value.origin)
    low, high = sorted(end * scaling.factor + scaling.offset for end in ends)
    return array(value.shape, dtype, low, high, origin=value.origin)


def _calculated(op: str, left: Value, right: Value) -> Array:
    """The shape follows; the range, where one side is a number."""
    base, other = (left, right) if isinstance(left, Array) else (right, left)
    assert isinstance(base, Array)
    if op == "@":
        return Array(_matmul(left, right))
    if isinstance(other, Array):
        shape = broadcast(base.shape, other.shape)
        if op in "&|^" and base.dtype == other.dtype == "bool":
            return array(shape, "bool", 0, 1, "binary")
        dtype = base.dtype if base.dtype == other.dtype and (is_float(base.dtype) or op in "+-*") else None
        return array(shape, dtype)
    if isinstance(other, bool) or not isinstance(other, int | float):
        return Array(_shape_with_unknown(base.shape, other))
    return _with_number(op, base, other, base is right)


def _with_number(op: str, base: Array, other: float, swapped: bool) -> Array:
    dtype = _dtype_with_number(op, base.dtype, other)
    ends = known_range(base)
    if op == "%" and not swapped:
        return _modulo(base, other, dtype)
    results = [_apply(op, end, other, swapped) for end in ends] if ends else [None]
    known = [end for end in results if end is not None and is_finite(end)]
    if op in ("**", "//") or len(known) < 2 or (op == "/" and swapped):
        return array(base.shape, dtype)
    low, high = min(known), max(known)
    if not (op == "/" and isinstance(dtype, Unknown)) and not holds(dtype, low, high):
        return array(base.shape, dtype)
    stretches = base.encoding == "continuous" and not (op in "*/" and other == 0)
    return array(base.shape, dtype, low, high, "continuous" if stretches else None, origin=base.origin)


def _modulo(base: Array, other: float, dtype: str | Unknown) -> Array:
    if not is_integer(base.dtype) or not isinstance(other, int) or other < 1:
        return array(base.shape, dtype)
    return array(base.shape, dtype, 0, other - 1, "binary" if other == 2 else None)


def _dtype_with_number(op: str, dtype: str | Unknown, other: float) -> str | Unknown:
    if is_float(dtype):
        return dtype
    if is_integer(dtype) and (op == "/" or isinstance(other, float)):
        return "float64"
    return dtype if is_integer(dtype) and dtype != "bool" else Unknown("the dtype of a result")


def _shape_with_unknown(shape: Shape, other: Value) -> Shape:
    """What an operand of unknown shape leaves: it is taken to be of no higher rank, as a mean or a scale is."""
    if not shape.rank_known:
        return Shape.unknown(shape.reason)
    if len(shape.dims) < 2:
        why = other.reason if isinstance(other, Unknown) else "the result of arithmetic with something unknown"
        return Shape.unknown(why)
    return Shape(tuple(Unknown("an axis that may be stretched") if dim == 1 else dim for dim in shape.dims))


def _matmul(left: Value, right: Value) -> Shape:
    if isinstance(left, Array) and isinstance(right, Array):
        ranks = (left.shape.rank, right.shape.rank)
        if ranks == (2, 2):
            return Shape((left.shape[0], right.shape[1]))
        if ranks == (2, 1):
            return Shape((left.shape[0],))
    return Shape.unknown("a matrix product")


def _apply(op: str, end: float, other: float, swapped: bool) -> float | None:
    one, two = (other, end) if swapped else (end, other)
    try:
        match op:
            case "+":
                return one + two
            case "-":
                return one - two
            case "*":
                return one * two
            case "/":
                return one / two
    except (ArithmeticError, ValueError):
        return None
    return None


@UNARY.answers(Array)
def _unary(machine: Machine, op: str, value: Array, node: nodes.NodeNG) -> Value:
    return {"+": lambda array: array, "-": _negative, "~": _inverse}[op](value) if op in "+-~" else PASS


def _negative(value: Array) -> Array:
    """``-x``."""
    ends = known_range(value)
    if ends is None or not holds(value.dtype, -ends[1], -ends[0]):
        return Array(value.shape, value.dtype)
    encoding = "continuous" if value.encoding == "continuous" else None
    return array(value.shape, value.dtype, -ends[1], -ends[0], encoding)


def _inverse(value: Array) -> Array:
    """``~mask``."""
    return array(value.shape, "bool", 0, 1, "binary") if value.dtype == "bool" else Array(value.shape, value.dtype)


_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EVERYWHERE: dict[str, Callable[[float, float, float], tuple[bool, bool]]] = {
    "==": lambda low, high, other: (low == high == other, not low <= other <= high),
    "!=": lambda low, high, other: (not low <= other <= high, low == high == other),
    "<": lambda low, high, other: (high < other, low >= other),
    "<=": lambda low, high, other: (high <= other, low > other),
    ">": lambda low, high, other: (low > other, high <= other),
    ">=": lambda low, high, other: (low >= other, high < other),
}
"""Whether a comparison holds, or fails, for all numbers between two."""


@COMPARE.answers(Array)
def _comparison(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """``y > 0``: an array of 0 and 1, or of one of them where the range tells."""
    if op not in COMPARED:
        return PASS
    swapped = not isinstance(left, Array)
    base, other = (left, right) if isinstance(left, Array) else (right, left)
    assert isinstance(base, Array)
    if isinstance(other, Array):
        MET.ask(machine, base, other, node)
        shape = broadcast(base.shape, other.shape)
    elif isinstance(other, int | float | str):
        shape = base.shape
    else:
        shape = _shape_with_unknown(base.shape, other)
    ends = known_range(base)
    if ends is not None and isinstance(other, int | float):
        always, never = _EVERYWHERE[_SWAPPED.get(op, op) if swapped else op](*ends, other)
        if always or never:
            return array(shape, "bool", int(always), int(always))
    made = array(shape, "bool", 0, 1, "binary")
    return replaced(machine, made, base.steps) if is_predicted(base) else made


# change in place ---------------------------------------------------------------------------------------------


@SET_ITEM.answers(Array)
def _set_item(machine: Machine, owner: Array, index: Value, value: Value, node: nodes.NodeNG) -> None:
    """``y[i] = value``: the bounds make room for it."""
    value = machine.need(value)
    low, high = union([owner, value]) if isinstance(value, Array | int | float) else (None, None)
    if low is None or high is None or not (is_finite(low) and is_finite(high)) or not holds(owner.dtype, low, high):
        made = Array(owner.shape, owner.dtype)
    elif is_integer(owner.dtype):
        made = array(owner.shape, owner.dtype, math.trunc(low), math.trunc(high))
    else:
        made = array(owner.shape, owner.dtype, low, high)
    if splits_in_two(owner, index, value):
        changed_in_place(machine, owner, with_step(machine, made, [owner], "sorted", WRITTEN, node))
    else:
        changed_in_place(machine, owner, with_written(machine, made, owner, node))


@AUGMENTED.answers(Array)
def _augmented(machine: Machine, old: Array, result: Value) -> None:
    if isinstance(result, Array):
        changed_in_place(machine, old, result)


def changed_in_place(machine: Machine, old: Array, new: Value) -> None:
    """Every name for the array stands for the changed one from here on."""
    if isinstance(new, Array) and not new.steps and old.steps:
        new = replace(new, steps=old.steps)
    for names in _places(machine):
        for name, value in list(names.items()):
            if _now(machine, value) is old:
                machine.journal.set(names, name, new)


def _now(machine: Machine, value: Value) -> Value:
    while isinstance(value, Choice) and (arm := machine.arm_of(value.test)) is not None:
        value = value.if_true if arm else value.if_false
    return value


def _places(machine: Machine) -> Iterator[dict[str, Value]]:
    """The names in scope here and in the functions that led here, and the attributes of instances among them."""
    scopes: dict[int, Scope] = {}
    for scope in (machine.scope, machine.module, *(frame.scope for frame in machine.frames)):
        inner: Scope | None = scope
        while inner is not None:
            scopes[id(inner)] = inner
            inner = inner.parent
    for scope in scopes.values():
        yield scope.names
        for value in list(scope.names.values()):
            if isinstance(value, Instance):
                yield value.attributes


methods("numpy.ndarray", _METHODS)
