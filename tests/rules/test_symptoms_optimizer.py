"""What real Keras does with faults of optimizers and their settings, beside the remedied twin."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.keras

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
np = pytest.importorskip("numpy")

rng = np.random.default_rng(0)
FEATURES = rng.normal(size=(64, 4)).astype("float32")
TARGETS = FEATURES.sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def small(optimizer: Any, *, hidden: bool = False) -> Any:
    """A compiled model of one or two Dense layers."""
    import keras

    layers = [keras.layers.Dense(3, activation="tanh")] if hidden else []
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(1)])
    model.compile(optimizer, loss="mse", jit_compile=False)
    return model


def losses(optimizer: Any, epochs: int = 4, callbacks: Any = ()) -> list[float]:
    fitted = small(optimizer).fit(FEATURES, TARGETS, batch_size=8, epochs=epochs, verbose=0, callbacks=list(callbacks))
    return [float(loss) for loss in fitted.history["loss"]]


def test_a_class_is_no_optimizer(keras: Any) -> None:
    with pytest.raises(ValueError, match="Could not interpret optimizer identifier"):
        small(keras.optimizers.Adam)
    assert losses(keras.optimizers.Adam())


def test_a_rate_of_zero_moves_nothing_and_a_negative_one_climbs(keras: Any) -> None:
    model = small(keras.optimizers.SGD(0.0))
    before = model.get_weights()[0]
    model.fit(FEATURES, TARGETS, epochs=2, verbose=0)
    assert (model.get_weights()[0] == before).all()
    with pytest.raises(ValueError, match="should be float"):
        keras.optimizers.SGD(0)
    climb = losses(keras.optimizers.SGD(-0.1))
    assert climb[-1] > 10 * climb[0]
    good = losses(keras.optimizers.SGD(0.1))
    assert good[-1] < good[0] / 2


def test_a_tiny_rate_changes_next_to_nothing(keras: Any) -> None:
    for tiny in (keras.optimizers.Adam(1e-8), keras.optimizers.SGD(1e-6)):
        bad = losses(tiny)
        assert bad[-1] == pytest.approx(bad[0], rel=1e-3)
    good = losses(keras.optimizers.SGD(0.01))
    assert good[-1] < good[0] * 0.9


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda k: k.optimizers.SGD(0.01, momentum=9.0), "must be a float between", id="momentum"),
        pytest.param(lambda k: k.optimizers.Adam(use_ema=True, ema_momentum=2.0), "must be in the range", id="ema"),
        pytest.param(lambda k: k.optimizers.Adam(clipnorm=1.0, clipvalue=0.5), "Only one of", id="two clips"),
        pytest.param(lambda k: k.optimizers.Adam(gradient_accumulation_steps=1), "integer >= 2", id="accumulation"),
        pytest.param(lambda k: k.optimizers.schedules.CosineDecay(0.1, -2), "must be > 0", id="decay_steps"),
        pytest.param(
            lambda k: k.optimizers.schedules.PiecewiseConstantDecay([1, 2], [0.1, 0.2]), "should be 1 less", id="values"
        ),
    ],
)
def test_settings_that_keras_refuses(keras: Any, make: Callable[[Any], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(keras)


def test_settings_that_end_in_nothing(keras: Any) -> None:
    assert np.isnan(losses(keras.optimizers.Adam(beta_1=1.0))[-1])
    assert np.isnan(losses(keras.optimizers.RMSprop(rho=1.0))[-1])
    stuck = losses(keras.optimizers.Adam(beta_2=1.0))
    assert stuck[-1] == pytest.approx(stuck[0], rel=0.01)
    with pytest.raises(ValueError, match="None values not supported"):
        losses(keras.optimizers.Adam(epsilon=None))
    swings = losses(keras.optimizers.SGD(0.05, momentum=1.0), epochs=8)
    assert swings[-1] > losses(keras.optimizers.SGD(0.05, momentum=0.9), epochs=8)[-1] * 10


def test_a_clipnorm_of_nothing_does_not_clip(keras: Any) -> None:
    assert losses(keras.optimizers.SGD(0.05, clipnorm=0.0))[-1] < 1


def test_an_optimizer_belongs_to_its_weights(keras: Any) -> None:
    shared = keras.optimizers.SGD(0.01)
    one, two = small(shared), small(shared)
    one.fit(FEATURES, TARGETS, verbose=0)
    with pytest.raises(ValueError, match="Unknown variable"):
        two.fit(FEATURES, TARGETS, verbose=0)
    one.compile(shared, "mae")
    one.fit(FEATURES, TARGETS, verbose=0)


def test_the_stacked_model_of_a_gan_needs_its_own_optimizer(keras: Any) -> None:
    step = keras.optimizers.Adam()
    judge = small(step)
    judge.train_on_batch(FEATURES, TARGETS)
    maker = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)])
    noise = keras.Input((4,))
    judge.trainable = False
    both = keras.Model(noise, judge(maker(noise)))
    both.compile(step, "mse")
    with pytest.raises(ValueError, match="Unknown variable"):
        both.train_on_batch(FEATURES, TARGETS)


def test_a_schedule_lets_nobody_else_set_the_rate(keras: Any) -> None:
    schedule = keras.optimizers.schedules.ExponentialDecay(1e-12, 10, 0.9)
    with pytest.raises(TypeError, match="not settable"):
        losses(keras.optimizers.Adam(schedule), callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch: 0.1)])
    reduce = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1)
    with pytest.raises(TypeError, match="not settable"):
        losses(keras.optimizers.Adam(schedule), epochs=5, callbacks=[reduce])
    assert losses(keras.optimizers.Adam(1e-3), callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss")])
