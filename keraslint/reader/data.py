"""Data as far as it decides shapes, ranges and label encoding: numpy, splits, Keras data sets and utilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape, product
from keraslint.reader.iteration import items_of
from keraslint.reader.machine import Arguments, Machine, attributes_of
from keraslint.reader.values import External, ListValue, Native, Value

NativeCall = Callable[[Machine, Arguments, nodes.NodeNG], Value]
Encoding = Literal["integer", "binary", "one-hot", "multi-hot", "continuous"]


def array(
    shape: Shape,
    dtype: str | Unknown | None = None,
    low: float | None = None,
    high: float | None = None,
    encoding: Encoding | None = None,
    classes: int | None = None,
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
        return Shape(tuple(_size(item) for item in items))
    if isinstance(value, int) and not isinstance(value, bool):
        return Shape((value,))
    if isinstance(value, Unknown):
        return Shape.unknown(value.reason)
    return Shape.unknown("a shape that is not understood")


def _size(value: Value) -> Dim:
    if isinstance(value, Unknown) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return Unknown("a size that is no integer")


def _number(machine: Machine, value: Value, default: float) -> float | None:
    value = machine.need(value)
    if value is None:
        return default
    return value if isinstance(value, int | float) else None


# constructors ------------------------------------------------------------------------------------------------


def _filled(low: float | None, high: float | None, dtype: str = "float64") -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        kind = machine.need(arguments.get(1, "dtype"))
        return array(
            shape_of_value(machine, arguments.get(0, "shape", "size")),
            kind if isinstance(kind, str) else dtype,
            low,
            high,
        )

    return call


def _rand(low: float | None, high: float | None) -> NativeCall:
    """``np.random.rand(2, 3)``: sizes as arguments."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        sizes = tuple(_size(machine.need(given.value)) for given in arguments.positional)
        shape = Shape(sizes) if not arguments.open_ended else Shape.unknown("sizes given as *args")
        return array(shape, "float64", low, high, "continuous")

    return call


