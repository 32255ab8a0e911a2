"""Vocabularies and encoded text; the expected sizes are those of real Keras, asked where it can be."""

from __future__ import annotations

import pytest
from reading import model, outputs, reasons

from keraslint.graph import Array, Unknown
from keraslint.reader import read

SETTINGS = {
    "StringLookup(vocabulary=V)": "(None, 1) 4",
    "StringLookup(vocabulary=V, mask_token='')": "(None, 1) 5",
    "StringLookup(vocabulary=V, mask_token='', output_mode='one_hot')": "(None, 4) 4",
    "StringLookup(vocabulary=V, num_oov_indices=3, output_mode='multi_hot')": "(None, 6) 6",
    "StringLookup(vocabulary=V, num_oov_indices=0)": "(None, 1) 3",
    "StringLookup(vocabulary=V, max_tokens=10, output_mode='one_hot', pad_to_max_tokens=True)": "(None, 10) 4",
    "IntegerLookup(vocabulary=[4, 5, 6], mask_token=0)": "(None, 1) 5",
    "IntegerLookup(vocabulary=[4, 5, 6], output_mode='count')": "(None, 4) 4",
    "TextVectorization(vocabulary=V)": "(None, None) 5",
    "TextVectorization(vocabulary=V, output_sequence_length=7)": "(None, 7) 5",
}


@pytest.mark.parametrize("layer", SETTINGS)
def test_a_vocabulary_that_is_given_has_a_size(layer: str) -> None:
    source = f"V = ['x', 'y', 'z']\nlookup = layers.{layer}\ni = Input((1,), dtype='string')\n"
    for size in ("lookup.vocabulary_size()", "len(lookup.get_vocabulary())"):
        made = model(f"{source}out = lookup(i)\nj = Input(({size},))\nModel([i, j], [out, j])")
        assert f"{made.outputs[0].shape} {made.inputs[1].shape.dims[1]}" == SETTINGS[layer]


@pytest.mark.parametrize("mode", ["multi_hot", "count", "tf_idf"])
def test_encoded_text_is_as_wide_as_its_vocabulary(mode: str) -> None:
    layer = f"layers.TextVectorization(max_tokens=50, output_mode='{mode}', pad_to_max_tokens=True)"
    assert outputs(f"i = Input((), dtype='string')\nModel(i, {layer}(i))") == "(None, 50)"


def test_encoded_text_in_a_column_has_no_rank_that_symbol_and_data_agree_on() -> None:
    layer = "layers.TextVectorization(vocabulary=['a', 'b'], output_mode='multi_hot')"
    assert outputs(f"i = Input((1,), dtype='string')\nModel(i, {layer}(i))") == "(…, 3)"


def test_a_learned_vocabulary_is_one_unknown_until_it_is_learned_again() -> None:
    source = "t = layers.TextVectorization(max_tokens=500)\nt.adapt(texts)\na = t.vocabulary_size()\n"
    for again, same in (("", True), ("t.adapt(more)\n", False)):
        made = model(f"{source}{again}i = Input((a, t.vocabulary_size()))\nModel(i, i)")
        one, other = made.inputs[0].shape.dims[1:]
        assert (one is other) is same
    assert "learned by adapt()" in reasons(f"{source}Sequential([Input((3,)), Dense(a)])")


SENTENCES = r"""
import keras
from keras.utils import pad_sequences, to_categorical
from tensorflow.keras.preprocessing.text import Tokenizer
sentences = ["I love my dog", "I love my cat", "You love my dog!", "Do you think my dog is amazing?"]
tok = Tokenizer(num_words=100, oov_token="<OOV>")
tok.fit_on_texts(sentences)
small = Tokenizer(num_words=4)
small.fit_on_texts(sentences)
twice = Tokenizer()
twice.fit_on_texts(sentences)
twice.fit_on_texts(["new words, my dog\tnewer\nwords"])
grams = []
for line in sentences:
    ids = twice.texts_to_sequences([line])[0]
    for i in range(1, len(ids)):
        grams.append(ids[: i + 1])
grams = pad_sequences(grams)
m = keras.Sequential([keras.layers.Dense(1)])
m.compile("sgd", "mse")
"""

