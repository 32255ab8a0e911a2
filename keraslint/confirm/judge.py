"""From what was seen to a verdict: one test per symptom, the same for every rule; numbers are in `criteria`.

A finding is *confirmed* when one of its rule's symptoms is observed in the flagged model and not in the twin,
in every seed. It is *not reproduced* when both could be trained and none was, or not in every seed. It is
*inconclusive* when either could not be tried, or when neither learns from some seed in the steps there are and
the symptom lies in the comparison.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from keraslint.confirm import criteria
from keraslint.confirm.evidence import Evidence, Outcome, Run, Trained, Verdict
from keraslint.confirm.variants import Case
from keraslint.rules.framework import Symptom

_Judgement = tuple[Outcome, str, Symptom | None]
"""Verdict, reason and the symptom observed."""


def judge(case: Case, flagged: Trained | None, twin: Trained | None) -> Verdict:
    """The verdict on one finding; ``flagged`` is None when there was nothing to train."""
    if flagged is None or case.reason is not None:
        reason = case.reason or "it was not tried"
        return Verdict(case.finding, "inconclusive", reason, assumptions=case.assumptions)
    evidence = Evidence(flagged, twin, case.head)
    symptoms = case.finding.rule.symptoms if case.finding.rule else ()
    outcome, reason, symptom = _judge(evidence, symptoms)
    return Verdict(case.finding, outcome, reason, symptom, evidence, case.assumptions)


def _judge(evidence: Evidence, symptoms: tuple[Symptom, ...]) -> _Judgement:
    flagged, twin = evidence.flagged, evidence.twin
    for name, side in (("flagged model", flagged), ("fixed twin", twin)):
        if side is not None and side.failure:
            return "inconclusive", f"the {name} was not tried to the end: {side.failure}", None
    if flagged.error is not None:
        return _judge_error(flagged, twin, symptoms)
    if twin is None:
        return "not reproduced", "Keras does not raise", None
    if twin.error is not None:
        return "inconclusive", f"the fixed twin raises while {twin.phase}: {twin.error}", None
    if not flagged.runs:
        return "not reproduced", "Keras takes it without an error", None
    return _judge_runs(evidence, symptoms)


def _judge_error(flagged: Trained, twin: Trained | None, symptoms: tuple[Symptom, ...]) -> _Judgement:
    what = f"Keras raises while {flagged.phase}: {flagged.error}"
    if twin is not None and twin.error is not None:
        reason = f"the fixed twin raises, too ({twin.error}); the flagged model: {flagged.error}"
        return "inconclusive", reason, None
    if Symptom.RAISES not in symptoms:
        return "inconclusive", what, None
    if twin is None:
        return "confirmed", f"{what} (there is no fix to compare with)", Symptom.RAISES
    return "confirmed", what, Symptom.RAISES


def _judge_runs(evidence: Evidence, symptoms: tuple[Symptom, ...]) -> _Judgement:
    twin = evidence.twin.runs if evidence.twin else ()
    pairs = list(zip(evidence.flagged.runs, twin, strict=False))
    observed: dict[Symptom, str] = {}
    partly: list[str] = []
    for symptom in symptoms:
        test = TESTS.get(symptom)
        seen = [test(run, other, evidence.head) for run, other in pairs] if test else []
        reasons = [reason for reason in seen if reason]
        if seen and len(reasons) == len(seen):
            observed[symptom] = reasons[0]
        elif reasons:
            partly.append(f"{symptom.value} in {len(reasons)} of {len(seen)} seeds")
    if observed:
        return "confirmed", "; ".join(observed.values()), next(iter(observed))
    # Where neither side learns, a symptom that lies in the comparison is neither there nor absent.
    idle = sum(not any(map(improved, pair)) for pair in pairs)
    if COMPARED & set(symptoms) and idle:
        where = "" if idle == len(pairs) else f" from {idle} of {len(pairs)} seeds"
        also = f" ({', '.join(partly)})" if partly else ""
        return "inconclusive", f"neither side learns this data in so few steps{where}{also}", None
    if partly:
        return "not reproduced", f"not in every seed: {', '.join(partly)}", None
    sought = [symptom.value for symptom in symptoms if symptom is not Symptom.NONE]
    return "not reproduced", f"in no seed: {', '.join(sought)}", None


COMPARED = frozenset({Symptom.METRIC, Symptom.PLATEAU, Symptom.SLOWER})
"""Symptoms that show only beside a model that learns."""


def learned(run: Run) -> bool:
    """Whether the loss of the predictions is clearly below its beginning and below every constant's."""
    reference = min(run.start_loss, run.constant_loss)
    return run.finite and run.end_loss <= criteria.LEARNED * reference and reference > 0


def improved(run: Run) -> bool:
    """Whether the loss of the predictions fell enough for a metric to follow."""
    return run.finite and run.end_loss <= criteria.IMPROVED * run.start_loss