def _sized(position: int, low: float | None, high: float | None) -> NativeCall:
    """``np.random.normal(loc, scale, size)`` and the like."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        shape = shape_of_value(machine, arguments.get(position, "size"))
        return array(shape, "float64", low, high, "continuous")

    return call


def _uniform(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    shape = shape_of_value(machine, arguments.get(2, "size"))
    low = _number(machine, arguments.get(0, "low"), 0.0)
    high = _number(machine, arguments.get(1, "high"), 1.0)
    return array(shape, "float64", low, high, "continuous")


def _randint(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    first = machine.need(arguments.get(0, "low"))
    second = machine.need(arguments.get(1, "high"))
    low, high = (0, first) if second is None else (first, second)
    shape = shape_of_value(machine, arguments.get(2, "size"))
    if not isinstance(low, int) or not isinstance(high, int):
        return array(shape, "int64", encoding="integer")
    encoding: Encoding = "binary" if (low, high) == (0, 2) else "integer"
    return array(shape, "int64", low, high - 1, encoding, high if low == 0 else None)


def _choice(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    options = machine.need_all(arguments.get(0, "a"))
    shape = shape_of_value(machine, arguments.get(1, "size"))
    if isinstance(options, int):
        return array(shape, "int64", 0, options - 1, "binary" if options == 2 else "integer", options)
    items = items_of(machine, options)
    if items and all(isinstance(item, int | float) for item in items):
        whole = all(isinstance(item, int) for item in items)
        binary = set(items) == {0, 1}
        encoding: Encoding = "binary" if binary else "integer" if whole else "continuous"
        return array(shape, "int64" if whole else "float64", min(items), max(items), encoding)
    return array(shape)


def _array(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need_all(arguments.get(0, "object", "a", "data", "value"))
    if isinstance(value, Array):
        return _with_dtype(machine, value, arguments.get(1, "dtype"))
    dims, leaves = _measure(machine, value)
    if dims is None:
        return array(Shape.unknown("an array of unknown content"))
    numbers = [leaf for leaf in leaves if isinstance(leaf, int | float)]
    if not numbers or len(numbers) < len(leaves):
        return _with_dtype(machine, array(Shape(dims)), arguments.get(1, "dtype"))
    whole = all(isinstance(number, int) for number in numbers)
    encoding: Encoding | None = None
    if set(numbers) <= {0, 1} and (len(dims) == 1 or dims[-1:] == (1,)):
        encoding = "binary"
    made = array(Shape(dims), "int64" if whole else "float64", min(numbers), max(numbers), encoding)
    return _with_dtype(machine, made, arguments.get(1, "dtype"))


def _measure(machine: Machine, value: Value) -> tuple[tuple[Dim, ...] | None, list[Value]]:
    """Sizes of a nested list, and its numbers."""
    if not isinstance(value, ListValue | tuple):
        return (), [value]
    items = items_of(machine, value)
    if items is None:
        return None, []
    inner = [_measure(machine, item) for item in items]
    shapes = {dims for dims, _ in inner}
    if len(shapes) > 1 or None in shapes:
        return None, []
    rest = next(iter(shapes)) if shapes else ()
    assert rest is not None
    return (len(items), *rest), [leaf for _, leaves in inner for leaf in leaves]


def _with_dtype(machine: Machine, value: Array, dtype: Value) -> Array:
    dtype = machine.need(dtype)
    return replace(value, dtype=dtype) if isinstance(dtype, str) else value


def _arange(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = [machine.need(given.value) for given in arguments.positional]
    if values and all(isinstance(value, int) for value in values):
        numbers = range(*values[:3])
        if len(numbers):
            return array(Shape((len(numbers),)), "int64", min(numbers[0], numbers[-1]), max(numbers[0], numbers[-1]))
    return array(Shape((Unknown("the length of an arange"),)))


def _linspace(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    start, stop = machine.need(arguments.get(0, "start")), machine.need(arguments.get(1, "stop"))
    count = machine.need(arguments.get(2, "num"))
    size = 50 if count is None else _size(count)
    if isinstance(start, int | float) and isinstance(stop, int | float):
        return array(Shape((size,)), "float64", min(start, stop), max(start, stop), "continuous")
    return array(Shape((size,)), "float64", encoding="continuous")


# Keras data --------------------------------------------------------------------------------------------------

_IMAGES = {
    "mnist": ((28, 28), 60_000, 10_000, 10),
    "fashion_mnist": ((28, 28), 60_000, 10_000, 10),
    "cifar10": ((32, 32, 3), 50_000, 10_000, 10),
    "cifar100": ((32, 32, 3), 50_000, 10_000, 100),
}


def _images(name: str) -> NativeCall:
    size, train, test, classes = _IMAGES[name]

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        labels: tuple[int, ...] = (1,) if name.startswith("cifar") else ()
        many = 20 if machine.need(arguments.get(0, "label_mode")) == "coarse" else classes
        origin = f"keras.datasets.{name}"
        return tuple(
            (
                array(Shape((count, *size)), "uint8", 0, 255, origin=origin),
                array(Shape((count, *labels)), "uint8", 0, many - 1, "integer", many, origin),
            )
            for count in (train, test)
        )

    return call


def _texts(name: str, train: int, test: int, classes: int) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        words = machine.need(arguments.get(None, "num_words"))
        high = words - 1 if isinstance(words, int) else None
        encoding: Encoding = "binary" if classes == 2 else "integer"
        origin = f"keras.datasets.{name}"
        return tuple(
            (
                array(Shape((count,)), "object", 0, high, origin=origin),
                array(Shape((count,)), "int64", 0, classes - 1, encoding, classes, origin),
            )
            for count in (train, test)
        )

    return call


def _housing(low: float, high: float, features: int, name: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        origin = f"keras.datasets.{name}"
        unknown = Unknown("the number of samples")
        return tuple(
            (
                array(Shape((unknown, features)), "float64", encoding="continuous", origin=origin),
                array(Shape((unknown,)), "float64", low, high, "continuous", origin=origin),
            )
            for _ in range(2)
        )

    return call


def _to_categorical(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    labels = machine.need(arguments.get(0, "x", "y"))
    classes = machine.need(arguments.get(1, "num_classes", "nb_classes"))
    count: Dim = classes if isinstance(classes, int) else Unknown("the number of classes")
    shape = Shape.unknown("one-hot labels", count)
    if isinstance(labels, Array):
        if classes is None and isinstance(labels.high, int):
            count = labels.high + 1
        dims = labels.shape.dims
        if labels.shape.rank_known:
            shape = Shape((*(dims[:-1] if len(dims) > 1 and dims[-1] == 1 else dims), count))
    return array(shape, "float64", 0, 1, "one-hot", count if isinstance(count, int) else None)


def _pad_sequences(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    sequences = machine.need(arguments.get(0, "sequences"))
    length = machine.need(arguments.get(1, "maxlen"))
    size: Dim = length if isinstance(length, int) else Unknown("the padded length")
    count = sequences.shape[0] if isinstance(sequences, Array) else Unknown("the number of samples")
    made = array(Shape((count, size)), "int32")
    return replace(made, low=sequences.low, high=sequences.high) if isinstance(sequences, Array) else made


def _split(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``train_test_split(X, y, …)``: each array twice, with fewer samples."""
    parts: list[Value] = []
    for given in arguments.positional:
        value = machine.need(given.value)
        part = _fewer(value) if isinstance(value, Array) else Unknown("a part of the data")
        parts.extend((part, part))
    return ListValue(parts)


