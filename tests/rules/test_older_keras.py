"""What an older Keras took is no fault of a program that is for it."""

from __future__ import annotations

import pytest

from keraslint.reader import read
from keraslint.rules import Options, check

NUMBER = "import keras\nx = keras.Input(shape=(8))\n"
STATES = """
import keras
from keras import layers
x = keras.Input((5, 4))
y, h, c = layers.LSTM(3, return_sequences=True, return_state=True)(x)
model = keras.Model(x, layers.LSTM(3)([y, h, c]))
"""
EVALUATED = """
import keras
import numpy as np
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(metrics=["mae"])
model.evaluate(np.zeros((4, 1)), np.zeros((4, 1)))
"""
HELD = """
import keras
import numpy as np
import tensorflow as tf
a, b = keras.Input(tensor=tf.Variable(np.zeros((10, 3)))), keras.Input((3,))
model = keras.Model([a, b], [keras.layers.Dense(4)(a), keras.layers.Dropout(0.5)(b)])
model.compile("rmsprop", "mse")
model.fit(np.zeros((10, 3)), [np.zeros((10, 4)), np.zeros((10, 3))])
"""


def found(source: str, version: str) -> set[str]:
    return {finding.rule.symbol for finding in check(read(source, "a.py"), Options(version=version)) if finding.rule}


@pytest.mark.parametrize(
    ("source", "today"),
    [
        pytest.param(NUMBER, "keras-shape-not-tuple", id="a number for a shape"),
        pytest.param(EVALUATED, "keras-compile-without-loss", id="evaluating without a loss"),
        pytest.param(STATES, "keras-incompatible-shape", id="the state behind the sequence"),
    ],
)
def test_what_keras_2_took(source: str, today: str) -> None:
    assert today not in found(source, "2.15")
    assert today in found(source, "3.15")


def test_an_input_that_holds_its_data_is_given_none() -> None:
    assert "keras-incompatible-shape" not in found(HELD, "2.2")


@pytest.mark.keras
@pytest.mark.parametrize("source", [NUMBER, STATES, EVALUATED])
def test_real_keras_2_takes_it(source: str) -> None:
    pytest.importorskip("tf_keras")
    exec(source.replace("import keras\n", "import tf_keras as keras\n").replace("from keras ", "from tf_keras "), {})
