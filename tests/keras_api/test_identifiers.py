"""String identifiers, and the classes behind loss and metric functions."""

import pytest

from keraslint.keras_api import from_identifier, loss_class, metric_class


@pytest.mark.parametrize(
    ("category", "identifier", "name"),
    [
        ("loss", "mse", "keras.losses.MeanSquaredError"),
        ("loss", "MSE", "keras.losses.MeanSquaredError"),
        ("loss", "mean_squared_error", "keras.losses.MeanSquaredError"),
        ("loss", "MeanSquaredError", "keras.losses.MeanSquaredError"),
        ("loss", "binary_crossentropy", "keras.losses.BinaryCrossentropy"),
        ("loss", "sparse_categorical_crossentropy", "keras.losses.SparseCategoricalCrossentropy"),
        ("loss", "kullback_leibler_divergence", "keras.losses.KLDivergence"),
        ("activation", "softmax", "keras.activations.softmax"),
        ("activation", "swish", "keras.activations.silu"),
        ("metric", "mae", "keras.metrics.MeanAbsoluteError"),
        ("metric", "binary_accuracy", "keras.metrics.BinaryAccuracy"),
        ("metric", "acc", "accuracy"),
        ("metric", "accuracy", "accuracy"),
        ("metric", "ce", "crossentropy"),
        ("optimizer", "adam", "keras.optimizers.Adam"),
        ("optimizer", "RMSProp", "keras.optimizers.RMSprop"),
        ("initializer", "he_normal", "keras.initializers.HeNormal"),
        ("regularizer", "l2", "keras.regularizers.L2"),
        ("constraint", "non_neg", "keras.constraints.NonNeg"),
    ],
)
def test_a_string_means_a_keras_object(category: str, identifier: str, name: str) -> None:
    assert from_identifier(category, identifier) == name


@pytest.mark.parametrize(
    ("category", "identifier"),
    [
        ("loss", "rmse"),
        ("loss", "MsE"),
        ("activation", "Softmax"),
        ("optimizer", "adamm"),
        ("flavor", "mse"),
        ("loss", ""),
    ],
)
def test_a_string_that_keras_rejects_means_nothing(category: str, identifier: str) -> None:
    assert from_identifier(category, identifier) is None


def test_a_version_rejects_what_it_does_not_know() -> None:
    assert from_identifier("loss", "cosine_proximity") == "keras.losses.CosineSimilarity"
    assert from_identifier("loss", "cosine_proximity", "3.15") is None
    assert from_identifier("activation", "gelu", "2.2") is None


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("keras.losses.mean_squared_error", "MeanSquaredError"),
        ("tensorflow.keras.losses.mse", "MeanSquaredError"),
        ("keras.losses.MeanSquaredError", "MeanSquaredError"),
        ("keras.objectives.categorical_crossentropy", "CategoricalCrossentropy"),
        ("keras.metrics.AUC", None),
        ("keras.layers.Dense", None),
        ("my.losses.mse", None),
    ],
)
def test_a_loss_is_known_by_its_class(name: str, cls: str | None) -> None:
    assert loss_class(name) == cls


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("keras.metrics.binary_accuracy", "BinaryAccuracy"),
        ("keras.metrics.mse", "MeanSquaredError"),
        ("keras.metrics.AUC", "AUC"),
        ("keras.losses.MeanSquaredError", None),
    ],
)
def test_a_metric_is_known_by_its_class(name: str, cls: str | None) -> None:
    assert metric_class(name) == cls
