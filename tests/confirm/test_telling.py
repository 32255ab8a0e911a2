"""What was seen, in sentences: which numbers stand in them, and in which case which words."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from runs import LEARNS, came, right

from keraslint.confirm import telling
from keraslint.confirm.evidence import Evidence, Run, Score, Trained
from keraslint.edits import Fix
from keraslint.graph import Confidence, Span
from keraslint.rules.framework import Finding, Symptom

FINDING = Finding(Span(21, 0, 21, 9), "a fault", Confidence.HIGH, Fix("use no activation", ()))
TWIN = came(0.9, moved=5)


def fact(symptom: Symptom, run: Run, twin: Run = TWIN, head: int | None = None) -> str:
    return telling.FACTS[symptom](run, twin, head)


def test_a_constant_prediction_is_told_with_its_value() -> None:
    told = fact(Symptom.CONSTANT, replace(LEARNS, always=(1.0,), moved=0))
    assert told == "Every prediction is 1, whatever goes in: 0 of 6 weights moved in 320 updates."
    told = fact(Symptom.CONSTANT, LEARNS)
    assert told == "Every input gets the same prediction, whatever goes in, after 320 updates."


def test_of_several_outputs_the_one_concerned_is_told() -> None:
    two = replace(LEARNS, always=(None, 0.0), end=(Score(1.0),) * 2)
    assert fact(Symptom.CONSTANT, two).startswith("Every prediction is 0,")
    assert fact(Symptom.CONSTANT, two, head=0).startswith("Every input gets the same")


def test_weights_that_stay_are_counted_beside_those_of_the_twin() -> None:
    told = fact(Symptom.NO_GRADIENT, replace(LEARNS, moved=4))
    assert told == "Only 4 of 6 weights moved in 320 updates, and 5 of 6 in the twin."


def test_the_epoch_that_breaks_is_named_counting_from_one() -> None:
    broken = replace(LEARNS, losses=(4.0, math.nan, math.nan), finite=False)
    assert fact(Symptom.NAN, broken) == "The loss becomes NaN or infinite in epoch 2 of 3."
    assert "epoch 1 of 1" in fact(Symptom.NAN, replace(broken, losses=(math.inf,)))
    assert "though the loss that Keras reports does not" in fact(Symptom.NAN, replace(LEARNS, finite=False))


@pytest.mark.parametrize("symptom", [Symptom.NAN, Symptom.PLATEAU])
def test_a_loss_that_runs_away_is_told_from_its_first_to_its_last_value(symptom: Symptom) -> None:
    told = fact(symptom, replace(LEARNS, losses=(-1.0, -9.0, -50.0)))
    assert told == "The loss runs away below zero, from -1 to -50, and measures nothing."


def test_a_divergence_is_told_by_three_errors() -> None:
    told = fact(Symptom.DIVERGES, came(-3.0))
    assert told == "Training makes it worse: the error goes from 5 to 8 in 320 updates, and a constant has 2."


def test_a_plateau_is_told_beside_a_constant() -> None:
    told = fact(Symptom.PLATEAU, came(0.0))
    assert told == "After 320 updates it answers no better than a constant: error 2, a constant has 2."
    told = fact(Symptom.PLATEAU, right(0.55, 0.69))
    assert told.endswith("accuracy 0.55, a constant has 0.5 (log loss 0.69 and 0.7).")


def test_who_is_slower_is_behind_or_broken() -> None:
    assert fact(Symptom.SLOWER, came(0.5)).startswith("After 320 updates it is clearly behind: error 1,")
    assert fact(Symptom.SLOWER, replace(LEARNS, finite=False)).startswith("A weight or prediction becomes NaN")


def metrics(name: str, start: float, end: float, constant: float) -> Run:
    return replace(LEARNS, start_metrics={name: start}, end_metrics={name: end}, constant_metrics={name: constant})


def test_a_metric_that_stands_still_is_told_beside_what_the_model_learns() -> None:
    told = fact(Symptom.METRIC, metrics("acc", 0.1, 0.11, 0.3), LEARNS)
    learns = "The model learns (the error falls from 5 to 0.2)"
    assert told == f"{learns}, and `acc` does not show it: 0.1 before, 0.11 after."


def test_metrics_that_contradict_each_other_are_told_with_both_numbers() -> None:
    told = fact(Symptom.METRIC, metrics("acc", 0.3, 0.8, 0.1), metrics("acc0", 0.3, 0.95, 0.1))
    assert told == "`acc` says 0.8 of the very predictions of which `acc0` says 0.95."


@pytest.mark.parametrize(
    ("symptom", "twin", "told"),
    [
        pytest.param(Symptom.SLOWER, came(0.5), "the error falls from 5 to 1.", id="values"),
        pytest.param(Symptom.SLOWER, came(-2.0), "the error goes from 5 to 6.", id="no fall"),
        pytest.param(Symptom.SLOWER, came(-1.5), "the error goes from 5 to 5.", id="still"),
        pytest.param(Symptom.SLOWER, right(0.9, 0.3), "the accuracy goes from 0.45 to 0.9.", id="classes"),
        pytest.param(Symptom.SLOWER, right(0.9, 0.3, start=(None,)), "accuracy goes from 0 to 0.9.", id="no start"),
        pytest.param(Symptom.DIVERGES, right(0.9, 0.3), "the error falls from 0.8 to 0.3.", id="divergence"),
        pytest.param(Symptom.METRIC, LEARNS, "`mae` goes from 2.2 to 0.4.", id="metric"),
        pytest.param(Symptom.METRIC, replace(LEARNS, end_metrics={}), "no metric is left.", id="no metric"),
    ],
)
def test_what_the_fix_makes_of_it(symptom: Symptom, twin: Run, told: str) -> None:
    said = telling.with_the_fix(FINDING, twin, None, symptom)
    assert said.startswith("With the fix in line 21 (use no activation) ")
    assert said.endswith(told)


def test_a_fix_without_words_is_told_by_its_line() -> None:
    said = telling.with_the_fix(Finding(FINDING.span, "a fault", Confidence.HIGH), came(0.5), None, Symptom.SLOWER)
    assert said.startswith("With the fix in line 21 the error")


def test_a_constant_that_has_no_accuracy_is_told_as_zero() -> None:
    run = right(0.9, 0.3, constant=(Score(0.7),))
    assert "a constant has 0 (log loss" in fact(Symptom.PLATEAU, run)


PAIRS = [(came(0.9), came(0.5)), (came(0.1), came(0.2))]
EVIDENCE = Evidence(Trained(), Trained())


def test_the_numbers_are_those_of_the_first_seed() -> None:
    seen = telling.observed(FINDING, Symptom.SLOWER, EVIDENCE, [(came(0.5), came(0.9)), (came(0.1), came(0.2))])
    assert seen.startswith("After 320 updates it is clearly behind: error 1, a constant has 2. With the fix")
    assert seen.endswith("the error falls from 5 to 0.2.")
    missed = telling.not_seen([Symptom.PLATEAU, Symptom.SLOWER], EVIDENCE, PAIRS)
    assert missed == (
        "in no seed: plateau, slower; the error falls from 5 to 0.2 as it stands; "
        "with the fix the error falls from 5 to 1"
    )
    harm = telling.refuted(FINDING, EVIDENCE, PAIRS)
    assert "as it stands the error falls from 5 to 0.2 in 320 updates. With the fix" in harm
    assert harm.endswith("the error falls from 5 to 1.")


def test_how_many_seeds_neither_side_learns_from_is_said_unless_it_is_all() -> None:
    pair = (replace(LEARNS, updates=7), LEARNS)
    assert telling.neither_learns(2, 2, pair).endswith("in 7 updates")
    assert telling.neither_learns(1, 2, pair).endswith("in 7 updates from 1 of 2 seeds")


def test_numbers_have_three_digits_or_are_none() -> None:
    assert [telling.number(value) for value in (0.12345, math.inf, math.nan)] == ["0.123", "NaN", "NaN"]
