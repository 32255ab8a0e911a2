"""Vocabularies and encoded text; the expected sizes are those of real Keras, asked where it can be."""

from __future__ import annotations

import pytest
from reading import model, outputs, reasons

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
