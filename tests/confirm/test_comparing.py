"""How far runs have come, and how far they lie apart, on one scale for values and classes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from runs import LEARNS, came, right

from keraslint.confirm import comparing
from keraslint.confirm.evidence import Score, Trained


def test_the_level_is_the_share_of_the_way_from_the_best_constant() -> None:
    assert comparing.level(came(0.25), None) == pytest.approx(0.25)
    assert comparing.level(right(0.75, 0.7), None) == pytest.approx(0.5)


def test_twice_the_error_of_a_constant_is_as_bad_as_any() -> None:
    assert comparing.level(came(-1.0), None) == -1.0
    assert comparing.level(came(-7.0), None) == -1.0
    assert comparing.level(replace(LEARNS, end=(Score(math.inf),)), None) == -1.0


def test_a_model_that_is_right_as_often_is_not_behind_because_it_is_less_sure() -> None:
    sure, unsure = right(0.9, 0.2), right(0.9, 0.6)
    assert comparing.gap(sure, unsure, None) == pytest.approx(0.0)
    assert comparing.gap(right(0.9, 0.2), right(0.7, 0.55), None) == pytest.approx(0.4)


def test_classes_have_two_measures_and_values_one() -> None:
    assert len(comparing.skills(Score(0.3, 0.8), Score(0.7, 0.5))) == 2
    assert len(comparing.skills(Score(0.3), Score(0.7))) == 1


def test_labels_of_one_kind_have_no_accuracy_to_win() -> None:
    assert comparing.skills(Score(0.3, 1.0), Score(0.7, 1.0)) == (pytest.approx(1 - 0.3 / 0.7),)


@pytest.mark.parametrize("score", [None, Score(0.5)])
def test_what_has_no_score_or_no_constant_is_not_measured(score: Score | None) -> None:
    assert comparing.skills(score, None) == ()
    assert comparing.skills(None, score) == ()


def test_targets_that_never_change_leave_nothing_to_learn() -> None:
    assert comparing.skills(Score(0.0), Score(0.0)) == ()
    assert not comparing.measured(replace(LEARNS, constant=(Score(0.0),)), None)


TWO = replace(LEARNS, start=(Score(5.0), Score(4.0)), end=(Score(0.0), Score(2.0)), constant=(Score(2.0), Score(2.0)))


def test_several_outputs_count_alike_unless_one_is_meant() -> None:
    assert comparing.level(TWO, None) == pytest.approx(0.5)
    assert comparing.level(TWO, 0) == pytest.approx(1.0)
    assert comparing.level(TWO, 1) == pytest.approx(0.0)
    assert comparing.error(TWO.end, TWO, None) == pytest.approx(1.0)
    assert comparing.error(TWO.start, TWO, 1) == pytest.approx(4.0)
    assert list(comparing.outputs(TWO, None)) == [0, 1]


def test_one_output_without_a_score_leaves_the_run_unmeasured() -> None:
    run = replace(TWO, end=(Score(0.0), None))
    assert not comparing.measured(run, None)
    assert comparing.measured(run, 0)
    assert math.isnan(comparing.error(run.end, run, 1))


@pytest.mark.parametrize(("share", "expected"), [(0.201, True), (0.199, False)])
def test_a_fifth_of_the_way_is_learning(share: float, expected: bool) -> None:
    assert comparing.learned(came(share), None) is expected


def test_what_is_not_finite_or_not_measured_has_not_learned() -> None:
    assert not comparing.learned(came(0.9, finite=False), None)
    assert not comparing.learned(replace(LEARNS, end=(None,)), None)


def test_progress_is_counted_from_the_beginning_by_what_moved_most() -> None:
    assert comparing.progress(came(0.5, start=(Score(2.0),)), None) == pytest.approx(0.5)
    assert comparing.progress(came(-0.5, start=(Score(2.0),)), None) == pytest.approx(0.5)
    moved = right(0.5, 0.35, start=(Score(0.7, 0.5),))
    assert comparing.progress(moved, None) == pytest.approx(0.5)


def test_accuracy_is_that_of_the_classes_alone() -> None:
    assert comparing.accuracy(LEARNS.end, LEARNS, None) is None
    assert comparing.accuracy(right(0.8, 0.5).end, right(0.8, 0.5), 0) == pytest.approx(0.8)


ALIKE = [
    pytest.param({}, True, id="the same"),
    pytest.param({"losses": (4.0, 1.0, 0.200001)}, True, id="rounding of a loss"),
    pytest.param({"losses": (4.0, 1.01, 0.2)}, False, id="another loss on the way"),
    pytest.param({"prints": (1.0, 2.01)}, False, id="other weights"),
    pytest.param({"prints": (1.0, 2.0, 3.0)}, False, id="more weights"),
    pytest.param({"finite": False}, False, id="not finite"),
    pytest.param({"end": (Score(0.21),)}, True, id="answers that score the same"),
    pytest.param({"end": (Score(0.3),)}, False, id="the same weights behind another answer"),
]


@pytest.mark.parametrize(("changes", "expected"), ALIKE)
def test_alike_are_the_same_curves_and_the_same_weights(changes: dict[str, object], expected: bool) -> None:
    other = replace(LEARNS, **changes)  # type: ignore[arg-type]
    assert comparing.alike([(other, LEARNS)]) is expected
    assert comparing.alike([(LEARNS, LEARNS), (other, LEARNS)]) is expected


def test_pairs_are_of_the_same_seed() -> None:
    flagged = Trained(tuple(replace(LEARNS, seed=seed) for seed in (0, 1, 2)))
    twin = Trained(tuple(replace(LEARNS, seed=seed) for seed in (1, 0)))
    assert [(one.seed, other.seed) for one, other in comparing.pairs_of(flagged, twin)] == [(0, 0), (1, 1)]
    assert comparing.pairs_of(flagged, None) == []


def test_outputs_that_cannot_be_compared_lie_nowhere_apart() -> None:
    unmeasured = replace(LEARNS, start=(None,), end=(None,))
    assert comparing.gap(LEARNS, unmeasured, None) == 0
    assert comparing.progress(unmeasured, None) == 0
    assert comparing.level(replace(LEARNS, end=()), None) == 0
