"""Keras's own data sets (as their documentation states them) and the utilities that encode, pad and scale arrays."""

from __future__ import annotations

from dataclasses import replace

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.libraries.arrays.facts import array, dtype_of, is_float, number_of_classes, samples
from keraslint.reader.libraries.arrays.operations import known_range
from keraslint.reader.libraries.numpy import make_array
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, Value

_IMAGES = {
    "mnist": ((28, 28), 60_000, 10_000, 10),
    "fashion_mnist": ((28, 28), 60_000, 10_000, 10),
    "cifar10": ((32, 32, 3), 50_000, 10_000, 10),
    "cifar100": ((32, 32, 3), 50_000, 10_000, 100),
}


def _images(name: str) -> NativeCall:
    shape, train, test, classes = _IMAGES[name]

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        labels: tuple[int, ...] = (1,) if name.startswith("cifar") else ()
        many = 20 if machine.need(arguments.get(0, "label_mode")) == "coarse" else classes
        origin = f"keras.datasets.{name}"
        return tuple(
            (
                array(Shape((count, *shape)), "uint8", 0, 255, origin=origin),
                array(Shape((count, *labels)), "uint8", 0, many - 1, "integer", many, origin),
            )
            for count in (train, test)
        )

    return call


def _texts(name: str, train: int, test: int, classes: int) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        words = machine.need(arguments.get(1, "num_words", "nb_words"))
        cut = bool({"maxlen", "test_split"} & set(arguments.keywords)) or len(arguments.positional) > 3
        origin = f"keras.datasets.{name}"
        return tuple(
            (
                array(
                    Shape((Unknown("the number of samples") if cut else count,)),
                    "object",
                    0,
                    words - 1 if isinstance(words, int) else None,
                    origin=origin,
                ),
                array(
                    Shape((Unknown("the number of samples") if cut else count,)),
                    "int64",
                    0,
                    classes - 1,
                    "binary" if classes == 2 else "integer",
                    classes,
                    origin,
                ),
            )
            for count in (train, test)
        )

    return call


def _housing(low: float, high: float, features: int, dtype: str, name: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        origin = f"keras.datasets.{name}"
        unknown = Unknown("the number of samples")
        return tuple(
            (
                array(Shape((unknown, features)), dtype, encoding="continuous", origin=origin),
                array(Shape((unknown,)), dtype, low, high, "continuous", origin=origin),
            )
            for _ in range(2)
        )

    return call


def _to_categorical(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    labels = machine.need_all(arguments.get(0, "x", "y"))
    classes = machine.need(arguments.get(1, "num_classes", "nb_classes"))
    if isinstance(labels, ListValue):
        labels = make_array(machine, Arguments([Given(labels, node)]), node)
    count: Dim = classes if isinstance(classes, int) else Unknown("the number of classes")
    kind = dtype_of(machine, arguments.get(2, "dtype"), "float64")
    if not isinstance(labels, Array):
        return array(
            Shape.unknown("one-hot labels", count), kind, 0, 1, "one-hot", count if isinstance(classes, int) else None
        )
    if classes is None and (sure := number_of_classes(labels)) is not None:
        count = sure
    dims = labels.shape.dims
    shape = Shape.unknown("one-hot labels", count)
    if labels.shape.rank_known and not (len(dims) > 1 and isinstance(dims[-1], Unknown)):
        shape = Shape((*(dims[:-1] if len(dims) > 1 and dims[-1] == 1 else dims), count))
    return array(shape, kind, 0, 1, "one-hot", count if isinstance(count, int) else None, labels.origin)


def _pad_sequences(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    sequences = machine.need_all(arguments.get(0, "sequences"))
    length = machine.need(arguments.get(1, "maxlen"))
    fill = machine.need(arguments.get(5, "value"))
    fill = 0 if fill is None else fill
    kind = dtype_of(machine, arguments.get(2, "dtype"), "int32")
    known: Dim = length if isinstance(length, int) else Unknown("the padded length")
    if isinstance(sequences, Array):
        made = array(Shape((samples(sequences), known)), kind)
        ends = known_range(sequences)
        if ends and isinstance(fill, int | float):
            return replace(made, low=min(ends[0], fill), high=max(ends[1], fill))
        if fill == 0 and sequences.low == 1:
            made = replace(made, low=0, high=sequences.high)  # indices of a vocabulary, of which only the name is known
        return made if sequences.shape.rank == 1 else replace(made, shape=Shape.unknown("padded sequences"))
    items = items_of(machine, sequences) if isinstance(sequences, ListValue) else None
    if items is None:
        return array(Shape((Unknown("the number of samples"), known)), kind)
    rows = [items_of(machine, row) if isinstance(row, ListValue | tuple) else None for row in items]
    if length is None and rows:
        known = max((len(row) for row in rows if row is not None), default=0) if None not in rows else known
    made = array(Shape((len(items), known)), kind)
    numbers = [fill, *(number for row in rows if row is not None for number in row)]
    if None in rows or not all(isinstance(number, int) for number in numbers):
        return made
    return replace(made, low=min(numbers), high=max(numbers))


def _normalize(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "x"))
    if not isinstance(value, Array):
        return machine.unknown("normalized data", node)
    positive = isinstance(value.low, int | float) and value.low >= 0
    dtype = value.dtype if is_float(value.dtype) else None
    return array(value.shape, dtype, 0 if positive else -1, 1, origin=value.origin)


EXTERNAL: dict[str, NativeCall] = {
    "keras.utils.normalize": _normalize,
    "keras.utils.pad_sequences": _pad_sequences,
    "keras.utils.to_categorical": _to_categorical,
    **{f"keras.datasets.{name}.load_data": _images(name) for name in _IMAGES},
    "keras.datasets.boston_housing.load_data": _housing(5.0, 50.0, 13, "float64", "boston_housing"),
    "keras.datasets.california_housing.load_data": _housing(14_999.0, 500_001.0, 8, "float32", "california_housing"),
    "keras.datasets.imdb.load_data": _texts("imdb", 25_000, 25_000, 2),
    "keras.datasets.reuters.load_data": _texts("reuters", 8_982, 2_246, 46),
}

known("data", EXTERNAL)
