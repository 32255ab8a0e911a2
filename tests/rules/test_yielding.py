"""A rule that yields to another: what that one explains better is told once, unless both have to be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from keraslint.edits import Fix, replace
from keraslint.graph import Call, Confidence, Training
from keraslint.graph.views import Activation, Head
from keraslint.reader import read
from keraslint.rules import Options, Rule, all_rules, by_symbol, check
from keraslint.rules.framework import Finding, Symptom, found, rule

SOURCE = """
from keras import Input, Model, layers
i = Input((4,))
a = layers.Dense(1, activation="relu", name="a")(i)
b = layers.Dense(1, activation="tanh", name="b")(i)
model = Model(i, [a, b])
model.compile("adam", {"a": "mse", "b": "mae"})
"""


def declared(check: Callable[..., Iterator[Finding]]) -> Rule:
    made = vars(check)["_keraslint_rule"]
    assert isinstance(made, Rule)
    return made


@rule("W7890", symptom=Symptom.PLATEAU)
def keras_relu_head(head: Head) -> Iterator[Finding]:
    if head.activation and head.loss and head.activation_is("relu"):
        yield found(head.loss.at, "better", fix=Fix("change the loss", (replace(head.loss.at.span, '"mae"'),)))


@rule("W7891", symptom=Symptom.PLATEAU, yields_to="keras-relu-head")
def keras_head(head: Head) -> Iterator[Finding]:
    if head.activation:
        yield found(head.activation.name, "worse")


@rule("W7892", symptom=Symptom.PLATEAU, yields_to="keras-relu-head")
def keras_activation(activation: Activation) -> Iterator[Finding]:
    yield found(activation.name, "worse")


@rule("W7893", symptom=Symptom.PLATEAU, yields_to="keras-relu-head")
def keras_call(call: Call) -> Iterator[Finding]:
    yield found(call.layer.span, "worse", call.confidence)


@rule("W7894", symptom=Symptom.PLATEAU, yields_to=("keras-head", "keras-relu-head"))
def keras_training(training: Training) -> Iterator[Finding]:
    yield found(training.span, "worse", Confidence.HIGH)


@rule("W7895", symptom=Symptom.PLATEAU, yields_to="keras-relu-head")
def keras_other_place(head: Head) -> Iterator[Finding]:
    if head.activation:
        span = head.activation.name.span
        yield found(head.activation.name, "independent", fix=Fix("no activation", (replace(span, '"linear"'),)))


@rule("W7896", symptom=Symptom.PLATEAU, yields_to="keras-relu-head")
def keras_same_place(head: Head) -> Iterator[Finding]:
    if head.activation and head.loss:
        yield found(head.activation.name, "worse", fix=Fix("the loss", (replace(head.loss.at.span, '"mse"'),)))


def lines(*checks: Callable[..., Iterator[Finding]]) -> list[tuple[str, int]]:
    rules = list(map(declared, checks))
    return [(f.rule.symbol, f.span.line) for f in check(read(SOURCE, "file.py"), Options(), rules) if f.rule]


BETTER = ("keras-relu-head", 7)


@pytest.mark.parametrize("yielding", [keras_head, keras_activation, keras_call, keras_same_place])
def test_of_one_output_only_the_better_explanation_is_told(yielding: Callable[..., Iterator[Finding]]) -> None:
    symbol = declared(yielding).symbol
    assert lines(yielding) == [(symbol, 4), (symbol, 5)]
    assert lines(keras_relu_head, yielding) == [(symbol, 5), BETTER]


def test_what_concerns_the_whole_training_is_explained_by_one_of_its_outputs() -> None:
    assert lines(keras_training) == [("keras-training", 7)]
    assert lines(keras_training, keras_relu_head) == [BETTER]


def test_what_has_to_be_mended_elsewhere_is_told_beside_it() -> None:
    assert lines(keras_relu_head, keras_other_place) == [("keras-other-place", 4), ("keras-other-place", 5), BETTER]


def test_a_finding_that_is_dropped_explains_all_the_same() -> None:
    assert lines(keras_training, keras_head, keras_relu_head) == [("keras-head", 5), BETTER]


@pytest.mark.parametrize("yielding", [r for r in all_rules() if r.yields_to], ids=lambda r: r.symbol)
def test_a_rule_yields_to_rules_that_are_on_where_it_is(yielding: Rule) -> None:
    for symbol in yielding.yields_to:
        better = by_symbol(symbol)
        assert better is not None, f"no rule is called {symbol}"
        assert better.on_by_default or not yielding.on_by_default
        assert yielding.symbol not in better.yields_to
