"""Shapes, weights and refusals as observed in real Keras 3.15, by a table; nothing here needs Keras."""

from __future__ import annotations

import pytest
from helpers.graph_parts import layer, op, shape
from hypothesis import given, settings
from hypothesis import strategies as st

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject, Layer
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes import infer, positional_names
from keraslint.graph.shapes.registry import RULES

Dims = list[tuple[Dim, ...]]


def shapes(dims: Dims) -> tuple[Shape, ...]:
    return tuple(map(Shape, dims))


LAYERS = [
    (layer("Dense", units=3), [(None, 8)], [(None, 3)], 27, 0),
    (layer("Dense", units=3, use_bias=False), [(None, 5, 8)], [(None, 5, 3)], 24, 0),
    (layer("Dense", units=1000000000000), [(None, 2)], [(None, 1000000000000)], 3000000000000, 0),
    (
        layer("EinsumDense", equation="abc,cd->abd", output_shape=(None, 64), bias_axes="d"),
        [(None, 32, 128)],
        [(None, None, 64)],
        8256,
        0,
    ),
    (
        layer("EinsumDense", equation="ab,bcd->acd", output_shape=(3, 4), bias_axes="cd"),
        [(None, 5)],
        [(None, 3, 4)],
        72,
        0,
    ),
    (layer("Embedding", input_dim=100, output_dim=8), [(None, 20)], [(None, 20, 8)], 800, 0),
    (
        layer("Conv1D", filters=4, kernel_size=3, padding="causal", dilation_rate=2),
        [(None, 10, 3)],
        [(None, 10, 4)],
        40,
        0,
    ),
    (layer("Conv2D", filters=32, kernel_size=3), [(None, 28, 28, 1)], [(None, 26, 26, 32)], 320, 0),
    (
        layer("Conv2D", filters=32, kernel_size=(3, 5), strides=2, padding="same"),
        [(None, 28, 28, 3)],
        [(None, 14, 14, 32)],
        1472,
        0,
    ),
    (
        layer("Conv2D", filters=8, kernel_size=3, data_format="channels_first"),
        [(None, 3, 28, 20)],
        [(None, 8, 26, 18)],
        224,
        0,
    ),
    (
        layer("Conv2D", filters=8, kernel_size=3, groups=2, use_bias=False),
        [(None, None, 9, 4)],
        [(None, None, 7, 8)],
        144,
        0,
    ),
    (layer("Conv3D", filters=2, kernel_size=2), [(None, 4, 5, 6, 1)], [(None, 3, 4, 5, 2)], 18, 0),
    (layer("Conv1DTranspose", filters=2, kernel_size=3, strides=2), [(None, 7, 4)], [(None, 15, 2)], 26, 0),
    (
        layer("Conv2DTranspose", filters=16, kernel_size=3, strides=2, padding="same"),
        [(None, 7, 7, 32)],
        [(None, 14, 14, 16)],
        4624,
        0,
    ),
    (
        layer("Conv2DTranspose", filters=16, kernel_size=3, strides=2, padding="same", output_padding=1),
        [(None, 7, 7, 32)],
        [(None, 14, 14, 16)],
        4624,
        0,
    ),
    (
        layer("Conv2DTranspose", filters=16, kernel_size=4, strides=3, output_padding=2),
        [(None, 7, None, 32)],
        [(None, 24, None, 16)],
        8208,
        0,
    ),
    (
        layer("SeparableConv2D", filters=8, kernel_size=3, depth_multiplier=2),
        [(None, 9, 9, 4)],
        [(None, 7, 7, 8)],
        144,
        0,
    ),
    (
        layer("DepthwiseConv2D", kernel_size=3, depth_multiplier=2),
        [(None, 9, 9, 4)],
        [(None, 7, 7, 8)],
        80,
        0,
    ),
    (layer("MaxPooling2D", pool_size=2), [(None, 9, 9, 4)], [(None, 4, 4, 4)], 0, 0),
    (
        layer("MaxPooling2D", pool_size=(3, 2), strides=2, padding="same"),
        [(None, 9, 9, 4)],
        [(None, 5, 5, 4)],
        0,
        0,
    ),
    (layer("AveragePooling1D", pool_size=3, strides=1), [(None, None, 4)], [(None, None, 4)], 0, 0),
    (layer("AveragePooling2D"), [(None, 9, 8, 4)], [(None, 4, 4, 4)], 0, 0),  # of Keras 2; Keras 3 raises a TypeError
    (layer("GlobalAveragePooling2D"), [(None, 9, 9, 4)], [(None, 4)], 0, 0),
    (layer("GlobalMaxPooling1D", keepdims=True), [(None, 9, 4)], [(None, 1, 4)], 0, 0),
    (layer("GlobalAveragePooling2D", data_format="channels_first"), [(None, 9, 9, 4)], [(None, 9)], 0, 0),
    (layer("AdaptiveAveragePooling2D", output_size=(2, 3)), [(None, 9, 9, 4)], [(None, 2, 3, 4)], 0, 0),
    (layer("Flatten"), [(None, 9, 9, 4)], [(None, 324)], 0, 0),
    (layer("Flatten"), [(None, None, 4)], [(None, None)], 0, 0),
    (layer("Flatten"), [(None,)], [(None, 1)], 0, 0),
    (layer("Reshape", target_shape=(4, -1)), [(None, 6, 2)], [(None, 4, 3)], 0, 0),
    (layer("Reshape", target_shape=(-1, 2)), [(None, None, 2)], [(None, None, 2)], 0, 0),
    (layer("Permute", dims=(2, 1)), [(None, 6, 2)], [(None, 2, 6)], 0, 0),
    (layer("RepeatVector", n=3), [(None, 6)], [(None, 3, 6)], 0, 0),
    (layer("UpSampling2D", size=(2, 3)), [(None, 6, None, 2)], [(None, 12, None, 2)], 0, 0),
    (layer("ZeroPadding2D", padding=((1, 2), (0, 3))), [(None, 6, 6, 2)], [(None, 9, 9, 2)], 0, 0),
    (layer("ZeroPadding1D", padding=(0, 2)), [(None, 6, 2)], [(None, 8, 2)], 0, 0),
    (layer("Cropping2D", cropping=1), [(None, 6, 6, 2)], [(None, 4, 4, 2)], 0, 0),
    (layer("BatchNormalization"), [(None, 6, 6, 2)], [(None, 6, 6, 2)], 8, 4),
    (layer("BatchNormalization", axis=1, scale=False), [(None, 6, 2)], [(None, 6, 2)], 18, 12),
    (layer("BatchNormalization", renorm=True), [(None, 6)], [(None, 6)], 42, 30),
    (layer("LayerNormalization", axis=(1, 2)), [(None, 6, 2)], [(None, 6, 2)], 24, 0),
    (layer("GroupNormalization", groups=4), [(None, 6, 8)], [(None, 6, 8)], 16, 0),
    (layer("UnitNormalization"), [(None, 6)], [(None, 6)], 0, 0),
    (layer("RMSNormalization"), [(None, 6)], [(None, 6)], 6, 0),
    (layer("SpectralNormalization", layer=layer("Dense", units=3)), [(None, 6)], [(None, 3)], 24, 3),
    (layer("LSTM", units=16), [(None, 10, 8)], [(None, 16)], 1600, 0),
    (
        layer("LSTM", units=16, return_sequences=True, return_state=True),
        [(None, None, 8)],
        [(None, None, 16), (None, 16), (None, 16)],
        1600,
        0,
    ),
    (layer("GRU", units=16), [(None, 10, 8)], [(None, 16)], 1248, 0),
    (layer("GRU", units=16, reset_after=False), [(None, 10, 8)], [(None, 16)], 1200, 0),
    (layer("SimpleRNN", units=5, use_bias=False), [(None, 10, 8)], [(None, 5)], 65, 0),
    (
        layer("RNN", cell=layer("LSTMCell", units=4), return_state=True),
        [(None, 10, 8)],
        [(None, 4), (None, 4), (None, 4)],
        208,
        0,
    ),
    (
        layer(
            "RNN",
            cell=(
                layer("GRUCell", units=4),
                layer("SimpleRNNCell", units=5),
            ),
            return_sequences=True,
        ),
        [(None, 10, 8)],
        [(None, 10, 5)],
        218,
        0,
    ),
    (
        layer("Bidirectional", layer=layer("LSTM", units=4, return_sequences=True)),
        [(None, 10, 8)],
        [(None, 10, 8)],
        416,
        0,
    ),
    (
        layer("Bidirectional", layer=layer("GRU", units=4), merge_mode="sum"),
        [(None, 10, 8)],
        [(None, 4)],
        336,
        0,
    ),
    (
        layer("Bidirectional", layer=layer("LSTM", units=4), merge_mode=None),
        [(None, 10, 8)],
        [(None, 4), (None, 4)],
        416,
        0,
    ),
    (
        layer("Bidirectional", layer=layer("LSTM", units=4, return_state=True)),
        [(None, 10, 8)],
        [(None, 8), (None, 4), (None, 4), (None, 4), (None, 4)],
        416,
        0,
    ),
    (
        layer("TimeDistributed", layer=layer("Conv2D", filters=2, kernel_size=3)),
        [(None, 5, 9, 9, 1)],
        [(None, 5, 7, 7, 2)],
        20,
        0,
    ),
    (
        layer("ConvLSTM2D", filters=4, kernel_size=3, return_state=True),
        [(None, 5, 8, 8, 3)],
        [(None, 6, 6, 4), (None, 6, 6, 4), (None, 6, 6, 4)],
        1024,
        0,
    ),
    (layer("Add"), [(None, 8, 3), (None, 1, 3)], [(None, 8, 3)], 0, 0),
    (layer("Add"), [(None, 8, 3), (None, 3)], [(None, 8, 3)], 0, 0),
    (layer("Add"), [(None, 8, 3), (None, None, 3)], [(None, None, 3)], 0, 0),
    (layer("Multiply"), [(None, 8), (4, 1)], [(4, 8)], 0, 0),
    (layer("Concatenate"), [(None, 8), (None, 7)], [(None, 15)], 0, 0),
    (layer("Concatenate", axis=1), [(None, 5, 8), (None, None, 8)], [(None, None, 8)], 0, 0),
    (layer("Dot", axes=1), [(None, 8), (None, 8)], [(None, 1)], 0, 0),
    (layer("Dot", axes=(2, 1)), [(None, 4, 8), (None, 8, 5)], [(None, 4, 5)], 0, 0),
    (
        layer("Attention", use_scale=True, score_mode="concat"),
        [(None, 5, 8), (None, 4, 8)],
        [(None, 5, 8)],
        2,
        0,
    ),
    (layer("AdditiveAttention"), [(None, 5, 8), (None, 4, 8)], [(None, 5, 8)], 8, 0),
    (
        layer("MultiHeadAttention", num_heads=2, key_dim=3),
        [(None, 5, 8), (None, 4, 7)],
        [(None, 5, 8)],
        206,
        0,
    ),
    (
        layer("MultiHeadAttention", num_heads=2, key_dim=3, value_dim=5, output_shape=9, use_bias=False),
        [(None, 5, 8), (None, 4, 7)],
        [(None, 5, 9)],
        250,
        0,
    ),
    (
        layer("GroupQueryAttention", head_dim=4, num_query_heads=8, num_key_value_heads=2),
        [(None, 5, 8), (None, 4, 8)],
        [(None, 5, 8)],
        696,
        0,
    ),
    (layer("PReLU", shared_axes=(1, 2)), [(None, 5, 8, 3)], [(None, 5, 8, 3)], 3, 0),
    (layer("Softmax"), [(None, 5)], [(None, 5)], 0, 0),
    (layer("Dropout", rate=0.5), [(None, 5)], [(None, 5)], 0, 0),
    (layer("Rescaling", scale=0.5), [(None, 5)], [(None, 5)], 0, 0),
    (layer("Resizing", height=4, width=5), [(None, None, None, 3)], [(None, 4, 5, 3)], 0, 0),
    (
        layer("CenterCrop", height=4, width=5, data_format="channels_first"),
        [(None, 3, 8, 8)],
        [(None, 3, 4, 5)],
        0,
        0,
    ),
    (layer("Normalization"), [(None, 4)], [(None, 4)], 9, 9),
    (layer("CategoryEncoding", num_tokens=4, output_mode="one_hot"), [(None, 3)], [(None, 3, 4)], 0, 0),
    (layer("Discretization", bin_boundaries=(0.0, 1.0)), [(None, 3)], [(None, 3)], 0, 0),
    (layer("Hashing", num_bins=4), [(None, 3)], [(None, 3)], 0, 0),
    (layer("MelSpectrogram", num_mel_bins=20, sequence_stride=100), [(None, 1000)], [(None, 20, 11)], 0, 0),
    (
        layer(
            "StringLookup",
            max_tokens=9,
            output_mode="multi_hot",
            pad_to_max_tokens=True,
            vocabulary=(
                "a",
                "b",
            ),
        ),
        [(None, 3)],
        [(None, 9)],
        0,
        0,
    ),
    (layer("TextVectorization", output_sequence_length=7), [(None,)], [(None, 7)], 0, 0),
]

