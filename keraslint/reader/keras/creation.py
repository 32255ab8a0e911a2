"""Functions of Keras and TensorFlow that make tensors from nothing but a shape."""

from __future__ import annotations

from collections.abc import Sequence

from astroid import nodes

from keraslint.graph import OPEN, Array, Unknown
from keraslint.graph.shape import Shape, dim_of, length_of
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Value


def _of_shape(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``ops.zeros(shape)``, ``tf.random.normal(shape, …)``."""
    return _made(machine, arguments.get(0, "shape", "dims"), node)


def _made(machine: Machine, given: Value, node: nodes.NodeNG) -> Value:
    given = machine.need_all(given)
    items = (given,) if isinstance(given, int) else items_of(machine, given)
    if items is None:
        return Array(Shape.unknown("a shape that is not known"))
    return Array(Shape(tuple(dim_of(item) for item in items)))


def _range(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``ops.arange(start, stop, step)`` and ``tf.range``."""
    given = [arguments.get(0, "start"), arguments.get(1, "stop", "limit"), arguments.get(2, "step", "delta")]
    start, stop, step = (machine.need(value) for value in given)
    if stop is None:
        start, stop = 0, start
    bounds = (start if start is not None else 0, stop, step if step is not None else 1)
    if all(isinstance(bound, int) for bound in bounds) and bounds[2] != 0:
        return Array(Shape.of(length_of(range(*bounds))))
    causes = [bound for bound in bounds if isinstance(bound, Unknown) and bound is not OPEN]
    if not causes and all(bound is OPEN or isinstance(bound, int) for bound in bounds):
        return Array(Shape.of(None))
    return Array(Shape.of(causes[0] if causes else machine.unknown("the length of a range", node)))


def _square(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    rows = machine.need(arguments.get(0, "N", "n", "num_rows"))
    columns = machine.need(arguments.get(1, "M", "m", "num_columns"))
    return Array(Shape.of(dim_of(rows), dim_of(rows if columns is None else columns)))


def _under(packages: Sequence[str], names: str, call: NativeCall) -> dict[str, NativeCall]:
    return {f"{package}.{name}": call for package in packages for name in names.split()}


EXTERNAL: dict[str, NativeCall] = {
    **_under(("keras.ops",), "zeros ones empty full", _of_shape),
    **_under(("keras.random",), "normal uniform truncated_normal randint", _of_shape),
    **_under(("keras.backend",), "zeros ones random_normal random_uniform truncated_normal", _of_shape),
    "keras.backend.arange": _range,
    "keras.ops.arange": _range,
    "keras.ops.eye": _square,
    "tensorflow.eye": _square,
    "tensorflow.fill": _of_shape,
    "tensorflow.range": _range,
}

known("plain", EXTERNAL)
