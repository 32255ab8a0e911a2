"""Which layers of a model have one name, and where nobody can say."""

from __future__ import annotations

import pytest

from keraslint.reader import read
from keraslint.rules import Options, by_symbol, check

BUILD = """
import sys
import keras
from keras import layers
inputs = keras.Input((4,))
first = layers.Dense(3, activation="relu", name="hidden")
second = layers.Dense(3, activation="relu", name="hidden")
"""
MODEL = "model = keras.Model(inputs, second(first(inputs)))\n"


def lines(source: str) -> list[int]:
    rule = by_symbol("keras-duplicate-layer-name")
    assert rule
    return [finding.span.line for finding in check(read(source, "file.py"), Options(), [rule])]


def test_it_points_at_the_name_of_the_later_layer() -> None:
    assert lines(BUILD + MODEL) == [7]


def test_a_model_is_reported_once_however_many_of_its_layers_share_a_name() -> None:
    third = 'third = layers.Dense(3, name="hidden")\n'
    assert lines(f"{BUILD}{third}model = keras.Model(inputs, third(second(first(inputs))))\n") == [7]


@pytest.mark.parametrize(
    "rename",
    [
        pytest.param('second._name = "other"\n', id="by its private name"),
        pytest.param('for layer in (first, second):\n    layer._name = layer.name + "_x"\n', id="in a loop"),
        pytest.param('setattr(second, "_name", "other")\n', id="by setattr"),
    ],
)
def test_a_file_that_renames_layers_is_left_alone(rename: str) -> None:
    assert not lines(BUILD + rename + MODEL)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(MODEL.replace("second(first(inputs))", "first(first(inputs))"), id="one layer used twice"),
        pytest.param(MODEL.replace("second(first(inputs))", "first(inputs)"), id="a layer that is in no model"),
        pytest.param(f"try:\n    {MODEL}except ValueError:\n    pass\n", id="where an error is expected"),
    ],
)
def test_what_is_right_or_meant_is_left_alone(source: str) -> None:
    assert not lines(BUILD + source)


def test_two_backbones_of_one_kind_have_one_name() -> None:
    source = """
import keras
backbones = [keras.applications.VGG16(weights=None, include_top=False, pooling="avg") for _ in range(2)]
inputs = keras.Input((64, 64, 3))
model = keras.Model(inputs, keras.layers.Concatenate()([backbone(inputs) for backbone in backbones]))
"""
    assert lines(source) == [5]