REJECTED_LAYERS = [
    (layer("Dense", units=3), [(None,)]),
    (layer("Dense", units=3), [(None, None)]),
    (layer("Conv2D", filters=8, kernel_size=5), [(None, 4, 4, 3)]),
    (layer("Conv2D", filters=8, kernel_size=3), [(None, 28, 28)]),
    (layer("Conv2D", filters=8, kernel_size=3, groups=2), [(None, 9, 9, 3)]),
    (layer("Conv2D", filters=8, kernel_size=3), [(None, 9, 9, None)]),
    (layer("MaxPooling2D", pool_size=5), [(None, 4, 4, 4)]),
    (layer("GlobalAveragePooling2D"), [(None, 9, 4)]),
    (layer("Reshape", target_shape=(5, -1)), [(None, 6, 2)]),
    (layer("Reshape", target_shape=(4, 4)), [(None, 15)]),
    (layer("Permute", dims=(2, 1)), [(None, 6, 2, 3)]),
    (layer("RepeatVector", n=3), [(None, 6, 2)]),
    (layer("Cropping1D", cropping=(3, 3)), [(None, 6, 2)]),
    (layer("BatchNormalization", axis=3), [(None, 6)]),
    (layer("GroupNormalization", groups=32), [(None, 6, 8)]),
    (layer("GroupNormalization", groups=1), [(None, 0)]),
    (layer("GroupNormalization", groups=-1), [(None, 0)]),
    (layer("GroupNormalization", groups=0), [(None, 8)]),
    (layer("LSTM", units=16), [(None, 8)]),
    (layer("Bidirectional", layer=layer("LSTM", units=4)), [(None, 8)]),
    (layer("TimeDistributed", layer=layer("Dense", units=2)), [(None, 5)]),
    (layer("ConvLSTM2D", filters=4, kernel_size=3), [(None, 8, 8, 3)]),
    (layer("Add"), [(None, 8), (None, 7)]),
    (layer("Subtract"), [(None, 8), (None, 8), (None, 8)]),
    (layer("Concatenate"), [(None, 4, 8), (None, 5, 8)]),
    (layer("Concatenate"), [(None, 4, 8), (None, 8)]),
    (layer("Dot", axes=1), [(None, 8), (None, 7)]),
    (layer("Dot", axes=1), [(None, None, 5), (None, 4, 5)]),
    (layer("Attention"), [(None, 5, 8)]),
    (layer("MultiHeadAttention", num_heads=2, key_dim=3), [(None, 5, 8), (None, 4, 7), (None, 3, 7)]),
    (
        layer("GroupQueryAttention", head_dim=4, num_query_heads=8, num_key_value_heads=2),
        [(None, 5, 8), (None, 4, 7)],
    ),
    (layer("PReLU"), [(None, None, 3)]),
    (layer("SpatialDropout1D", rate=0.5), [(None, 5)]),
]

