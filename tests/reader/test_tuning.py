"""KerasTuner: models that a search builds, with hyperparameters as unknowns out of known values."""

from __future__ import annotations

import operator

import pytest
from reading import model, models, outputs, read_bare, reasons, summary, variants

from keraslint.graph import Confidence, Fact, OneOf, Span, Unknown

SPAN = Span(1, 0, 1, 1)
BUILD = "def build(hp):\n    return Sequential([Input((3,)), Dense({}), Dense(2)])\n"
SEARCH = """
import keras
import keras_tuner as kt
from keras import Input, Sequential
from keras.layers import Dense
"""


@pytest.mark.parametrize(
    ("size", "reason"),
    {
        "hp.Int('units', 32, 512, step=32)": "hyperparameter `units`: 32 … 512",
        "hp.Int('units', min_value=1, max_value=9, sampling='log')": "hyperparameter `units`: 1 … 9",
        "hp.Choice('units', [8, 16])": "hyperparameter `units`: 8, 16",
        "hp.Choice('units', [8, 16]) * 2": "hyperparameter `units`: 8, 16",
        "hp.batch": "parameter `hp` of build",
    }.items(),
)
def test_a_hyperparameter_says_its_values(size: str, reason: str) -> None:
    made = model(BUILD.format(size))
    (dim,) = [call.output_shape[-1] for call in made.calls][:1]
    assert isinstance(dim, Unknown)
    assert dim.reason == reason
    assert str(made.output_shape) == "(None, 2)"


@pytest.mark.parametrize("size", ["hp.Fixed('units', 6)", "hp.Choice('units', [6])", "hp.Int('units', 6, 6)"])
def test_a_hyperparameter_with_one_value_is_that_value(size: str) -> None:
    assert summary(model(BUILD.format(size))) == ["Dense(None, 6)", "Dense(None, 2)"]


def test_hyperparameters_are_found_by_their_annotation() -> None:
    source = BUILD.format("p.Int('units', 8, 64)").replace("(hp)", "(p: kt.HyperParameters)")
    assert "8 … 64" in " ".join(
        dim.reason for call in model(source).calls for dim in call.output_shape.dims if isinstance(dim, Unknown)
    )


def test_the_same_name_is_the_same_value() -> None:
    source = "def build(hp):\n    i = Input((3,))\n    a, b = (Dense(hp.Int('n', 2, 4))(i) for _ in range(2))\n"
    made = model(source + "    return Model(i, layers.Add()([a, b]))\n")
    assert [call.error for call in made.calls] == [None, None, None]
    assert made.calls[0].output_shape[-1] is made.calls[1].output_shape[-1]


def test_a_choice_decides_both_branches_and_no_third() -> None:
    source = """
    def build(hp):
        kind = hp.Choice("kind", ["small", "large"])
        made = Sequential([Input((3,))])
        if kind == "small":
            made.add(Dense(2))
        if kind == "large":
            made.add(Dense(20))
        return made
    """
    assert variants(source) == {("Dense(None, 2)",), ("Dense(None, 20)",)}


def test_what_all_values_agree_on_is_decided() -> None:
    source = """
    def build(hp):
        made = Sequential([Input((3,))])
        if hp.Int("layers", 1, 3) >= 1:
            made.add(Dense(2))
        if hp.Choice("kind", ["a", "b"]) == "c":
            made.add(Dense(20))
        return made
    """
    assert variants(source) == {("Dense(None, 2)",)}


def test_a_loop_of_unknown_length_keeps_what_stands_around_it() -> None:
    source = """
    def build(hp):
        made = Sequential([Input((3,))])
        for i in range(hp.Int("layers", 1, 3)):
            made.add(Dense(hp.Int(f"units_{i}", 4, 8)))
        made.add(Dense(2))
        return made
    """
    assert outputs(source) == "(None, 2)"
    assert "hyperparameter `layers`: 1, 2, 3" in reasons(source)


def test_repeated_layers_that_keep_the_shape_leave_it_known() -> None:
    source = """
    def build(depth):
        made = Sequential([Input((8,))])
        for _ in range(depth):
            made.add(Dense(8, activation="relu"))
        made.add(Dropout(0.5))
        return made
    """
    assert outputs(source) == "(None, 8)"
    assert "parameter `depth` of build" in reasons(source)


@pytest.mark.parametrize(
    "search",
    [
        BUILD.format("hp.Int('n', 2, 4)") + "tuner = kt.RandomSearch(build, objective='val_loss')\n",
        BUILD.format("hp.Int('n', 2, 4)") + "tuner = kt.Hyperband(hypermodel=build, objective='val_loss')\n",
        "class Hyper(kt.HyperModel):\n    def build(self, hp):\n        return Sequential([Input((3,)), Dense(2)])\n"
        "tuner = kt.tuners.BayesianOptimization(Hyper(), 'val_loss')\n",
    ],
    ids=["a function", "by keyword", "a HyperModel"],
)
def test_a_search_fits_the_model_that_it_builds(search: str) -> None:
    program = read_bare(SEARCH + search + "tuner.search([0], [0], epochs=7)\n")
    assert [str(fit.model.output_shape) for fit in program.fits] == ["(None, 2)"]
    assert [fit.argument("epochs") == 7 for fit in program.fits] == [True]


def test_the_best_hyperparameters_build_a_model_again() -> None:
    search = BUILD.format("hp.Int('n', 2, 4)") + "tuner = kt.RandomSearch(build, objective='val_loss')\n"
    program = read_bare(
        SEARCH + search + "best = tuner.get_best_hyperparameters()[0]\nfinal = tuner.hypermodel.build(best)\n"
        "Sequential([Input((3,)), Dense(best.get('n'))])\n"
    )
    assert str(program.models[1].output_shape) == "(None, 2)"
    assert [made.output_shape[-1].reason for made in program.models[2:]] == ["hyperparameter `n`: 2, 3, 4"]


def test_a_comparison_holds_of_every_value_or_not_at_all() -> None:
    two = Fact(OneOf("two", None, (0.2, 1.0)), SPAN, Confidence.HIGH)
    between = Fact(OneOf("between", None, (0.2, 1.0), between=True), SPAN, Confidence.HIGH)
    assert [two > 0.1, two > 0.2, two < 2, two == 1.0, two != 3.0] == [True, False, True, False, True]
    assert [between > 0.1, between > 0.5, between == 0.2, between != 0.5] == [True, False, False, False]
    assert two.is_in((1.0, 0.2, 7))
    assert not any(test(two, "text") for test in (operator.lt, operator.gt))
    assert not two.known


def test_a_search_without_a_function_in_sight_is_no_model() -> None:
    assert models("import keras_tuner as kt\nfrom elsewhere import build\nkt.RandomSearch(build, 'loss')\n") == ()
