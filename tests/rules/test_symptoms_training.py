"""What real Keras does with faults around fit, its callbacks and its data, beside the remedied twin."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.keras

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
np = pytest.importorskip("numpy")

rng = np.random.default_rng(0)
FEATURES = rng.normal(size=(64, 4)).astype("float32")
TARGETS = FEATURES.sum(axis=1, keepdims=True)
LABELS = (TARGETS > 0).astype("float32")


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def small(*compiled: Any, **options: Any) -> Any:
    """A model of one Dense layer, compiled when anything is given."""
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    if compiled or options:
        model.compile(*compiled, **options, jit_compile=False)
    return model


def fit(*, metrics: Any = (), epochs: int = 2, **arguments: Any) -> Any:
    """The history of a small model."""
    return small("sgd", "mse", metrics=list(metrics)).fit(
        arguments.pop("x", FEATURES), arguments.pop("y", TARGETS), epochs=epochs, verbose=0, **arguments
    )


def warned(call: Callable[[], Any]) -> str:
    """All that it warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return "\n".join(str(warning.message) for warning in caught)


@pytest.mark.parametrize("method", ["evaluate", "fit", "test_on_batch", "train_on_batch"])
def test_a_model_is_compiled_before_it_is_fitted(keras: Any, method: str) -> None:
    with pytest.raises(ValueError, match=r"must call `compile\(\)`"):
        getattr(small(), method)(FEATURES, TARGETS)
    getattr(small("sgd", "mse"), method)(FEATURES, TARGETS)
    assert small().predict(FEATURES, verbose=0).shape == (64, 1)


def test_the_clone_of_a_compiled_model_is_compiled(keras: Any) -> None:
    keras.models.clone_model(small("sgd", "mse")).fit(FEATURES, TARGETS, verbose=0)


def test_no_loss_is_nothing_to_compute(keras: Any) -> None:
    for method in ("fit", "evaluate"):
        with pytest.raises(ValueError, match="No loss to compute"):
            getattr(small("sgd", metrics=["mae"]), method)(FEATURES, TARGETS, verbose=0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, kernel_regularizer="l2")])
    model.compile("sgd")
    model.fit(FEATURES, TARGETS, verbose=0)


def test_a_monitor_that_no_metric_has_raises(keras: Any) -> None:
    callbacks = keras.callbacks
    for make in (callbacks.EarlyStopping, callbacks.ReduceLROnPlateau):
        with pytest.raises(ValueError, match="automatically determine"):
            fit(metrics=["accuracy"], validation_split=0.2, callbacks=[make(monitor="val_acc")])
        fit(metrics=["accuracy"], validation_split=0.2, callbacks=[make(monitor="val_accuracy")])


def test_a_monitor_that_is_not_logged_is_ignored(keras: Any, tmp_path: Path) -> None:
    stop = keras.callbacks.EarlyStopping(patience=1, start_from_epoch=0)
    assert "not available" in warned(lambda: fit(callbacks=[stop], epochs=4))
    assert stop.stopped_epoch == 0
    save = keras.callbacks.ModelCheckpoint(str(tmp_path / "best.keras"), save_best_only=True)
    assert "Can save best model only with val_loss available" in warned(lambda: fit(callbacks=[save]))
    assert (tmp_path / "best.keras").exists()


def test_a_field_of_a_file_that_is_not_logged_raises(keras: Any, tmp_path: Path) -> None:
    for field, raises in (("accuracy", True), ("loss", False)):
        save = keras.callbacks.ModelCheckpoint(str(tmp_path / f"{{{field}:.2f}}.keras"))
        if raises:
            with pytest.raises(KeyError, match="accuracy"):
                fit(callbacks=[save])
        else:
            fit(callbacks=[save])


def test_a_metric_of_ones_own_needs_a_mode(keras: Any) -> None:
    def likeness(truth: Any, predicted: Any) -> Any:
        return keras.ops.mean(truth * predicted)

    with pytest.raises(ValueError, match="automatically determine"):
        fit(metrics=[likeness], callbacks=[keras.callbacks.EarlyStopping(monitor="likeness")])
    fit(metrics=[likeness], callbacks=[keras.callbacks.EarlyStopping(monitor="likeness", mode="max")])


def test_a_history_holds_what_was_asked_for(keras: Any) -> None:
    logged = fit(metrics=["accuracy", "mae"]).history
    assert set(logged) == {"loss", "accuracy", "mae"}
    assert set(fit(metrics=["acc"], validation_split=0.2).history) == {"loss", "acc", "val_loss", "val_acc"}


@pytest.mark.parametrize(
    ("name", "alone", "is_taken"),
    [
        ("best.hdf5", False, False),
        ("best.ckpt", False, False),
        ("best", False, False),
        ("best.h5", False, True),
        ("best.keras", False, True),
        ("best.weights.h5", False, True),
        ("best.h5", True, False),
        ("best.ckpt", True, False),
        ("best.keras", True, False),
        ("best.weights.h5", True, True),
    ],
)
def test_the_endings_that_a_checkpoint_takes(keras: Any, name: str, alone: bool, is_taken: bool) -> None:
    if is_taken:
        keras.callbacks.ModelCheckpoint(name, save_weights_only=alone)
    else:
        with pytest.raises(ValueError, match="must end in"):
            keras.callbacks.ModelCheckpoint(name, save_weights_only=alone)