OPS = [
    (op("keras.ops.add"), [(None, 5, 3), (3,)], [(None, 5, 3)]),
    (op("keras.ops.multiply"), [(None, None, 3), (None, 4, 1)], [(None, 4, 3)]),
    (op("keras.ops.matmul"), [(None, 4, 5), (None, 5, 6)], [(None, 4, 6)]),
    (op("keras.ops.concatenate", axis=-1), [(None, 4), (None, 5)], [(None, 9)]),
    (op("keras.ops.stack", axis=1), [(None, 4), (None, 4)], [(None, 2, 4)]),
    (op("keras.ops.mean", axis=1), [(None, 4, 3)], [(None, 3)]),
    (op("keras.ops.max", axis=(1, 2), keepdims=True), [(None, 4, 3)], [(None, 1, 1)]),
    (op("keras.ops.sum"), [(None, 4)], [()]),
    (op("keras.ops.argmax", axis=-1), [(None, 4, 3)], [(None, 4)]),
    (op("keras.ops.logsumexp", axis=-1), [(None, 4, 3)], [(None, 4)]),
    (op("keras.ops.norm", axis=-1), [(None, 4, 3)], [(None, 4)]),
    (op("keras.ops.reshape", newshape=(-1, 2, 2)), [(None, 4)], [(None, 2, 2)]),
    (op("keras.ops.reshape", newshape=(4, -1)), [(2, 6)], [(4, 3)]),
    (op("keras.ops.transpose", axes=(0, 2, 1)), [(None, 4, 3)], [(None, 3, 4)]),
    (op("keras.ops.expand_dims", axis=-1), [(None, 4)], [(None, 4, 1)]),
    (op("keras.ops.expand_dims", axis=1), [(None, 4)], [(None, 1, 4)]),
    (op("keras.ops.squeeze", axis=1), [(None, 1, 4)], [(None, 4)]),
    (op("keras.ops.swapaxes", axis1=1, axis2=2), [(None, 2, 4)], [(None, 4, 2)]),
    (op("keras.ops.moveaxis", source=1, destination=-1), [(None, 2, 4, 3)], [(None, 4, 3, 2)]),
    (op("keras.ops.split", indices_or_sections=3, axis=1), [(None, 6)], [(None, 2), (None, 2), (None, 2)]),
    (
        op("keras.ops.split", indices_or_sections=(2, 3), axis=1),
        [(None, 6)],
        [(None, 2), (None, 1), (None, 3)],
    ),
    (op("keras.ops.unstack", axis=1), [(None, 3, 2)], [(None, 2), (None, 2), (None, 2)]),
    (op("keras.ops.repeat", repeats=3, axis=1), [(None, 6)], [(None, 18)]),
    (op("keras.ops.tile", repeats=(1, 2)), [(None, 6)], [(None, 12)]),
    (op("keras.ops.pad", pad_width=((0, 0), (1, 2))), [(None, 6)], [(None, 9)]),
    (op("keras.ops.flip", axis=1), [(None, 6)], [(None, 6)]),
    (op("keras.ops.one_hot", num_classes=5), [(None, 6)], [(None, 6, 5)]),
    (op("keras.ops.top_k", k=2), [(None, 6)], [(None, 2), (None, 2)]),
    (op("keras.ops.einsum", subscripts="bij,bjk->bik"), [(None, 4, 5), (None, 5, 6)], [(None, 4, 6)]),
    (op("keras.ops.tensordot", axes=((2,), (1,))), [(None, 4, 5), (None, 5, 6)], [(None, 4, None, 6)]),
    (op("keras.ops.where"), [(None, 4), (None, 1), (None, 4)], [(None, 4)]),
    (op("keras.ops.relu"), [(None, 4)], [(None, 4)]),
    (op("keras.ops.cast", dtype="float16"), [(None, 4)], [(None, 4)]),
    (op("keras.ops.space_to_depth", block_size=2), [(None, 6, 6, 3)], [(None, 3, 3, 12)]),
    (op("keras.ops.depth_to_space", block_size=2), [(None, 6, 6, 8)], [(None, 12, 12, 2)]),
    (op("keras.ops.max_pool", pool_size=2), [(None, 7, 7, 3)], [(None, 3, 3, 3)]),
    (op("keras.ops.image.resize", size=(3, 4)), [(None, 7, 7, 3)], [(None, 3, 4, 3)]),
    (op("keras.ops.broadcast_to", shape=(2, 4, 3)), [(None, 1, 3)], [(2, 4, 3)]),
    (op("operator.getitem", key=(slice(None), 0)), [(None, 6, 4)], [(None, 4)]),
    (op("operator.getitem", key=(slice(None), slice(1, None))), [(None, 6, 4)], [(None, 5, 4)]),
    (op("operator.getitem", key=(Ellipsis, 0)), [(None, 6, 4)], [(None, 6)]),
    (op("operator.getitem", key=(slice(None), None)), [(None, 6, 4)], [(None, 1, 6, 4)]),
    (op("operator.getitem", key=(slice(None), slice(None, None, 2))), [(None, 6, 4)], [(None, 3, 4)]),
    (op("operator.getitem", key=(slice(None), slice(-2, None))), [(None, 6, 4)], [(None, 2, 4)]),
    (op("operator.getitem", key=0), [(None, 6, 4)], [(6, 4)]),
]

