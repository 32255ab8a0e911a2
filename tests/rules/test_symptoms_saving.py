"""What real Keras does with files of models: which names it takes, and what it misses when it reads one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keraslint.rules.saving.load_without_custom_objects import SHORT
from keraslint.rules.saving.save_filename import ENDINGS, UNREAD

pytestmark = [pytest.mark.keras, pytest.mark.filterwarnings("ignore::UserWarning")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def own(y_true: Any, y_pred: Any) -> Any:
    return ((y_true - y_pred) ** 2).mean()


def small(keras: Any, *parts: Any, **compiled: Any) -> Any:
    """A model of one Dense layer behind these parts."""
    model = keras.Sequential([keras.Input((4,)), *parts, keras.layers.Dense(1)])
    if compiled:
        model.compile(**compiled)
    return model


def refusal(call: Callable[[], Any]) -> str:
    """What a call raises; empty when nothing."""
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def reading(keras: Any, model: Any, path: Path, **options: Any) -> str:
    """What is raised by reading the model back."""
    model.save(path)
    return refusal(lambda: keras.models.load_model(path, **options))


@pytest.mark.parametrize("compiled", [{"loss": own}, {"loss": [own]}, {"loss": "mse", "metrics": [own]}])
def test_what_compile_was_given_is_missed_in_the_format_of_keras_3(keras: Any, tmp_path: Path, compiled: Any) -> None:
    model, path = small(keras, **compiled), tmp_path / "own.keras"
    assert "Could not locate function 'own'" in reading(keras, model, path)
    assert not reading(keras, model, path, compile=False)
    assert not reading(keras, model, path, custom_objects={"own": own})


def test_an_h5_file_misses_the_only_loss_when_it_is_read_and_others_later(keras: Any, tmp_path: Path) -> None:
    path = tmp_path / "own.h5"
    assert reading(keras, small(keras, loss=own), path)
    assert not reading(keras, small(keras, loss=own), path, custom_objects={"own": own})
    for late in ({"loss": [own]}, {"loss": "mean_squared_error", "metrics": [own]}):
        assert not reading(keras, small(keras, **late), path)
    small(keras, loss=own).save(path, include_optimizer=False)
    assert not refusal(lambda: keras.models.load_model(path))


def test_the_short_names_of_losses_are_missed_in_an_h5_file(keras: Any, tmp_path: Path) -> None:
    for name in ("MSE", *SHORT):
        assert "Could not deserialize" in reading(keras, small(keras, loss=name), tmp_path / "short.h5"), name
    assert not reading(keras, small(keras, loss=list(SHORT)[:1]), tmp_path / "short.keras")
    for name in SHORT.values():
        assert not reading(keras, small(keras, loss=name), tmp_path / "long.h5"), name


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_layers_and_functions_in_them_are_missed_in_both_formats(keras: Any, tmp_path: Path, ending: str) -> None:
    class Scale(keras.layers.Layer):  # type: ignore[misc,name-defined]
        def call(self, inputs: Any) -> Any:
            return 2 * inputs

    def twice(values: Any) -> Any:
        return 2 * values

    named = {"Scale": Scale, "twice": twice}
    parts = (
        Scale(),
        keras.layers.Activation(twice),
        keras.layers.Lambda(twice, output_shape=(4,)),
        keras.layers.Dense(4, activation=twice),
        keras.layers.Dense(4, kernel_regularizer=twice),
    )
    for part in parts:
        path = tmp_path / f"part{ending}"
        assert reading(keras, small(keras, part), path, compile=False), part
        assert not reading(keras, small(keras, part), path, compile=False, custom_objects=named), part


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_a_python_lambda_is_refused_even_where_it_is_named(keras: Any, tmp_path: Path, ending: str) -> None:
    part = keras.layers.Lambda(lambda values: values * 2, output_shape=(4,))
    path = tmp_path / f"lambda{ending}"
    assert "Python lambda" in reading(keras, small(keras, part), path)
    assert not reading(keras, small(keras, part), path, safe_mode=False)


def test_a_compile_of_ones_own_is_not_restored(keras: Any, tmp_path: Path) -> None:
    class Net(keras.Sequential):  # type: ignore[misc,name-defined]
        def compile(self, *given: Any, **options: Any) -> None:
            super().compile(*given, **options)

    model = Net([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(loss=own)
    assert not reading(keras, model, tmp_path / "net.keras", custom_objects={"Net": Net})


def test_models_are_saved_under_these_names_and_no_others(keras: Any, tmp_path: Path) -> None:
    model = small(keras, loss="mean_squared_error")
    for ending in ENDINGS["save"]:
        assert not refusal(lambda ending=ending: model.save(tmp_path / f"net{ending}"))  # type: ignore[misc]
    for name in ("net", "net.tf", "net.H5", *(f"net{ending}" for ending in UNREAD)):
        for options in ({}, {"save_format": "h5"}):
            assert "ValueError" in refusal(lambda name=name, more=options: model.save(tmp_path / name, **more))  # type: ignore[misc]
    assert not refusal(lambda: model.save(tmp_path / "folder", zipped=False))
    assert not refusal(lambda: keras.models.load_model(tmp_path / "folder"))


def test_weights_are_saved_under_one_ending_and_read_from_several(keras: Any, tmp_path: Path) -> None:
    model = small(keras, loss="mean_squared_error")
    for name in ("net", "net.h5", "weights.h5", "net.keras", "net.weights.hdf5"):
        assert "must end in `.weights.h5`" in refusal(lambda name=name: model.save_weights(tmp_path / name))  # type: ignore[misc]
    model.save_weights(tmp_path / "net.weights.h5")
    model.save_weights(tmp_path / "net.weights.json", max_shard_size=1)
    for ending in (".keras", ".h5", ".hdf5"):
        model.save(tmp_path / f"net{ending}")
    for ending in (".weights.h5", *ENDINGS["load_weights"]):
        assert not refusal(lambda ending=ending: model.load_weights(tmp_path / f"net{ending}"))  # type: ignore[misc]
    for ending in UNREAD:
        for load in (model.load_weights, keras.models.load_model):
            assert "not supported" in refusal(lambda load=load, end=ending: load(tmp_path / f"net{end}"))  # type: ignore[misc]


def test_what_export_writes_is_not_loaded(keras: Any, tmp_path: Path) -> None:
    small(keras).export(tmp_path / "net", verbose=False)
    assert "not supported" in refusal(lambda: keras.models.load_model(tmp_path / "net"))


def behind(keras: Any, init: Callable[..., None], base: Any = None, config: Callable[..., Any] | None = None) -> Any:
    """A class of layers, or of another base, that gives what it gets."""
    methods: dict[str, Any] = {"__init__": init, "call": lambda self, inputs: inputs}
    if config is not None:
        methods["get_config"] = config
    return type("Own", (base or keras.layers.Layer,), methods)


def kept(keras: Any, made: Any, path: Path) -> str:
    """What is raised by saving a model that holds this layer, or is it, and by reading it back."""
    model = made if isinstance(made, keras.Model) else small(keras, made)
    saving = refusal(lambda: model.save(path))
    return saving or refusal(lambda: keras.models.load_model(path, custom_objects={"Own": type(made)}))


def test_only_plain_arguments_are_kept_without_a_get_config(keras: Any, tmp_path: Path) -> None:
    def init(self: Any, given: Any, **options: Any) -> None:
        super(type(self), self).__init__(**options)

    own, path = behind(keras, init), tmp_path / "own.keras"
    for plain in (1, 0.5, "a", None, True, [1, (2, "b")], {"a": 1}):
        assert not kept(keras, own(plain), path), plain
    for other in (keras.layers.Dense(1), len, keras.ops.relu, keras.initializers.Zeros(), [1, keras.layers.Dense(1)]):
        assert "non-serializable argument values" in kept(keras, own(other), path), other


def test_a_constructor_is_always_told_of_trainable_and_dtype(keras: Any, tmp_path: Path) -> None:
    def bare(self: Any) -> None:
        super(type(self), self).__init__()

    def told(self: Any, trainable: bool = True, dtype: Any = None) -> None:
        super(type(self), self).__init__(trainable=trainable, dtype=dtype)

    path = tmp_path / "own.keras"
    assert "unexpected keyword argument 'trainable'" in kept(keras, behind(keras, bare)(), path)
    assert not kept(keras, behind(keras, told)(), path)
    model = behind(keras, bare, keras.Model)()
    model(keras.ops.ones((2, 4)))
    assert "unexpected keyword argument" in kept(keras, model, path)


def test_a_required_argument_that_no_get_config_tells_is_missing(keras: Any, tmp_path: Path) -> None:
    def init(self: Any, units: int, **options: Any) -> None:
        super(type(self), self).__init__(**options)

    def of_dense(self: Any, units: int, factor: int, **options: Any) -> None:
        super(type(self), self).__init__(units, **options)

    def forgets(self: Any) -> Any:
        return super(type(self), self).get_config()

    path = tmp_path / "own.keras"
    assert "missing 1 required positional argument: 'units'" in kept(keras, behind(keras, init, None, forgets)(1), path)
    dense = type("Own", (keras.layers.Dense,), {"__init__": of_dense})
    assert "missing 1 required positional argument: 'factor'" in kept(keras, dense(4, 2), path)
    model = behind(keras, init, keras.Model)(1)
    model(keras.ops.ones((2, 4)))
    assert "must override `get_config()`" in kept(keras, model, path)
