"""Programs written for Keras 1; the expected shapes and numbers of weights are those of Keras 1.2.2 itself."""

from __future__ import annotations

import pytest
from reading import read_bare

from keraslint.graph import Layer, Model
from keraslint.graph.parameters import parameters

IMPORTS = "from keras.models import Sequential, Model\nfrom keras.layers import *\n"
THEN = "from keras.layers import TimeDistributedDense\n"
"""An import that only Keras 1 has."""


def only_model(source: str) -> Model:
    (*_, found) = read_bare(IMPORTS + source).models
    return found


def built(source: str) -> list[str]:
    """Each layer of the last model as ``(None, 4) 12``: its output and its weights."""
    return [f"{call.output_shape} {call.params}" for call in only_model(source).calls if isinstance(call.layer, Layer)]


LAYERS = {
    "TimeDistributedDense(4, input_dim=3, input_length=8)": "(None, 8, 4) 16",
    "TimeDistributedDense(4, bias=False, input_shape=(8, 3))": "(None, 8, 4) 12",
    "TimeDistributedDense(output_dim=4, init='uniform', input_shape=(8, 3))": "(None, 8, 4) 16",
    "AtrousConvolution1D(7, 3, atrous_rate=2, input_shape=(10, 8))": "(None, 6, 7) 175",
    "AtrousConvolution2D(4, 3, 2, atrous_rate=(2, 2), dim_ordering='th', bias=False, input_shape=(8, 8, 8))": (
        "(None, 4, 4, 6) 192"
    ),
    "AtrousConvolution2D(4, 3, 2, atrous_rate=(2, 2), input_shape=(8, 8, 8))": "(None, 4, 6, 4) 196",
    "MaxoutDense(11, input_dim=96)": "(None, 11) 4268",
    "MaxoutDense(11, 5, bias=False, input_dim=96)": "(None, 11) 5280",
    "Highway(input_dim=11)": "(None, 11) 264",
    "Highway(bias=False, input_dim=11)": "(None, 11) 242",
    "Convolution1D(nb_filter=8, filter_length=3, subsample_length=2, input_shape=(20, 16))": "(None, 9, 8) 392",
    "Convolution1D(8, 3, border_mode='same', input_shape=(20, 16))": "(None, 20, 8) 392",
    "Convolution3D(4, 3, 2, 1, border_mode='same', input_shape=(5, 6, 7, 2))": "(None, 5, 6, 7, 4) 52",
    "Conv2D(8, 3, 5, border_mode='same', subsample=(2, 2), input_shape=(32, 30, 3))": "(None, 16, 15, 8) 368",
    "LSTM(output_dim=3, init='uniform', inner_activation='sigmoid', input_shape=(8, 4))": "(None, 3) 96",
    "GRU(output_dim=9, input_shape=(6, 7))": "(None, 9) 459",
    "Embedding(100, 16, input_length=20, dropout=0.2)": "(None, 20, 16) 1600",
    "BatchNormalization(mode=2, axis=1, input_shape=(8, 5, 5))": "(None, 8, 5, 5) 32",
}


@pytest.mark.parametrize("layer", LAYERS)
def test_layers(layer: str) -> None:
    assert built(f"Sequential([{layer}])") == [LAYERS[layer]]


POSITIONAL = {
    "Conv2D(8, 3, 5, 'he_normal', 'relu', None, 'same', (2, 2), 'th', input_shape=(3, 32, 32))": (
        "(None, 8, 16, 16) 368"
    ),
    "Conv2D(8, 3, 5, input_shape=(32, 30, 3))": "(None, 30, 26, 8) 368",
    "Convolution1D(8, 3, 'uniform', 'relu', None, 'same', 2, input_shape=(20, 16))": "(None, 10, 8) 392",
    "Embedding(100, 16, 'uniform', 20)": "(None, 20, 16) 1600",
    "BatchNormalization(1e-3, 0, 1, input_shape=(8, 5, 5))": "(None, 8, 5, 5) 32",
    "MaxPooling2D((2, 2), None, 'same', 'th', input_shape=(8, 15, 15))": "(None, 8, 8, 8) 0",
}


@pytest.mark.parametrize("layer", POSITIONAL)
def test_positional_arguments_in_a_file_for_keras_1(layer: str) -> None:
    assert built(f"{THEN}Sequential([{layer}])") == [POSITIONAL[layer]]


@pytest.mark.parametrize(
    "evidence",
    [
        "from keras.layers import Merge",
        "Convolution2D(4, 3, 3, border_mode='same')",
        "Dense(3, W_regularizer=None)",
        "m.fit(x, y, nb_epoch=3)",
        "m.fit_generator(g, samples_per_epoch=300, nb_epoch=3)",
    ],
)
def test_what_only_keras_1_has_says_that_a_file_is_keras_1(evidence: str) -> None:
    assert built(f"Sequential([Conv2D(8, 3, 5, input_shape=(32, 30, 3))])\n{evidence}") == ["(None, 30, 26, 8) 368"]


