"""Parts of a graph for tests that need no reader: facts, arguments, layers, ops and shapes, at no place of source."""

from __future__ import annotations

from typing import Any

from keraslint.graph.facts import Fact, Span
from keraslint.graph.objects import Argument, Layer, Op
from keraslint.graph.shape import Dim, Shape

NOWHERE = Span(1, 0, 1, 0)


def fact(value: object) -> Fact[Any]:
    return value if isinstance(value, Fact) else Fact(value, NOWHERE)


def arguments(**given: object) -> tuple[Argument, ...]:
    return tuple(Argument(name, fact(value), name) for name, value in given.items())


def layer(kind: str, **given: object) -> Layer:
    return Layer(f"keras.layers.{kind}", arguments(**given), NOWHERE, name=kind.lower())


def op(name: str, **given: object) -> Op:
    return Op(name, arguments(**given), NOWHERE)


def shape(*dims: Dim) -> Shape:
    return Shape(dims)