REJECTED_OPS = [
    (op("keras.ops.add"), [(None, 5, 3), (None, 4, 3)]),
    (op("keras.ops.matmul"), [(None, 4, 5), (None, 4, 6)]),
    (op("keras.ops.concatenate", axis=-1), [(None, 4, 2), (None, 5, 2)]),
    (op("keras.ops.stack", axis=1), [(None, 4), (None, 5)]),
    (op("keras.ops.reshape", newshape=(5, -1)), [(2, 6)]),
    (op("keras.ops.transpose", axes=(1, 0)), [(None, 4, 3)]),
    (op("keras.ops.squeeze", axis=1), [(None, 2, 4)]),
    (op("keras.ops.split", indices_or_sections=4, axis=1), [(None, 6)]),
    (op("operator.getitem", key=(slice(None), 7)), [(None, 6, 4)]),
]


def name_of(value: object) -> str:
    if isinstance(value, KerasObject):
        arguments = ", ".join(f"{argument.name}={argument.value.value}" for argument in value.arguments)
        return f"{value.kind}({arguments})"
    return str(value)


@pytest.mark.parametrize(("made", "inputs", "outputs", "params", "fixed"), LAYERS, ids=name_of)
def test_a_layer_has_the_shapes_and_weights_of_keras(
    made: Layer, inputs: Dims, outputs: Dims, params: int, fixed: int
) -> None:
    inferred = infer(made, shapes(inputs))
    assert inferred.error is None
    assert [output.dims for output in inferred.outputs] == outputs
    assert (inferred.params, inferred.non_trainable_params) == (params, fixed)


