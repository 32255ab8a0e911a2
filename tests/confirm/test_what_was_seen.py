"""Each symptom on made-up runs: what suffices for it, and what just does not."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from runs import LEARNS, came, right

from keraslint.confirm import criteria, symptoms
from keraslint.confirm.evidence import Run, Score

TWIN = came(0.9)


@pytest.mark.parametrize(
    ("flagged", "twin", "expected"),
    [
        pytest.param({"spreads": (0.0,)}, {}, True, id="the same for every input"),
        pytest.param({"spreads": (1e-6,), "magnitudes": (0.5,)}, {}, True, id="rounding of a small value"),
        pytest.param({"spreads": (2e-6,), "magnitudes": (0.5,)}, {}, False, id="more than rounding"),
        pytest.param({"spreads": (3e-6,), "magnitudes": (3.0,)}, {}, True, id="rounding of a larger value"),
        pytest.param({"spreads": (0.0,)}, {"spreads": (0.001,)}, True, id="the twin varies a little"),
        pytest.param({"spreads": (0.0,)}, {"spreads": (0.0009,)}, False, id="the twin does not vary either"),
        pytest.param({"spreads": (0.0,), "finite": False}, {}, False, id="not finite"),
    ],
)
def test_constant(flagged: dict[str, object], twin: dict[str, object], expected: bool) -> None:
    run, other = replace(LEARNS, **flagged), replace(LEARNS, **twin)  # type: ignore[arg-type]
    assert symptoms.constant(run, other, None) is expected


def test_constant_is_asked_of_the_output_concerned() -> None:
    run, twin = replace(LEARNS, spreads=(0.0, 1.0), magnitudes=(1.0, 1.0)), replace(LEARNS, spreads=(1.0, 1.0))
    run, twin = (replace(one, end=(Score(1.0),) * 2) for one in (run, twin))
    assert symptoms.constant(run, twin, 0)
    assert not symptoms.constant(run, twin, 1)
    assert symptoms.constant(run, twin, None)


@pytest.mark.parametrize(
    ("moved", "layers", "finite", "expected"),
    [(2, 3, True, True), (0, 3, True, True), (3, 3, True, False), (2, 3, False, False), (2, 2, True, False)],
)
def test_layers_that_do_not_move(moved: int, layers: int, finite: bool, expected: bool) -> None:
    run = replace(LEARNS, moved_layers=moved, layers=layers, finite=finite)
    assert symptoms.no_gradient(run, LEARNS, None) is expected


def test_a_twin_with_as_many_still_layers_shows_nothing() -> None:
    still = replace(LEARNS, moved_layers=2)
    assert not symptoms.no_gradient(still, still, None)
    assert not symptoms.no_gradient(replace(LEARNS, moved_layers=4, layers=6), still, None)


def test_one_still_weight_of_a_layer_that_moves_shows_nothing() -> None:
    """Of attention the bias of the keys is such: it has no gradient but rounding."""
    assert not symptoms.no_gradient(replace(LEARNS, moved=5), LEARNS, None)


def test_nan_is_one_beside_a_twin_that_has_none() -> None:
    broken = replace(LEARNS, finite=False)
    assert symptoms.nan(broken, LEARNS, None)
    assert not symptoms.nan(broken, broken, None)
    assert not symptoms.nan(LEARNS, LEARNS, None)


@pytest.mark.parametrize(
    ("losses", "twin", "expected"),
    [
        pytest.param((-1.0, -50.0), (1.0, 0.5), True, id="falls below zero"),
        pytest.param((-1.0, -50.0), (1.0, 0.0), True, id="the twin ends at zero"),
        pytest.param((-1.0, -50.0), (-0.1, -0.9), False, id="the twin's is negative, too"),
        pytest.param((-1.0, -1.0), (1.0, 0.5), False, id="does not fall"),
        pytest.param((1.0, 0.0), (1.0, 0.5), False, id="ends at zero"),
    ],
)
def test_a_loss_that_runs_away(losses: tuple[float, ...], twin: tuple[float, ...], expected: bool) -> None:
    run, other = replace(LEARNS, losses=losses), replace(TWIN, losses=twin)
    assert symptoms.runs_away(run, other) is expected
    assert symptoms.nan(run, other, None) is expected
    assert symptoms.plateau(run, other, None) is expected


def test_a_run_that_broke_down_does_not_run_away() -> None:
    assert not symptoms.runs_away(replace(LEARNS, losses=(-1.0, -50.0), finite=False), LEARNS)


DIVERGES = [
    pytest.param(came(-2.0, start=(Score(2.5),)), came(0.1, start=(Score(2.5),)), True, id="worse than it began"),
    pytest.param(came(-1.1, start=(Score(9.0),)), TWIN, True, id="worse than twice the constant's error"),
    pytest.param(came(-0.9, start=(Score(9.0),)), TWIN, False, id="not quite twice, and better than it began"),
    pytest.param(came(-0.3, start=(Score(2.0),)), TWIN, True, id="a little worse than where it began"),
    pytest.param(came(-0.05, start=(Score(2.0),)), TWIN, False, id="less than a tenth worse"),
    pytest.param(came(-2.0), came(-1.95), False, id="the twin is hardly better"),
    pytest.param(came(-2.0), came(-0.5, start=(Score(2.0),)), False, id="the twin gets worse, too"),
    pytest.param(came(-2.0, finite=False), TWIN, False, id="not finite: that is another symptom"),
    pytest.param(right(0.5, 2.0), right(0.9, 0.3), True, id="classes that nobody gets right"),
    pytest.param(right(0.8, 2.0), right(0.9, 0.3), False, id="sure of itself, and often right"),
    pytest.param(replace(LEARNS, end=(None,)), TWIN, False, id="not measured"),
    pytest.param(came(-2.0), replace(LEARNS, end=(None,)), False, id="the twin is not measured"),
]


@pytest.mark.parametrize(("run", "twin", "expected"), DIVERGES)
def test_diverges(run: Run, twin: Run, expected: bool) -> None:
    assert symptoms.diverges(run, twin, None) is expected


PLATEAU = [
    pytest.param(came(0.049), TWIN, True, id="no better than a constant"),
    pytest.param(came(0.051), TWIN, False, id="a little better"),
    pytest.param(came(0.5, start=(Score(1.01),)), TWIN, True, id="stays where it began"),
    pytest.param(came(0.5, start=(Score(1.06),)), TWIN, False, id="moved on from there"),
    pytest.param(came(0.05), came(0.19), False, id="the twin does not learn"),
    pytest.param(came(0.85, start=(Score(0.3),)), came(0.9), False, id="hardly behind"),
    pytest.param(came(0.0, finite=False), TWIN, False, id="not finite"),
    pytest.param(replace(LEARNS, end=(None,)), TWIN, False, id="not measured"),
]


@pytest.mark.parametrize(("run", "twin", "expected"), PLATEAU)
def test_plateau(run: Run, twin: Run, expected: bool) -> None:
    assert symptoms.plateau(run, twin, None) is expected


SLOWER = [
    pytest.param(came(0.79), TWIN, True, id="a tenth of the way behind"),
    pytest.param(came(0.81), TWIN, False, id="less than a tenth"),
    pytest.param(came(0.0), came(0.201), True, id="the twin has just learned"),
    pytest.param(came(0.0), came(0.199), False, id="the twin has not learned"),
    pytest.param(came(0.95), TWIN, False, id="ahead"),
    pytest.param(came(0.5, finite=False), TWIN, True, id="broken down"),
    pytest.param(replace(LEARNS, end=(None,)), TWIN, False, id="not measured"),
    pytest.param(right(0.9, 0.65), right(0.9, 0.2), False, id="less sure, but right as often"),
    pytest.param(right(0.6, 0.2), right(0.9, 0.2), False, id="less often right, by the same log loss"),
    pytest.param(right(0.6, 0.6), right(0.9, 0.2), True, id="behind by both measures"),
]


@pytest.mark.parametrize(("run", "twin", "expected"), SLOWER)
def test_slower(run: Run, twin: Run, expected: bool) -> None:
    assert symptoms.slower(run, twin, None) is expected


def with_metric(start: float, end: float, constant: float, name: str = "acc") -> dict[str, dict[str, float]]:
    return {"start_metrics": {name: start}, "end_metrics": {name: end}, "constant_metrics": {name: constant}}


METRIC = [
    pytest.param(with_metric(0.1, 0.5, 0.49), True, id="what a constant gets"),
    pytest.param(with_metric(0.49, 0.5, 0.1), True, id="where it began"),
    pytest.param(with_metric(0.1, 0.5, 0.47), False, id="further than one answer in fifty"),
    pytest.param(with_metric(0.1, 0.5, 0.6), True, id="fewer right answers than a constant"),
    pytest.param(with_metric(0.1, 0.5, 0.6, "auc"), False, id="another metric than a constant's, whatever it means"),
    pytest.param(with_metric(10.0, 50.0, 49.5), True, id="relative when it is no share"),
    pytest.param(with_metric(10.0, 50.0, 48.0), False, id="relative, and further"),
]


@pytest.mark.parametrize(("metrics", "expected"), METRIC)
def test_a_metric_stands_still_while_the_model_learns(metrics: dict[str, dict[str, float]], expected: bool) -> None:
    assert symptoms.metric(replace(LEARNS, **metrics), LEARNS, None) is expected  # type: ignore[arg-type]


def test_a_metric_says_nothing_of_a_model_that_does_not_learn() -> None:
    assert not symptoms.metric(came(0.1, **with_metric(0.1, 0.5, 0.5)), LEARNS, None)


def test_a_replacement_that_stands_still_as_well_is_no_better() -> None:
    still = with_metric(0.4, 0.42, 0.4, "other")
    assert not symptoms.metric(replace(LEARNS, **with_metric(0.1, 0.5, 0.5)), replace(LEARNS, **still), None)  # type: ignore[arg-type]


def test_two_shares_of_right_answers_that_disagree_cannot_both_be_right() -> None:
    wrong, fine = (replace(LEARNS, **with_metric(0.3, end, 0.1, name)) for end, name in ((0.8, "acc"), (0.95, "acc0")))  # type: ignore[arg-type]
    assert symptoms.misleading(wrong, fine, None) == ("acc", "acc0")
    near = replace(LEARNS, **with_metric(0.3, 0.84, 0.1, "acc"))  # type: ignore[arg-type]
    assert symptoms.misleading(near, replace(fine, **with_metric(0.3, 0.88, 0.1, "acc0")), None) is None  # type: ignore[arg-type]


def test_metrics_of_other_predictions_or_of_another_kind_are_not_compared() -> None:
    wrong, fine = (replace(LEARNS, **with_metric(0.3, end, 0.1, name)) for end, name in ((0.8, "acc"), (0.95, "acc0")))  # type: ignore[arg-type]
    assert symptoms.misleading(wrong, replace(fine, prints=(7.0, 2.0)), None) is None
    assert symptoms.misleading(wrong, LEARNS, None) is None
    auc = replace(LEARNS, **with_metric(0.3, 0.8, 0.1, "auc_1"))  # type: ignore[arg-type]
    assert symptoms.misleading(auc, replace(LEARNS, **with_metric(0.3, 0.95, 0.1, "auc")), None) == ("auc_1", "auc")  # type: ignore[arg-type]


def test_a_metric_that_both_sides_have_is_not_the_one_in_question() -> None:
    both = {
        "start_metrics": {"mae": 2.2, "acc": 0.1},
        "end_metrics": {"mae": 0.4, "acc": 0.5},
        "constant_metrics": {"mae": 0.4, "acc": 0.1},
    }
    assert not symptoms.metric(replace(LEARNS, **both), LEARNS, None)  # type: ignore[arg-type]


def test_nan_in_a_score_is_no_symptom_of_a_gap() -> None:
    broken = replace(LEARNS, end=(Score(math.inf),))
    assert symptoms.plateau(broken, TWIN, None)
    assert symptoms.slower(broken, TWIN, None)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that floats hit exactly."""
    for name, value in {"LEARNED": 0.25, "GAP": 0.125, "NO_BETTER": 0.0625, "STAYED": 0.03125}.items():
        monkeypatch.setattr(criteria, name, value)


