"""What keras-high-learning-rate claims of kinds of networks, measured in real Keras: a lean sample of its table."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.keras

PATH = Path(__file__).parents[2] / "benchmarks" / "learning_rates.py"


@pytest.fixture(scope="module")
def rates() -> ModuleType:
    """The benchmark that measured the table."""
    pytest.importorskip("tensorflow")
    specification = importlib.util.spec_from_file_location("learning_rates", PATH)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def harm(rates: ModuleType, net: str, task: str, rate: float, optimizer: str = "adam") -> float:
    """The share of two seeds that come to harm; of one where a training takes long."""
    (chosen,) = [candidate for candidate in rates.NETS if candidate.name == net]
    row = rates.measure(chosen, task, optimizer, [rate], seeds=1 if chosen.kind in ("attention", "recurrent") else 2)
    usual = next(iter(row.scores.values()))
    assert max(usual) < 0.9, f"it does not learn at the default rate either: {row.scores}"
    return float(row.harm(rate))


@pytest.mark.parametrize(
    ("net", "task", "rate"),
    [
        pytest.param("2 Conv2D(16), flatten, dense", "classes", 0.01, id="a relu layer behind Flatten at 0.01"),
        pytest.param("LSTM(64)", "classes", 0.1, id="a recurrent layer at 0.1"),
        pytest.param("4 Dense(256, relu)", "classes", 0.1, id="a wide Dense classifier at 0.1"),
        pytest.param("1 attention blocks of 32, LayerNormalization", "classes", 0.1, id="attention at 0.1"),
        pytest.param("2 Dense(8, relu)", "regression", 1.0, id="even a narrow network at 1.0"),
    ],
)
def test_adam_does_harm(rates: ModuleType, net: str, task: str, rate: float) -> None:
    assert harm(rates, net, task, rate) == 1


@pytest.mark.parametrize(
    ("net", "task", "rate"),
    [
        pytest.param("2 Dense(64, relu)", "regression", 0.01, id="Dense layers at 0.01"),
        pytest.param("2 Dense(8, relu)", "classes", 0.1, id="narrow Dense layers at 0.1"),
        pytest.param("3 Dense(64, None)", "regression", 0.1, id="layers without activations at 0.1"),
    ],
)
def test_adam_is_fine(rates: ModuleType, net: str, task: str, rate: float) -> None:
    assert harm(rates, net, task, rate) == 0


def test_sgd_does_harm_at_one_to_a_regression_and_not_to_a_classifier(rates: ModuleType) -> None:
    assert harm(rates, "2 Dense(64, relu)", "regression", 1.0, "sgd") == 1
    assert harm(rates, "2 Dense(64, relu)", "classes", 1.0, "sgd") == 0


def test_momentum_makes_it_too_high_for_a_classifier(rates: ModuleType) -> None:
    assert harm(rates, "2 Dense(64, relu)", "classes", 1.0, "momentum") == 1


def test_a_classifier_of_images_within_0_and_1_bears_a_hundredth() -> None:
    keras = pytest.importorskip("keras")
    images, digits = pytest.importorskip("sklearn.datasets").load_digits(return_X_y=True)
    layers = keras.layers
    pixels = (images / 16).reshape(-1, 8, 8, 1).repeat(3, axis=1).repeat(3, axis=2)
    for seed in range(2):
        keras.utils.set_random_seed(seed)
        convolutions = [layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()]
        head = [layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
        model = keras.Sequential([keras.Input((24, 24, 1)), *convolutions, *head])
        model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
        history = model.fit(pixels, digits, batch_size=64, epochs=4, verbose=0).history
        assert history["loss"][-1] < 0.5  # a constant's is 2.3
