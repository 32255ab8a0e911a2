"""Random numbers of numpy and TensorFlow: arrays of known shape and range."""

from __future__ import annotations

from dataclasses import dataclass, replace

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Shape
from keraslint.reader.libraries.arrays.drawing import Draws, drawn
from keraslint.reader.libraries.arrays.facts import (
    Encoding,
    array,
    dtype_of,
    encoding_of,
    is_number,
    number,
    shape_of_value,
    size,
)
from keraslint.reader.libraries.arrays.history import with_order
from keraslint.reader.libraries.arrays.operations import changed_in_place
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.values import Native, Value


def _drawn(
    machine: Machine, given: Value, dtype: str, low: float | None, high: float | None, encoding: Encoding | None
) -> Value:
    """Random numbers of a shape; a single one when no shape is given."""
    if machine.need(given) is None:
        return Unknown("a random number")
    return array(shape_of_value(machine, given), dtype, low, high, encoding)


def _rand(low: float | None, high: float | None) -> NativeCall:
    """``np.random.rand(2, 3)``: sizes as arguments."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        sizes = tuple(size(machine.need(given.value)) for given in arguments.positional)
        if not sizes and not arguments.open_ended:
            return Unknown("a random number")
        shape = Shape(sizes) if not arguments.open_ended else Shape.unknown("sizes given as *args")
        return array(shape, "float64", low, high, "continuous")

    return call


def _sized(position: int, low: float | None, high: float | None) -> NativeCall:
    """``np.random.normal(loc, scale, size)`` and the like."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        parameters = [machine.need(given.value) for given in arguments.positional[:position]]
        shape = arguments.get(position, "size")
        if machine.need(shape) is None and any(isinstance(value, Array) for value in parameters):
            return array(Shape.unknown("random numbers, one for each of an array"), "float64", low, high, "continuous")
        return _drawn(machine, shape, "float64", low, high, "continuous")

    return call