@pytest.mark.usefixtures("exact")
def test_limits_belong_to_what_they_allow() -> None:
    assert symptoms.slower(came(0.0), came(0.25), None)
    assert symptoms.slower(came(0.375), came(0.5), None)
    assert symptoms.plateau(came(0.0625), came(0.25), None)
    assert symptoms.plateau(came(0.5, start=(Score(1.0625),)), TWIN, None)
    assert not symptoms.diverges(came(-0.125, start=(Score(2.0),)), TWIN, None)
    assert not symptoms.diverges(came(-1.0, start=(Score(9.0),)), TWIN, None)
    assert symptoms.diverges(came(-2.0, start=(Score(2.0),)), came(-1.875, start=(Score(5.75),)), None)
    flat = right(0.53125, 2.0, start=(Score(0.8, 0.5),))
    assert symptoms.diverges(flat, right(0.9, 0.3), None)


def test_outputs_near_zero_are_constant_by_an_absolute_measure() -> None:
    assert not symptoms.constant(replace(LEARNS, spreads=(1.2e-6,), magnitudes=(0.0,)), LEARNS, None)
    assert symptoms.constant(replace(LEARNS, spreads=(0.9e-6,), magnitudes=(0.0,)), LEARNS, None)


def test_an_auc_and_an_accuracy_are_of_different_kinds() -> None:
    auc, share = (replace(LEARNS, **with_metric(0.3, end, 0.1, name)) for end, name in ((0.8, "auc"), (0.95, "acc")))  # type: ignore[arg-type]
    assert symptoms.misleading(auc, share, None) is None


