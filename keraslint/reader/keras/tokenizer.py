"""Text: what a Keras ``Tokenizer`` makes of its vocabulary, and the vocabulary of texts that the program spells out.

Source: `keras/src/legacy/preprocessing/text.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.libraries.arrays.facts import array, samples
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.values import DictValue, ListValue, Native, Value

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
MOST_CHARACTERS = 10_000
"""Texts that are longer altogether are data, and their words are not counted."""
READS = ("texts_to_sequences", "texts_to_matrix", "sequences_to_matrix")
LEARNS = ("fit_on_texts", "fit_on_sequences")
VOCABULARIES = ("word_index", "word_counts", "index_word")

Words = tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Tokenizer:
    """``Tokenizer(num_words=…)``; words count from 1, and ``num_words`` is one more than the highest index."""

    words: int | None
    """None when it is not limited."""
    limit: Value
    """``num_words`` as it was given."""
    oov: Value
    plain: bool
    """It splits texts at blanks and punctuation, as it does by default."""
    state: dict[str, Value] = field(default_factory=dict)
    """``texts``: those that it was fitted on, as words; ``vocabulary``: by index, or why it is not known."""


def _tokenizer(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    limit = machine.need(arguments.get(0, "num_words", "nb_words"))
    oov = machine.need(arguments.get(5, "oov_token"))
    usual = len(arguments.positional) < 2 and not {"filters", "lower", "split", "char_level", "analyzer"}.intersection(
        arguments.keywords
    )
    plain = usual and not arguments.open_ended and isinstance(oov, str | None)
    return Tokenizer(limit if isinstance(limit, int) else None, limit, oov, plain, {"texts": ()})


@attributes_of(Tokenizer)
def _attribute(machine: Machine, value: Tokenizer, name: str, node: nodes.NodeNG) -> Value:
    if name == "num_words":
        return value.limit
    if name in VOCABULARIES:
        return _vocabulary(machine, value, name)
    if name in LEARNS:
        return Native(name, lambda machine, arguments, node: _fit(machine, value, name, arguments))
    if name in READS:
        return Native(name, lambda machine, arguments, node: _encode(machine, value, name, arguments))
    return machine.unknown(f"`{name}` of a Tokenizer", node)


def _fit(machine: Machine, value: Tokenizer, name: str, arguments: Arguments) -> Value:
    """Learn the words of texts; the most frequent come first, and of equal ones the first seen."""
    if name == "fit_on_sequences":
        return None
    before = machine.need(value.state["texts"])
    texts = _texts(machine, arguments.get(0, "texts")) if value.plain and not isinstance(before, Unknown) else None
    if texts is None:
        unknown = Unknown("the vocabulary that the Tokenizer learns from its texts")
        for key in ("texts", "vocabulary"):
            machine.journal.set(value.state, key, unknown)
        return None
    learned = (*before, *texts)
    counts = Counter(word for text in learned for word in text)
    first = () if value.oov is None else (value.oov,)
    known = (*first, *(word for word, _ in counts.most_common()))
    twice = Unknown("a word that is the `oov_token`, too")
    machine.journal.set(value.state, "texts", learned)
    machine.journal.set(value.state, "vocabulary", twice if value.oov in counts else known)
    return None


def _texts(machine: Machine, given: Value) -> list[Words] | None:
    """Texts as words, if all of them stand in the program."""
    given = machine.need_all(given)
    items = items_of(machine, given) if isinstance(given, ListValue | tuple) else None
    texts = [item for item in items or () if isinstance(item, str)]
    length = sum(map(len, texts))
    if items is None or len(texts) != len(items) or length > MOST_CHARACTERS:
        return None
    machine.burn(length // 10)
    blanks = str.maketrans(dict.fromkeys(FILTERS, " "))
    return [tuple(filter(None, text.lower().translate(blanks).split(" "))) for text in texts]


def _vocabulary(machine: Machine, value: Tokenizer, name: str) -> Value:
    words = machine.need(value.state.get("vocabulary"))
    if words is None:
        # Fitted by something out of sight, or restored.
        words = Unknown("the vocabulary of a Tokenizer that is not fitted in sight")
        machine.journal.set(value.state, "vocabulary", words)
    if isinstance(words, Unknown):
        return machine.derived(words, name)
    if name == "word_index":
        return DictValue({word: index for index, word in enumerate(words, 1)})
    if name == "index_word":
        return DictValue(dict(enumerate(words, 1)))
    return machine.derived(Unknown("how often words occur"), name)


def _encode(machine: Machine, value: Tokenizer, name: str, arguments: Arguments) -> Value:
    given = machine.need_all(arguments.get(0, "texts", "sequences"))
    words = machine.need(value.state.get("vocabulary"))
    if name == "texts_to_sequences":
        texts = _texts(machine, given) if isinstance(words, tuple) and isinstance(value.limit, int | None) else None
        if texts is not None:
            return ListValue([ListValue(_indices(value, words, text)) for text in texts])
        return array(Shape((_count(machine, given),)), "object", 1, _highest_index(machine, value))
    columns: Dim = value.words or (len(words) + 1 if isinstance(words, tuple) and value.limit is None else None)
    if columns is None:
        vocabulary = words if isinstance(words, Unknown) else Unknown("the size of the vocabulary")
        columns = machine.derived(vocabulary, "columns")
    mode = machine.need(arguments.get(1, "mode"))
    return array(
        Shape((_count(machine, given), columns)), "float64", 0, 1 if mode in (None, "binary", "freq") else None
    )


def _highest_index(machine: Machine, value: Tokenizer) -> int | Unknown:
    """The same unknown as ``len(tokenizer.word_index)`` where no limit is set and the words are not known."""
    if value.words:
        return value.words - 1
    if value.limit is not None:
        return Unknown("how many words the Tokenizer keeps")
    index = _vocabulary(machine, value, "word_index")
    return machine.derived(index, "len") if isinstance(index, Unknown) else len(index.entries)


def _indices(value: Tokenizer, words: Sequence[str], text: Words) -> list[Value]:
    """The indices of a text's words, without those that are not known or too rare."""
    index = {word: place for place, word in enumerate(words, 1)}
    unseen = None if value.oov is None else index[value.oov]
    found = (index.get(word) for word in text)
    kept = (unseen if place is None or (value.words and place >= value.words) else place for place in found)
    return [place for place in kept if place is not None]


def _count(machine: Machine, given: Value) -> Dim:
    items = items_of(machine, given) if isinstance(given, ListValue | tuple) else None
    if items is not None:
        return len(items)
    return samples(given) if isinstance(given, Array) else Unknown("the number of texts")


EXTERNAL: dict[str, NativeCall] = {"keras.preprocessing.text.Tokenizer": _tokenizer}

known("data", EXTERNAL)
