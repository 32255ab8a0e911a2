"""Every hand-kept successor of an argument, tried in real Keras: the old one is refused, the new one works."""

from __future__ import annotations

import os
import warnings
from typing import Any

import pytest

from keraslint.keras_api.arguments import DEPTHWISE, INSTEAD

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytestmark = pytest.mark.keras

FIT = "model().{method}(data(){targets}, {argument}=1)"
LOADER = "data_set({argument}=1)"
WORKERS = ("max_queue_size", "use_multiprocessing", "workers")

TRIED: dict[tuple[str, str], tuple[str, str]] = {
    ("layer", "batch_input_shape"): (
        "keras.layers.LSTM(2, batch_input_shape=(2, 3, 4))",
        "keras.Sequential([keras.Input(batch_shape=(2, 3, 4)), keras.layers.LSTM(2)])",
    ),
    ("layer", "input_length"): (
        "keras.layers.LSTM(2, input_length=3)",
        "keras.Sequential([keras.Input(shape=(3, 4)), keras.layers.LSTM(2)])",
    ),
    ("layer", "weights"): (
        "keras.layers.Dense(2, weights=[])",
        "keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]).layers[0].set_weights([np.eye(2), np.zeros(2)])",
    ),
    ("optimizer", "decay"): (
        "keras.optimizers.Adam(decay=0.1)",
        "keras.optimizers.Adam(learning_rate=keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.1))",
    ),
    ("keras.callbacks.ModelCheckpoint", "period"): (
        "keras.callbacks.ModelCheckpoint('a.keras', period=2)",
        "[keras.callbacks.ModelCheckpoint('a.keras', save_freq=freq) for freq in (32, 'epoch')]",
    ),
    ("keras.callbacks.ModelCheckpoint", "load_weights_on_restart"): (
        "keras.callbacks.ModelCheckpoint('a.keras', load_weights_on_restart=True)",
        "keras.callbacks.BackupAndRestore('backup')",
    ),
    **{
        (f"keras.Model.{method}", argument): (
            FIT.format(method=method, targets="" if method == "predict" else ", data()", argument=argument),
            LOADER.format(argument=argument),
        )
        for method in ("fit", "evaluate", "predict")
        for argument in WORKERS
    },
    **{
        (f"keras.layers.SeparableConv{rank}D", f"kernel_{setting}"): (
            f"keras.layers.SeparableConv{rank}D(2, 3, kernel_{setting}=None)",
            f"keras.layers.SeparableConv{rank}D(2, 3, depthwise_{setting}=None, pointwise_{setting}=None)",
        )
        for rank in (1, 2)
        for setting in ("initializer", "regularizer", "constraint")
    },
}
"""What is written in the old way and in the new one."""


def run(code: str) -> object:
    keras: Any = pytest.importorskip("keras")
    np: Any = pytest.importorskip("numpy")

    def data() -> Any:
        return np.zeros((2, 2))

    def model() -> Any:
        made = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
        made.compile(loss="mse")
        return made

    class DataSet(keras.utils.PyDataset):  # type: ignore[misc, name-defined]
        """One batch."""

    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*no longer supported.*")
        return eval(code, {"keras": keras, "np": np, "data": data, "model": model, "data_set": DataSet})


def test_every_entry_is_tried() -> None:
    assert set(TRIED) == {(name, argument) for name, entries in INSTEAD.items() for argument in entries}


@pytest.mark.parametrize(("old", "new"), TRIED.values(), ids=map(" ".join, TRIED))
def test_the_old_is_refused_and_what_is_named_instead_works(old: str, new: str) -> None:
    with pytest.raises((TypeError, ValueError, UserWarning)):
        run(old)
    run(new)


@pytest.mark.parametrize("layer", ["DepthwiseConv1D", "DepthwiseConv2D"])
@pytest.mark.parametrize(("old", "new"), DEPTHWISE.items())
def test_a_depthwise_layer_names_its_arguments_after_its_kernel(layer: str, old: str, new: str) -> None:
    with pytest.raises(ValueError, match="Unrecognized keyword"):
        run(f"keras.layers.{layer}(3, {old}=None)")
    run(f"keras.layers.{layer}(3, {new}=None)")


def test_the_shape_of_an_input_may_still_be_a_layers_argument() -> None:
    run("keras.Sequential([keras.layers.LSTM(2, input_shape=(5, 4))])")
