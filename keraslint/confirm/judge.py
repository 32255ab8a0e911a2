"""From what was seen to a verdict, the same way for every rule; docs/confirm.md says it in words.

A finding is *confirmed* when one of its rule's symptoms is observed in the flagged model and not in the twin, in
every seed, and neither a change that is no cure nor another kind of data explains it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keraslint.confirm import criteria, telling
from keraslint.confirm.comparing import Pair, alike, gap, learned, level, measured, pairs_of
from keraslint.confirm.evidence import Evidence, Trained, Verdict
from keraslint.confirm.symptoms import COMPARED, GAPS, TESTS, says_nothing
from keraslint.confirm.variants import Case
from keraslint.rules.framework import Symptom

UNMEASURED = "labels and predictions cannot be compared one by one"


def judge(case: Case, evidence: Evidence | None) -> Verdict:
    """The verdict on one finding; ``evidence`` is None when there was nothing to train."""
    verdict = Verdict(
        case.finding,
        "inconclusive",
        case.reason or "it was not tried",
        assumptions=case.assumptions,
        source_line=case.source_line,
        diff=case.diff,
    )
    if evidence is None or case.reason is not None:
        return verdict
    symptoms = case.finding.rule.symptoms if case.finding.rule else ()
    return _judge(replace(verdict, evidence=evidence), evidence, symptoms)


def is_in_doubt(verdict: Verdict) -> bool:
    """Whether it rests on a comparison of trainings, so that a control and other data have to be asked, too."""
    return verdict.symptom in COMPARED | GAPS and verdict.verdict in ("confirmed", "in some runs")


def _judge(verdict: Verdict, evidence: Evidence, symptoms: tuple[Symptom, ...]) -> Verdict:
    flagged, twin = evidence.flagged, evidence.twin
    if flagged.error is not None:
        return _judge_error(verdict, flagged, twin, symptoms)
    if twin is not None and twin.error is not None:
        return replace(verdict, reason=f"the fixed twin raises while {twin.phase}: {twin.error}")
    pairs = pairs_of(flagged, twin)
    if not pairs:
        for name, side in (("flagged model", flagged), ("fixed twin", twin)):
            if side is not None and side.failure:
                return replace(verdict, reason=f"the {name} was not tried to the end: {side.failure}")
        what = "Keras does not raise" if twin is None else "Keras takes it without an error"
        return replace(verdict, verdict="not reproduced", reason=what)
    return _judge_pairs(verdict, evidence, pairs, symptoms)


def _judge_error(verdict: Verdict, flagged: Trained, twin: Trained | None, symptoms: tuple[Symptom, ...]) -> Verdict:
    what = f"Keras raises while {flagged.phase}: {flagged.error}"
    if twin is not None and twin.error is not None:
        reason = f"the fixed twin raises, too ({twin.error}); the flagged model: {flagged.error}"
        return replace(verdict, reason=reason)
    if Symptom.RAISES not in symptoms:
        return replace(verdict, reason=what)
    alone = " (there is no fix to compare with)" if twin is None else ""
    return replace(verdict, verdict="confirmed", reason=what + alone, symptom=Symptom.RAISES)


def _judge_pairs(verdict: Verdict, evidence: Evidence, pairs: Sequence[Pair], symptoms: tuple[Symptom, ...]) -> Verdict:
    head, tested = evidence.head, [symptom for symptom in symptoms if symptom in TESTS]
    seen = {symptom: [TESTS[symptom](*pair, head) for pair in pairs] for symptom in tested}
    for symptom in tested:
        if all(seen[symptom]):
            return _weighed(replace(verdict, verdict="confirmed", symptom=symptom), evidence, pairs)
    some = [symptom for symptom in tested if any(seen[symptom])]
    idle = [pair for pair in pairs if not any(learned(run, head) for run in pair)]
    if some and some[0] in COMPARED and seen[some[0]].count(False) == len(idle):
        return replace(verdict, reason=telling.seen_where_it_can_be(some[0], len(idle), pairs))
    if some:
        return _weighed(replace(verdict, verdict="in some runs", symptom=some[0]), evidence, pairs)
    if Symptom.CONSTANT in tested and any(says_nothing(run, head) for run, _ in pairs):
        return replace(verdict, reason=telling.twin_says_little(pairs[0]))
    if alike(pairs) and Symptom.METRIC not in symptoms:
        return replace(verdict, verdict="not reproduced", reason=telling.TRAINED_ALIKE)
    if COMPARED & set(symptoms):
        if not all(measured(run, head) for pair in pairs for run in pair):
            return replace(verdict, reason=UNMEASURED)
        if idle:
            return replace(verdict, reason=telling.neither_learns(len(idle), len(pairs), pairs[0]))
        if _is_harmful(pairs, head):
            return replace(verdict, verdict="refuted", reason=telling.refuted(verdict.finding, evidence, pairs))
    return replace(verdict, verdict="not reproduced", reason=telling.not_seen(tested, evidence, pairs))


def _weighed(verdict: Verdict, evidence: Evidence, pairs: Sequence[Pair]) -> Verdict:
    """The verdict after the control and the trainings on other data had their say, as far as there are such."""
    symptom = verdict.symptom
    assert symptom is not None
    if symptom in GAPS and evidence.control is not None and not pairs_of(evidence.control, evidence.twin):
        why = evidence.control.failure or evidence.control.error
        return replace(verdict, verdict="inconclusive", symptom=None, reason=f"{telling.NO_CONTROL}: {why}")
    if symptom in GAPS and _is_noise(symptom, evidence, pairs):
        return replace(verdict, verdict="not reproduced", symptom=None, reason=telling.NOISE)
    test, head = TESTS[symptom], evidence.head
    shown = [pair for pair in pairs if test(*pair, head)]
    told = telling.observed(verdict.finding, symptom, evidence, shown)
    if symptom in COMPARED and evidence.elsewhere is not None:
        others = pairs_of(evidence.elsewhere.flagged, evidence.elsewhere.twin)
        if not (others and all(test(*pair, head) for pair in others)):
            harmless = bool(others) and all(learned(run, head) for run, _ in others)
            reason = telling.conditional(told, evidence.elsewhere, harmless)
            return replace(verdict, verdict="conditional", reason=reason)
    if len(shown) < len(pairs):
        told = f"{telling.in_some_runs(symptom, len(shown), len(pairs))}. {told}"
    return replace(verdict, reason=told)


def _is_noise(symptom: Symptom, evidence: Evidence, pairs: Sequence[Pair]) -> bool:
    """Whether the twin differs from itself, by other initial weights or a neutral change, about as much."""
    head, twins = evidence.head, [twin for _, twin in pairs]
    beside = pairs_of(evidence.control, Trained(tuple(twins))) if evidence.control else []
    if any(TESTS[symptom](control, twin, head) for control, twin in beside):
        return True
    gaps = sorted(gap(twin, run, head) for run, twin in pairs if run.finite and measured(run, head))
    if symptom is Symptom.DIVERGES or not gaps:
        return False
    lowest = min(twins, key=lambda run: level(run, head))
    itself = [gap(twin, lowest, head) for twin in twins] + [gap(twin, control, head) for control, twin in beside]
    return max(itself) > criteria.NOISE * gaps[len(gaps) // 2]


def _is_harmful(pairs: Sequence[Pair], head: int | None) -> bool:
    """Whether the fix makes it clearly worse in every seed, by more than seeds differ among themselves."""
    worse = all(learned(run, head) and gap(run, twin, head) >= criteria.GAP for run, twin in pairs)
    return worse and min(level(run, head) for run, _ in pairs) > max(level(twin, head) for _, twin in pairs)
