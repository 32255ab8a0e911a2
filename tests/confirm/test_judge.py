"""The verdict on made-up evidence: one symptom at a time, and what does not suffice for one."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from builders import NOWHERE, rule

from keraslint.confirm.evidence import Run, Trained
from keraslint.confirm.judge import judge
from keraslint.confirm.plan import Plan
from keraslint.confirm.variants import Case
from keraslint.graph import Confidence
from keraslint.rules.framework import Finding, Symptom

LEARNS = Run(
    seed=0,
    losses=(4.0, 1.0, 0.2),
    metrics={"mae": (2.0, 1.0, 0.4)},
    start_loss=5.0,
    end_loss=0.2,
    constant_loss=2.0,
    start_metrics={"mae": 2.2},
    end_metrics={"mae": 0.4},
    constant_metrics={"mae": 1.2},
    spreads=(1.3,),
    magnitudes=(3.0,),
    moved=6,
    weights=6,
    finite=True,
)


def verdict(flagged: Run, twin: Run, *symptoms: Symptom, seeds: int = 3) -> tuple[str, Symptom | None]:
    finding = Finding(NOWHERE, "a fault", Confidence.HIGH, rule=rule("keras-fault", "W7899", *symptoms))
    case = Case(finding, Plan({}), Plan({}))
    judged = judge(case, Trained((flagged,) * seeds), Trained((twin,) * seeds))
    return judged.verdict, judged.symptom


FAULTS = {
    Symptom.CONSTANT: replace(LEARNS, spreads=(0.0,), end_loss=6.0),
    Symptom.NO_GRADIENT: replace(LEARNS, moved=4),
    Symptom.PLATEAU: replace(LEARNS, end_loss=4.95),
    Symptom.NAN: replace(LEARNS, finite=False, losses=(4.0, math.nan)),
    Symptom.SLOWER: replace(LEARNS, end_loss=1.0),
    Symptom.METRIC: replace(
        LEARNS, start_metrics={"acc": 0.1}, end_metrics={"acc": 0.2}, constant_metrics={"acc": 0.2}
    ),
}


@pytest.mark.parametrize("symptom", FAULTS)
def test_each_symptom_is_confirmed_beside_a_twin_without_it(symptom: Symptom) -> None:
    assert verdict(FAULTS[symptom], LEARNS, symptom) == ("confirmed", symptom)


@pytest.mark.parametrize("symptom", FAULTS)
def test_no_symptom_is_seen_in_a_model_that_learns(symptom: Symptom) -> None:
    assert verdict(LEARNS, LEARNS, symptom) == ("not reproduced", None)


@pytest.mark.parametrize("symptom", [Symptom.CONSTANT, Symptom.NAN, Symptom.NO_GRADIENT])
def test_a_twin_with_the_same_symptom_proves_nothing(symptom: Symptom) -> None:
    assert verdict(FAULTS[symptom], FAULTS[symptom], symptom)[0] == "not reproduced"


@pytest.mark.parametrize("symptom", [Symptom.PLATEAU, Symptom.SLOWER])
def test_a_plateau_beside_a_twin_that_does_not_learn_is_inconclusive(symptom: Symptom) -> None:
    flat = FAULTS[Symptom.PLATEAU]
    assert verdict(flat, flat, symptom)[0] == "inconclusive"


def test_no_better_than_a_constant_is_a_plateau() -> None:
    assert verdict(replace(LEARNS, end_loss=1.99), LEARNS, Symptom.PLATEAU)[0] == "confirmed"


def test_a_loss_that_runs_to_minus_infinity_is_a_plateau() -> None:
    runaway = replace(LEARNS, losses=(-1.0, -50.0), end_loss=-50.0, constant_loss=-100.0)
    assert verdict(runaway, LEARNS, Symptom.PLATEAU)[0] == "confirmed"


def test_a_metric_that_misses_right_answers_is_confirmed() -> None:
    wrong = {"start_metrics": {"acc": 0.4}, "end_metrics": {"acc": 0.8}, "constant_metrics": {"acc": 0.5}}
    right = {
        "start_metrics": {"acc0": 0.5},
        "end_metrics": {"acc0": 0.95},
        "constant_metrics": {"acc0": 0.5},
    }
    flagged, twin = replace(LEARNS, **wrong), replace(LEARNS, **right)
    assert verdict(flagged, twin, Symptom.METRIC)[0] == "confirmed"


def test_an_error_is_no_share_of_right_answers() -> None:
    error = {"start_metrics": {"acc": 0.2}, "end_metrics": {"acc": 0.9}, "constant_metrics": {"acc": 0.5}}
    assert verdict(replace(LEARNS, **error), LEARNS, Symptom.METRIC)[0] == "not reproduced"


def test_a_seed_from_which_neither_side_learns_leaves_it_open() -> None:
    finding = Finding(NOWHERE, "a fault", Confidence.HIGH, rule=rule("keras-fault", "W7899", Symptom.SLOWER))
    idle = FAULTS[Symptom.PLATEAU]
    flagged, twin = Trained((FAULTS[Symptom.SLOWER], idle)), Trained((LEARNS, idle))
    judged = judge(Case(finding, Plan({}), Plan({})), flagged, twin)
    assert judged.verdict == "inconclusive"
    assert "from 1 of 2 seeds (slower in 1 of 2 seeds)" in judged.reason


def test_a_symptom_in_some_seeds_is_not_reproduced() -> None:
    finding = Finding(NOWHERE, "a fault", Confidence.HIGH, rule=rule("keras-fault", "W7899", Symptom.SLOWER))
    flagged = Trained((FAULTS[Symptom.SLOWER], LEARNS))
    judged = judge(Case(finding, Plan({}), Plan({})), flagged, Trained((LEARNS, LEARNS)))
    assert judged.verdict == "not reproduced"
    assert "slower in 1 of 2 seeds" in judged.reason


@pytest.mark.parametrize(
    ("flagged", "twin", "expected"),
    [
        pytest.param(Trained(error="E", phase="building"), Trained((LEARNS,)), "confirmed", id="flagged raises"),
        pytest.param(Trained(error="E", phase="building"), None, "confirmed", id="raises, no fix"),
        pytest.param(Trained((LEARNS,)), None, "not reproduced", id="does not raise, no fix"),
        pytest.param(Trained(error="E"), Trained(error="E"), "inconclusive", id="both raise"),
        pytest.param(Trained((LEARNS,)), Trained(error="E"), "inconclusive", id="twin raises"),
        pytest.param(Trained(failure="killed"), Trained((LEARNS,)), "inconclusive", id="killed"),
    ],
)
def test_raising(flagged: Trained, twin: Trained | None, expected: str) -> None:
    finding = Finding(NOWHERE, "a fault", Confidence.HIGH, rule=rule("keras-fault", "E7899", Symptom.RAISES))
    assert judge(Case(finding, Plan({}), Plan({})), flagged, twin).verdict == expected
