"""What real Keras does with the faults of layers, weights and data, beside the remedied twin."""

from __future__ import annotations

import os
from collections.abc import Callable
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
PRICE = (TEACHER[:, None] + 3).astype("float32")
KIND = np.digitize(TEACHER, [-1, 1])
VALID = (FEATURES[:, :1] + FEATURES[:, 1:2] > 0).astype("float32")
SPARSE = "sparse_categorical_crossentropy"


class Outcome:
    """A model trained on all samples at once: which of its weights moved, its last loss and its outputs."""

    def __init__(self, layers: Any, loss: str, targets: Any, steps: int = 150, features: Any = FEATURES) -> None:
        import keras

        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input(features.shape[1:]), *layers])
        model.compile(keras.optimizers.Adam(0.01), loss=loss, jit_compile=False)
        before = model.get_weights()
        for _ in range(steps):
            self.loss = float(model.train_on_batch(features, targets))
        self.moved = [not np.allclose(old, new) for old, new in zip(before, model.get_weights(), strict=True)]
        self.outputs = np.array(model(features))

    def error(self, targets: Any) -> float:
        return float(((self.outputs - targets) ** 2).mean())


def dense(units: int, activation: str | None = None, **more: Any) -> Any:
    from keras import layers

    return layers.Dense(units, activation=activation, **more)


@cache
def regression_twin() -> Outcome:
    return Outcome([dense(16, "relu"), dense(16, "relu"), dense(1)], "mse", PRICE)


@cache
def classifier_twin() -> Outcome:
    return Outcome([dense(16, "relu"), dense(3, "softmax")], SPARSE, KIND)


@pytest.mark.parametrize("kind", ["Dropout", "AlphaDropout", "GaussianDropout", "SpatialDropout1D"])
@pytest.mark.parametrize("rate", [25, 1.5, -0.1])
def test_a_dropout_rate_outside_0_and_1_raises(keras: Any, kind: str, rate: float) -> None:
    make = getattr(keras.layers, kind)
    with pytest.raises(ValueError, match="between 0 and 1"):
        make(rate)
    make(0.25)


@pytest.mark.parametrize("kind", ["AlphaDropout", "GaussianDropout"])
def test_these_dropouts_of_1_divide_by_0(keras: Any, kind: str) -> None:
    with pytest.raises(ZeroDivisionError):
        getattr(keras.layers, kind)(1.0)(FEATURES, training=True)


def test_dropout_takes_true_for_1(keras: Any) -> None:
    assert not np.any(keras.layers.Dropout(True)(FEATURES, training=True))


def test_dropout_of_1_lets_no_gradient_through(keras: Any) -> None:
    bad = Outcome([dense(16, "relu"), keras.layers.Dropout(1.0), dense(1)], "mse", PRICE, steps=5)
    good = Outcome([dense(16, "relu"), keras.layers.Dropout(0.5), dense(1)], "mse", PRICE, steps=5)
    assert bad.moved == [False, False, False, True]
    assert all(good.moved)


def test_a_recurrent_layer_takes_25_for_1(keras: Any) -> None:
    steps = np.ones((2, 5, 3), "float32")
    layer = keras.layers.SimpleRNN(4, dropout=25)
    assert not np.array(layer(steps, training=True)).any()
    assert np.array(layer(steps)).any()


def test_extreme_dropout_stays_high(keras: Any) -> None:
    bad = Outcome([dense(16, "relu"), keras.layers.Dropout(0.8), dense(1)], "mse", PRICE)
    good = Outcome([dense(16, "relu"), keras.layers.Dropout(0.2), dense(1)], "mse", PRICE)
    assert good.error(PRICE) < bad.error(PRICE) / 2


