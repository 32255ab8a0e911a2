"""What real Keras does with each rule's fault, beside the remedied twin: the evidence for every symptom.

Outputs are judged, not reported losses: on TensorFlow Keras computes crossentropies from the logits under a
sigmoid or softmax, so that a head which is constant can show a loss that falls. What one small program shows stands in
the rule's own `observed.py`, which test_evidence.py runs and docs/EVIDENCE.md tells.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

pytestmark = pytest.mark.keras

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
np = pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


rng = np.random.default_rng(0)
FEATURES = rng.normal(size=(256, 8)).astype("float32")
TEACHER = FEATURES[:, :3].sum(axis=1) + FEATURES[:, 3] * FEATURES[:, 4]
KIND = np.digitize(TEACHER, [-1, 1])
ONE_HOT = np.eye(3, dtype="float32")[KIND]
PRICE = (TEACHER[:, None] + 3).astype("float32")
THREE_PRICES = np.hstack([PRICE, PRICE * 2, PRICE - 4])
VALID = (TEACHER[:, None] > 0).astype("float32")


@dataclass(frozen=True)
class Outcome:
    """A trained model's outputs, how many of its weights moved, and the last of what it logged."""

    outputs: Any
    moved: int
    logs: dict[str, float]

    @property
    def varies(self) -> bool:
        return bool(self.outputs.std(axis=0).max() > 1e-6)

    @property
    def accuracy(self) -> float:
        """Of outputs with one unit per class."""
        return float((self.outputs.argmax(axis=-1) == KIND).mean())

    def error(self, targets: Any) -> float:
        """Mean squared error."""
        return float(((self.outputs - targets) ** 2).mean())


def train(
    head: Sequence[Any],
    loss: Any,
    targets: Any,
    *,
    metrics: Sequence[Any] = (),
    optimizer: Any = None,
    hidden: Sequence[int] = (16,),
    steps: int = 150,
) -> Outcome:
    """Train a small relu network that ends in ``head`` on all samples at once."""
    import keras

    keras.utils.set_random_seed(1)
    relus = [keras.layers.Dense(width, activation="relu") for width in hidden]
    model = keras.Sequential([keras.Input((8,)), *relus, *head])
    model.compile(optimizer or keras.optimizers.Adam(0.01), loss=loss, metrics=list(metrics), jit_compile=False)
    before = model.get_weights()
    for _ in range(steps):
        model.reset_metrics()
        logs = model.train_on_batch(FEATURES, targets, return_dict=True)
    moved = sum(not np.allclose(old, new) for old, new in zip(before, model.get_weights(), strict=True))
    return Outcome(np.array(model(FEATURES)), moved, {name: float(value) for name, value in logs.items()})


@cache
def softmax_twin() -> Outcome:
    from keras import layers

    return train([layers.Dense(3, activation="softmax")], "categorical_crossentropy", ONE_HOT)


@cache
def linear_twin() -> Outcome:
    from keras import layers

    return train([layers.Dense(1)], "mse", PRICE, metrics=["accuracy"])


@cache
def sigmoid_twin() -> Outcome:
    from keras import layers, metrics

    head = [layers.Dense(1, activation="sigmoid")]
    return train(head, "binary_crossentropy", VALID, metrics=["accuracy", metrics.Accuracy(name="exact")])


def test_softmax_on_one_unit_is_constant_and_no_weight_moves(keras: Any) -> None:
    bad = train([keras.layers.Dense(1, activation="softmax")], "mse", PRICE)
    assert not bad.varies
    assert bad.moved == 0
    assert linear_twin().error(PRICE) < bad.error(PRICE) / 10


def test_softmax_on_one_unit_is_constant_though_the_loss_falls(keras: Any) -> None:
    bad = train([keras.layers.Dense(1, activation="softmax")], "binary_crossentropy", VALID)
    assert not bad.varies
    assert bad.logs["loss"] < 0.2
    assert bad.error(VALID) > 0.4
    assert sigmoid_twin().error(VALID) < 0.05


def test_categorical_loss_on_one_unit_is_zero_and_nothing_is_learned(keras: Any) -> None:
    bad = train([keras.layers.Dense(1, activation="sigmoid")], "categorical_crossentropy", VALID)
    assert bad.logs["loss"] == pytest.approx(0, abs=1e-6)
    assert bad.error(VALID) > 10 * sigmoid_twin().error(VALID)


