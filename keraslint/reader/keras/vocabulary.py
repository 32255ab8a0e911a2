"""Vocabularies: what a layer that looks tokens up tells about those that it knows, and what it makes of data."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Array, Layer, Unknown
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import infer
from keraslint.graph.shapes.preprocessing import LEARNED, vocabulary
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import MISSING, LayerValue, ListValue, Native, Value

LOOKUPS = ("TextVectorization", "StringLookup", "IntegerLookup")
MEMBERS = ("vocabulary_size", "get_vocabulary", "adapt", "set_vocabulary")


def vocabulary_member(value: LayerValue, name: str) -> Native:
    """A method of a lookup that reads its vocabulary or changes it."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if name in ("adapt", "set_vocabulary"):
            why = LEARNED.reason if name == "adapt" else "a vocabulary that was set later"
            machine.journal.set(value.state, "tokens", Unknown(why))
            return None
        tokens = _tokens(machine, value)
        if isinstance(tokens, Unknown):
            return machine.derived(tokens, "len") if name == "vocabulary_size" else tokens
        return len(tokens) if name == "vocabulary_size" else ListValue(list(tokens))

    return Native(name, call)


def _tokens(machine: Machine, value: LayerValue) -> Value:
    """The tokens as they are now; what is unknown stays the same unknown until the vocabulary changes."""
    if value.state.tokens is MISSING:
        tokens = vocabulary(value.layer)
        machine.journal.set(value.state, "tokens", Unknown(tokens.reason) if isinstance(tokens, Unknown) else tokens)
    return machine.need(value.state.tokens)


ENCODERS = (*LOOKUPS, "CategoryEncoding", "Hashing")


def encoded_data(machine: Machine, layer: Layer, data: Array) -> Array:
    """What a lookup or encoding makes of data: indices below the number of tokens, or the places of an encoding."""
    machine.burn()
    shape = data.shape
    if layer.kind == "TextVectorization" and len(shape.dims) == 2 and shape.dims[-1] == 1:
        shape = Shape(shape.dims[:1])
    (made,) = infer(layer, (shape,)).outputs
    if shape.rank == 0:
        made = Shape.unknown("a single value that is encoded")
    mode = layer.argument("output_mode")
    if mode == "int":
        return Array(made, "int64", 0, _highest(layer), origin=data.origin)
    high = 1 if mode.is_in(("one_hot", "multi_hot")) else Unknown("how often tokens occur")
    return Array(made, low=0, high=high, origin=data.origin)


def _highest(layer: Layer) -> int | Unknown:
    """The highest index that there can be."""
    if layer.kind == "Hashing":
        count = layer.argument("num_bins").value
    else:
        tokens, most = vocabulary(layer), layer.argument("max_tokens").value
        count = most if isinstance(tokens, Unknown) else len(tokens)
    return count - 1 if isinstance(count, int) else Unknown("the size of the vocabulary")