@pytest.mark.parametrize("each", [False, True], ids=["the model", "each layer"])
def test_a_frozen_model_is_fitted_and_nothing_changes(keras: Any, each: bool) -> None:
    model = keras.Sequential([keras.Input((8,)), dense(4, "relu"), dense(1)])
    for part in model.layers if each else [model]:
        part.trainable = False
    model.compile("adam", "mse")
    losses = model.fit(FEATURES, PRICE, epochs=2, verbose=0).history["loss"]
    assert losses[0] == losses[1]


@pytest.mark.parametrize("trainable", [True, False])
@pytest.mark.parametrize("again", [True, False], ids=["compiled again", "not compiled"])
def test_trainable_after_fit_has_no_effect_without_compile(keras: Any, trainable: bool, again: bool) -> None:
    model = keras.Sequential([keras.Input((8,)), dense(4, "relu"), dense(1)])
    model.layers[0].trainable = not trainable
    model.compile("adam", "mse")
    model.fit(FEATURES, PRICE, verbose=0)
    model.layers[0].trainable = trainable
    if again:
        model.compile("adam", "mse")
    before = model.layers[0].get_weights()
    model.fit(FEATURES, PRICE, verbose=0)
    moved = not np.array_equal(before[0], model.layers[0].get_weights()[0])
    assert moved == (trainable if again else not trainable)


@pytest.mark.parametrize("switched", [True, False], ids=["switched on", "left frozen"])
def test_a_discriminator_frozen_after_its_compile_never_learns(keras: Any, switched: bool) -> None:
    critic = keras.Sequential([keras.Input((8,)), dense(4, "relu"), dense(1, "sigmoid")])
    critic.compile("adam", "binary_crossentropy")
    critic.trainable = False
    generator = keras.Sequential([keras.Input((8,)), dense(8)])
    gan = keras.Sequential([keras.Input((8,)), generator, critic])
    gan.compile("adam", "binary_crossentropy")
    before = critic.get_weights()[0]
    critic.trainable = switched
    critic.train_on_batch(FEATURES, VALID)
    learned = critic.get_weights()[0]
    assert np.array_equal(before, learned) != switched
    critic.trainable = False
    gan.train_on_batch(FEATURES, VALID)
    assert np.array_equal(critic.get_weights()[0], learned)


def _in_call(keras: Any, make: Callable[[], Any]) -> Any:
    class Net(keras.Model):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return make()(x)

    return Net()


@pytest.mark.parametrize("kind", ["Dense", "BatchNormalization", "Dropout"])
def test_a_layer_made_in_call_raises_in_fit(keras: Any, kind: str) -> None:
    arguments = {"Dense": (1,), "BatchNormalization": (), "Dropout": (0.5,)}[kind]
    model = _in_call(keras, lambda: getattr(keras.layers, kind)(*arguments))
    model.compile("adam", "mse")
    with pytest.raises(ValueError, match=r"singleton tf\.Variable|[Vv]ariable"):
        model.fit(FEATURES, FEATURES, verbose=0)


def test_a_layer_without_weights_may_be_made_in_call(keras: Any) -> None:
    model = _in_call(keras, keras.layers.Flatten)
    model.compile("adam", "mse")
    model.fit(FEATURES, FEATURES, verbose=0)


def test_a_layer_made_in_call_holds_no_weights_where_nothing_is_traced(keras: Any) -> None:
    model = _in_call(keras, lambda: keras.layers.Dense(1))
    first, second = np.array(model(FEATURES)), np.array(model(FEATURES))
    assert model.weights == []
    assert not np.allclose(first, second)


@pytest.mark.parametrize("base", ["Layer", "Model"])
def test_an_init_that_never_calls_keras_raises(keras: Any, base: str) -> None:
    class Net(getattr(keras, base)):  # type: ignore[misc]
        def __init__(self) -> None:
            self.dense = keras.layers.Dense(1)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    class Sound(Net):
        def __init__(self) -> None:
            keras.Layer.__init__(self) if base == "Layer" else keras.Model.__init__(self)
            self.dense = keras.layers.Dense(1)

    with pytest.raises((RuntimeError, AttributeError)):
        Net()(FEATURES)
    assert Sound()(FEATURES).shape == (256, 1)


