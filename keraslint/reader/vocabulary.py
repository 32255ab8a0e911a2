"""Vocabularies: what a layer that looks tokens up tells about the tokens that it knows."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.graph.shapes.preprocessing import LEARNED, vocabulary
from keraslint.reader.machine import Arguments, Machine
from keraslint.reader.values import LayerValue, ListValue, Native, Value

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
    if "tokens" not in value.state:
        tokens = vocabulary(value.layer)
        machine.journal.set(value.state, "tokens", Unknown(tokens.reason) if isinstance(tokens, Unknown) else tokens)
    return machine.need(value.state["tokens"])
