"""Spellings of Keras names, old and new, and what each of them means today."""

import pytest

from keraslint.keras_api import canonical, is_keras_module, symbol, versions_with, well_known


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        pytest.param("keras.layers.Dense", "keras.layers.Dense", id="today's own name"),
        pytest.param("tensorflow.keras.layers.Dense", "keras.layers.Dense", id="tf.keras"),
        pytest.param("tf_keras.layers.Dense", "keras.layers.Dense", id="tf_keras"),
        pytest.param("keras.api.layers.Dense", "keras.layers.Dense", id="keras.api"),
        pytest.param("keras.api._v2.keras.layers.Dense", "keras.layers.Dense", id="the generated api of Keras 2"),
        pytest.param("tensorflow.compat.v1.keras.layers.Dense", "keras.layers.Dense", id="compat.v1"),
        pytest.param("tensorflow.python.keras.layers.Dense", "keras.layers.Dense", id="tensorflow.python.keras"),
        pytest.param("tensorflow.python.keras.layers.recurrent_v2.LSTM", "keras.layers.LSTM", id="frozen copy"),
        pytest.param("keras.src.layers.core.dense.Dense", "keras.layers.Dense", id="private module of Keras 3"),
        pytest.param("keras.layers.core.Dense", "keras.layers.Dense", id="core"),
        pytest.param("keras.layers.convolutional.Conv2D", "keras.layers.Conv2D", id="convolutional"),
        pytest.param("keras.layers.recurrent.LSTM", "keras.layers.LSTM", id="recurrent"),
        pytest.param("keras.layers.pooling.MaxPooling2D", "keras.layers.MaxPooling2D", id="pooling"),
        pytest.param("keras.layers.wrappers.TimeDistributed", "keras.layers.TimeDistributed", id="wrappers"),
        pytest.param(
            "keras.layers.normalization.BatchNormalization",
            "keras.layers.BatchNormalization",
            id="normalization",
        ),
        pytest.param(
            "keras.layers.advanced_activations.LeakyReLU", "keras.layers.LeakyReLU", id="advanced_activations"
        ),
        pytest.param("keras.engine.topology.Layer", "keras.Layer", id="topology"),
        pytest.param("keras.layers.Layer", "keras.Layer", id="layer base class"),
        pytest.param("keras.engine.Model", "keras.Model", id="engine"),
        pytest.param("keras.models.Model", "keras.Model", id="models.Model"),
        pytest.param("keras.models.Sequential", "keras.Sequential", id="models.Sequential"),
        pytest.param("keras.layers.Input", "keras.Input", id="layers.Input"),
        pytest.param("keras.layers.InputLayer", "keras.layers.InputLayer", id="InputLayer is not Input"),
        pytest.param("keras.layers.Convolution2D", "keras.layers.Conv2D", id="Convolution2D"),
        pytest.param("keras.layers.MaxPool2D", "keras.layers.MaxPooling2D", id="MaxPool2D"),
        pytest.param("keras.optimizers.legacy.Adam", "keras.optimizers.Adam", id="legacy optimizer"),
        pytest.param("tensorflow.keras.optimizers.legacy.Adam", "keras.optimizers.Adam", id="legacy, tf.keras"),
        pytest.param("tensorflow.keras.optimizers.experimental.AdamW", "keras.optimizers.AdamW", id="experimental"),
        pytest.param(
            "keras.layers.experimental.preprocessing.Rescaling",
            "keras.layers.Rescaling",
            id="experimental layer",
        ),
        pytest.param("keras.utils.np_utils.to_categorical", "keras.utils.to_categorical", id="np_utils"),
        pytest.param("keras.preprocessing.sequence.pad_sequences", "keras.utils.pad_sequences", id="pad_sequences"),
        pytest.param("keras.losses.mse", "keras.losses.mean_squared_error", id="losses.mse"),
        pytest.param("keras.metrics.mse", "keras.losses.mean_squared_error", id="metrics.mse"),
        pytest.param("keras.objectives.mse", "keras.losses.mean_squared_error", id="objectives"),
        pytest.param("keras.initializations.he_normal", "keras.initializers.HeNormal", id="initializations"),
        pytest.param("keras.initializers.he_normal", "keras.initializers.HeNormal", id="initializer function"),
        pytest.param("keras.regularizers.l2", "keras.regularizers.L2", id="regularizer function"),
        pytest.param("keras.activations.relu", "keras.activations.relu", id="activation is not the op"),
        pytest.param("keras.ops.nn.relu", "keras.ops.relu", id="op"),
        pytest.param("keras.Sequential.fit", "keras.Model.fit", id="inherited method"),
        pytest.param("keras.models.Model.compile", "keras.Model.compile", id="method of an alias"),
        pytest.param("keras.Sequential.add", "keras.Sequential.add", id="own method"),
        pytest.param("tensorflow.keras", "keras", id="root"),
        pytest.param("tensorflow.keras.layers", "keras.layers", id="module"),
        pytest.param("keras.layers.core", "keras.layers.core", id="old module"),
    ],
)
def test_a_spelling_means_todays_name(spelling: str, name: str) -> None:
    assert canonical(spelling) == name
    assert symbol(name) is not None


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("", id="empty"),
        pytest.param(".", id="dot"),
        pytest.param("keras.", id="ends in a dot"),
        pytest.param("keras..layers", id="two dots"),
        pytest.param("keras.layers.Dance", id="unknown layer"),
        pytest.param("keras.layers.Dense.Dense", id="no such method"),
        pytest.param("tensorflow.nn.softmax", id="TensorFlow, not Keras"),
        pytest.param("keras_tuner.Hyperband", id="another package"),
        pytest.param("torch.nn.Dropout", id="torch"),
        pytest.param("tensorflow.kerasses.layers", id="prefix only"),
        pytest.param("keras" + ".layers" * 10_000, id="very long"),
        pytest.param("kérâs.läyers\n\t\x00", id="odd characters"),
    ],
)
def test_what_is_no_keras_name_means_nothing(path: str) -> None:
    assert canonical(path) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("keras", True),
        ("tensorflow.keras", True),
        ("tf_keras", True),
        ("tensorflow.python.keras.layers", True),
        ("keras.anything", True),
        ("tensorflow", False),
        ("keras_tuner", False),
        ("kerasx", False),
    ],
)
def test_a_keras_module_is_known_by_its_text(path: str, expected: bool) -> None:
    assert is_keras_module(path) is expected