@pytest.mark.parametrize(("made", "inputs", "outputs"), OPS, ids=name_of)
def test_an_op_has_the_shapes_of_keras(made: KerasObject, inputs: Dims, outputs: Dims) -> None:
    inferred = infer(made, shapes(inputs))
    assert inferred.error is None
    assert [output.dims for output in inferred.outputs] == outputs


@pytest.mark.parametrize(("made", "inputs"), REJECTED_LAYERS + REJECTED_OPS, ids=name_of)
def test_what_keras_rejects_is_rejected_in_one_line(made: KerasObject, inputs: Dims) -> None:
    error = infer(made, shapes(inputs)).error
    assert error is not None
    assert "\n" not in error
    assert "expects" in error
    assert "got" in error


LOST = Shape.unknown("read from a file")
ANY = Unknown("parameter `units` of build")

PARTLY_KNOWN = [
    pytest.param(layer("Dense", units=3), LOST, "(…, 3)", id="Dense ends in its units"),
    pytest.param(layer("Dense", units=ANY), shape(None, 4), "(None, ?)", id="units unknown"),
    pytest.param(layer("Dense", units="3"), shape(None, 4), "(None, ?)", id="units of another type"),
    pytest.param(layer("Conv2D", filters=3, kernel_size=2), LOST, "(None, ?, ?, 3)", id="Conv2D has four axes"),
    pytest.param(layer("Conv2D", filters=3, kernel_size=ANY), shape(None, 9, 9, 1), "(None, ?, ?, 3)", id="kernel"),
    pytest.param(layer("Conv2D", filters=3, kernel_size=2, padding=ANY), shape(None, 9, 9, 1), "(None, ?, ?, 3)"),
    pytest.param(layer("Flatten"), LOST, "(None, ?)", id="Flatten of anything"),
    pytest.param(layer("Reshape", target_shape=ANY), shape(None, 4), "(…)", id="target unknown"),
    pytest.param(layer("Reshape", target_shape=(ANY, 2)), shape(None, 4), "(None, ?, 2)", id="one size unknown"),
    pytest.param(layer("Dropout", rate=ANY), shape(None, 4), "(None, 4)", id="the rate decides nothing"),
    pytest.param(layer("LSTM", units=3, return_sequences=ANY), shape(None, 4, 2), "(…, 3)", id="sequences or not"),
    pytest.param(layer("GlobalAveragePooling2D"), LOST, "(None, ?)", id="pooling"),
    pytest.param(layer("Lambda", function=ANY), shape(None, 4), "(…)", id="Lambda"),
    pytest.param(layer("TFSMLayer", filepath="x"), shape(None, 4), "(…)", id="a layer without a rule"),
    pytest.param(op("tensorflow.unheard_of"), shape(None, 4), "(…)", id="an op without a rule"),
    pytest.param(op("operator.mul", b=ANY), shape(None, 4), "(…, 4)", id="times anything"),
    pytest.param(op("operator.mul", b=2.0), shape(None, 4), "(None, 4)", id="times a number"),
    pytest.param(op("tensorflow.reduce_mean", axis=ANY), shape(None, 4), "(…)", id="axis unknown"),
    pytest.param(op("tensorflow.reshape", shape=(ANY, 2, 2)), shape(None, 4), "(?, 2, 2)", id="batch size computed"),
]


