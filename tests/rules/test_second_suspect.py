"""A rate that is bearable by itself is reported beside a fault that keeps the same training from learning."""

from __future__ import annotations

import pytest

from keraslint.reader import read
from keraslint.rules import Options, Rule, by_symbol, check

START = "from keras import Input, Sequential, optimizers\nfrom keras.layers import Dense\n"
FAULT = 'Dense(1, "softmax")'


def named(symbol: str) -> Rule:
    found = by_symbol(symbol)
    assert found is not None
    return found


RATE, SOFTMAX = named("keras-high-learning-rate"), named("keras-softmax-on-one-unit")


def training(head: str, rate: object = 0.01, *, hidden: str = 'Dense(16, "relu")', metrics: str = "[]") -> str:
    compiled = f'model.compile(optimizers.Adam({rate}), "mse", metrics={metrics})'
    return f"model = Sequential([Input((8,)), {hidden}, {head}])\n{compiled}\n"


def messages(source: str, options: Options | None = None, rules: list[Rule] | None = None) -> list[str]:
    """Of the rule about high rates."""
    found = check(read(START + source, "file.py"), options or Options(), rules)
    return [finding.message for finding in found if finding.rule is RATE]


def test_the_message_names_the_other_fault_and_claims_no_harm() -> None:
    assert messages(training(FAULT)) == [
        "a learning rate of `0.01` for `Adam` is 10 times its default; "
        "once keras-softmax-on-one-unit is mended, start from `0.001`"
    ]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(training("Dense(1)"), id="no other fault"),
        pytest.param(training(FAULT, 0.009), id="the rate is usual"),
        pytest.param(training(FAULT, hidden="Dense(16)"), id="the network is linear"),
        pytest.param(training("Dense(1)") + training(FAULT, 0.001), id="the fault is in another training"),
        pytest.param(training("Dense(1)", metrics='["accuracy"]'), id="the other fault is only a metric"),
    ],
)
def test_it_is_silent_when(source: str) -> None:
    assert messages(source) == []


def test_the_option_moves_the_limit() -> None:
    assert messages(training(FAULT, 0.02), Options(max_adaptive_learning_rate=0.05)) == []


def test_a_rate_that_does_harm_by_itself_is_reported_for_that() -> None:
    (message,) = messages(training(FAULT, 1.0))
    assert "overshoot" in message


@pytest.mark.parametrize("rules", [[RATE, SOFTMAX], [SOFTMAX, RATE]], ids=["asked first", "asked last"])
def test_the_order_of_rules_does_not_matter(rules: list[Rule]) -> None:
    assert len(messages(training(FAULT), rules=rules)) == 1


def test_without_the_other_rule_there_is_no_suspicion() -> None:
    assert messages(training(FAULT), rules=[RATE]) == []