def test_sparse_categorical_loss_on_one_unit_raises(keras: Any) -> None:
    with pytest.raises(Exception, match="label value of 1 which is outside the valid range"):
        train([keras.layers.Dense(1, activation="sigmoid")], "sparse_categorical_crossentropy", VALID, steps=1)


@pytest.mark.parametrize(
    ("activation", "loss", "targets"),
    [
        pytest.param(None, "categorical_crossentropy", ONE_HOT, id="linear, one-hot"),
        pytest.param(None, "sparse_categorical_crossentropy", KIND, id="linear, class numbers"),
        pytest.param("tanh", "categorical_crossentropy", ONE_HOT, id="tanh, one-hot"),
        pytest.param("exponential", "sparse_categorical_crossentropy", KIND, id="exponential, class numbers"),
    ],
)
def test_crossentropy_on_raw_output_learns_less(keras: Any, activation: Any, loss: str, targets: Any) -> None:
    bad = train([keras.layers.Dense(3, activation=activation)], loss, targets)
    assert softmax_twin().accuracy > 0.95
    assert bad.accuracy < 0.85


def test_crossentropy_after_relu_is_nan(keras: Any) -> None:
    bad = train([keras.layers.Dense(3, activation="relu")], "categorical_crossentropy", ONE_HOT, steps=5)
    assert np.isnan(bad.logs["loss"])


def test_categorical_loss_makes_a_distribution_of_exponentials(keras: Any) -> None:
    fine = train([keras.layers.Dense(3, activation="exponential")], "categorical_crossentropy", ONE_HOT)
    assert fine.accuracy == pytest.approx(softmax_twin().accuracy, abs=0.03)


def test_logits_loss_is_repaired_when_nothing_hides_the_logits(keras: Any) -> None:
    head = [keras.layers.Dense(3, activation="softmax")]
    with pytest.warns(UserWarning, match="produced by a Softmax activation"):
        repaired = train(head, keras.losses.CategoricalCrossentropy(from_logits=True), ONE_HOT)
    assert repaired.logs["loss"] == pytest.approx(softmax_twin().logs["loss"], rel=0.05)


def test_softmax_with_regression_loss_stays_high(keras: Any) -> None:
    bad = train([keras.layers.Dense(3, activation="softmax")], "mse", THREE_PRICES)
    good = train([keras.layers.Dense(3)], "mse", THREE_PRICES)
    assert good.error(THREE_PRICES) < bad.error(THREE_PRICES) / 5


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_bounded_regression_output_stays_high(keras: Any, activation: str) -> None:
    bad = train([keras.layers.Dense(1, activation=activation)], "mse", PRICE)
    assert linear_twin().error(PRICE) < bad.error(PRICE) / 10


def test_dropout_on_output_stays_high(keras: Any) -> None:
    bad = train([keras.layers.Dense(1), keras.layers.Dropout(0.5)], "mse", PRICE)
    good = train([keras.layers.Dropout(0.5), keras.layers.Dense(1)], "mse", PRICE)
    assert good.logs["loss"] < bad.logs["loss"] / 2
    assert good.error(PRICE) < bad.error(PRICE) / 2


def test_dropout_after_softmax_is_nan(keras: Any) -> None:
    head = [keras.layers.Dense(3, activation="softmax"), keras.layers.Dropout(0.5)]
    assert np.isnan(train(head, "categorical_crossentropy", ONE_HOT, steps=5).logs["loss"])


def test_accuracy_with_regression_loss_stays_at_zero(keras: Any) -> None:
    assert linear_twin().error(PRICE) < 0.1 * PRICE.var()
    assert linear_twin().logs["accuracy"] == 0