def _uniform(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    low = number(machine, arguments.get(0, "low"), 0.0)
    high = number(machine, arguments.get(1, "high"), 1.0)
    ordered = low is not None and high is not None and low < high
    return _drawn(
        machine, arguments.get(2, "size"), "float64", low if ordered else None, high if ordered else None, "continuous"
    )


def _randint(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if machine.need(arguments.get(2, "size")) is None:
        return Unknown("a random number")
    shape = shape_of_value(machine, arguments.get(2, "size"))
    first = machine.need(arguments.get(0, "low"))
    second = machine.need(arguments.get(1, "high"))
    low, high = (0, first) if second is None else (first, second)
    kind = dtype_of(machine, arguments.get(3, "dtype"), "int64")
    endpoint = machine.need(arguments.get(4, "endpoint"))
    if not isinstance(low, int) or not isinstance(high, int) or not isinstance(endpoint, bool | None):
        return array(shape, kind)
    most = high if endpoint else high - 1
    encoding: Encoding | None = "binary" if (low, most) == (0, 1) else "integer" if low >= 0 else None
    return array(shape, kind, low, most, encoding, most + 1 if low == 0 else None)


def _tensorflow_random(dtype_position: int) -> NativeCall:
    """``tf.random.normal(shape, …)``: of its range nothing is said."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        kind = dtype_of(machine, arguments.get(dtype_position, "dtype"), "float32")
        return array(shape_of_value(machine, arguments.get(0, "shape")), kind)

    return call


def _choice(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    options = machine.need_all(arguments.get(0, "a"))
    if machine.need(arguments.get(1, "size")) is None:
        return Unknown("a random choice")
    shape = shape_of_value(machine, arguments.get(1, "size"))
    weighed = arguments.given(3, "p")  # then some may occur never
    if isinstance(options, int):
        classes = None if weighed else options
        return array(shape, "int64", 0, options - 1, "binary" if options == 2 else "integer", classes)
    if isinstance(options, Array) and options.shape.rank == 1:
        return replace(options, shape=shape, classes=Unknown("a choice of classes"), origin="")
    items = items_of(machine, options)
    if items and all(map(is_number, items)):
        whole = all(isinstance(item, int) for item in items)
        encoding, _ = encoding_of((len(items),), list(items))
        encoding = encoding or ("integer" if whole and sorted(set(items)) == [*range(len(set(items)))] else None)
        return replace(
            array(shape, "int64" if whole else "float64", min(items), max(items), encoding), range_occurs=not weighed
        )
    if items and all(isinstance(item, str) for item in items) and not weighed:
        return array(shape, classes=len(set(items)))
    return array(shape)


def _binomial(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    trials = machine.need(arguments.get(0, "n"))
    once = trials == 1 and isinstance(trials, int)
    high = trials if isinstance(trials, int) else None
    given = arguments.get(2, "size")
    if machine.need(given) is None and isinstance(machine.need(arguments.get(1, "p")), Array):
        return array(Shape.unknown("as many as probabilities"), "int64", 0, high, "binary" if once else None)
    return _drawn(machine, given, "int64", 0, high, "binary" if once else None)


def _permutation(draws: Draws | None) -> NativeCall:
    """``np.random.permutation(x)``: the array in another order, or indices in one."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        order = (draws or machine.memory(Draws)).next()
        value = machine.need(arguments.get(0, "x"))
        made: Array = array(Shape((Unknown("the length of a permutation"),)))
        if isinstance(value, Array):
            made = replace(value)
        elif isinstance(value, int) and value > 0:
            made = array(Shape((value,)), "int64", 0, value - 1)
        return with_order(machine, made, [value], "numpy.random.permutation", node, order)

    return call


def _none(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return None


@dataclass(eq=False)
class Generator:
    """A numpy random generator: ``np.random.default_rng()``."""

    draws: Draws


def _generator(kind: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        seed = machine.need(arguments.get(0, "seed"))
        if seed is None and not arguments.open_ended:
            return Generator(Draws(drawn(machine)))
        return Generator(Draws((kind, seed) if type(seed) is int else None))

    return call


@attributes_of(Generator)
def _generator_attribute(machine: Machine, value: Generator, name: str, node: nodes.NodeNG) -> Value:
    moving = {"permutation": _permutation, "shuffle": _shuffle}.get(name)
    method = moving(value.draws) if moving is not None else _RANDOM.get(name)
    return Native(name, method) if method else machine.unknown(f"`{name}` of a random generator", node)


def _shuffle(draws: Draws | None) -> NativeCall:
    """``np.random.shuffle(x)``: in place."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        order = (draws or machine.memory(Draws)).next()
        value = machine.need(arguments.get(0, "x"))
        if isinstance(value, Array):
            shuffled = with_order(machine, replace(value), [value], "numpy.random.shuffle", node, order)
            changed_in_place(machine, value, shuffled)
        return None

    return call


def _seed(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``np.random.seed(1)``; of what `set_state` sets nothing is known."""
    machine.memory(Draws).told(machine.need(arguments.get(0, "seed")))
    return None


_RANDOM: dict[str, NativeCall] = {
    "beta": _sized(2, 0.0, 1.0),
    "binomial": _binomial,
    "choice": _choice,
    "exponential": _sized(1, None, None),
    "gamma": _sized(2, None, None),
    "integers": _randint,
    "lognormal": _sized(2, None, None),
    "normal": _sized(2, None, None),
    "permutation": _permutation(None),
    "rand": _rand(0.0, 1.0),
    "randint": _randint,
    "randn": _rand(None, None),
    "random": _sized(0, 0.0, 1.0),
    "random_sample": _sized(0, 0.0, 1.0),
    "seed": _seed,
    "set_state": _seed,
    "shuffle": _shuffle(None),
    "standard_normal": _sized(0, None, None),
    "uniform": _uniform,
}

EXTERNAL: dict[str, NativeCall] = {
    **{f"numpy.random.{name}": call for name, call in _RANDOM.items() if name != "integers"},
    "numpy.random.RandomState": _generator("RandomState"),
    "numpy.random.default_rng": _generator("default_rng"),
    "tensorflow.random.normal": _tensorflow_random(3),
    "tensorflow.random.set_seed": _none,
    "tensorflow.random.uniform": _tensorflow_random(3),
}

known("data", EXTERNAL)
known("any", {"keras.utils.set_random_seed": _seed})