@pytest.mark.parametrize(("made", "input_shape", "expected"), PARTLY_KNOWN)
def test_what_is_unknown_stays_unknown_and_the_rest_is_known(
    made: KerasObject, input_shape: Shape, expected: str
) -> None:
    inferred = infer(made, (input_shape,))
    assert inferred.error is None
    assert [str(output) for output in inferred.outputs] == [expected]


def test_a_class_of_the_file_is_unknown_even_under_a_name_of_keras() -> None:
    own = Layer("keras.layers.Dense", (), layer("Dense").span, in_file=True)
    assert str(infer(own, (shape(None, 4),)).outputs[0]) == "(…)"


TENSORFLOW_OPS = [
    (op("tensorflow.concat", axis=-1), [(None, 4), (None, 5)], "(None, 9)"),
    (op("tensorflow.reduce_mean", axis=[1, 2]), [(None, 4, 4, 3)], "(None, 3)"),
    (op("tensorflow.math.reduce_sum", axis=-1, keepdims=True), [(None, 4)], "(None, 1)"),
    (op("tensorflow.nn.relu"), [(None, 4)], "(None, 4)"),
    (op("tensorflow.expand_dims", axis=1), [(None, 4)], "(None, 1, 4)"),
    (op("tensorflow.transpose", perm=[0, 2, 1]), [(None, 4, 3)], "(None, 3, 4)"),
    (op("tensorflow.matmul", transpose_b=True), [(None, 4, 3), (None, 5, 3)], "(None, 4, 5)"),
    (
        op("tensorflow.nn.max_pool2d", ksize=2, strides=2, padding="VALID"),
        [(None, 8, 8, 3)],
        "(None, 4, 4, 3)",
    ),
    (op("tensorflow.image.resize", size=(4, 5)), [(None, 8, 8, 3)], "(None, 4, 5, 3)"),
    (op("keras.backend.mean", axis=1), [(None, 4, 3)], "(None, 3)"),
    (op("keras.backend.batch_dot", axes=(2, 2)), [(None, 4, 3), (None, 5, 3)], "(None, 4, 5)"),
    (op("keras.backend.permute_dimensions", pattern=(0, 2, 1)), [(None, 4, 3)], "(None, 3, 4)"),
    (op("keras.backend.concatenate"), [(None, 4), (None, 3)], "(None, 7)"),
]


