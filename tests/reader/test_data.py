"""What fit is known to be given: shape, range and encoding of arrays, pipelines, loaders and generators."""

from __future__ import annotations

from typing import Any

import pytest

from keraslint.graph import Array, Dataset, Unknown
from keraslint.reader import read
from keraslint.reader.keras import datasets as keras_data
from keraslint.reader.keras import loaders
from keraslint.reader.keras import tokenizer as text
from keraslint.reader.libraries import numpy, sklearn
from keraslint.reader.libraries import pandas as tables
from keraslint.reader.libraries.tensorflow import data as pipelines
from keraslint.reader.libraries.tensorflow import files, strings
from keraslint.reader.machine.library import handler

IMPORTS = """
import keras, numpy as np, pandas as pd, tensorflow as tf
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_selection import SelectKBest
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, make_classification, make_regression
from sklearn.model_selection import KFold, ParameterGrid, RepeatedKFold, ShuffleSplit, StratifiedKFold, train_test_split
from sklearn.preprocessing import LabelBinarizer, LabelEncoder, MinMaxScaler, MultiLabelBinarizer, OneHotEncoder
from sklearn.preprocessing import StandardScaler
from tensorflow.keras.preprocessing.image import ImageDataGenerator
from tensorflow.keras.preprocessing.text import Tokenizer
model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
model.compile(loss="mse")
X, y = load_iris(return_X_y=True)
"""


def given(program: str, method: str = "fit") -> tuple[Any, Any]:
    """The x and y of the program's last call of a method."""
    calls = [call for call in read(IMPORTS + program, "program.py").fits if call.method == method]
    return tuple(None if fact is None else fact.value for fact in map(calls[-1].argument, ("x", "y")))  # type: ignore[return-value]


@pytest.mark.parametrize(
    "family", [files, keras_data, loaders, numpy, pipelines, sklearn, strings, tables, text], ids=lambda m: m.__name__
)
def test_every_function_of_a_family_is_found_by_its_name(family: Any) -> None:
    assert all(handler("data", path) is call for path, call in family.EXTERNAL.items())


