"""What was seen, in sentences that one can act on; the numbers are those of the first seed, the table has all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from keraslint.confirm.comparing import Pair, accuracy, error, outputs
from keraslint.confirm.evidence import Elsewhere, Evidence, Run
from keraslint.confirm.symptoms import misleading, runs_away
from keraslint.rules.framework import Finding, Symptom

TRAINED_ALIKE = (
    "both sides are trained alike on this backend, step by step: the fix changes neither a gradient nor an answer "
    "(TensorFlow's Keras reads the logits behind an activation; another backend may differ)"
)

NO_CONTROL = "the twin could not be compared with itself, so the difference may be chance"

NOISE = (
    "the difference says nothing: the twin differs from itself about as much when only its initial weights and, "
    "a little, its learning rate change"
)


def observed(finding: Finding, symptom: Symptom, evidence: Evidence, pairs: Sequence[Pair]) -> str:
    """The symptom, and what the fix makes of it."""
    run, twin = pairs[0]
    return f"{FACTS[symptom](run, twin, evidence.head)} {with_the_fix(finding, twin, evidence.head, symptom)}"


def _constant(run: Run, twin: Run, head: int | None) -> str:
    value = next((run.always[n] for n in outputs(run, head) if run.always[n] is not None), None)
    what = "Every input gets the same prediction" if value is None else f"Every prediction is {number(value)}"
    if run.moved == run.weights:
        return f"{what}, whatever goes in, after {run.updates} updates."
    return f"{what}, whatever goes in: {_moved(run)} in {run.updates} updates."


def _no_gradient(run: Run, twin: Run, head: int | None) -> str:
    return f"Only {_moved(run)} in {run.updates} updates, and {twin.moved} of {twin.weights} in the twin."


def _moved(run: Run) -> str:
    return f"{run.moved} of {run.weights} weights moved"


def _nan(run: Run, twin: Run, head: int | None) -> str:
    if runs_away(run, twin):
        return _runaway(run)
    broken = next((epoch for epoch, loss in enumerate(run.losses, 1) if not math.isfinite(loss)), None)
    if broken is None:
        return "A weight or prediction becomes NaN or infinite, though the loss that Keras reports does not."
    return f"The loss becomes NaN or infinite in epoch {broken} of {len(run.losses)}."


def _runaway(run: Run) -> str:
    return f"The loss runs away below zero, from {number(run.first)} to {number(run.last)}, and measures nothing."


def _diverges(run: Run, twin: Run, head: int | None) -> str:
    start, end, best = (number(error(scores, run, head)) for scores in (run.start, run.end, run.constant))
    went = f"the error goes from {start} to {end} in {run.updates} updates"
    return f"Training makes it worse: {went}, and a constant has {best}."


def _plateau(run: Run, twin: Run, head: int | None) -> str:
    if runs_away(run, twin):
        return _runaway(run)
    return f"After {run.updates} updates it answers no better than a constant: {_beside_constant(run, head)}."


def _slower(run: Run, twin: Run, head: int | None) -> str:
    if not run.finite:
        return _nan(run, twin, head)
    return f"After {run.updates} updates it is clearly behind: {_beside_constant(run, head)}."


def _metric(run: Run, twin: Run, head: int | None) -> str:
    found = misleading(run, twin, head)
    assert found is not None
    name, contradicted = found
    if contradicted is None:
        start, end = number(run.start_metrics[name]), number(run.end_metrics[name])
        return f"The model learns ({_went(run, head)}), and `{name}` does not show it: {start} before, {end} after."
    wrong, right = number(run.end_metrics[name]), number(twin.end_metrics[contradicted])
    return f"`{name}` says {wrong} of the very predictions of which `{contradicted}` says {right}."


FACTS: dict[Symptom, Callable[[Run, Run, int | None], str]] = {
    Symptom.CONSTANT: _constant,
    Symptom.DIVERGES: _diverges,
    Symptom.METRIC: _metric,
    Symptom.NAN: _nan,
    Symptom.NO_GRADIENT: _no_gradient,
    Symptom.PLATEAU: _plateau,
    Symptom.SLOWER: _slower,
}


def with_the_fix(finding: Finding, twin: Run, head: int | None, symptom: Symptom) -> str:
    """``With the fix in line 21 (use no activation) the error falls from 3.7 to 0.16.``"""
    what = f"With the fix in line {finding.span.line}"
    what += f" ({finding.fix.description})" if finding.fix else ""
    if symptom is Symptom.METRIC:
        shown = [
            f"`{name}` goes from {number(twin.start_metrics[name])} to {number(end)}"
            for name, end in twin.end_metrics.items()
        ]
        return f"{what} {' and '.join(shown) or 'no metric is left'}."
    return f"{what} {_error_went(twin, head) if symptom is Symptom.DIVERGES else _went(twin, head)}."


def _went(run: Run, head: int | None) -> str:
    """How far the run came: by accuracy for classes, by error for values."""
    right = accuracy(run.end, run, head)
    if right is not None:
        return f"the accuracy goes from {number(accuracy(run.start, run, head) or 0.0)} to {number(right)}"
    return _error_went(run, head)


def _error_went(run: Run, head: int | None) -> str:
    start, end = error(run.start, run, head), error(run.end, run, head)
    return f"the error {'falls' if end < start else 'goes'} from {number(start)} to {number(end)}"


def _beside_constant(run: Run, head: int | None) -> str:
    end, best = number(error(run.end, run, head)), number(error(run.constant, run, head))
    right = accuracy(run.end, run, head)
    if right is None:
        return f"error {end}, a constant has {best}"
    chance = number(accuracy(run.constant, run, head) or 0.0)
    return f"accuracy {number(right)}, a constant has {chance} (log loss {end} and {best})"


def neither_learns(count: int, of: int, pair: Pair) -> str:
    where = "" if count == of else f" from {count} of {of} seeds"
    return f"neither side learns the data that was made for it in {pair[0].updates} updates{where}"


def seen_where_it_can_be(symptom: Symptom, idle: int, pairs: Sequence[Pair]) -> str:
    """The symptom is there from every seed but those that can tell nothing."""
    shown = f"{symptom.value} in {len(pairs) - idle} of {len(pairs)} seeds"
    return f"{shown}; {neither_learns(idle, len(pairs), pairs[0])}"


def refuted(finding: Finding, evidence: Evidence, pairs: Sequence[Pair]) -> str:
    run, twin = pairs[0]
    head = evidence.head
    return (
        f"The advice would harm here: as it stands {_went(run, head)} in {run.updates} updates. "
        f"{with_the_fix(finding, twin, head, Symptom.SLOWER)}"
    )


def not_seen(sought: Iterable[Symptom], evidence: Evidence, pairs: Sequence[Pair]) -> str:
    run, twin = pairs[0]
    names = ", ".join(symptom.value for symptom in sought)
    both = f"{_went(run, evidence.head)} as it stands; with the fix {_went(twin, evidence.head)}"
    return f"in no seed: {names}; {both}"


def twin_says_little(pair: Pair) -> str:
    return (
        "every input gets the same prediction, but that of the fixed twin hardly depends on its input, either, "
        f"after {pair[1].updates} updates: give them more time (--timeout)"
    )


def in_some_runs(symptom: Symptom, count: int, of: int) -> str:
    return f"{symptom.value} in {count} of {of} seeds, and not in the others: it depends on the initial weights"


def conditional(told: str, elsewhere: Elsewhere, harmless: bool) -> str:
    """``told`` holds under an assumption that the source does not give; ``harmless`` says what is without it."""
    otherwise = "the model learns them as it stands" if harmless else "it is not shown"
    return f"If {elsewhere.assumed}: {told} If {elsewhere.other}, {otherwise}."


def number(value: float) -> str:
    """Three digits; the words that people search for where it is no number."""
    return f"{value:.3g}" if math.isfinite(value) else "NaN"
