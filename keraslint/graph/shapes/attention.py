"""Attention layers: query, value and key in this order, key being the value when it is left out."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape, join_dims
from keraslint.graph.shapes.arithmetic import differ, total, weight
from keraslint.graph.shapes.merging import listed
from keraslint.graph.shapes.reading import (
    Size,
    flag,
    integers,
    positive,
    require_features,
    value,
)
from keraslint.graph.shapes.registry import Inferred, Rejected, layer


def _three(inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
    missing = Shape.unknown("no such input")
    query, values, *rest = (*inputs, *[missing] * (2 - len(inputs)))
    return query, values, rest[0] if rest else values


@layer("Attention", "AdditiveAttention")
def attention(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    if len(inputs) not in (2, 3):
        raise Rejected(f"{layer.kind} expects a list of query, value and maybe key, got {listed(inputs)}")
    query, values, key = _three(inputs)
    if layer.kind == "AdditiveAttention":
        if flag(layer, "use_scale") is True:
            require_features(layer, query)
        params = weight(query[-1], when=flag(layer, "use_scale"))
    else:
        # Each a single number: the scale, and the weight of the concatenated score.
        params = total(weight(when=flag(layer, "use_scale")), weight(when=_concatenates(layer)))
    scores = Shape((*query.dims[:-1], key[-2]), query.rank_known, query.reason)
    return Inferred((_ending(query, values[-1]), *_if_asked(layer, scores)), params)


def _concatenates(layer: KerasObject) -> bool | Unknown:
    mode = value(layer, "score_mode")
    return mode if isinstance(mode, Unknown) else mode == "concat"


def _ending(shape: Shape, size: Dim) -> Shape:
    """``shape`` with another last size, whether its rank is known or not."""
    return Shape((*shape.dims[:-1], size), shape.rank_known, shape.reason)


@layer("MultiHeadAttention")
def multi_head(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    query, values, key = _three(inputs)
    _check_lengths(layer, values, key)
    require_features(layer, query, values, key)
    heads, key_dim, use_bias = (
        positive(layer, "num_heads"),
        positive(layer, "key_dim"),
        flag(layer, "use_bias"),
    )
    value_dim = key_dim if value(layer, "value_dim") is None else positive(layer, "value_dim")
    given = value(layer, "output_shape")
    ending = (query[-1],) if given is None else integers(given, "`output_shape` of MultiHeadAttention")
    if isinstance(ending, Unknown):
        return Inferred((Shape.unknown(ending.reason),), ending)
    params = total(
        _projection(query[-1], heads, key_dim, use_bias),
        _projection(key[-1], heads, key_dim, use_bias),
        _projection(values[-1], heads, value_dim, use_bias),
        _gate(layer, query[-1], heads, value_dim, use_bias),
        total(weight(heads, value_dim, *ending), weight(*ending, when=use_bias)),
    )
    output = Shape((*query.dims[:-1], *ending), query.rank_known, query.reason)
    return Inferred((output, *_if_asked(layer, _head_scores(query, key, heads))), params)


def _if_asked(layer: KerasObject, scores: Shape) -> tuple[Shape, ...]:
    asked = layer.given("return_attention_scores")
    return (scores,) if asked is not None and asked.value == True else ()  # noqa: E712


def _head_scores(query: Shape, key: Shape, heads: Size) -> Shape:
    """Scores of each head; Keras's own static shape wrongly has the query's length twice."""
    if query.rank != 3:
        return Shape.unknown("attention over several axes")
    return Shape.of(query[0], heads, query[1], join_dims(query[1], key[1], "the length of the key"))


def _projection(features: Dim, heads: Size, width: Size, use_bias: bool | Unknown) -> int | Unknown:
    return total(weight(features, heads, width), weight(heads, width, when=use_bias))


def _gate(layer: KerasObject, features: Dim, heads: Size, width: Size, use_bias: bool | Unknown) -> int | Unknown:
    gated = flag(layer, "use_gate")
    if isinstance(gated, Unknown):
        return gated
    return _projection(features, heads, width, use_bias) if gated else 0


def _check_lengths(layer: KerasObject, values: Shape, key: Shape) -> None:
    known = values.rank_known and key.rank_known and len(values.dims) == len(key.dims)
    if known and any(map(differ, values.dims[1:-1], key.dims[1:-1])):
        raise Rejected(f"{layer.kind} expects value and key of the same length, got {listed((values, key))}")


@layer("GroupQueryAttention", "GroupedQueryAttention")
def group_query(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    query, values, key = _three(inputs)
    _check_lengths(layer, values, key)
    require_features(layer, query, values, key)
    if differ(query[-1], values[-1]):
        raise Rejected(f"{layer.kind} expects query and value of the same size, got {listed((query, values))}")
    width, use_bias = positive(layer, "head_dim"), flag(layer, "use_bias")
    heads, shared = positive(layer, "num_query_heads"), positive(layer, "num_key_value_heads")
    params = total(
        _projection(query[-1], heads, width, use_bias),
        _projection(key[-1], shared, width, use_bias),
        _projection(values[-1], shared, width, use_bias),
        _gate(layer, query[-1], heads, width, use_bias),
        total(weight(heads, width, query[-1]), weight(query[-1], when=use_bias)),
    )
    return Inferred((query, *_if_asked(layer, _head_scores(query, key, heads))), params)
