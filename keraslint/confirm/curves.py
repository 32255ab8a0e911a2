"""Which quantity decides a verdict, epoch by epoch: what a table and a plot have to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keraslint.confirm.comparing import error, measured, outputs, pairs_of
from keraslint.confirm.evidence import Run, Verdict
from keraslint.confirm.symptoms import misleading
from keraslint.rules.framework import Symptom


@dataclass(frozen=True)
class Curve:
    """The quantity that decides a verdict, by epoch."""

    name: str
    of: Callable[[Run], Sequence[float]]
    constant: float | None = None
    """Where the best constant predictor stands on the same scale."""


def deciding_curve(verdict: Verdict) -> Curve:
    """The reported loss where that breaks down, the metric where that misleads, else the error of what was held
    back."""
    assert verdict.evidence is not None
    head, runs = verdict.evidence.head, verdict.evidence.flagged.runs
    if verdict.symptom is Symptom.METRIC:
        pairs = pairs_of(verdict.evidence.flagged, verdict.evidence.twin)
        found = next(filter(None, (misleading(*pair, head) for pair in pairs)), None)
        if found:
            return Curve(f"`{found[0]}`", lambda run: run.metrics.get(found[0], ()))
    if verdict.symptom in (Symptom.NAN, Symptom.NO_GRADIENT) or not all(measured(run, head) for run in runs):
        return Curve("loss", lambda run: run.losses)
    return Curve("error", lambda run: _errors(run, head), error(runs[0].constant, runs[0], head) if runs else None)


def _errors(run: Run, head: int | None) -> list[float]:
    """Mean over the outputs concerned, one per epoch."""
    curves = [run.errors[n] for n in outputs(run, head)]
    return [sum(values) / len(values) for values in zip(*curves, strict=True)]
