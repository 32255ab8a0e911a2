"""What keras-invalid-argument refuses, real Keras refuses, too: every demand is tried with every value."""

from __future__ import annotations

import importlib
import inspect
import os
from typing import Any

import pytest

from keraslint.edits import apply
from keraslint.reader import read
from keraslint.rules import Finding, Options, by_symbol, check
from keraslint.rules.names.invalid_argument import DEMANDS, NAME, RATE, REDUCTION, TRAINABLE, Demand

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

VALUES = (0, 1, 2, -1, 50, 0.5, 2.5, 4.0, -0.1, "3", "same", "a/b", "epoch", "CHANNELS_LAST", None, True)
TUPLES = ((2,), (2, 2), (2, 2, 2), (2, 2, 2, 2), (1, 2), (0, 2, 1), [2, 2])
NEEDED = {
    "cell": None,
    "dims": (2, 1),
    "filters": 4,
    "input_dim": 10,
    "kernel_size": 2,
    "key_dim": 4,
    "n": 3,
    "num_heads": 2,
    "output_dim": 4,
    "pool_size": 2,
    "stddev": 0.1,
    "units": 4,
}
"""Arguments that classes require, with values that all take."""

ANY = {
    NAME: ("keras.layers.Dense", "keras.layers.Flatten", "keras.layers.LSTM", "keras.optimizers.Adam"),
    RATE: ("keras.optimizers.Adam", "keras.optimizers.SGD"),
    REDUCTION: ("keras.losses.MeanSquaredError", "keras.losses.BinaryCrossentropy"),
    TRAINABLE: ("keras.layers.Dense", "keras.layers.LSTM", "keras.layers.Flatten"),
}
"""Some of the classes of demands that are made of all of a kind."""

INPUTS = {"1": (8, 4), "2": (8, 8, 4), "3": (8, 8, 8, 4)}

TRIED = [
    pytest.param(demand, name, id=f"{demand.argument} of {name.rpartition('.')[2]}")
    for demand in (*DEMANDS, *ANY)
    for name in (demand.classes or ANY[demand])
]


def findings(code: str, version: str = "") -> list[Finding]:
    rule = by_symbol("keras-invalid-argument")
    assert rule
    return check(read(f"import keras\nfrom keras import layers\n{code}\n", "file.py"), Options(version=version), [rule])


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("demand", "name"), TRIED)
def test_keras_raises_for_every_value_that_a_demand_refuses(demand: Demand, name: str) -> None:
    refused = [value for value in (*VALUES, *TUPLES) if demand.refuses(value)]
    assert refused
    assert [value for value in refused if not _raises(name, demand.argument, value)] == []


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("demand", "name"), TRIED)
def test_keras_takes_a_value_that_a_demand_does_not_refuse(demand: Demand, name: str) -> None:
    left = [value for value in (*VALUES, *TUPLES, "sum", "ave", "micro", "channels_last") if not demand.refuses(value)]
    assert any(not _raises(name, demand.argument, value) for value in left)


def _raises(name: str, argument: str, value: object) -> bool:
    """Whether it raises where the object is made, or where the layer is called."""
    keras = pytest.importorskip("keras")
    module, _, kind = name.rpartition(".")
    make = getattr(importlib.import_module(module), kind)
    given: dict[str, Any] = {argument: value}
    for parameter in inspect.signature(make).parameters.values():
        if parameter.default is inspect.Parameter.empty and parameter.name not in given:
            if parameter.name in NEEDED:
                given[parameter.name] = NEEDED[parameter.name]
            elif parameter.name == "layer":
                given["layer"] = keras.layers.LSTM(2)
    if argument == "save_freq":
        given["filepath"] = "best.keras"
    try:
        made = make(**given)
        if module == "keras.layers":
            _call(keras, made, kind)
    except (AttributeError, OverflowError, TypeError, ValueError, ZeroDivisionError):
        return True
    return False


def _call(keras: Any, layer: Any, kind: str) -> None:
    axes = next((digit for digit in kind if digit in INPUTS), "1")
    shape = INPUTS[axes]
    if kind.startswith("ConvLSTM"):
        shape = (3, *shape)
    elif kind in ("Embedding", "RepeatVector"):
        shape = (8,)
    inputs = keras.Input(shape)
    if kind == "MultiHeadAttention":
        layer(inputs, inputs)
    else:
        layer(inputs)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("layers.Dense(32.0)", id="a float for units"),
        pytest.param("layers.Dense(4, name='block/dense')", id="a slash in a name"),
        pytest.param("layers.Conv2D(5, 3, groups=2)", id="groups that do not divide"),
        pytest.param("keras.losses.MeanSquaredError(reduction='auto')", id="a reduction of Keras 2"),
    ],
)
def test_it_speaks_of_keras_3_alone(code: str) -> None:
    assert findings(code)
    assert not findings(code, "2.15")


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("layers.Dense(width)", id="a name of which nothing is known"),
        pytest.param("layers.Dense(len(rows) / 2)", id="half of an unknown number"),
        pytest.param("layers.Conv2D(4, (size, 3))", id="a window of two, one of them unknown"),
        pytest.param("layers.Conv2D(4, 3, strides=2, dilation_rate=(1, 1))", id="a dilation of 1"),
        pytest.param("layers.Dropout(0.5, name='drop')", id="a plain name"),
        pytest.param("layers.Dense(4, trainable=False)", id="a truth value"),
        pytest.param("try:\n    layers.Dense(0)\nexcept ValueError:\n    pass", id="an error that is expected"),
    ],
)
def test_what_is_right_or_not_known_is_left_alone(code: str) -> None:
    assert not findings(f"from mine import width, rows, size\n{code}")


def test_a_float_is_made_whole_where_it_is_used() -> None:
    source = "import keras\nwidth = 64\nlayer = keras.layers.Dense(width / 2)\n"
    rule = by_symbol("keras-invalid-argument")
    assert rule
    [finding] = check(read(source, "file.py"), Options(), [rule])
    assert finding.fix
    assert apply(source, [finding.fix]).endswith("Dense(int(width / 2))\n")