COUNTED = {
    "pad_sequences(tok.texts_to_sequences(sentences))": "(4, 7) int32 0..11",
    "pad_sequences(tok.texts_to_sequences(['a dog barks at my cat', 'I']), maxlen=9)": "(2, 9) int32 0..7",
    "pad_sequences(small.texts_to_sequences(sentences))": "(4, 3) int32 0..3",
    "small.texts_to_matrix(sentences)": "(4, 4) float64 0..1",
    "twice.texts_to_matrix(['a'])": "(1, 14) float64 0..1",
    "grams": "(15, 7) int32 0..11",
    "to_categorical(grams[:, -1], num_classes=len(twice.word_index) + 1)": "(15, 14) float64 0..1",
}


def fitted(expression: str) -> Array:
    (fit,) = read(f"{SENTENCES}m.fit({expression})", "program.py").fits
    assert isinstance(fit.argument("x").value, Array)
    return fit.argument("x").value


@pytest.mark.parametrize("expression", COUNTED)
def test_texts_in_the_program_are_counted_as_the_tokenizer_does(expression: str) -> None:
    data = fitted(expression)
    assert f"{data.shape} {data.dtype} {data.low}..{data.high}" == COUNTED[expression]


@pytest.mark.parametrize(
    "setting",
    ["char_level=True", "filters=''", "lower=False", "split='-'", "analyzer=words", "**settings", "oov_token=token"],
)
def test_a_tokenizer_that_splits_in_its_own_way_is_not_followed(setting: str) -> None:
    size = fitted(f"Tokenizer({setting}).texts_to_matrix(sentences)").shape
    assert str(size) == "(4, ?)"
    other = f"own = Tokenizer({setting})\nown.fit_on_texts(sentences)\nn = len(own.word_index)"
    assert outputs(f"{SENTENCES}{other}\nSequential([Input((3,)), Dense(n)])") == "(None, ?)"


def test_the_vocabulary_of_unseen_texts_is_one_unknown_with_a_reason() -> None:
    source = "from tensorflow.keras.preprocessing.text import Tokenizer\nt = Tokenizer()\nt.fit_on_texts(texts)\n"
    made = model(f"{source}i = Input((len(t.word_index), len(t.word_index)))\nModel(i, i)")
    one, other = made.inputs[0].shape.dims[1:]
    assert one is other
    sized = f"{source}Sequential([Input((3,)), Dense(len(t.word_index) + 1)])"
    assert "the vocabulary that the Tokenizer learns from its texts" in reasons(sized)


ENCODED = {
    "layers.StringLookup(vocabulary=V)": "(None,) int64 0..3",
    "layers.StringLookup(vocabulary=V, output_mode='one_hot')": "(None, 4) ? 0..1",
    "layers.TextVectorization(vocabulary=V, output_sequence_length=4)": "(None, 4) int64 0..4",
    "layers.TextVectorization(max_tokens=9, output_sequence_length=4)": "(None, 4) int64 0..8",
    "layers.TextVectorization(vocabulary=V, output_mode='multi_hot')": "(None, 4) ? 0..1",
    "layers.TextVectorization(vocabulary=V, output_mode='count')": "(None, 4) ? 0..?",
    "layers.Hashing(6)": "(None,) int64 0..5",
}
ONE_COLUMN = {
    "layers.IntegerLookup(vocabulary=[4, 5])": "(None, 1) int64 0..2",
    "layers.CategoryEncoding(num_tokens=10, output_mode='one_hot')": "(None, 10) ? 0..1",
    "layers.CategoryEncoding(num_tokens=10)": "(None, 10) ? 0..1",
    "layers.TextVectorization(vocabulary=V, output_mode='multi_hot')": "(None, 4) ? 0..1",
}


@pytest.mark.parametrize(
    ("data", "layer", "expected"),
    [
        *(("np.array(['x', 'q', 'z'])", *case) for case in ENCODED.items()),
        *(("np.array([[4], [5], [9]])", *case) for case in ONE_COLUMN.items()),
    ],
)
def test_a_data_set_that_a_layer_encodes(data: str, layer: str, expected: str) -> None:
    source = (
        f"import tensorflow as tf, keras, numpy as np\nfrom keras import layers\nV = ['x', 'y', 'z']\nlayer = {layer}\n"
    )
    pipeline = f"tf.data.Dataset.from_tensor_slices({data}).batch(2).map(lambda x: (layer(x), x))"
    (fit,) = read(f"{source}m = keras.Sequential([layers.Dense(1)])\nm.fit({pipeline})", "program.py").fits
    found = fit.argument("x").value.component(0)
    parts = ("?" if isinstance(part, Unknown) else part for part in (found.dtype, found.low, found.high))
    assert "{} {} {}..{}".format(found.shape, *parts) == expected