@pytest.mark.parametrize(
    "against",
    ["Dense(3, kernel_regularizer=None)", "m.fit(x, y, epochs=3)", "from keras.layers import LayerNormalization", ""],
)
def test_anything_later_says_that_it_is_not(against: str) -> None:
    evidence = "Dense(3, W_regularizer=None)" if against else ""
    source = f"Sequential([Conv2D(8, 3, 5, input_shape=(32, 30, 3))])\n{evidence}\n{against}"
    assert built(source) == ["(None, 6, 6, 8) 224"]


def test_tf_keras_never_was_keras_1() -> None:
    source = "from tensorflow.keras.layers import Conv2D\nSequential([Conv2D(8, 3, 5, input_shape=(32, 30, 3))])\n"
    assert built(f"{source}Dense(3, W_regularizer=None)") == ["(None, 6, 6, 8) 224"]


def test_maxout_and_highway_take_two_dimensions_only() -> None:
    for layer in ("MaxoutDense(4, input_shape=(3, 2))", "Highway(input_shape=(3, 2))"):
        (call,) = only_model(f"Sequential([{layer}])").calls
        assert call.error is not None


BRANCHES = """
left = Sequential([Dense(5, input_dim=4)])
right = Sequential()
right.add(Dense(7, input_shape=(3,)))
def branch(n):
    return Sequential([Embedding(n, 8, input_length=1), Reshape((8,))])
"""


def compiled(source: str) -> Model:
    (found,) = read_bare(IMPORTS + BRANCHES + source).trainings
    assert isinstance(found.model, Model)
    return found.model


MERGED = {
    "[Merge([left, right], mode='concat', concat_axis=1), Dense(2)]": "(None, 4) (None, 3) -> (None, 2) 79",
    "[Merge([branch(10), branch(20)], 'mul'), Dense(4)]": "(None, 1) (None, 1) -> (None, 4) 276",
    "[Merge([branch(10), branch(20)], mode='dot', dot_axes=1)]": "(None, 1) (None, 1) -> (None, 1) 240",
    "[Merge([branch(10), branch(20)], mode='cos', dot_axes=1)]": "(None, 1) (None, 1) -> (None, 1) 240",
    "[Merge([Sequential([Merge([branch(10), branch(20)], 'ave'), Dense(5)]), left]), Dense(1)]": (
        "(None, 1) (None, 1) (None, 4) -> (None, 1) 316"
    ),
}


@pytest.mark.parametrize("layers", MERGED)
def test_a_merge_of_branches_is_a_model_of_several_inputs(layers: str) -> None:
    found = compiled(f"m = Sequential({layers})\nm.compile('sgd', 'mse')")
    shapes = " ".join(str(tensor.shape) for tensor in found.inputs)
    assert f"{shapes} -> {found.output_shape} {parameters(found)[0]}" == MERGED[layers]


def test_a_branch_may_be_frozen_after_it_was_merged() -> None:
    merged = "m = Sequential([Merge([left, right], mode='concat')])"
    frozen = compiled(f"{merged}\nleft.layers[0].trainable = False\nm.compile('sgd', 'mse')")
    assert parameters(frozen) == (53, 28)


def test_a_graph_is_unknown_with_a_reason() -> None:
    found = only_model("from keras.models import Graph\ng = Graph()\ng.add_node(Dense(3))\nSequential([g, Dense(2)])")
    assert ["Graph" in why.reason for why in found.unknowns] == [True]


def test_branches_that_are_not_known_leave_the_model_unknown() -> None:
    found = only_model("m = Sequential([Merge(towers(), mode='concat'), Dense(2)])")
    assert [why.reason for why in found.unknowns] == ["a Merge of branches that are not all known"]


FUNCTIONAL = {
    "merge([a, b], mode='dot', dot_axes=[1, 1])": "(None, 4, 4)",
    "merge([a, b], mode='dot', dot_axes=2)": "(None, 6, 6)",
    "merge([a, b], mode='cos')": "(None, 6, 6)",
    "merge([a, b], 'concat', 1)": "(None, 12, 4)",
    "merge([a, b], mode='concat')": "(None, 6, 8)",
    "merge([a, b])": "(None, 6, 4)",
    "merge([a, b], mode=lambda x: x[0] - x[1], output_shape=(6, 4))": "(None, 6, 4)",
    "merge([a, b], mode=lambda x: x[0] - x[1], output_shape=lambda shapes: shapes[0])": "(None, 6, 4)",
    "Merge(mode='concat')([a, b])": "(None, 6, 8)",
}


@pytest.mark.parametrize("call", FUNCTIONAL)
def test_merging_tensors(call: str) -> None:
    found = only_model(f"a, b = Input((6, 4)), Input((6, 4))\nModel([a, b], {call})")
    assert (str(found.output_shape), found.unknowns) == (FUNCTIONAL[call], ())


