"""Text: what a Keras ``Tokenizer`` makes of its vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.data.facts import NativeCall, array
from keraslint.reader.machine import Arguments, Machine, attributes_of
from keraslint.reader.values import Native, Value


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """``Tokenizer(num_words=…)``; words count from 1, and ``num_words`` is one more than the highest index."""

    words: int | None


def _tokenizer(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    words = machine.need(arguments.get(0, "num_words", "nb_words"))
    return Tokenizer(words if isinstance(words, int) else None)


@attributes_of(Tokenizer)
def _attribute(machine: Machine, value: Tokenizer, name: str, node: nodes.NodeNG) -> Value:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        count = Unknown("the number of texts")
        match name:
            case "texts_to_sequences":
                return array(Shape((count,)), "object", 1, value.words - 1 if value.words else None)
            case "texts_to_matrix" | "sequences_to_matrix":
                columns: Dim = value.words if value.words else Unknown("the size of the vocabulary")
                mode = machine.need(arguments.get(1, "mode"))
                return array(Shape((count, columns)), "float64", 0, 1 if mode in (None, "binary", "freq") else None)
            case _:
                return None

    if name == "num_words":
        return value.words
    fits = name in ("fit_on_texts", "fit_on_sequences", "texts_to_sequences", "texts_to_matrix", "sequences_to_matrix")
    return Native(name, call) if fits else machine.unknown(f"`{name}` of a Tokenizer", node)


EXTERNAL: dict[str, NativeCall] = {"keras.preprocessing.text.Tokenizer": _tokenizer}
