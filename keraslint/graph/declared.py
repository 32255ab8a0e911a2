"""Shapes that a program states: ``Input(shape=…)``, and a first layer's ``input_shape=`` or ``input_dim=``."""

from __future__ import annotations

from keraslint.graph.facts import Fact, Unknown
from keraslint.graph.objects import Array, Layer, Tensor
from keraslint.graph.shape import Dim, Shape, dim_of

MOST_AXES = 64


def shape_from(fact: Fact[object], *, batched: bool = False, batch: Dim = None) -> Shape:
    """A shape given as a tuple, with or without the batch axis."""
    value = fact.value
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,)
    if isinstance(value, list | tuple) and len(value) > MOST_AXES:
        return Shape.unknown("a shape of more axes than a tensor can have")
    if isinstance(value, list | tuple):
        dims = tuple(dim_of(item) for item in value)
        return Shape(dims if batched else (batch, *dims))
    return Shape.unknown(_reason(value) or "a shape that is not understood")


def _reason(value: object) -> str:
    """Why a value that is no shape is not known."""
    match value:
        case Unknown(reason=reason):
            return reason
        case Tensor(shape=shape) | Array(shape=shape) if not shape.rank_known:
            return shape.reason
    return ""


def declared_input_shape(layer: Layer) -> Shape | None:
    """The shape that a first layer declares: ``input_shape=``, ``batch_input_shape=``, ``input_dim=`` …"""
    for name in ("batch_input_shape", "batch_shape"):
        given = layer.given(name)
        if given is not None:
            return shape_from(given.value, batched=True)
    given = layer.given("input_shape") or (layer.given("shape") if layer.kind == "InputLayer" else None)
    if given is not None:
        batch = layer.given("batch_size")
        return shape_from(given.value, batch=dim_of(batch.value.value) if batch else None)
    if layer.kind == "Embedding":
        length = layer.given("input_length")
        return Shape((None, dim_of(length.value.value) if length else None)) if length else None
    given = layer.given("input_dim")
    if given is not None:
        length = layer.given("input_length")
        if layer.kind in ("LSTM", "GRU", "SimpleRNN", "Conv1D") or length:
            return Shape((None, dim_of(length.value.value) if length else None, dim_of(given.value.value)))
        return Shape((None, dim_of(given.value.value)))
    return None
