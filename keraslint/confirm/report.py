"""A report as people and programs read it: text (through rich if installed), JSON, a plot, a progress bar."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from keraslint.confirm.comparing import error
from keraslint.confirm.evidence import ConfirmError, Evidence, Report, Run, Trained, Verdict
from keraslint.confirm.session import Listener, Progress
from keraslint.printable import printable

BARS = "▁▂▃▄▅▆▇█"
STYLES = {
    "confirmed": "bold red",
    "in some runs": "red",
    "conditional": "magenta",
    "refuted": "bold green",
    "not reproduced": "green",
    "inconclusive": "yellow",
}
Row = tuple[str, ...]


def render(report: Report, file: TextIO | None = None) -> None:
    """Write the report as text; in color when the file is a terminal and rich is installed."""
    file = file or sys.stdout
    if importlib.util.find_spec("rich"):
        _render_rich(report, file)
    else:
        file.writelines(printable(line) + "\n" for line in _plain(report))


def _render_rich(report: Report, file: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False, soft_wrap=True)
    for verdict in report.verdicts:
        head = Text(printable(f"{_place(report, verdict)}: {_symbol(verdict)}: "))
        console.print(head.append(_outcome(verdict), STYLES[verdict.verdict]))
        for line in _body(verdict):
            console.print(Text(printable(line)))
        console.print()
    console.print(Text(printable(_footer(report)), "dim"))


def _plain(report: Report) -> Iterator[str]:
    for verdict in report.verdicts:
        yield f"{_place(report, verdict)}: {_symbol(verdict)}: {_outcome(verdict)}"
        yield from _body(verdict)
        yield ""
    yield _footer(report)


def _place(report: Report, verdict: Verdict) -> str:
    return f"{report.path}:{verdict.finding.span.line}"


def _symbol(verdict: Verdict) -> str:
    return verdict.finding.rule.symbol if verdict.finding.rule else "finding"


def _outcome(verdict: Verdict) -> str:
    return f"{verdict.verdict} ({verdict.symptom.value})" if verdict.symptom else verdict.verdict


def _body(verdict: Verdict) -> Iterator[str]:
    yield f"  {verdict.reason}"
    if verdict.evidence:
        yield from _table(_rows(verdict.evidence))
    for assumption in verdict.assumptions:
        yield f"  assumed: {assumption}"
    for warning in verdict.warnings:
        yield f"  Keras warns: {warning}"


HEADER: Row = (
    "",
    "seed",
    "loss first → last",
    "curve",
    "of predictions",
    "of constant",
    "weights moved",
    "spread",
    "metrics",
)
"""The loss as Keras reports it, of the final predictions and of the best constant predictor, and the rest."""


def _rows(evidence: Evidence) -> list[Row]:
    rows = [HEADER]
    for name, side in (("flagged", evidence.flagged), ("twin", evidence.twin)):
        rows += [(name, *_cells(run, evidence.head)) for run in (side.runs if side else ())]
    return rows if len(rows) > 1 else []


def _cells(run: Run, head: int | None) -> Row:
    spread = max(run.spreads, default=0.0) if head is None else run.spreads[head]
    metrics = [f"{name} {run.start_metrics[name]:.3g} → {end:.3g}" for name, end in run.end_metrics.items()]
    return (
        str(run.seed),
        f"{run.first:.6g} → {run.last:.6g}",
        sparkline(run.losses),
        f"{error(run.end, run, head):.4g}",
        f"{error(run.constant, run, head):.4g}",
        f"{run.moved} of {run.weights}",
        f"{spread:.2g}",
        ", ".join(metrics),
    )


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def sparkline(values: Iterable[float]) -> str:
    """A curve in one line: its lowest value as the lowest bar, ``×`` for NaN and infinity."""
    values = list(values)
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    scale = (len(BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(BARS[round((v - low) * scale)] if math.isfinite(v) else "×" for v in values)


def _footer(report: Report) -> str:
    outcomes = [verdict.verdict for verdict in report.verdicts]
    counts = [f"{outcomes.count(name)} {name}" for name in STYLES if name in outcomes] or ["nothing to confirm"]
    by = f", Keras {report.keras_version} on {report.backend}" if report.keras_version else ""
    return f"{report.path}: {', '.join(counts)} ({report.seconds:.1f} s{by})"


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
        "symbol": _symbol(verdict),
        "id": finding.rule.msgid if finding.rule else None,
        "line": finding.span.line,
        "column": finding.span.column,
        "message": finding.message,
        "verdict": verdict.verdict,
        "symptom": verdict.symptom.value if verdict.symptom else None,
        "reason": verdict.reason,
        "flagged": _side(evidence.flagged) if evidence else None,
        "twin": _side(evidence.twin) if evidence and evidence.twin else None,
        "assumptions": list(verdict.assumptions),
        "warnings": list(verdict.warnings),
    }


def _side(side: Trained) -> dict[str, Any]:
    return {
        "error": side.error,
        "phase": side.phase,
        "failure": side.failure,
        "runs": [_finite({name: getattr(run, name) for name in Run.__slots__}) for run in side.runs],
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


def plot(report: Report, target: str | Path) -> None:
    """Draw the loss curves of each finding, flagged and twin, into an image file.

    Raises:
        ConfirmError: matplotlib is not installed, or cannot write that file.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise ConfirmError("a plot needs matplotlib, which is not installed: pip install matplotlib")
    figures = importlib.import_module("matplotlib.figure")
    drawn = [verdict for verdict in report.verdicts if verdict.evidence and verdict.evidence.flagged.runs]
    figure = figures.Figure(figsize=(6, 3 * max(len(drawn), 1)), layout="constrained")
    grid = figure.subplots(max(len(drawn), 1), squeeze=False)
    for axes, verdict in zip(grid[:, 0], drawn, strict=False):
        axes.set(title=f"{_symbol(verdict)}: {_outcome(verdict)}", xlabel="epoch", ylabel="loss")
        _draw(axes, verdict)
    try:
        figure.savefig(target)
    except (OSError, ValueError) as error:
        raise ConfirmError(f"the plot cannot be written to {target}: {error}") from error


def _draw(axes: Any, verdict: Verdict) -> None:
    sides = (verdict.evidence.flagged, verdict.evidence.twin) if verdict.evidence else ()
    for side, name, color in zip(sides, ("flagged", "twin"), ("tab:red", "tab:blue"), strict=False):
        for number, run in enumerate(side.runs if side else ()):
            label = name if number == 0 else None
            axes.plot(range(1, len(run.losses) + 1), run.losses, color=color, alpha=0.7, label=label)
    axes.legend()


def progress(file: TextIO) -> Listener | None:
    """A listener that shows a bar on ``file`` while trainings run; None without rich or a terminal."""
    if not file.isatty() or not importlib.util.find_spec("rich"):
        return None
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(file=file), transient=True)
    task = bar.add_task("")

    def show(now: Progress) -> None:
        bar.start()
        bar.update(task, completed=now.done, total=now.total, description=now.text)
        if now.done >= now.total:
            bar.stop()

    return show
