"""What people say they see leads to the rules that may say why."""

from __future__ import annotations

import pytest

from keraslint import cli
from keraslint.rules.sights import SIGHTS, ranked, rules_for, sights_of

UNCHANGED, ACCURACY = "The loss does not change", "The accuracy stays at 0, at chance, or where it began"
SAME, SHAPES = "Every prediction is the same, always the same class", "Keras says that shapes do not fit"
FILES = "A saved model does not load, or is another one afterwards"
RAISES = "Keras raises, or the code ran with an older Keras"

SAID = (
    ("loss does not change", UNCHANGED, "keras-nothing-trainable"),
    ("my loss is stuck at 0.6931", UNCHANGED, "keras-softmax-on-one-unit"),
    ("loss is NaN after the first batch", "The loss is NaN", "keras-unguarded-sqrt"),
    ("loss is negative", "The loss is negative", "keras-divergence-loss-on-regression"),
    ("accuracy stays at 0", ACCURACY, "keras-exact-accuracy"),
    ("accuracy stuck at 0.5", ACCURACY, "keras-argmax-on-one-unit"),
    ("always predicts the same class", SAME, "keras-softmax-on-one-unit"),
    ("shapes are incompatible", SHAPES, "keras-incompatible-shape"),
    ("load_model fails", FILES, "keras-load-without-custom-objects"),
    ("AttributeError: module has no attribute", RAISES, "keras-removed-name"),
)


@pytest.mark.parametrize(("text", "title", "symbol"), SAID)
def test_what_somebody_says_leads_to_the_sight_and_the_rule(text: str, title: str, symbol: str) -> None:
    sights = {sight.title: sight for sight in sights_of(text)[:2]}
    assert title in sights
    assert symbol in [rule.symbol for rule in ranked(sights[title], text)[:12]]


def test_a_name_that_somebody_uses_comes_first() -> None:
    (sight,) = (one for one in SIGHTS if one.title == SHAPES)
    assert ranked(sight, "incompatible shapes")[0].symbol == "keras-incompatible-shape"
    assert ranked(sight, "the strides")[0].symbol == "keras-positional-strides"


def test_every_sight_has_rules_and_what_is_proven_comes_before_advice() -> None:
    for sight in SIGHTS:
        assert rules_for(sight), sight.title
        sure = [rule for rule, quoted in rules_for(sight) if quoted and set(sight.symptoms) & set(rule.symptoms)]
        categories = [rule.category for rule in sure]
        assert categories == sorted(categories, key="EWR".index)


def test_explain_shows_the_likeliest_and_where_the_others_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "--symptom", "loss does not change"]) == cli.OK
    printed = capsys.readouterr().out
    assert printed.startswith("The loss does not change\n\nE")
    assert "more: docs/symptoms.md" in printed
    assert "keras-useless-learning-rate" in printed


def test_what_is_no_symptom_is_an_error_that_names_those_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "--symptom", "it is raining"]) == cli.ERROR
    assert "The loss is NaN" in capsys.readouterr().err