def test_a_metric_below_one_is_held_to_one_answer_in_fifty() -> None:
    assert not symptoms.metric(replace(LEARNS, **with_metric(0.1, 0.5, 0.475)), LEARNS, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("end", "follows"), [(0.56, True), (0.54, False)])
def test_a_replacement_has_to_follow_the_fit_by_a_tenth(end: float, follows: bool) -> None:
    still, other = with_metric(0.1, 0.5, 0.5), with_metric(0.5, end, 0.1, "other")
    assert symptoms.metric(replace(LEARNS, **still), replace(LEARNS, **other), None) is follows  # type: ignore[arg-type]


def test_limits_of_metrics_belong_to_what_they_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"METRIC_STILL": 0.125, "METRIC_MOVES": 0.5, "METRIC_GAP": 0.125}.items():
        monkeypatch.setattr(criteria, name, value)
    assert symptoms.metric(replace(LEARNS, **with_metric(0.0, 0.5, 0.375)), LEARNS, None)  # type: ignore[arg-type]
    still, other = with_metric(0.0, 0.5, 0.5), with_metric(0.25, 0.5, 0.0, "other")
    assert not symptoms.metric(replace(LEARNS, **still), replace(LEARNS, **other), None)  # type: ignore[arg-type]
    one, two = with_metric(0.0, 0.75, 0.0, "acc"), with_metric(0.0, 0.875, 0.0, "acc0")
    assert symptoms.misleading(replace(LEARNS, **one), replace(LEARNS, **two), None) is None  # type: ignore[arg-type]


@pytest.mark.usefixtures("exact")
def test_a_plateau_is_a_whole_gap_behind() -> None:
    assert symptoms.plateau(came(0.375, start=(Score(1.25),)), came(0.5), None)
