"""The private parts of MultiHeadAttention with which subclasses of it write their own `call`.

Source: the attributes of `keras.layers.MultiHeadAttention` of Keras 2 and 3, as they are after it was built.
"""

from __future__ import annotations

from functools import partial

from astroid import nodes

from keraslint.graph import KerasObject, Tensor
from keraslint.graph.shape import Shape
from keraslint.reader.keras.layers import call_layer, input_tensors, make_layer
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import LAYER_PARTS, UNDEFINED
from keraslint.reader.machine.values import External, LayerValue, Native, Value

_PROJECTIONS = {
    "_query_dense": "query",
    "_key_dense": "key",
    "_value_dense": "value",
    "_output_dense": "attention_output",
}
"""The layers from features to heads and back, and the names that Keras gives them."""

_SCORES = "aecd,abcd->acbe"
_COMBINED = "acbe,aecd->abcd"
"""How Keras multiplies keys with queries, and the scores with values, where the inputs have one axis of time."""


def attention_part(value: LayerValue, name: str) -> Value:
    """A private attribute of a MultiHeadAttention; `UNDEFINED` where it is not one that is known."""
    match name:
        case "_query_dense" | "_key_dense" | "_value_dense" | "_output_dense":
            return Native(name, partial(_project, value, name))
        case "_num_heads" | "_key_dim" | "_use_bias" | "_dropout" | "_output_shape":
            return _setting(value.layer, name[1:])
        case "_value_dim":
            return _value_dim(value.layer)
        case "_dot_product_equation":
            return _SCORES
        case "_combine_equation":
            return _COMBINED
        case "_built_from_signature":
            return True
        case "_build_from_signature":
            return Native(name, lambda machine, arguments, node: None)
        case "_masked_softmax":
            return Native(name, lambda machine, arguments, node: _operation(machine, node, "softmax", arguments.get(0)))
        case "_dropout_layer":
            return Native(name, lambda machine, arguments, node: arguments.get(0, "inputs"))
        case "_compute_attention":
            return Native(name, _compute_attention)
    return UNDEFINED


def called_parts(value: LayerValue) -> list[LayerValue]:
    """The projections that the program calls itself, in place of the layer that they are parts of."""
    made = [value.state.attributes.get(name) for name in _PROJECTIONS] if not value.outputs else []
    return [part for part in made if isinstance(part, LayerValue)]


def _setting(layer: KerasObject, name: str) -> Value:
    given = layer.given(name)
    return given.value.value if given is not None else layer.argument(name).value


def _value_dim(layer: KerasObject) -> Value:
    given = _setting(layer, "value_dim")
    return _setting(layer, "key_dim") if given is None else given


def _project(value: LayerValue, name: str, machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Call one of the projections, which is made at its first call."""
    inputs = input_tensors(machine, arguments)
    if not inputs or inputs[0].shape.rank != (4 if name == "_output_dense" else 3):
        why = inputs[0].shape.reason if inputs and not inputs[0].shape.rank_known else "attention over several axes"
        return Tensor(Shape.unknown(why), span_of(node))
    part = machine.need(value.state.attributes.get(name))
    if not isinstance(part, LayerValue):
        part = _made(machine, value, name, node)
        machine.journal.set(value.state.attributes, name, part)
    return call_layer(machine, part, arguments, node)


def _made(machine: Machine, value: LayerValue, name: str, node: nodes.NodeNG) -> LayerValue:
    layer = value.layer
    equation, bias_axes = ("abcd,cde->abe", "e") if name == "_output_dense" else ("abc,cde->abde", "de")
    sizes: tuple[Value, ...]
    match name:
        case "_output_dense":
            sizes = _output_sizes(value)
        case "_value_dense":
            sizes = (_setting(layer, "num_heads"), _value_dim(layer))
        case _:
            sizes = (_setting(layer, "num_heads"), _setting(layer, "key_dim"))
    settings: dict[str, Value] = {
        "equation": equation,
        "output_shape": (None, *sizes),
        "bias_axes": bias_axes if _setting(layer, "use_bias") is True else None,
        "name": _PROJECTIONS[name],
    }
    given = Arguments(keywords={key: Given(item, node) for key, item in settings.items()})
    return make_layer(machine, "keras.layers.EinsumDense", given, node)


def _output_sizes(value: LayerValue) -> tuple[Value, ...]:
    """What comes out: as asked, or as wide as the query that went in."""
    given = _setting(value.layer, "output_shape")
    if given is not None:
        return tuple(given) if isinstance(given, tuple | list) else (given,)
    query = value.state.attributes.get("_query_dense")
    source = query.inputs[-1] if isinstance(query, LayerValue) and query.inputs else None
    return (source.shape[-1],) if isinstance(source, Tensor) else (Shape.unknown("the query of an attention")[-1],)


def _compute_attention(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What the heads give for projected queries, keys and values; the scores where they are asked for."""

    query, key, value = (arguments.get(place, name) for place, name in enumerate(("query", "key", "value")))
    scores = _operation(machine, node, "softmax", _operation(machine, node, "einsum", _SCORES, key, query))
    output = _operation(machine, node, "einsum", _COMBINED, scores, value)
    asked = machine.need(arguments.get(None, "return_attention_scores"))
    return (output, scores if asked is True else machine.unknown("scores of an attention", node))


def _operation(machine: Machine, node: nodes.NodeNG, name: str, *operands: Value) -> Value:
    return machine.call(External(f"keras.ops.{name}"), Arguments([Given(item, node) for item in operands]), node)


LAYER_PARTS["MultiHeadAttention"] = attention_part