@pytest.mark.parametrize(("made", "inputs", "expected"), TENSORFLOW_OPS, ids=name_of)
def test_functions_of_tensorflow_and_the_backend_have_shapes_too(
    made: KerasObject, inputs: Dims, expected: str
) -> None:
    assert [str(output) for output in infer(made, shapes(inputs)).outputs] == [expected]


WEIRD = [
    None, True, 0, -1, 3, 10**12, 2.5, "same", "channels_first", "abc,cd->abd", ANY, (), (1, 2), (ANY,
    2), [[1, 2], [3]], ("a", None), {"a": 1}, layer("Dense", units=3), layer("LSTM", units=2),
    (layer("GRUCell", units=2), 5), slice(ANY), (slice(None), ANY), Ellipsis, ((0, 1), (2, 3)),
]  # fmt: skip
SIZES = st.sampled_from([None, 0, 1, 2, 3, 8, 10**9, ANY])
ANY_SHAPE = st.builds(lambda dims, known: Shape(tuple(dims), known, "lost"), st.lists(SIZES, max_size=6), st.booleans())
NAMES = [
    "units", "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups",
    "pool_size", "axis", "axes", "keepdims", "target_shape", "dims", "n", "size", "cropping",
    "output_size", "layer", "backward_layer", "cell", "cells", "merge_mode", "return_state",
    "return_sequences", "equation", "output_shape", "bias_axes", "input_dim", "output_dim", "num_heads",
    "key_dim", "shared_axes", "output_mode", "vocabulary", "bin_boundaries", "shape", "perm",
    "newshape", "indices_or_sections", "num_or_size_splits", "repeats", "multiples", "paddings",
    "pad_width", "key", "depth", "indices", "subscripts", "block_size", "a", "b", "x", "y", "layers",
    "mean", "height", "width", "num", "k",
]  # fmt: skip


@settings(max_examples=3000, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(RULES)),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(WEIRD), max_size=8),
    st.lists(ANY_SHAPE, max_size=3),
)
def test_no_arguments_and_no_inputs_break_a_rule(name: str, arguments: dict[str, object], inputs: list[Shape]) -> None:
    inferred = infer(Layer(name, op(name, **arguments).arguments, layer("Dense").span), tuple(inputs))
    assert inferred.outputs
    for output in inferred.outputs:
        assert all(size is None or isinstance(size, int | Unknown) for size in output.dims)
    assert isinstance(inferred.params, int | Unknown)


def test_positional_names_are_those_of_tensorflow() -> None:
    assert positional_names("tensorflow.reduce_mean")[:3] == ("input_tensor", "axis", "keepdims")
    assert positional_names("operator.getitem") == ("a", "key")
    assert positional_names("tensorflow.unheard_of") == ()
