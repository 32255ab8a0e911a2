"""Which curve a report shows for a verdict: the one that decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from helpers.graph_parts import NOWHERE
from runs import LEARNS

from keraslint.confirm.curves import Curve, deciding_curve
from keraslint.confirm.evidence import Evidence, Run, Score, Trained, Verdict
from keraslint.graph import Confidence
from keraslint.rules.framework import Finding, Symptom

FINDING = Finding(NOWHERE, "a fault", Confidence.HIGH)
STILL = replace(
    LEARNS,
    metrics={"acc": (0.1, 0.2)},
    start_metrics={"acc": 0.1},
    end_metrics={"acc": 0.2},
    constant_metrics={"acc": 0.2},
)


def curve(symptom: Symptom | None, flagged: Sequence[Run], twin: Run = LEARNS, head: int | None = None) -> Curve:
    evidence = Evidence(Trained(tuple(flagged)), Trained((twin,)), head)
    return deciding_curve(Verdict(FINDING, "confirmed", "", symptom, evidence))


@pytest.mark.parametrize("symptom", [Symptom.SLOWER, Symptom.PLATEAU, Symptom.CONSTANT, None])
def test_a_comparison_is_decided_by_the_error_beside_that_of_a_constant(symptom: Symptom | None) -> None:
    shown = curve(symptom, [LEARNS])
    assert (shown.name, shown.constant) == ("error", 2.0)
    assert list(shown.of(LEARNS)) == [1.5, 0.8, 0.2]


@pytest.mark.parametrize("symptom", [Symptom.NAN, Symptom.NO_GRADIENT])
def test_a_loss_that_breaks_down_is_shown_itself(symptom: Symptom) -> None:
    shown = curve(symptom, [LEARNS])
    assert (shown.name, shown.constant) == ("loss", None)
    assert shown.of(LEARNS) == LEARNS.losses


def test_what_cannot_be_measured_is_shown_by_its_loss() -> None:
    assert curve(Symptom.SLOWER, [LEARNS, replace(LEARNS, end=(None,))]).name == "loss"


def test_a_metric_that_misleads_is_shown_itself() -> None:
    shown = curve(Symptom.METRIC, [STILL])
    assert shown.name == "`acc`"
    assert shown.of(STILL) == (0.1, 0.2)
    assert shown.of(LEARNS) == ()


def test_a_metric_that_does_not_mislead_leaves_the_error() -> None:
    assert curve(Symptom.METRIC, [LEARNS]).name == "error"


def test_several_outputs_are_shown_as_their_mean_unless_one_is_meant() -> None:
    scores = (Score(1.0), Score(1.0))
    two = replace(LEARNS, end=scores, constant=(Score(2.0), Score(4.0)), errors=((1.0, 2.0), (3.0, 6.0)))
    assert list(curve(Symptom.SLOWER, [two]).of(two)) == [2.0, 4.0]
    assert curve(Symptom.SLOWER, [two]).constant == 3.0
    assert list(curve(Symptom.SLOWER, [two], head=1).of(two)) == [3.0, 6.0]


def test_the_constant_is_that_of_the_first_run_and_none_without_a_run() -> None:
    assert curve(Symptom.SLOWER, [LEARNS, replace(LEARNS, seed=1, constant=(Score(9.0),))]).constant == 2.0
    assert curve(Symptom.SLOWER, []).constant is None
