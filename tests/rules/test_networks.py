"""What keras-high-learning-rate and keras-elevated-learning-rate see of a network: its kinds, widths and order."""

from __future__ import annotations

import pytest

from keraslint.reader import read
from keraslint.rules.optimizer.networks import Network, network_of

START = """
from keras import Input, Model, Sequential, layers, ops
from keras.layers import Activation, Conv2D, Dense, Dropout, Flatten
from mine import Own
"""


def network(model: str, loss: str = "mse") -> Network | None:
    trainings = read(f'{START}\n{model}\nmodel.compile("adam", "{loss}")\n', "file.py").trainings
    return network_of(trainings[0])


def known(*parts: str, loss: str = "mse") -> Network:
    found = network(f"model = Sequential([{', '.join(parts)}])", loss)
    assert found is not None
    return found


FOUR, IMAGE = "Input((4,))", "Input((8, 8, 1))"
BLOCK = """
class Block(layers.Layer):
    def __init__(self, **given):
        super().__init__(**given)
        self.dense = Dense(4)
    def call(self, inputs):
        return self.dense(inputs)
"""
NESTED = "part = Sequential([Input((4,)), Dense(4), Dense(4)])\n"


@pytest.mark.parametrize(
    "model",
    [
        pytest.param("from mine import layer\nmodel = Sequential([Input((4,)), layer, Dense(1)])", id="a value"),
        pytest.param("model = Sequential([Input((4,)), Own(), Dense(1)])", id="a layer of one's own"),
        pytest.param("import numpy as np\ni = Input((4,))\nmodel = Model(i, Dense(1)(np.sin(i)))", id="an operation"),
        pytest.param("model = Sequential([Input((4, 8, 8, 1)), layers.ConvLSTM2D(4, 3)])", id="a kind not measured"),
    ],
)
def test_a_network_with_something_unknown_is_none(model: str) -> None:
    assert network(model) is None


@pytest.mark.parametrize(
    ("model", "kernels", "in_sequence"),
    [
        pytest.param("model = Sequential([Input((4,)), Dense(1)])", 1, 1, id="one layer"),
        pytest.param("model = Sequential([Input((4,)), Dense(4), Dropout(0.1), Dense(1)])", 2, 2, id="without dropout"),
        pytest.param("i = Input((4,))\nmodel = Model(i, Dense(1)(ops.relu(Dense(4)(i))))", 2, 2, id="an operation"),
        pytest.param("i = Input((4,))\nmodel = Model(i, [Dense(1)(i), Dense(1)(i)])", 2, 1, id="side by side"),
        pytest.param("i = Input((4,))\nmodel = Model(i, i)", 0, 0, id="no layer"),
        pytest.param(NESTED + "model = Sequential([Input((4,)), part, Dense(1)])", 3, 3, id="nested"),
        pytest.param(
            NESTED + "i = Input((4,))\nmodel = Model(i, Dense(1)(part(part(i))))", 3, 5, id="nested, called twice"
        ),
        pytest.param(BLOCK + "model = Sequential([Input((4,)), Block(), Dense(1)])", 2, 2, id="a block of one's own"),
        pytest.param(
            BLOCK + "i = Input((4,))\npart = Model(i, Block()(i))\npart.trainable = False\n"
            "model = Sequential([Input((4,)), part, Dense(1)])",
            1,
            1,
            id="a block in a frozen part",
        ),
        pytest.param(
            BLOCK + "block = Block()\nblock.trainable = False\nmodel = Sequential([Input((4,)), block, Dense(1)])",
            1,
            1,
            id="a frozen block",
        ),
        pytest.param("model = Sequential([Input((4,)), Dense(4, trainable=False), Dense(1)])", 1, 1, id="one frozen"),
        pytest.param(
            NESTED + "part.trainable = False\nmodel = Sequential([Input((4,)), part, Dense(1)])",
            1,
            1,
            id="a frozen part",
        ),
    ],
)
def test_trained_kernels_are_counted_in_all_and_in_sequence(model: str, kernels: int, in_sequence: int) -> None:
    found = network(model)
    assert found is not None
    assert (found.kernels, found.in_sequence) == (kernels, in_sequence)


