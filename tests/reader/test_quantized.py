"""Layers that keep other weights than their shapes tell: their number is known as Keras counts it, or not known."""

from __future__ import annotations

import pytest
from reading import IMPORTS, model
from real_keras import run

from keraslint.graph import Unknown, parameters

DENSE = "model = Sequential([Input((4,)), Dense(6{})])"
WORDS = "model = Sequential([Input((5,), dtype='int32'), layers.Embedding(10, 6{})])"
EINSUM = "model = Sequential([Input((5, 4)), layers.EinsumDense('abc,cd->abd', (None, 6), bias_axes='d'{})])"
CONV = "model = Sequential([Input((8, 8, 3)), layers.Conv2D(6, 3{})])"
KNOWN = {
    DENSE.format(", lora_rank=2"): (50, 26),
    DENSE.format(", lora_rank=2, use_bias=False, trainable=False"): (44, 0),
    DENSE.format(", lora_rank=None"): (30, 30),
    DENSE.format(", lora_rank=9"): (120, 96),
    WORDS.format(", lora_rank=2"): (92, 32),
    EINSUM.format(", lora_rank=2"): (50, 26),
    CONV.format(", lora_rank=2"): (234, 72),
    CONV.format(", lora_rank=2, groups=3"): (90, 36),
    CONV.format(", dtype='int8_from_float32'"): (168, 168),
    "model = Sequential([Input((8, 8, 8, 3)), layers.Conv3D(6, 3, lora_rank=2)])": (666, 180),
    "model = Sequential([Input((5, 4)), layers.TimeDistributed(Dense(3, lora_rank=2))])": (29, 17),
    DENSE.format(", dtype=keras.DTypePolicy('mixed_bfloat16')"): (30, 30),
}
"""Asked of Keras 3.15."""
QUANTIZED = {
    **{
        layer.format(f", dtype='{dtype}'"): None
        for layer in (DENSE, WORDS, EINSUM)
        for dtype in ("int8_from_mixed_bfloat16", "float8_from_float32", "int4_from_float32")
    },
    **{
        DENSE.format(f", dtype=keras.dtype_policies.{policy}"): None
        for policy in ("QuantizedDTypePolicy('int8', 'float32')", "QuantizedFloat8DTypePolicy('float8', 'float32')")
    },
    f"keras.config.set_dtype_policy('int8_from_float32')\n{DENSE.format('')}": None,
    **{
        f"{DENSE.format('')}\n{change}": None
        for change in ("model.quantize('int8')", "model.layers[0].quantize('float8')", "model.layers[0].enable_lora(2)")
    },
    "i = Input((5, 4))\nmodel = Model(i, layers.MultiHeadAttention(2, 3, dtype='int8_from_float32')(i, i))": None,
}


@pytest.mark.parametrize("program", KNOWN)
def test_an_adapter_of_low_rank_trains_in_the_place_of_the_kernel(program: str) -> None:
    assert parameters(model(program)) == KNOWN[program]


@pytest.mark.parametrize("program", QUANTIZED)
def test_a_quantized_layer_has_a_number_of_weights_that_is_not_known(program: str) -> None:
    made = model(program)
    assert [type(count) for count in parameters(made)] == [Unknown, Unknown]
    assert made.output_shape.known


@pytest.mark.keras
@pytest.mark.parametrize("program", KNOWN)
def test_keras_counts_them_so(program: str) -> None:
    made = run(IMPORTS + program)
    assert (made["params"], made["trainable"]) == KNOWN[program]


def test_a_word_in_the_text_does_not_make_weights_unknown() -> None:
    assert parameters(model(f"name = 'quantize enable_lora'\n{DENSE.format('')}")) == (30, 30)