def _constant(run: Run, twin: Run, head: int | None) -> str | None:
    def flat(one: Run, n: int) -> bool:
        return one.spreads[n] <= criteria.CONSTANT_SPREAD * max(one.magnitudes[n], 1.0)

    outputs = range(len(run.spreads)) if head is None else (head,)
    if run.finite and any(flat(run, n) and twin.spreads[n] >= criteria.VARYING_SPREAD for n in outputs):
        return "the output is the same for every input"
    return None


def _no_gradient(run: Run, twin: Run, head: int | None) -> str | None:
    if run.finite and run.moved < run.weights and run.moved * twin.weights < twin.moved * run.weights:
        return f"{run.moved} of {run.weights} weights moved, {twin.moved} of {twin.weights} in the twin"
    return None


def _plateau(run: Run, twin: Run, head: int | None) -> str | None:
    if not learned(twin):
        return None
    if run.last < criteria.RUNAWAY <= twin.last and run.last < run.first:
        return f"the loss runs away below zero ({run.first:.4g} → {run.last:.4g}) and measures nothing"
    if not run.finite:
        return None
    if abs(run.end_loss - run.start_loss) <= criteria.STAYED * abs(run.start_loss):
        return "the loss of its predictions stays where it began, and the twin's falls"
    if run.end_loss >= run.constant_loss * (1 - criteria.NO_BETTER):
        return "its predictions are no better than the best constant's, and the twin's are"
    return None


def _nan(run: Run, twin: Run, head: int | None) -> str | None:
    if not run.finite and twin.finite:
        return "a loss, weight or prediction becomes NaN or infinite"
    if run.finite and run.last < criteria.RUNAWAY <= twin.last and run.last < run.first:
        return f"the loss runs to minus infinity ({run.first:.4g} → {run.last:.4g})"
    return None


def _slower(run: Run, twin: Run, head: int | None) -> str | None:
    """Losses of different kinds are compared by what they leave of the best constant predictor's loss."""
    if not learned(twin):
        return None
    mine, other = left_over(run), left_over(twin)
    if not run.finite:
        return f"the training breaks down, and the twin leaves {other:.0%} of the best constant predictor's loss"
    if other <= criteria.FASTER * mine:
        return f"{mine:.0%} of the best constant predictor's loss is left, {other:.0%} in the twin"
    return None


def left_over(run: Run) -> float:
    """The share of the best constant predictor's loss that the predictions have left."""
    return run.end_loss / run.constant_loss if run.constant_loss > 0 else math.inf


def _metric(run: Run, twin: Run, head: int | None) -> str | None:
    if not improved(run):
        return None
    mine, other = _only_in(run.end_metrics, twin.end_metrics), _only_in(twin.end_metrics, run.end_metrics)
    for name in mine:
        still = _still(run, name)
        if still and all(_moves(twin, replacement) for replacement in other):
            return f"the loss falls from {run.start_loss:.4g} to {run.end_loss:.4g}, and `{name}` {still}"
        for replacement in other:
            wrong, right = run.end_metrics[name], twin.end_metrics[replacement]
            comparable = _family(name) == _family(replacement) and _same_predictions(run, twin)
            if comparable and abs(wrong - right) > criteria.METRIC_GAP:
                return f"`{name}` says {wrong:.3f} of the predictions of which `{replacement}` says {right:.3f}"
    return None


def _only_in(mine: Mapping[str, float], other: Mapping[str, float]) -> list[str]:
    """Metrics that the other side does not have; all when it has the same."""
    return [name for name in mine if name not in other] or list(mine)


def _still(run: Run, name: str) -> str | None:
    """How the metric fails to tell a model that learned from one that did not."""
    end = run.end_metrics[name]
    constant, start = run.constant_metrics[name], run.start_metrics[name]
    for value, what in ((constant, "a constant predictor gets"), (start, "it began at")):
        if abs(end - value) <= criteria.METRIC_STILL * max(1.0, abs(value)):
            return f"ends at {end:.3f}, what {what}"
    return None


def _moves(run: Run, name: str) -> bool:
    start, end = run.start_metrics[name], run.end_metrics[name]
    return abs(end - start) > criteria.METRIC_MOVES * max(abs(start), abs(end))


def _family(name: str) -> str:
    """What a metric measures: every accuracy is a share of right answers, and ``auc_1`` is an ``auc``."""
    return "accuracy" if "acc" in name else name.rstrip("_0123456789")


def _same_predictions(run: Run, twin: Run) -> bool:
    return abs(run.end_loss - twin.end_loss) <= criteria.UNCHANGED * max(1.0, abs(run.end_loss))


TESTS: dict[Symptom, Callable[[Run, Run, int | None], str | None]] = {
    Symptom.CONSTANT: _constant,
    Symptom.METRIC: _metric,
    Symptom.NAN: _nan,
    Symptom.NO_GRADIENT: _no_gradient,
    Symptom.PLATEAU: _plateau,
    Symptom.SLOWER: _slower,
}
"""One seed of the flagged model and its twin, and the output concerned → what was observed, or None."""
