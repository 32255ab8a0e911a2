"""What the child says, event by event, as what is known of a training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keraslint.confirm.evidence import Run, Score, Trained

UNTRIED = "it was not tried"
"""Why a variant of which nothing has been heard yet has no runs."""


def heard(seen: Trained, event: dict[str, Any]) -> Trained:
    """What is known of a variant after one more event."""
    match event:
        case {"event": "run"}:
            return replace(seen, runs=(*seen.runs, _run(event)))
        case {"event": "error", "error": error, "phase": phase}:
            return replace(seen, error=error, phase=phase)
        case {"event": "failure", "reason": reason}:
            return Trained(failure=reason, runs=seen.runs)
        case {"event": "done", "warnings": warnings}:
            failure = None if seen.failure == UNTRIED else seen.failure
            return replace(seen, warnings=tuple(warnings), failure=failure)
    return seen


def _run(event: dict[str, Any]) -> Run:
    values = {name: event[name] for name in Run.__slots__}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    curves = {name: tuple(curve) for name, curve in event["metrics"].items()}
    scores = {name: tuple(map(_score, event[name])) for name in ("start", "end", "constant")}
    errors = tuple(tuple(_number(error) for error in curve) for curve in event["errors"])
    return Run(**values | lists | scores | {"metrics": curves, "errors": errors})


def _score(written: Sequence[float | None] | None) -> Score | None:
    return None if written is None else Score(_number(written[0]), written[1])


def _number(written: float | None) -> float:
    """The error of a prediction that is not finite is infinite."""
    return math.inf if written is None else written