def test_a_mode_that_is_not_known_leaves_the_shape_unknown() -> None:
    found = only_model("import settings\na, b = Input((4,)), Input((4,))\nModel([a, b], merge([a, b], settings.mode))")
    assert not found.output_shape.known


LAYOUT = {
    "K.set_image_dim_ordering('th')": "(None, 4, 30, 28) 112",
    "K.set_image_dim_ordering('tf')": "(None, 1, 30, 4) 1084",
    "K.set_image_data_format('channels_first')": "(None, 4, 30, 28) 112",
    "K.set_image_data_format(layout)": "(None, ?, ?, ?) unknown",
}


@pytest.mark.parametrize("setting", LAYOUT)
def test_the_layout_of_images_may_be_set_for_all(setting: str) -> None:
    source = (
        f"from keras import backend as K\n{setting}\nSequential([Convolution2D(4, (3, 3), input_shape=(3, 32, 30))])"
    )
    (found,) = only_model(source).calls
    params = found.params if isinstance(found.params, int) else "unknown"
    assert f"{found.output_shape} {params}" == LAYOUT[setting]


def test_a_layer_may_have_another_layout_than_the_others() -> None:
    layer = "Convolution2D(4, 3, 3, dim_ordering='tf', input_shape=(30, 28, 3))"
    source = f"from keras import backend as K\nK.set_image_dim_ordering('th')\nSequential([{layer}])"
    assert built(source) == ["(None, 28, 26, 4) 112"]


GRUS = "model = Sequential([GRU(4, input_shape=(5, 3), return_sequences=True), Bidirectional(GRU(2))])"


@pytest.mark.parametrize(
    ("imports", "weights"),
    {
        "from keras.layers.normalization import BatchNormalization": [96, 84],
        "from keras.layers.merge import concatenate": [96, 84],
        "from keras.layers.merge import concatenate\nfrom keras.layers import GroupNormalization": [108, 96],
        "from keras.layers import LayerNormalization": [108, 96],
        "from keras.callbacks import EarlyStopping": [108, 96],
        "from tensorflow.keras import backend as K\nfrom keras.engine.topology import Layer": [108, 96],
    }.items(),
)
def test_a_gru_has_the_biases_of_the_keras_that_the_file_is_for(imports: str, weights: list[int]) -> None:
    """Counted by tf_keras with ``reset_after=False`` and ``True``."""
    found = read_bare(f"{imports}\n{IMPORTS}{GRUS}").models[-1]
    assert [call.params for call in found.calls] == weights


GENERATOR = """
import numpy as np
def batches():
    while True:
        yield np.zeros((20, 8)), np.zeros((20, 1))
model = Sequential([Dense(1, input_dim=8)])
model.compile("sgd", "mse")
"""


@pytest.mark.parametrize(
    ("call", "steps"),
    {
        "model.fit_generator(batches(), samples_per_epoch=100, nb_epoch=3)": 5,
        "model.fit_generator(batches(), steps_per_epoch=100, epochs=3)": 100,
        "model.fit_generator(batches(), 100, nb_epoch=3)": 5,
        "model.fit_generator(batches(), 100, epochs=3)": 100,
    }.items(),
)
def test_an_epoch_counted_in_samples_is_one_of_so_many_batches(call: str, steps: int) -> None:
    """Keras 1 counted samples: `keras/engine/training.py` of Keras 1.2, ``fit_generator``."""
    (fit,) = read_bare(f"{IMPORTS}{GENERATOR}\n{call}").fits
    assert {argument.name: argument.value.value for argument in fit.arguments}["steps_per_epoch"] == steps


def test_an_epoch_counted_in_samples_of_unknown_batches_has_an_unknown_number_of_them() -> None:
    call = "model.fit_generator(load(), samples_per_epoch=100, nb_epoch=3)"
    (fit,) = read_bare(f"from data import load\n{IMPORTS}{GENERATOR}\n{call}").fits
    (steps,) = (argument.value for argument in fit.arguments if argument.name == "steps_per_epoch")
    assert not steps.known


SMALL_IMAGES = """
model = Sequential([Convolution2D(8, 3, 3, border_mode="same", input_shape={shape}), MaxPooling2D((2, 2)), Flatten()])
model.fit(None, None, nb_epoch=3)
"""


@pytest.mark.parametrize(
    ("shape", "flat"), [("(3, 32, 32)", 2048), ("(1, 28, 28)", 1568), ("(32, 32, 3)", 2048), ("(3, 3, 3)", 8)]
)
def test_images_with_channels_first_say_the_ordering_that_a_file_of_settings_has(shape: str, flat: int) -> None:
    assert only_model(SMALL_IMAGES.format(shape=shape)).output_shape.dims == (None, flat)


def test_a_program_for_a_later_keras_says_no_ordering_by_its_images() -> None:
    model = only_model("model = Sequential([Conv2D(8, (3, 3), padding='same', input_shape=(3, 32, 32)), Flatten()])")
    assert model.output_shape.dims == (None, 3 * 32 * 8)
