"""What real Keras does with each program in the fixtures of the rules about shapes and graphs."""

from __future__ import annotations

import os
from typing import Any

import pytest
from fixture_blocks import cases, outcomes

pytestmark = [pytest.mark.keras, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

RAISING = tuple(
    f"keras-{name}"
    for name in (
        "add-returns-none",
        "backend-op-on-symbolic-tensor",
        "batch-in-input-shape",
        "channels-first-input",
        "disconnected-graph",
        "embedding-too-small",
        "empty-feature-map",
        "fit-on-symbolic-tensor",
        "incompatible-shape",
        "layer-not-called",
        "missing-return-sequences",
        "shape-not-tuple",
        "stateful-batch-size",
        "unpacked-layer-output",
    )
)
RUNNING = (*RAISING, "keras-positional-strides", "keras-layers-pop", "keras-unused-branch", "keras-model-discarded")


@pytest.fixture(autouse=True, scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


@pytest.mark.parametrize(("symbol", "place"), cases(RAISING, "bad"))
def test_the_bad_raises(symbol: str, place: int) -> None:
    assert isinstance(outcomes(symbol, "bad")[place], Exception)


@pytest.mark.parametrize(("symbol", "place"), cases(RUNNING, "good"))
def test_the_good_runs(symbol: str, place: int) -> None:
    assert outcomes(symbol, "good")[place] is None


@pytest.mark.parametrize(("symbol", "place"), cases(RUNNING, "near_miss"))
def test_the_near_miss_runs(symbol: str, place: int) -> None:
    assert outcomes(symbol, "near_miss")[place] is None


def test_positional_strides_leave_a_ninth(keras: Any) -> None:
    image = keras.Input((63, 63, 3))
    assert keras.layers.Conv2D(8, 3, 3)(image).shape == (None, 21, 21, 8)
    assert keras.layers.Conv2D(8, (3, 3))(image).shape == (None, 61, 61, 8)
