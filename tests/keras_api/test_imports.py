"""Imports that are gone, and what has their names today: what the catalogue says, tried in real Keras."""

from __future__ import annotations

import os
from typing import Any

import pytest

from keraslint import keras_api
from keraslint.keras_api import catalogue, names

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def every_path() -> list[str]:
    """Every name that can be imported out of some module below the root, in some version."""
    spelled = {
        f"{module}.{name}".removeprefix("keras.")
        for module in catalogue.spelling_lines()
        for name, _, _ in names.spellings(module)
    }
    paths = spelled | set(catalogue.symbol_lines()) | set(catalogue.modules() - {""})
    return sorted(path for path in paths if not is_class(path.rpartition(".")[0]))


def is_class(short: str) -> bool:
    found = keras_api.symbol(keras_api.canonical(f"keras.{short}") or "") if short else None
    return found is not None and found.kind == "class"


def imported(path: str) -> Exception | None:
    module, _, name = path.rpartition(".")
    try:
        exec(f"from {module} import {name}" if module else f"import {name}", {})
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize(
    ("path", "successor"),
    [
        ("keras.utils.np_utils", "keras.utils"),
        ("keras.utils.np_utils.to_categorical", "keras.utils.to_categorical"),
        ("keras.layers.recurrent", "keras.layers"),
        ("keras.layers.merge.add", "keras.layers.add"),
        ("keras.layers.CuDNNLSTM", "keras.layers.LSTM"),
        ("keras.engine.topology.Layer", "keras.Layer"),
        ("keras.wrappers.scikit_learn.KerasClassifier", "keras.wrappers.SKLearnClassifier"),
        ("keras.preprocessing.image.ImageDataGenerator", "tensorflow.keras.preprocessing.image.ImageDataGenerator"),
        ("tensorflow.keras.layers.experimental.preprocessing", "tensorflow.keras.layers"),
        ("keras.utils.multi_gpu_model", None),
    ],
)
def test_what_is_gone_has_this_successor(path: str, successor: str | None) -> None:
    assert keras_api.gone_from(path, keras_api.NEWEST)
    assert keras_api.successor_of_import(path, keras_api.NEWEST) == successor


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("keras.layers.Dense", id="there"),
        pytest.param("keras.layers.nobody_knows", id="unknown"),
        pytest.param("keras.src.engine.base_layer", id="private"),
        pytest.param("keras.optimizers.legacy.Adam", id="a stub"),
        pytest.param("tf_keras.utils.np_utils", id="Keras 2 for good"),
        pytest.param("tensorflow.python.keras.layers.recurrent", id="frozen"),
        pytest.param("tensorflow.keras.preprocessing.image.ImageDataGenerator", id="only in tensorflow.keras"),
    ],
)
def test_nothing_is_gone_that_is_not_known_to_be(path: str) -> None:
    assert not keras_api.gone_from(path, keras_api.NEWEST)


@pytest.mark.keras
@pytest.mark.parametrize("root", ["keras", "tensorflow.keras"])
def test_no_import_works_that_is_said_to_be_gone(root: str) -> None:
    keras: Any = pytest.importorskip("keras")
    if ".".join(keras.__version__.split(".")[:2]) != keras_api.NEWEST:
        pytest.skip("another Keras than the newest of the catalogue")
    gone = [path for short in every_path() if keras_api.gone_from(path := f"{root}.{short}", keras_api.NEWEST)]
    assert len(gone) > 500
    assert [path for path in gone if imported(path) is None] == []


@pytest.mark.keras
@pytest.mark.parametrize("root", ["keras", "tensorflow.keras"])
def test_every_successor_can_be_imported(root: str) -> None:
    pytest.importorskip("keras")
    gone = (f"{root}.{short}" for short in every_path() if keras_api.gone_from(f"{root}.{short}", keras_api.NEWEST))
    named = {successor for path in gone if (successor := keras_api.successor_of_import(path, keras_api.NEWEST))}
    assert len(named) > 100
    assert {path: error for path in named if (error := imported(path))} == {}


def test_a_module_that_was_once_a_function_is_gone_with_its_last_name() -> None:
    assert not keras_api.gone_from("keras.layers.merge", "2.12")
    assert keras_api.gone_from("keras.layers.merge", keras_api.NEWEST)