def test_an_init_that_skips_the_class_of_keras_raises(keras: Any) -> None:
    class Net(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super(keras.layers.Layer, self).__init__()

    with pytest.raises(RuntimeError, match="forgot to call"):
        Net()(FEATURES)


def test_layers_may_be_assigned_before_the_init_of_keras(keras: Any) -> None:
    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            self.dense = keras.layers.Dense(1)
            super().__init__()

        def call(self, x: Any) -> Any:
            return self.dense(x)

    assert Net()(FEATURES).shape == (256, 1)


def test_a_linear_stack_learns_no_more_than_a_line(keras: Any) -> None:
    bad = Outcome([dense(16), dense(16), dense(1)], "mse", PRICE)
    known = np.hstack([FEATURES, np.ones((256, 1))])
    line = known @ np.linalg.lstsq(known, PRICE, rcond=None)[0]
    assert bad.error(PRICE) == pytest.approx(float(((line - PRICE) ** 2).mean()), rel=0.1)
    assert regression_twin().error(PRICE) < bad.error(PRICE) / 5


@pytest.mark.parametrize("below", ["softmax", "sigmoid"])
def test_a_softmax_on_an_activation_stays_high(keras: Any, below: str) -> None:
    bad = Outcome([dense(16, "relu"), dense(3, below), keras.layers.Softmax()], SPARSE, KIND)
    assert classifier_twin().loss < bad.loss / 3


def test_a_sigmoid_on_a_relu_is_never_below_a_half(keras: Any) -> None:
    head = [dense(16, "relu"), dense(1, "relu"), keras.layers.Activation("sigmoid")]
    assert Outcome(head, "binary_crossentropy", VALID, steps=20).outputs.min() >= 0.5


def test_a_leaky_relu_on_a_relu_has_no_effect(keras: Any) -> None:
    values = keras.layers.ReLU()(FEATURES)
    for kind in ("LeakyReLU", "ELU", "PReLU"):
        assert np.array_equal(np.array(getattr(keras.layers, kind)()(values)), np.array(values))


def test_a_second_softmax_bounds_the_probability(keras: Any) -> None:
    assert np.array(keras.ops.softmax(np.eye(10, dtype="float32"))).max() < 0.24


@pytest.mark.parametrize("many", [1, 2])
def test_a_hidden_softmax_learns_slower(keras: Any, many: int) -> None:
    bad = Outcome([*(dense(16, "softmax") for _ in range(many)), dense(3, "softmax")], SPARSE, KIND)
    good = Outcome([*(dense(16, "relu") for _ in range(many)), dense(3, "softmax")], SPARSE, KIND)
    assert good.loss < bad.loss / 2


@pytest.mark.parametrize("activation", ["relu", None])
def test_a_hidden_unit_alone_stays_high(keras: Any, activation: str | None) -> None:
    three = FEATURES[:, :3]
    bad = Outcome([dense(32, "relu"), dense(1, activation), dense(32, "relu"), dense(3)], "mse", three)
    good = Outcome([dense(32, "relu"), dense(16, activation), dense(32, "relu"), dense(3)], "mse", three)
    assert good.loss < bad.loss / 4


@pytest.mark.parametrize("where", [0, 1])
def test_zeros_under_a_relu_get_no_gradient(keras: Any, where: int) -> None:
    kernels = ["glorot_uniform", "glorot_uniform"]
    kernels[where] = "zeros"
    bad = Outcome([*(dense(16, "relu", kernel_initializer=k) for k in kernels), dense(1)], "mse", PRICE, steps=5)
    assert bad.moved == [False] * 5 + [True]


@pytest.mark.parametrize("kernel", ["ones", "zeros"])
def test_constant_kernels_in_a_row_stay_identical(keras: Any, kernel: str) -> None:
    constant = keras.initializers.Constant(0.1) if kernel == "ones" else "zeros"
    hidden = [dense(16, "tanh", kernel_initializer=constant), dense(16, "tanh", kernel_initializer=constant)]
    bad = Outcome([*hidden, dense(1)], "mse", PRICE)
    assert bad.error(PRICE) > 5 * regression_twin().error(PRICE)


def test_one_constant_layer_learns(keras: Any) -> None:
    constant = keras.initializers.Constant(0.1)
    fine = Outcome([dense(16, "relu", kernel_initializer=constant), dense(16, "relu"), dense(1)], "mse", PRICE)
    assert fine.error(PRICE) < 2 * regression_twin().error(PRICE)


def test_an_extreme_penalty_outweighs_the_loss(keras: Any) -> None:
    def penalized(factor: float) -> Outcome:
        hidden = [dense(16, "relu", kernel_regularizer=keras.regularizers.L2(factor)) for _ in range(2)]
        return Outcome([*hidden, dense(3, "softmax")], SPARSE, KIND)

    def accuracy(outcome: Outcome) -> float:
        return float((outcome.outputs.argmax(axis=1) == KIND).mean())

    assert accuracy(penalized(1e-4)) > 0.95
    assert accuracy(penalized(1.0)) < 0.6


def test_sigmoids_in_a_row_learn_slower(keras: Any) -> None:
    bad = Outcome([*(dense(32, "sigmoid") for _ in range(3)), dense(1)], "mse", PRICE)
    good = Outcome([*(dense(32, "relu") for _ in range(3)), dense(1)], "mse", PRICE)
    assert good.error(PRICE) < bad.error(PRICE) / 4


def test_a_relu_inside_an_lstm_makes_the_loss_jump(keras: Any) -> None:
    sequences = np.random.default_rng(0).normal(size=(64, 40, 4)).astype("float32")
    sums = sequences.sum(axis=(1, 2))[:, None] / 5
    bad = Outcome([keras.layers.LSTM(32, activation="relu"), dense(1)], "mse", sums, 40, sequences)
    good = Outcome([keras.layers.LSTM(32), dense(1)], "mse", sums, 40, sequences)
    assert good.loss < bad.loss / 4


PIXELS = rng.uniform(0, 255, size=(512, 64)).astype("float32")
PICTURED = ((PIXELS / 255 - 0.5) @ rng.normal(size=(64, 10))).argmax(axis=1)


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_unscaled_inputs_learn_less(keras: Any, activation: str) -> None:
    def accuracy(inputs: Any) -> float:
        head = [dense(64, activation), dense(10, "softmax")]
        outputs = Outcome(head, SPARSE, PICTURED, 60, inputs).outputs
        return float((outputs.argmax(axis=1) == PICTURED).mean())

    assert accuracy(PIXELS) < accuracy(PIXELS / 255) - 0.2


def test_integers_have_no_room_for_fractions(keras: Any) -> None:
    bright = np.minimum(PIXELS * np.where(np.arange(512)[:, None] % 2, 1, 0.3), 254).astype("uint8")
    kind = np.arange(512) % 2

    def outputs(kept: str) -> Any:
        inputs = (bright / 255).astype(kept).astype("float32")
        return Outcome([dense(16, "relu"), dense(2, "softmax")], SPARSE, kind, 60, inputs).outputs

    assert outputs("uint8").std(axis=0).max() < 1e-6
    assert (outputs("float32").argmax(axis=1) == kind).mean() > 0.95


def test_large_targets_end_in_nan_with_sgd(keras: Any) -> None:
    def last_loss(targets: Any) -> float:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((8,)), dense(32, "relu"), dense(1)])
        model.compile("sgd", "mse", jit_compile=False)
        return float(model.fit(FEATURES, targets, epochs=10, verbose=0).history["loss"][-1])

    prices = 300_000 + 50_000 * FEATURES[:, :1]
    assert not last_loss(prices) < prices.var()
    assert last_loss((prices - prices.mean()) / prices.std()) < 0.5
