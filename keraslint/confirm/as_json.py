"""A report as plain data for programs; docs/confirm.md has the schema."""

from __future__ import annotations

import math
from typing import Any

from keraslint.confirm.evidence import Elsewhere, Report, Run, Score, Trained, Verdict


def to_json(report: Report) -> dict[str, Any]:
    """The report as plain data; keys are not renamed within a major version. NaN becomes None."""
    return {
        "path": report.path,
        "seconds": round(report.seconds, 3),
        "keras_version": report.keras_version,
        "backend": report.backend,
        "seeds": report.settings.seeds,
        "verdicts": [_verdict(verdict) for verdict in report.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    finding, evidence = verdict.finding, verdict.evidence
    return {
        "symbol": verdict.symbol,
        "id": finding.rule.msgid if finding.rule else None,
        "line": finding.span.line,
        "column": finding.span.column,
        "message": finding.message,
        "verdict": verdict.verdict,
        "symptom": verdict.symptom.value if verdict.symptom else None,
        "reason": verdict.reason,
        "source_line": verdict.source_line,
        "diff": list(verdict.diff),
        "head": evidence.head if evidence else None,
        "flagged": _side(evidence.flagged) if evidence else None,
        "twin": _side(evidence.twin) if evidence else None,
        "control": _side(evidence.control) if evidence else None,
        "elsewhere": _elsewhere(evidence.elsewhere) if evidence else None,
        "assumptions": list(verdict.assumptions),
        "warnings": list(verdict.warnings),
    }


def _side(side: Trained | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "error": side.error,
        "phase": side.phase,
        "failure": side.failure,
        "runs": [_finite(_run(run)) for run in side.runs],
    }


def _run(run: Run) -> dict[str, Any]:
    written = {name: getattr(run, name) for name in Run.__slots__ if name != "prints"}
    return written | {name: [_score(score) for score in written[name]] for name in ("start", "end", "constant")}


def _score(score: Score | None) -> dict[str, Any] | None:
    return None if score is None else score._asdict()


def _elsewhere(elsewhere: Elsewhere | None) -> dict[str, Any] | None:
    if elsewhere is None:
        return None
    return {
        "assumed": elsewhere.assumed,
        "other": elsewhere.other,
        "flagged": _side(elsewhere.flagged),
        "twin": _side(elsewhere.twin),
    }


def _finite(value: Any) -> Any:
    """JSON has no NaN."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
        case _:
            return value