def shown(value: Any) -> str:
    """``(150, 4) float64 0.1..7.9 integer``; what is not known is left out."""
    assert isinstance(value, Array), value
    known = not isinstance(value.low, Unknown) and not isinstance(value.high, Unknown)
    ends = f"{value.low}..{value.high}" if known else ""
    parts = [str(value.shape), value.dtype, ends, value.encoding]
    return " ".join(part for part in parts if isinstance(part, str) and part)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("load_iris().data", "(150, 4) float64 0.1..7.9"),
        ("load_digits().images[..., np.newaxis]", "(1797, 8, 8, 1) float64 0.0..16.0"),
        ("tf.io.decode_jpeg(tf.io.read_file('a.jpg'), channels=3)", "(?, ?, 3) uint8 0..255"),
        ("tf.image.decode_png(tf.io.read_file('a.png'), 1, tf.uint16)", "(?, ?, 1) uint16 0..65535"),
        ("tf.io.decode_image(tf.io.read_file('a.gif'), channels=3)", "(…) uint8"),
        ("load_iris()['target']", "(150,) int64 0..2 integer"),
        ("load_breast_cancer(return_X_y=True)[1]", "(569,) int64 0..1 binary"),
        ("make_classification(500, 7, n_classes=3)[1]", "(500,) int64 0..2 integer"),
        ("make_regression(n_targets=2)[1]", "(100, 2) float64 continuous"),
        ("train_test_split(X, y, test_size=0.2)[0]", "(120, 4) float64 0.1..7.9"),
        ("train_test_split(X, y, test_size=0.2)[3]", "(30,) int64 0..2 integer"),
        ("StandardScaler().fit_transform(X)", "(150, 4) float64"),
        ("MinMaxScaler().fit_transform(X)", "(150, 4) float64 0..1"),
        ("MinMaxScaler().fit(X[:9]).transform(X)", "(150, 4) float64"),
        ("PCA(n_components=2).fit_transform(X)", "(150, 2) float64"),
        ("PCA(0.95).fit_transform(X)", "(150, ?) float64"),
        ("PCA().fit(X).transform(X)", "(150, ?) float64"),
        ("TruncatedSVD().fit_transform(X)", "(150, 2) float64"),
        ("SelectKBest(k=3).fit_transform(X, y)", "(150, 3) float64"),
        ("make_pipeline(PCA(2), MinMaxScaler()).fit_transform(X)", "(150, 2) float64 0..1"),
        ("Pipeline([('scale', StandardScaler()), ('pca', PCA(3))]).fit(X).transform(X[:9])", "(9, 3) float64"),
        ("np.tile(X, 2)", "(150, 8) float64 0.1..7.9"),
        ("np.tile(X[0], (5, 1, 2))", "(5, 1, 8) float64"),
        ("np.tile(y, (3, 1))", "(3, 150) int64 0..2 integer"),
        ("X[slice(10, 20), slice(None, 2)]", "(10, 2) float64"),
        ("LabelEncoder().fit_transform(y)", "(150,) int64 0..2 integer"),
        ("LabelEncoder().fit_transform(['a', 'b', 'c', 'b'])", "(4,) int64 0..2 integer"),
        ("LabelEncoder().fit_transform(tags)", "(?,) int64 integer"),
        ("LabelBinarizer().fit_transform(['a', 'b', 'c', 'b'])", "(4, 3) int64 0..1 one-hot"),
        ("LabelBinarizer().fit_transform(['a', 'b', 'a'])", "(3, 1) int64 0..1 binary"),
        ("X[next(StratifiedKFold(3).split(X, y))[0]]", "(?, 4) float64 0.1..7.9"),
        ("y[[rows for _, rows in ShuffleSplit(4).split(X)][3]]", "(?,) int64 0..2 integer"),
        ("np.zeros((KFold(n_splits=7).get_n_splits(), 2))", "(7, 2) float64 0..0"),
        ("np.zeros((sum(1 for _ in RepeatedKFold(n_splits=2, n_repeats=3).split(X)), 2))", "(6, 2) float64 0..0"),
        ("np.zeros((len(ParameterGrid({'b': [1, 2, 3], 'a': [4, 5]})), 2))", "(6, 2) float64 0..0"),
        ("np.zeros(tuple(list(ParameterGrid({'b': [1, 2, 3], 'a': [4, 5]}))[1].values()))", "(4, 2) float64 0..0"),
        ("OneHotEncoder().fit_transform(y.reshape(-1, 1)).toarray()", "(150, 3) 0..1 one-hot"),
        ("MultiLabelBinarizer().fit_transform(tags)", "(?, ?) int64 0..1 multi-hot"),
        ("pd.get_dummies(y)", "(150, 3) 0..1 one-hot"),
        ("keras.datasets.mnist.load_data()[0][0]", "(60000, 28, 28) uint8 0..255"),
        ("keras.datasets.cifar100.load_data()[1][1]", "(10000, 1) uint8 0..99 integer"),
        ("keras.datasets.imdb.load_data(num_words=50)[0][0]", "(25000,) object 0..49"),
        ("keras.utils.to_categorical(keras.datasets.mnist.load_data()[0][1])", "(60000, 10) float64 0..1 one-hot"),
        ("keras.utils.to_categorical(labels, some_count)", "(…, ?) float64 0..1 one-hot"),
        ("tf.one_hot(y, 3)", "(150, 3) float32 0..1 one-hot"),
        ("tf.one_hot(y, 2)", "(150, 2) float32 0..1"),
        ("Tokenizer(num_words=9).texts_to_matrix(texts)", "(?, 9) float64 0..1"),
        ("keras.utils.pad_sequences(Tokenizer(9).texts_to_sequences(texts), 5)", "(?, 5) int32 0..8"),
    ],
)
def test_arrays_are_known(expression: str, expected: str) -> None:
    assert shown(given(f"model.fit({expression}, y)")[0]) == expected


def test_what_pandas_reads_is_unknown_with_its_reason() -> None:
    data, _ = given("model.fit(pd.read_csv('a.csv'), y)")
    assert isinstance(data.shape[1], Unknown)
    assert "pandas.read_csv" in data.shape[1].reason


SLICES = "tf.data.Dataset.from_tensor_slices((X, y))"