def test_a_schedule_is_called(keras: Any) -> None:
    scheduler = keras.callbacks.LearningRateScheduler
    with pytest.raises(TypeError, match="not callable"):
        fit(callbacks=[scheduler(0.001)])
    with pytest.raises(ValueError, match="should be a float"):
        fit(callbacks=[scheduler(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))])
    with pytest.raises(TypeError, match="not callable"):
        fit(callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=3)])
    fit(callbacks=[scheduler(lambda epoch: 0.001), keras.callbacks.LambdaCallback(on_epoch_end=None)])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": [[1.0] * 4] * 8, "y": TARGETS[:8]}, "Unrecognized data type"),
        ({"x": FEATURES[:3], "y": [0.5, 1.5, 2.5]}, "Unrecognized data type"),
        ({"epochs": 2.0}, "cannot be interpreted as an integer"),
        ({"steps_per_epoch": 64 / 8}, "cannot be interpreted as an integer"),
        ({"class_weight": [1.0, 2.0], "y": LABELS}, "no attribute 'get'"),
        ({"class_weight": {0: 1.0, 1: 2.0}, "sample_weight": np.ones(64), "y": LABELS}, "same time"),
        ({"validation_split": 1}, "not sufficient to split"),
    ],
)
def test_arguments_that_fit_refuses(keras: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError), match=message):
        fit(**arguments)


@pytest.fixture(scope="module")
def pairs(keras: Any) -> Any:
    """A tf.data pipeline of single samples."""
    tensorflow = pytest.importorskip("tensorflow")
    return tensorflow.data.Dataset.from_tensor_slices((FEATURES, TARGETS))


@pytest.mark.parametrize("given", [{"y": TARGETS}, {"validation_split": 0.2}, {"sample_weight": np.ones(64)}])
def test_a_data_set_brings_its_own(pairs: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"should not be passed|only supported for"):
        small("sgd", "mse").fit(pairs.batch(8), verbose=0, **given)
    small("sgd", "mse").fit(pairs.batch(8), verbose=0)


def test_single_samples_are_no_batches(pairs: Any) -> None:
    for given in ({}, {"batch_size": 8}):
        with pytest.raises(ValueError, match="Invalid input shape"):
            small("sgd", "mse").fit(pairs, verbose=0, **given)


def test_an_endless_epoch_goes_on(keras: Any, pairs: Any) -> None:
    class Enough(Exception):
        pass

    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch >= 30:
                raise Enough

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            raise AssertionError("the epoch ended")

    with pytest.raises(Enough):
        small("sgd", "mse").fit(pairs.batch(32).repeat(), epochs=1, verbose=0, callbacks=[Stop()])
    small("sgd", "mse").fit(pairs.batch(32).repeat().take(3), epochs=1, verbose=0)


def test_more_steps_than_batches_are_cut_short(keras: Any) -> None:
    model = small("sgd", "mse")
    arguments = {"batch_size": 32, "epochs": 3, "verbose": 0}
    told = warned(lambda: model.fit(FEATURES, TARGETS, steps_per_epoch=20, **arguments))
    assert "ran out of data" in told
    assert int(model.optimizer.iterations) < 60


def test_batches_that_are_shuffled_whole_stay_the_same(keras: Any, pairs: Any) -> None:
    def batches(data: Any) -> set[tuple[float, ...]]:
        return {tuple(sorted(map(float, y[:, 0]))) for _ in range(2) for _, y in data}

    assert len(batches(pairs.batch(16).shuffle(64))) == 4
    assert len(batches(pairs.shuffle(64).batch(16))) == 8
    assert len(batches(pairs.batch(16).unbatch().shuffle(64).batch(16))) == 8


def test_few_updates_change_little(keras: Any) -> None:
    few = small("adam", "mse")
    few.fit(FEATURES, TARGETS, batch_size=8, epochs=1, verbose=0)
    many = small("adam", "mse")
    for _ in range(800):
        many.train_on_batch(FEATURES, TARGETS)
    begun = small("adam", "mse").evaluate(FEATURES, TARGETS, verbose=0)
    assert few.evaluate(FEATURES, TARGETS, verbose=0) > begun * 0.9
    assert many.evaluate(FEATURES, TARGETS, verbose=0) < begun / 2


@pytest.mark.parametrize(
    "name", ["evaluate_generator", "fit_generator", "predict_classes", "predict_generator", "predict_proba", "to_yaml"]
)
def test_methods_that_a_model_no_longer_has(keras: Any, name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(small("sgd", "mse"), name)


@pytest.mark.parametrize("name", ["eval", "function", "get_session", "mean", "set_value"])
def test_functions_that_the_backend_no_longer_has(keras: Any, name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(keras.backend, name)
