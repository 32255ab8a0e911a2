"""What real Keras does with each program in the fixtures of the rules about names and arguments."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest
from fixture_blocks import cases, outcomes

from keraslint import keras_api
from keraslint.keras_api import catalogue

pytestmark = [pytest.mark.keras, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SYMBOLS = (
    "keras-duplicate-layer-name",
    "keras-invalid-argument",
    "keras-invalid-name",
    "keras-required-argument",
    "keras-unknown-argument",
    "keras-unknown-identifier",
)
CATEGORIES = ("activation", "constraint", "initializer", "loss", "metric", "optimizer", "regularizer")


@pytest.fixture(autouse=True, scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


@pytest.mark.parametrize(("symbol", "place"), cases(SYMBOLS, "bad"))
def test_the_bad_raises(symbol: str, place: int) -> None:
    assert isinstance(outcomes(symbol, "bad")[place], (TypeError, ValueError))


@pytest.mark.parametrize(("symbol", "place"), cases(SYMBOLS, "good"))
def test_the_good_runs(symbol: str, place: int) -> None:
    assert outcomes(symbol, "good")[place] is None


@pytest.mark.parametrize(("symbol", "place"), cases(SYMBOLS, "near_miss"))
def test_the_near_miss_runs(symbol: str, place: int) -> None:
    assert outcomes(symbol, "near_miss")[place] is None


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_string_that_keras_looks_up_is_known(category: str) -> None:
    plural = {"loss": "losses"}.get(category, f"{category}s")
    table = importlib.import_module(f"keras.src.{plural}").ALL_OBJECTS_DICT
    unknown = [
        text
        for text in table
        if isinstance(text, str)
        and keras_api.from_identifier(category, text, keras_api.NEWEST) is None
        and not keras_api.is_class_of(category, text)
    ]
    abstract = ("loss", "metric", "initializer", "regularizer", "optimizer", "wrapper", "stft", "multi", "map", "scale")
    assert [text for text in unknown if not any(part in text.lower() for part in abstract)] == []


def test_whatever_requires_an_argument_raises_without_it(keras: Any) -> None:
    tried = 0
    for short in catalogue.symbol_lines():
        symbol = keras_api.symbol(f"keras.{short}")
        if symbol is None or symbol.kind != "class" or keras_api.NEWEST not in symbol.versions:
            continue
        required = [p for p in symbol.parameters(keras_api.NEWEST) if p.default is keras_api.REQUIRED]
        if symbol.category in ("layer", *CATEGORIES, "schedule", "callback") and any(
            not p.kind.startswith("var_") for p in required
        ):
            made = keras
            for part in short.split("."):
                made = getattr(made, part)
            with pytest.raises(TypeError):
                made()
            tried += 1
    assert tried > 50