@pytest.mark.parametrize(
    ("pipeline", "batched", "endless", "after_batch", "components"),
    [
        (SLICES, False, False, False, ["(4,) float64 0.1..7.9", "() int64 0..2 integer"]),
        (
            f"{SLICES}.shuffle(9).batch(8)",
            True,
            False,
            False,
            ["(None, 4) float64 0.1..7.9", "(None,) int64 0..2 integer"],
        ),
        (f"{SLICES}.batch(8, drop_remainder=True).shuffle(9)", True, False, True, ["(8, 4) float64 0.1..7.9"]),
        (f"{SLICES}.batch(8).cache().repeat()", True, True, False, ["(None, 4) float64 0.1..7.9"]),
        (f"{SLICES}.repeat().take(5)", False, False, False, ["(4,) float64 0.1..7.9"]),
        (f"{SLICES}.repeat(3).prefetch(tf.data.AUTOTUNE)", False, False, False, ["(4,) float64 0.1..7.9"]),
        (f"{SLICES}.batch(8).unbatch()", False, False, False, ["(4,) float64 0.1..7.9"]),
        (
            f"{SLICES}.map(lambda a, b: (tf.cast(a, tf.float32) / 10.0, tf.one_hot(b, 3))).batch(2)",
            True,
            False,
            False,
            ["(None, 4) float32 0.01..0.79", "(None, 3) float32 0..1 one-hot"],
        ),
        (
            "tf.data.Dataset.zip((tf.data.Dataset.from_tensor_slices(X), tf.data.Dataset.from_tensor_slices(y)))",
            False,
            False,
            False,
            ["(4,) float64 0.1..7.9", "() int64 0..2 integer"],
        ),
        (
            "ImageDataGenerator(rescale=1 / 255).flow_from_directory('d', target_size=(64, 32), class_mode='binary')",
            True,
            False,
            False,
            ["(None, 64, 32, 3) float32 0..1.0", "(None,) float32 0..1 binary"],
        ),
        (
            "keras.utils.image_dataset_from_directory('d', label_mode='categorical', image_size=(9, 8))",
            True,
            False,
            False,
            ["(None, 9, 8, 3) float32 0..255", "(None, ?) float32 0..1 one-hot"],
        ),
        (
            "keras.utils.image_dataset_from_directory('d', batch_size=None)",
            False,
            False,
            False,
            ["(256, 256, 3) float32 0..255", "() int32 integer"],
        ),
        (
            "keras.utils.timeseries_dataset_from_array(X, y, sequence_length=7)",
            True,
            False,
            False,
            ["(None, 7, 4) float64 0.1..7.9", "(None,) int64 0..2 integer"],
        ),
    ],
)
def test_pipelines_are_followed(
    pipeline: str, batched: bool, endless: bool, after_batch: bool, components: list[str]
) -> None:
    data, _ = given(f"model.fit({pipeline})")
    assert isinstance(data, Dataset)
    assert (data.batched, data.endless, data.shuffled_after_batch) == (batched, endless, after_batch)
    assert [shown(component) for component in data.components[: len(components)]] == components


def test_labels_come_out_of_a_pipeline() -> None:
    (training,) = read(IMPORTS + f"model.fit({SLICES}.batch(8), epochs=2)", "program.py").trainings
    (labels,) = training.labels
    assert shown(labels) == "(None,) int64 0..2 integer"


def test_a_tuple_of_one_is_not_taken_for_its_element() -> None:
    data, _ = given("for row in tf.data.Dataset.from_tensor_slices((X,)):\n    model.fit(row)")
    assert isinstance(data, Unknown)


def test_a_generator_of_the_file_gives_batches() -> None:
    program = """
def batches():
    while True:
        yield np.zeros((4, 3)), np.ones((4, 1))
model.fit(batches(), steps_per_epoch=10)
"""
    (training,) = read(IMPORTS + program, "program.py").trainings
    assert shown(training.labels[0]) == "(4, 1) float64 1..1"
    assert str(training.model.input_shape) == "(None, 3)"


def test_an_unreadable_map_says_nothing_of_the_elements() -> None:
    data, _ = given(f"model.fit({SLICES}.map(augment).batch(2))")
    assert data.components == ()
    assert data.batched is True


def test_evaluate_gets_the_facts_too() -> None:
    assert shown(given("model.evaluate(X, y)", "evaluate")[1]) == "(150,) int64 0..2 integer"


def test_a_symbolic_tensor_is_not_taken_for_data() -> None:
    program = """
inputs = keras.Input((4, 1))
outputs = keras.layers.Dense(2)(tf.squeeze(inputs, axis=-1))
functional = keras.Model(inputs, outputs)
"""
    model = next(m for m in read(IMPORTS + program, "program.py").models if m.kind == "functional")
    assert str(model.output_shape) == "(None, 2)"
