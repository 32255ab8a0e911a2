"""Of an error of Keras the line is told that says what is wrong, not the one that says where."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.keras

np = pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def test_a_layer_that_is_called_on_what_it_does_not_take(keras: Any) -> None:
    from keraslint.confirm.child.raised import first_line

    with pytest.raises(ValueError, match="Exception encountered when calling") as caught:
        keras.layers.MaxPooling2D(2)(keras.Input((1, 28, 28)))
    assert first_line(caught.value).startswith("Computed output size would be zero or negative")


def test_an_error_of_the_graph_that_tensorflow_runs(keras: Any) -> None:
    from keraslint.confirm.child.raised import first_line

    model = keras.Sequential([keras.Input((1,)), keras.layers.Embedding(10, 4), keras.layers.Flatten()])
    model.compile("sgd", "mse", jit_compile=False)
    with pytest.raises(Exception, match="is not in") as caught:
        model.fit(np.full((1, 1), 10), np.zeros((1, 4)), verbose=0)
    assert "10 is not in [0, 10)" in first_line(caught.value)


def test_an_error_that_says_nothing_else(keras: Any) -> None:
    from keraslint.confirm.child.raised import first_line

    assert first_line(ValueError("Exception encountered when calling Dense.call().")) == ""
    assert first_line(ValueError("\n  no such thing\nmore")) == "no such thing"
