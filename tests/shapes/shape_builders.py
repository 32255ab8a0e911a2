"""Builders for the tests of shapes: layers and ops as the reader would hand them over."""

from __future__ import annotations

from keraslint.graph.facts import Fact, Span
from keraslint.graph.objects import Argument, Layer, Op
from keraslint.graph.shape import Dim, Shape

NOWHERE = Span(1, 0, 1, 0)


def arguments(given: dict[str, object]) -> tuple[Argument, ...]:
    return tuple(Argument(name, Fact(value, NOWHERE)) for name, value in given.items())


def layer(kind: str, **given: object) -> Layer:
    return Layer(f"keras.layers.{kind}", arguments(given), NOWHERE, name=kind.lower())


def op(name: str, **given: object) -> Op:
    return Op(name, arguments(given), NOWHERE)


def shape(*dims: Dim) -> Shape:
    return Shape(dims)
