"""What nothing trains has no training fault; what may be trained out of sight has."""

from __future__ import annotations

import pytest

from keraslint.reader import read
from keraslint.rules import Options, by_symbol, check

BUILD = """
import keras
import numpy as np
from keras import layers
data = np.ones((8, 4))
model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="relu")])
"""
COMPILE = 'model.compile(optimizer="sgd", loss="categorical_crossentropy")\n'


def faults(source: str) -> list[int]:
    rule = by_symbol("keras-crossentropy-on-raw-output")
    assert rule
    return [finding.span.line for finding in check(read(source, "file.py"), Options(), [rule])]


@pytest.mark.parametrize(
    "then",
    [
        pytest.param("", id="left as the result of the program"),
        pytest.param("model.fit(data, data)\nmodel.predict(data)\n", id="fitted"),
        pytest.param("model.predict(data)\nmodel.train_on_batch(data, data)\n", id="trained on batches"),
        pytest.param("model.evaluate(data, data)\n", id="its loss is asked for"),
        pytest.param("from mine import train\ntrain(model)\n", id="given away"),
    ],
)
def test_a_model_that_may_be_trained_is_judged(then: str) -> None:
    assert faults(BUILD + COMPILE + then)


def test_a_model_compiled_only_to_predict_is_not() -> None:
    assert not faults(BUILD + COMPILE + "model.predict(data)\n")


def test_compiled_again_only_to_predict_leaves_the_first_compile_judged() -> None:
    again = COMPILE + "model.fit(data, data)\n" + COMPILE + "model.predict(data)\n"
    assert faults(BUILD + again) == [7]


def function_of(body: str) -> str:
    lines = (BUILD + COMPILE + body).splitlines()
    return "\n".join([*lines[:5], "def build():", *(f"    {line}" for line in lines[5:])]) + "\n"


def test_a_model_that_is_returned_may_be_trained_by_callers() -> None:
    assert faults(function_of("model.predict(data)\nreturn model"))
    assert not faults(function_of("return model.predict(data)"))


PARTS = """
judge = keras.Sequential([keras.Input((3,)), layers.Dense(1, activation="sigmoid")])
noise = keras.Input((4,))
stacked = keras.Model(noise, judge(model(noise)))
stacked.compile(optimizer="sgd", loss="binary_crossentropy")
stacked.train_on_batch(data, data)
"""


def test_a_part_that_only_the_whole_trains_is_not_judged() -> None:
    assert not faults(BUILD + COMPILE + PARTS)


def test_a_part_that_is_trained_itself_is_judged() -> None:
    assert faults(BUILD + COMPILE + PARTS + "model.train_on_batch(data, data)\n")


def test_the_optimizer_of_what_nothing_trains_is_gone_with_it() -> None:
    program = read(
        BUILD + 'model.compile(keras.optimizers.Adam(1.0), "mse")\nmodel.predict(data)\n'
        "other = keras.optimizers.SGD(0.1)\n",
        "file.py",
    )
    assert {made.kind for made in program.objects} == {"Adam", "SGD"}
    assert {made.kind for made in program.trained.objects} == {"SGD"}
    assert not program.trained.trainings


OWN = """
import keras
import tensorflow as tf
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(3, activation="relu")
    def call(self, inputs):
        return self.head(inputs)
{methods}
model = Own()
model.compile(optimizer="sgd", loss="categorical_crossentropy")
model.fit(tf.ones((8, 4)), tf.ones((8, 3)))
"""


@pytest.mark.parametrize(
    ("methods", "counts"),
    [
        pytest.param("    pass", True, id="Keras's own step"),
        pytest.param(
            "    def train_step(self, data):\n        return {'loss': tf.reduce_mean(self(data[0]))}",
            False,
            id="a step that never asks for it",
        ),
        pytest.param(
            "    def train_step(self, data):\n        return {'loss': self.compute_loss(y=data[1], y_pred=self(data))}",
            True,
            id="compute_loss",
        ),
        pytest.param(
            "    def train_step(self, data):\n        return self.step(data)\n"
            "    def step(self, data):\n        return {'loss': self.compiled_loss(data[1], self(data[0]))}",
            True,
            id="by way of a helper",
        ),
        pytest.param(
            "    def train_step(self, data):\n        return super().train_step(data)", True, id="the step of its base"
        ),
        pytest.param("    def train_step(self, data):\n        return step_of(self, data)", True, id="out of sight"),
        pytest.param(
            "    def compute_loss(self, x, y, y_pred, sample_weight=None):\n        return tf.reduce_mean(y_pred - y)",
            False,
            id="a loss of its own in Keras's step",
        ),
        pytest.param(
            "    def train_step(self, data):\n        return {'loss': self.compute_loss(*data)}\n"
            "    def compute_loss(self, x, y):\n        return tf.reduce_mean(self(x) - y)",
            False,
            id="both its own",
        ),
    ],
)
def test_a_loss_counts_where_the_step_asks_for_it(methods: str, counts: bool) -> None:
    assert bool(faults(OWN.format(methods=methods))) is counts