def _fewer(value: Array) -> Array:
    if not value.shape.rank_known or not value.shape.dims:
        return value
    return replace(value, shape=Shape((Unknown("the number of samples"), *value.shape.dims[1:])))


def _same(position: int = 0) -> NativeCall:
    """A function that keeps shape, range and encoding."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        value = machine.need_all(arguments.get(position))
        return value if isinstance(value, Array) else _array(machine, arguments, node)

    return call


def _reshape_call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "a"))
    if not isinstance(value, Array):
        return machine.unknown("a reshaped array", node)
    return _reshaped(value, shape_of_value(machine, arguments.get(1, "newshape", "shape")))


def _reshaped(value: Array, target: Shape) -> Array:
    if target.rank_known and -1 in target.dims:
        rest = product(dim for dim in target.dims if not (isinstance(dim, int) and dim == -1))
        whole = product(value.shape.dims) if value.shape.rank_known else Unknown("the size")
        free: Dim = Unknown("a size left to numpy")
        if isinstance(rest, int) and isinstance(whole, int) and rest > 0:
            free = whole // rest
        target = Shape(tuple(free if isinstance(dim, int) and dim == -1 else dim for dim in target.dims))
    return replace(value, shape=target)


def _expand_dims(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value, axis = machine.need(arguments.get(0, "a", "input")), machine.need(arguments.get(1, "axis"))
    if not isinstance(value, Array):
        return machine.unknown("an array with one more axis", node)
    if not value.shape.rank_known or not isinstance(axis, int):
        return replace(value, shape=Shape.unknown("an array with one more axis"))
    dims = list(value.shape.dims)
    dims.insert(axis if axis >= 0 else len(dims) + 1 + axis, 1)
    return replace(value, shape=Shape(tuple(dims)))


def _concatenate(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = items_of(machine, machine.need_all(arguments.get(0, "arrays"))) or ()
    arrays = [part for part in parts if isinstance(part, Array)]
    if not arrays or len(arrays) < len(parts):
        return machine.unknown("concatenated arrays", node)
    first = arrays[0]
    same_range = all(a.low == first.low and a.high == first.high for a in arrays)
    blank = Array(first.shape)
    return replace(
        first if same_range else blank,
        shape=Shape((Unknown("the number of samples"), *first.shape.dims[1:]))
        if first.shape.rank_known
        else first.shape,
    )


EXTERNAL: dict[str, NativeCall] = {
    "keras.utils.to_categorical": _to_categorical,
    "keras.utils.pad_sequences": _pad_sequences,
    **{f"keras.datasets.{name}.load_data": _images(name) for name in _IMAGES},
    "keras.datasets.imdb.load_data": _texts("imdb", 25_000, 25_000, 2),
    "keras.datasets.reuters.load_data": _texts("reuters", 8_982, 2_246, 46),
    "keras.datasets.boston_housing.load_data": _housing(5.0, 50.0, 13, "boston_housing"),
    "keras.datasets.california_housing.load_data": _housing(14_999.0, 500_001.0, 8, "california_housing"),
    "numpy.arange": _arange,
    "numpy.array": _array,
    "numpy.asarray": _array,
    "numpy.concatenate": _concatenate,
    "numpy.vstack": _concatenate,
    "numpy.empty": _filled(None, None),
    "numpy.expand_dims": _expand_dims,
    "numpy.linspace": _linspace,
    "numpy.ones": _filled(1, 1),
    "numpy.random.choice": _choice,
    "numpy.random.normal": _sized(2, None, None),
    "numpy.random.rand": _rand(0.0, 1.0),
    "numpy.random.randint": _randint,
    "numpy.random.randn": _rand(None, None),
    "numpy.random.random": _sized(0, 0.0, 1.0),
    "numpy.random.random_sample": _sized(0, 0.0, 1.0),
    "numpy.random.standard_normal": _sized(0, None, None),
    "numpy.random.uniform": _uniform,
    "numpy.reshape": _reshape_call,
    "numpy.zeros": _filled(0, 0),
    "sklearn.model_selection.train_test_split": _split,
    "tensorflow.convert_to_tensor": _array,
    "tensorflow.constant": _array,
    "tensorflow.random.normal": _filled(None, None, "float32"),
    "tensorflow.random.uniform": _filled(None, None, "float32"),
    "tensorflow.ones": _filled(1, 1, "float32"),
    "tensorflow.zeros": _filled(0, 0, "float32"),
}

_GENERATOR_METHODS = {
    "choice": _choice,
    "integers": _randint,
    "normal": _sized(2, None, None),
    "rand": _rand(0.0, 1.0),
    "randint": _randint,
    "randn": _rand(None, None),
    "random": _sized(0, 0.0, 1.0),
    "standard_normal": _sized(0, None, None),
    "uniform": _uniform,
}


class Generator:
    """A numpy random generator: ``np.random.default_rng()``."""


def _generator(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Generator()


EXTERNAL["numpy.random.default_rng"] = _generator
EXTERNAL["numpy.random.RandomState"] = _generator


@attributes_of(Generator)
def _generator_attribute(machine: Machine, value: Generator, name: str, node: nodes.NodeNG) -> Value:
    method = _GENERATOR_METHODS.get(name)
    return Native(name, method) if method else machine.unknown(f"`{name}` of a random generator", node)


# arrays ------------------------------------------------------------------------------------------------------


@attributes_of(Array)
def _array_attribute(machine: Machine, value: Array, name: str, node: nodes.NodeNG) -> Value:
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
            return replace(value, shape=Shape(tuple(reversed(value.shape.dims)))) if value.shape.rank_known else value
        case "size":
            return product(value.shape.dims) if value.shape.rank_known else machine.unknown("the size", node)
    method = _ARRAY_METHODS.get(name)
    if method is None:
        return machine.unknown(f"`{name}` of an array", node)
    return Native(name, lambda machine, arguments, node: method(machine, value, arguments, node))


def _astype(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    dtype = machine.need(arguments.get(0, "dtype"))
    if isinstance(dtype, External):
        dtype = dtype.path.rpartition(".")[2]
    if isinstance(dtype, Native):
        dtype = {"float": "float64", "int": "int64", "bool": "bool"}.get(dtype.name, dtype)
    return replace(value, dtype=dtype if isinstance(dtype, str) else Unknown("a dtype"))


def _reshape(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = [given.value for given in arguments.positional]
    target = values[0] if len(values) == 1 else tuple(values)
    return _reshaped(value, shape_of_value(machine, target))


def _flatten(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return replace(value, shape=Shape((product(value.shape.dims) if value.shape.rank_known else Unknown("a size"),)))


def _keep(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return value


def _extreme(which: str) -> ArrayMethod:
    def call(machine: Machine, value: Array, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if arguments.values:
            return machine.unknown("an extreme along an axis", node)
        return value.low if which == "low" else value.high

    return call


ArrayMethod = Callable[[Machine, Array, Arguments, nodes.NodeNG], Value]
_ARRAY_METHODS: dict[str, ArrayMethod] = {
    "astype": _astype,
    "copy": _keep,
    "flatten": _flatten,
    "max": _extreme("high"),
    "min": _extreme("low"),
    "ravel": _flatten,
    "reshape": _reshape,
    "squeeze": lambda machine, value, arguments, node: replace(
        value,
        shape=Shape(tuple(d for d in value.shape.dims if not (isinstance(d, int) and d == 1)))
        if value.shape.rank_known
        else value.shape,
    ),
}


def array_arithmetic(op: str, left: Value, right: Value) -> Value:
    """Arithmetic on data: the shape stays, the range follows for scalars."""
    base, other = (left, right) if isinstance(left, Array) else (right, left)
    assert isinstance(base, Array)
    blank = Array(base.shape if not isinstance(other, Array) else _broadcast(base.shape, other.shape), base.dtype)
    if not isinstance(other, int | float) or isinstance(other, bool):
        return blank
    floating = op == "/" or isinstance(other, float)
    dtype = "float64" if floating and not str(base.dtype).startswith("float") else base.dtype
    ends = [_apply(op, end, other, base is right) for end in (base.low, base.high)]
    if any(end is None for end in ends):
        return replace(blank, dtype=dtype)
    low, high = sorted(end for end in ends if end is not None)
    same = op in "+-" and base.encoding == "integer"
    return replace(blank, dtype=dtype, low=low, high=high, encoding=base.encoding if same else blank.encoding)


def _apply(op: str, end: float | Unknown, other: float, swapped: bool) -> float | None:
    if isinstance(end, Unknown):
        return None
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


def _broadcast(one: Shape, other: Shape) -> Shape:
    if not one.rank_known or not other.rank_known:
        return Shape.unknown("the result of arithmetic on arrays")
    if len(one.dims) < len(other.dims):
        one, other = other, one
    padded = (1,) * (len(one.dims) - len(other.dims)) + other.dims
    return Shape(tuple(b if isinstance(a, int) and a == 1 else a for a, b in zip(one.dims, padded, strict=True)))


def array_item(value: Array, index: Value) -> Value:
    """``array[index]``: slices of rows keep what is known, an integer takes an axis away."""
    parts = index if isinstance(index, tuple) else (index,)
    if not value.shape.rank_known or any(part is Ellipsis for part in parts):
        return replace(value, shape=Shape.unknown("a slice of an array"))
    dims: list[Dim] = []
    left = list(value.shape.dims)
    for part in parts:
        if part is None:
            dims.append(1)
        elif not left:
            return replace(value, shape=Shape.unknown("a slice of an array"))
        elif isinstance(part, int):
            left.pop(0)
        elif isinstance(part, slice):
            dims.append(_sliced(left.pop(0), part))
        else:
            left.pop(0)
            dims.append(Unknown("a selection of an array"))
    narrowed = replace(value, shape=Shape((*dims, *left)))
    whole_rows = all(isinstance(p, slice) and p == slice(None) for p in parts[1:])
    return narrowed if whole_rows else replace(narrowed, encoding=Unknown("a part of the columns"))


def _sliced(size: Dim, part: slice) -> Dim:
    bounds = (part.start, part.stop, part.step)
    if bounds == (None, None, None):
        return size
    if isinstance(size, int) and all(isinstance(bound, int | None) for bound in bounds):
        return len(range(size)[part])
    return Unknown("the length of a slice")
