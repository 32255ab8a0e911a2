"""A report as people read it: text, through rich if that is installed, and a progress bar."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO

from keraslint.confirm.comparing import accuracy, error
from keraslint.confirm.curves import Curve, deciding_curve
from keraslint.confirm.evidence import Report, Run, Verdict
from keraslint.confirm.session import Listener, Progress
from keraslint.confirm.symptoms import GAPS
from keraslint.confirm.telling import number
from keraslint.printable import printable
from keraslint.rules.framework import Symptom

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


def render(report: Report, file: TextIO | None = None, said: Callable[[str], str] = str) -> None:
    """Write the report as text; in color when the file is a terminal and rich is installed.

    ``said`` puts a line of it into other words, as for a notebook, whose lines are none of its file.
    """
    file = file or sys.stdout
    if importlib.util.find_spec("rich"):
        _render_rich(report, file, said)
    else:
        file.writelines(printable(line) + "\n" for line in _plain(report, said))


def _render_rich(report: Report, file: TextIO, said: Callable[[str], str]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False, soft_wrap=True, force_jupyter=False)
    for verdict in report.verdicts:
        head = Text(printable(f"{_place(report, verdict, said)}: {verdict.symbol}: "))
        console.print(head.append(verdict.outcome, STYLES[verdict.verdict]))
        for line in _body(verdict, said):
            console.print(Text(printable(line)))
        console.print()
    console.print(Text(printable(_footer(report)), "dim"))


def _plain(report: Report, said: Callable[[str], str]) -> Iterator[str]:
    for verdict in report.verdicts:
        yield f"{_place(report, verdict, said)}: {verdict.symbol}: {verdict.outcome}"
        yield from _body(verdict, said)
        yield ""
    yield _footer(report)


def _place(report: Report, verdict: Verdict, said: Callable[[str], str]) -> str:
    line = verdict.finding.span.line
    return f"{report.path}:{line}" if said is str else f"{report.path}, {said(f'line {line}')}"


def _body(verdict: Verdict, said: Callable[[str], str]) -> Iterator[str]:
    yield f"  {said(verdict.reason)}"
    yield from (f"    {line}" for line in verdict.diff or (f"  {verdict.source_line}",) if line.strip())
    if verdict.evidence:
        yield from _table(_rows(verdict))
    for assumption in verdict.assumptions:
        yield f"  assumed: {said(assumption)}"
    for warning in verdict.warnings:
        yield f"  Keras warns: {warning}"


SILENT_ON = {
    "weights moved": frozenset({Symptom.METRIC, Symptom.PLATEAU, Symptom.SLOWER, None}),
    "spread": frozenset(Symptom) - {Symptom.CONSTANT} | {None},
    "metrics": frozenset(Symptom) - {Symptom.METRIC} | {None},
}
"""Columns that add nothing to what decided."""


def _rows(verdict: Verdict) -> list[Row]:
    """A row per run, under words for its columns; columns that say nothing here are left out."""
    evidence = verdict.evidence
    assert evidence is not None
    curve = deciding_curve(verdict)
    control = evidence.control if verdict.symptom in GAPS else None
    sides = (("flagged", evidence.flagged), ("twin", evidence.twin), ("control", control))
    runs = [(name, run) for name, side in sides for run in (side.runs if side else ())]
    scale = [value for _, run in runs for value in curve.of(run)]
    header = (
        "",
        "seed",
        "reported loss",
        f"{curve.name} by epoch",
        "error",
        "a constant's",
        "accuracy",
        "a constant's",
        "weights moved",
        "spread",
        "metrics",
    )
    columns = zip(header, *(_cells(name, run, evidence.head, curve, scale) for name, run in runs), strict=True)
    kept = [column for column in columns if any(column[1:]) and verdict.symptom not in SILENT_ON.get(column[0], ())]
    return list(zip(*kept, strict=True)) if runs else []


def _cells(name: str, run: Run, head: int | None, curve: Curve, scale: Sequence[float]) -> Row:
    spread = max(run.spreads, default=0.0) if head is None else run.spreads[head]
    right, chance = accuracy(run.end, run, head), accuracy(run.constant, run, head)
    return (
        name,
        str(run.seed),
        _from_to(run.first, run.last),
        sparkline(curve.of(run), scale),
        _from_to(error(run.start, run, head), error(run.end, run, head)),
        number(error(run.constant, run, head)),
        "" if right is None else _from_to(accuracy(run.start, run, head) or 0.0, right),
        "" if chance is None else number(chance),
        f"{run.moved} of {run.weights}",
        f"{spread:.2g}",
        ", ".join(f"{name} {_from_to(run.start_metrics[name], end)}" for name, end in run.end_metrics.items()),
    )


def _from_to(start: float, end: float) -> str:
    return f"{number(start)} → {number(end)}"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def sparkline(values: Iterable[float], scale: Iterable[float] | None = None) -> str:
    """A curve in one line, between the lowest and the highest value of ``scale``; ``×`` for NaN and infinity."""
    values = list(values)
    finite = [value for value in (values if scale is None else scale) if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    step = (len(BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(BARS[round((v - low) * step)] if math.isfinite(v) else "×" for v in values)


def _footer(report: Report) -> str:
    outcomes = [verdict.verdict for verdict in report.verdicts]
    counts = [f"{outcomes.count(name)} {name}" for name in STYLES if name in outcomes] or ["nothing to confirm"]
    by = f", Keras {report.keras_version} on {report.backend}" if report.keras_version else ""
    return f"{report.path}: {', '.join(counts)} ({report.seconds:.1f} s{by})"


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