@pytest.mark.parametrize(
    ("units", "targets", "metric"),
    [
        pytest.param(1, PRICE, "binary_accuracy", id="one unit: a threshold at 0.5"),
        pytest.param(3, THREE_PRICES, "categorical_accuracy", id="several units: argmax on both sides"),
        pytest.param(3, KIND[:, None], "sparse_categorical_accuracy", id="several units, one target: argmax"),
    ],
)
def test_accuracy_is_chosen_by_shape_whatever_the_loss(keras: Any, units: int, targets: Any, metric: str) -> None:
    chosen = train([keras.layers.Dense(units)], "mse", targets, metrics=["accuracy"], steps=20)
    named = train([keras.layers.Dense(units)], "mse", targets, metrics=[metric], steps=20)
    assert chosen.logs["accuracy"] == named.logs[metric]


def test_accuracy_of_several_units_says_nothing_about_the_error(keras: Any) -> None:
    early = train([keras.layers.Dense(3)], "mse", THREE_PRICES, metrics=["accuracy"], steps=20)
    assert early.error(THREE_PRICES) > 1
    assert early.logs["accuracy"] > 0.8


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        pytest.param("CategoricalAccuracy", 1.0, id="the largest of one"),
        pytest.param("TopKCategoricalAccuracy", 1.0, id="among the largest of one"),
        pytest.param("SparseCategoricalAccuracy", 0.0, id="no price is 0"),
    ],
)
def test_an_accuracy_of_classes_is_constant_on_one_unit(keras: Any, metric: str, value: float) -> None:
    logs = train(
        [keras.layers.Dense(1)], "mse", PRICE, metrics=[getattr(keras.metrics, metric)(name="m")], steps=5
    ).logs
    assert logs["m"] == value


def test_threshold_accuracy_tells_0_from_1_on_a_linear_unit(keras: Any) -> None:
    fine = train([keras.layers.Dense(1)], "mse", VALID, metrics=[keras.metrics.BinaryAccuracy(name="m")])
    assert fine.logs["m"] > 0.9


def test_exact_accuracy_stays_near_zero(keras: Any) -> None:
    assert sigmoid_twin().logs["accuracy"] > 0.95
    assert sigmoid_twin().logs["exact"] < 0.05


@pytest.mark.parametrize(
    ("optimizer", "hidden"),
    [
        pytest.param("Adam", (128,) * 6, id="Adam, seven layers"),
        pytest.param("SGD", (64, 64), id="SGD, three layers"),
    ],
)
def test_high_learning_rate_does_not_learn(keras: Any, optimizer: str, hidden: tuple[int, ...]) -> None:
    make = getattr(keras.optimizers, optimizer)
    bad = train(
        [keras.layers.Dense(1)],
        "mse",
        PRICE,
        optimizer=make(0.1 if optimizer == "Adam" else 1.0),
        hidden=hidden,
    )
    good = train([keras.layers.Dense(1)], "mse", PRICE, optimizer=make(), hidden=hidden)
    assert good.error(PRICE) < PRICE.var() / 4
    assert not bad.error(PRICE) < PRICE.var() / 2


def test_elevated_learning_rate_is_often_fine(keras: Any) -> None:
    small = train([keras.layers.Dense(1)], "mse", PRICE, optimizer=keras.optimizers.Adam(0.1))
    assert small.error(PRICE) < 0.1 * PRICE.var()


def test_removed_argument_raises_and_a_dropped_one_warns(keras: Any) -> None:
    with pytest.raises(ValueError, match="not recognized"):
        keras.optimizers.Adam(lr=0.01)
    with pytest.warns(UserWarning, match="no longer supported and will be ignored"):
        keras.optimizers.Adam(decay=1e-6)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("from keras.utils import np_utils", "cannot import name 'np_utils'"),
        ("from keras.layers import CuDNNLSTM", "cannot import name 'CuDNNLSTM'"),
        ("from keras.layers.recurrent import LSTM", "No module named 'keras.layers.recurrent'"),
        ("import keras.layers.merge", "No module named 'keras.layers.merge'"),
        ("from tensorflow.keras.layers.experimental import preprocessing", "No module named"),
    ],
)
def test_removed_name_ends_the_program_where_it_imports(keras: Any, statement: str, message: str) -> None:
    with pytest.raises(ImportError, match=message):
        exec(statement, {})


def test_a_generator_of_images_is_left_in_tensorflow_keras(keras: Any) -> None:
    with pytest.raises(ImportError):
        exec("from keras.preprocessing.image import ImageDataGenerator", {})
    exec("from tensorflow.keras.preprocessing.image import ImageDataGenerator", {})
