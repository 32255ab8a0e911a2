"""The verdict on made-up evidence: what each outcome takes, over several seeds and beside controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import rule
from helpers.graph_parts import NOWHERE
from runs import LEARNS, came

from keraslint.confirm.evidence import Elsewhere, Evidence, Run, Trained, Verdict
from keraslint.confirm.judge import is_in_doubt, judge
from keraslint.confirm.plan import Plan
from keraslint.confirm.variants import Case
from keraslint.edits import Fix
from keraslint.graph import Confidence
from keraslint.rules.framework import Finding, Symptom

STUCK = came(0.0)
BEHIND = came(0.5)
GOOD = came(0.9)


def trained(*runs: Run) -> Trained:
    return Trained(tuple(replace(run, seed=seed) for seed, run in enumerate(runs)))


def case_of(*symptoms: Symptom, **changes: object) -> Case:
    fix = Fix("put it right", ())
    finding = Finding(NOWHERE, "a fault", Confidence.HIGH, fix, rule("keras-fault", "W7899", *symptoms))
    return Case(finding, Plan({}), Plan({}), **changes)  # type: ignore[arg-type]


def verdict(
    flagged: Sequence[Run],
    twin: Sequence[Run],
    *symptoms: Symptom,
    control: Sequence[Run] | None = None,
    elsewhere: tuple[Sequence[Run], Sequence[Run]] | None = None,
) -> Verdict:
    other = Elsewhere(trained(*elsewhere[0]), trained(*elsewhere[1]), "A", "B") if elsewhere else None
    beside = trained(*control) if control is not None else None
    evidence = Evidence(trained(*flagged), trained(*twin), None, beside, other)
    return judge(case_of(*symptoms), evidence)


FAULTS = {
    Symptom.CONSTANT: replace(STUCK, spreads=(0.0,)),
    Symptom.DIVERGES: came(-3.0),
    Symptom.METRIC: replace(
        LEARNS, start_metrics={"acc": 0.1}, end_metrics={"acc": 0.2}, constant_metrics={"acc": 0.2}
    ),
    Symptom.NAN: replace(STUCK, finite=False),
    Symptom.NO_GRADIENT: replace(STUCK, moved=4, moved_layers=2),
    Symptom.PLATEAU: STUCK,
    Symptom.SLOWER: BEHIND,
}


@pytest.mark.parametrize("symptom", FAULTS)
def test_each_symptom_in_every_seed_is_confirmed(symptom: Symptom) -> None:
    judged = verdict([FAULTS[symptom]] * 3, [LEARNS] * 3, symptom)
    assert (judged.verdict, judged.symptom) == ("confirmed", symptom)
    assert "in line 1 (put it right)" in judged.reason


@pytest.mark.parametrize("symptom", FAULTS)
def test_no_symptom_is_seen_in_a_model_that_learns(symptom: Symptom) -> None:
    judged = verdict([came(0.88)] * 3, [GOOD] * 3, symptom)
    assert (judged.verdict, judged.symptom) == ("not reproduced", None)


@pytest.mark.parametrize("symptom", FAULTS)
def test_a_symptom_in_some_seeds_is_never_hidden(symptom: Symptom) -> None:
    judged = verdict([LEARNS, FAULTS[symptom], LEARNS], [LEARNS] * 3, symptom)
    assert (judged.verdict, judged.symptom) == ("in some runs", symptom)
    assert "in 1 of 3 seeds" in judged.reason


def test_a_symptom_in_every_seed_goes_before_one_in_some() -> None:
    flagged = [replace(BEHIND, moved_layers=moved) for moved in (2, 3, 3)]
    judged = verdict(flagged, [GOOD] * 3, Symptom.NO_GRADIENT, Symptom.SLOWER)
    assert (judged.verdict, judged.symptom) == ("confirmed", Symptom.SLOWER)


@pytest.mark.parametrize("symptom", [Symptom.PLATEAU, Symptom.SLOWER])
def test_what_a_neutral_change_does_as_well_says_nothing(symptom: Symptom) -> None:
    judged = verdict([STUCK] * 3, [GOOD] * 3, symptom, control=[came(0.4), GOOD, GOOD])
    assert (judged.verdict, judged.symptom) == ("not reproduced", None)


def test_a_neutral_change_that_makes_less_than_half_the_gap_does_not_matter() -> None:
    judged = verdict([STUCK] * 3, [GOOD] * 3, Symptom.SLOWER, control=[came(0.801), GOOD, GOOD])
    assert judged.verdict == "confirmed"


def test_a_gap_is_compared_with_the_typical_one() -> None:
    flagged = [came(0.0), came(0.0), came(0.6)]
    assert verdict(flagged, [GOOD] * 3, Symptom.SLOWER, control=[came(0.801)] * 3).verdict == "confirmed"
    assert verdict([came(0.75)] * 3, [GOOD] * 3, Symptom.SLOWER, control=[came(0.82)] * 3).verdict == "not reproduced"


def test_a_control_that_diverges_says_that_a_divergence_is_chance() -> None:
    bad = FAULTS[Symptom.DIVERGES]
    assert verdict([bad] * 3, [GOOD] * 3, Symptom.DIVERGES, control=[GOOD, bad, GOOD]).verdict == "not reproduced"
    assert verdict([bad] * 3, [GOOD] * 3, Symptom.DIVERGES, control=[GOOD] * 3).verdict == "confirmed"


def test_a_twin_that_differs_from_itself_as_much_says_nothing() -> None:
    judged = verdict([came(0.1)] * 3, [GOOD, came(0.4), GOOD], Symptom.SLOWER)
    assert judged.verdict == "not reproduced"
    assert "differs from itself" in judged.reason


def test_without_the_control_that_was_asked_for_nothing_is_confirmed() -> None:
    evidence = Evidence(trained(STUCK), trained(GOOD), control=Trained(failure="out of time"))
    judged = judge(case_of(Symptom.SLOWER), evidence)
    assert judged.verdict == "inconclusive"
    assert "out of time" in judged.reason


def test_a_broken_down_training_needs_no_gap() -> None:
    judged = verdict([FAULTS[Symptom.NAN]] * 2, [GOOD] * 2, Symptom.SLOWER, control=[GOOD] * 2)
    assert judged.verdict == "confirmed"


@pytest.mark.parametrize(
    ("elsewhere", "expected", "told"),
    [
        pytest.param(([GOOD] * 2, [GOOD] * 2), "conditional", "If A: ", id="harmless on other data"),
        pytest.param(([STUCK] * 2, [GOOD] * 2), "confirmed", "After 320", id="the same on other data"),
        pytest.param(([STUCK, GOOD], [GOOD] * 2), "conditional", "If B, it is not shown", id="not in every seed"),
        pytest.param(([], []), "conditional", "If B, it is not shown", id="not tried"),
        pytest.param(([GOOD] * 2, [GOOD] * 2), "conditional", "If B, the model learns", id="says that it learns"),
    ],
)
def test_a_verdict_that_follows_from_an_assumption_is_conditional(
    elsewhere: tuple[list[Run], list[Run]], expected: str, told: str
) -> None:
    judged = verdict([STUCK] * 2, [GOOD] * 2, Symptom.PLATEAU, elsewhere=elsewhere)
    assert judged.verdict == expected
    assert told in judged.reason


def test_a_constant_output_needs_no_other_data() -> None:
    judged = verdict([FAULTS[Symptom.CONSTANT]], [GOOD], Symptom.CONSTANT, elsewhere=([GOOD], [GOOD]))
    assert judged.verdict == "confirmed"


def test_trainings_that_are_the_same_are_not_reproduced_here() -> None:
    judged = verdict([LEARNS] * 2, [LEARNS] * 2, Symptom.SLOWER)
    assert judged.verdict == "not reproduced"
    assert "alike" in judged.reason


def test_a_constant_answer_beside_a_twin_that_hardly_varies_is_not_enough() -> None:
    barely = replace(GOOD, spreads=(1e-5,))
    judged = verdict([FAULTS[Symptom.CONSTANT]] * 2, [barely] * 2, Symptom.CONSTANT)
    assert judged.verdict == "inconclusive"
    assert "hardly depends on its input" in judged.reason


def test_for_a_metric_the_same_training_is_what_is_to_be_seen() -> None:
    judged = verdict([FAULTS[Symptom.METRIC]] * 2, [LEARNS] * 2, Symptom.METRIC)
    assert judged.verdict == "confirmed"
    assert "alike" not in verdict([LEARNS] * 2, [LEARNS] * 2, Symptom.METRIC).reason


def test_advice_that_harms_is_refuted() -> None:
    judged = verdict([GOOD] * 3, [BEHIND] * 3, Symptom.SLOWER)
    assert judged.verdict == "refuted"
    assert "The advice would harm here" in judged.reason


@pytest.mark.parametrize(
    ("flagged", "twin"),
    [
        pytest.param([GOOD] * 3, [came(0.81)] * 3, id="by less than a tenth"),
        pytest.param([GOOD] * 3, [BEHIND, BEHIND, GOOD], id="not in every seed"),
        pytest.param([GOOD, came(0.6), GOOD], [came(0.7), came(0.4), BEHIND], id="no more than seeds differ"),
    ],
)
def test_advice_that_harms_a_little_or_sometimes_is_not_refuted(flagged: list[Run], twin: list[Run]) -> None:
    assert verdict(flagged, twin, Symptom.SLOWER).verdict == "not reproduced"


def test_advice_about_what_is_always_so_is_never_refuted() -> None:
    assert verdict([GOOD] * 3, [BEHIND] * 3, Symptom.CONSTANT).verdict == "not reproduced"


@pytest.mark.parametrize("symptom", [Symptom.METRIC, Symptom.PLATEAU, Symptom.SLOWER])
def test_where_neither_side_learns_nothing_is_said(symptom: Symptom) -> None:
    judged = verdict([came(0.1)] * 2, [came(0.15)] * 2, symptom)
    assert judged.verdict == "inconclusive"
    assert "neither side learns" in judged.reason
    assert "from" not in judged.reason.split("updates")[1]


def test_a_seed_from_which_neither_side_learns_leaves_it_open() -> None:
    judged = verdict([came(0.1), GOOD], [came(0.15), GOOD], Symptom.SLOWER)
    assert judged.verdict == "inconclusive"
    assert "from 1 of 2 seeds" in judged.reason


@pytest.mark.parametrize("symptom", [Symptom.METRIC, Symptom.PLATEAU, Symptom.SLOWER])
def test_seeds_that_can_tell_nothing_do_not_speak_against_a_symptom(symptom: Symptom) -> None:
    judged = verdict([FAULTS[symptom], came(0.1)], [LEARNS, came(0.15)], symptom)
    assert judged.verdict == "inconclusive"
    assert f"{symptom.value} in 1 of 2 seeds; neither side learns" in judged.reason
    assert "from 1 of 2 seeds" in judged.reason


def test_a_seed_that_learns_without_the_symptom_does_speak_against_it() -> None:
    flagged, twin = [FAULTS[Symptom.METRIC], came(0.1), LEARNS], [LEARNS, came(0.15), LEARNS]
    assert verdict(flagged, twin, Symptom.METRIC).verdict == "in some runs"


def test_it_is_enough_that_one_side_learns() -> None:
    assert verdict([came(0.25)], [came(0.19)], Symptom.SLOWER).verdict == "not reproduced"


def test_what_needs_no_learning_is_judged_without() -> None:
    assert verdict([came(0.1)], [came(0.15)], Symptom.CONSTANT).verdict == "not reproduced"


def test_what_cannot_be_measured_is_inconclusive_and_says_so() -> None:
    unmeasured = replace(GOOD, end=(None,))
    assert "cannot be compared" in verdict([unmeasured], [BEHIND], Symptom.SLOWER).reason
    assert "cannot be compared" in verdict([BEHIND], [unmeasured], Symptom.SLOWER).reason


def test_the_seeds_that_were_finished_on_both_sides_count() -> None:
    flagged = Trained((replace(STUCK, seed=0), replace(STUCK, seed=1)), failure="out of time")
    twin = Trained((replace(GOOD, seed=0),), failure="out of time")
    judged = judge(case_of(Symptom.SLOWER), Evidence(flagged, twin))
    assert judged.verdict == "confirmed"


@pytest.mark.parametrize(
    ("flagged", "twin", "expected", "told"),
    [
        pytest.param(Trained(error="E", phase="building"), trained(GOOD), "confirmed", "building: E", id="raises"),
        pytest.param(Trained(error="E"), None, "confirmed", "no fix to compare", id="raises, no fix"),
        pytest.param(trained(GOOD), None, "not reproduced", "does not raise", id="does not raise, no fix"),
        pytest.param(Trained(), Trained(), "not reproduced", "without an error", id="only built"),
        pytest.param(Trained(error="E"), Trained(error="F"), "inconclusive", "(F)", id="both raise"),
        pytest.param(trained(GOOD), Trained(error="F"), "inconclusive", "the fixed twin raises", id="twin raises"),
        pytest.param(Trained(failure="killed"), trained(GOOD), "inconclusive", "flagged model", id="killed"),
        pytest.param(trained(GOOD), Trained(failure="killed"), "inconclusive", "fixed twin", id="twin killed"),
    ],
)
def test_raising(flagged: Trained, twin: Trained | None, expected: str, told: str) -> None:
    judged = judge(case_of(Symptom.RAISES), Evidence(flagged, twin))
    assert judged.verdict == expected
    assert told in judged.reason
    assert (judged.symptom is Symptom.RAISES) is (expected == "confirmed")


def test_an_error_that_the_rule_does_not_speak_of_confirms_nothing() -> None:
    judged = judge(case_of(Symptom.SLOWER), Evidence(Trained(error="E", phase="compiling"), trained(GOOD)))
    assert (judged.verdict, judged.symptom) == ("inconclusive", None)


def test_what_was_not_tried_is_inconclusive_with_its_reason() -> None:
    assert judge(case_of(Symptom.SLOWER, reason="a giant"), None).reason == "a giant"
    assert judge(case_of(Symptom.SLOWER), None).verdict == "inconclusive"
    evidence = Evidence(trained(STUCK), trained(GOOD))
    assert judge(case_of(Symptom.SLOWER, reason="a giant"), evidence).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("symptom", "flagged", "expected"),
    [
        (Symptom.SLOWER, [BEHIND] * 2, True),
        (Symptom.SLOWER, [BEHIND, GOOD], True),
        (Symptom.METRIC, [FAULTS[Symptom.METRIC]] * 2, True),
        (Symptom.DIVERGES, [FAULTS[Symptom.DIVERGES]] * 2, True),
        (Symptom.CONSTANT, [FAULTS[Symptom.CONSTANT]] * 2, False),
        (Symptom.SLOWER, [GOOD] * 2, False),
    ],
)
def test_comparisons_are_doubted_and_nothing_else(symptom: Symptom, flagged: list[Run], expected: bool) -> None:
    assert is_in_doubt(verdict(flagged, [LEARNS] * 2, symptom)) is expected


def test_a_score_that_is_missing_is_told_without_a_number() -> None:
    assert "NaN" in verdict([replace(GOOD, start=(None,))], [came(0.88)], Symptom.SLOWER).reason


@pytest.mark.parametrize(
    ("flagged", "expected"),
    [
        pytest.param([came(0.79), came(0.0)], "confirmed", id="of two the larger"),
        pytest.param([came(0.79), came(0.74), came(0.0)], "confirmed", id="of three the middle one"),
        pytest.param([came(0.79), came(0.78), came(0.0)], "not reproduced", id="not the largest"),
        pytest.param([came(0.79), *[came(-0.9, finite=False)] * 2], "not reproduced", id="none of what broke down"),
    ],
)
def test_the_typical_gap_is_the_middle_one_of_those_that_can_be_measured(flagged: list[Run], expected: str) -> None:
    count = len(flagged)
    assert verdict(flagged, [GOOD] * count, Symptom.SLOWER, control=[came(0.83)] * count).verdict == expected


def test_a_symptom_in_every_seed_is_told_without_counting() -> None:
    assert "seeds" not in verdict([STUCK] * 3, [GOOD] * 3, Symptom.PLATEAU).reason


def test_harm_begins_with_a_whole_gap_beyond_what_seeds_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keraslint.confirm.criteria.GAP", 0.125)
    assert verdict([came(0.5)], [came(0.375)], Symptom.SLOWER).verdict == "refuted"
    same = ([came(0.75), came(0.5)], [came(0.5), came(0.25)])
    assert verdict(*same, Symptom.SLOWER).verdict == "not reproduced"


def test_the_updates_told_are_those_of_the_seeds_seen() -> None:
    flagged = [came(0.1, updates=7), came(0.1, updates=9)]
    assert "in 7 updates" in verdict(flagged, [came(0.15)] * 2, Symptom.SLOWER).reason