@pytest.mark.parametrize(
    ("spelling", "present", "absent"),
    [
        pytest.param("keras.layers.core.Dense", "1.2", "3.15", id="old module path"),
        pytest.param("keras.optimizers.legacy.Adam", "2.15", "3.15", id="legacy optimizers"),
        pytest.param("keras.layers.Convolution2D", "3.15", "3.14", id="an alias that Keras 3 still has"),
        pytest.param("keras.losses.mse", "2.2", "3.15", id="short loss function"),
        pytest.param("tensorflow.keras.losses.mse", "3.15", "1.2", id="which tf.keras keeps"),
        pytest.param("keras.Model.fit_generator", "2.2", "3.0", id="removed method"),
        pytest.param("keras.ops.relu", "3.0", "2.15", id="new in Keras 3"),
        pytest.param("tf_keras.layers.Dense", "2.15", "3.15", id="tf_keras stays at Keras 2"),
    ],
)
def test_a_spelling_dates_a_file(spelling: str, present: str, absent: str) -> None:
    assert present in versions_with(spelling)
    assert absent not in versions_with(spelling)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Dense", "keras.layers.Dense"),
        ("Convolution2D", "keras.layers.Conv2D"),
        ("MaxPool2D", "keras.layers.MaxPooling2D"),
        ("Adam", "keras.optimizers.Adam"),
        ("Sequential", "keras.Sequential"),
        ("Model", "keras.Model"),
        ("Input", "keras.Input"),
        ("EarlyStopping", "keras.callbacks.EarlyStopping"),
        ("BinaryCrossentropy", "keras.losses.BinaryCrossentropy"),
        ("ImageDataGenerator", "keras.preprocessing.image.ImageDataGenerator"),
        ("VGG16", "keras.applications.VGG16"),
        ("to_categorical", "keras.utils.to_categorical"),
        ("keras", "keras"),
    ],
)
def test_a_bare_name_of_a_snippet_is_known(name: str, meaning: str) -> None:
    assert well_known(name) == meaning


@pytest.mark.parametrize("name", ["Add", "Layer", "Dot", "Accuracy", "Mean", "relu", "tf", "fit", "Linear", ""])
def test_an_ordinary_word_is_no_keras_name(name: str) -> None:
    assert well_known(name) is None