@pytest.mark.parametrize(
    ("parts", "widest"),
    [
        pytest.param((FOUR, "Dense(9)"), 0, id="the output does not count"),
        pytest.param((FOUR, "Dense(8)", "Dense(16)", "Dense(9)"), 16, id="hidden layers do"),
        pytest.param((IMAGE, "Conv2D(32, 3)", "Flatten()", "Dense(9)"), 0, id="filters do not"),
        pytest.param((FOUR, "Dense(units)", "Dense(9)"), 0, id="what is not known does not"),
        pytest.param(("Input((5, 4))", "layers.Bidirectional(layers.LSTM(7))", "Dense(9)"), 7, id="in a wrapper"),
    ],
)
def test_the_widest_hidden_layer(parts: tuple[str, ...], widest: int) -> None:
    assert known(*parts).widest == widest


@pytest.mark.parametrize(
    ("parts", "is_linear"),
    [
        pytest.param((FOUR, 'Dense(1, "sigmoid")'), True, id="an activation of the output"),
        pytest.param((FOUR, "Dense(1)", 'Activation("sigmoid")'), True, id="an activation behind the output"),
        pytest.param((FOUR, "Dense(8)", "Dense(1)"), True, id="no activation"),
        pytest.param((FOUR, 'Dense(8, "relu")', "Dense(1)"), False, id="a hidden activation"),
        pytest.param((FOUR, "Dense(8)", 'Activation("relu")', "Dense(1)"), False, id="one of its own"),
        pytest.param(("Input((5, 4))", "layers.LSTM(8)", "Dense(1)"), False, id="a recurrent layer"),
    ],
)
def test_a_network_is_linear_without_a_hidden_activation(parts: tuple[str, ...], is_linear: bool) -> None:
    assert known(*parts).is_linear is is_linear


@pytest.mark.parametrize(
    ("parts", "is_there"),
    [
        pytest.param((IMAGE, "Conv2D(4, 3)", "Flatten()", 'Dense(8, "relu")', "Dense(1)"), True, id="right behind it"),
        pytest.param(
            (IMAGE, "Conv2D(4, 3)", "Flatten()", "Dropout(0.1)", "Dense(8)", 'Activation("relu")', "Dense(1)"),
            True,
            id="behind dropout, as a layer of its own",
        ),
        pytest.param((IMAGE, "Conv2D(4, 3)", "Flatten()", 'Dense(8, "tanh")', "Dense(1)"), False, id="another one"),
        pytest.param((IMAGE, 'Conv2D(4, 3, activation="relu")', "Flatten()", "Dense(1)"), False, id="before it"),
        pytest.param(
            (IMAGE, "Conv2D(4, 3)", "layers.GlobalAveragePooling2D()", 'Dense(8, "relu")', "Dense(1)"),
            False,
            id="behind pooling",
        ),
        pytest.param(
            (IMAGE, "Conv2D(4, 3)", "layers.GlobalMaxPooling2D()", "Flatten()", 'Dense(8, "relu")', "Dense(1)"),
            False,
            id="a Flatten that flattens nothing",
        ),
        pytest.param(
            ("Input((8, 1))", "layers.Conv1D(4, 3)", "Flatten()", 'Dense(8, "relu")', "Dense(1)"), True, id="of steps"
        ),
        pytest.param(
            (IMAGE, 'Activation("relu")', "Conv2D(4, 3)", "Flatten()", "Dense(1)"), False, id="behind the input"
        ),
        pytest.param((IMAGE, "Flatten()", 'Dense(8, "relu")', "Dense(1)"), False, id="no convolution"),
    ],
)
def test_a_relu_layer_behind_the_flatten_of_convolutions(parts: tuple[str, ...], is_there: bool) -> None:
    assert known(*parts).has_relu_behind_flatten is is_there
