"""The curves of a report as an image; needs matplotlib, which comes with an extra."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from keraslint.confirm.curves import Curve, deciding_curve
from keraslint.confirm.evidence import ConfirmError, Report, Verdict


def require_plot(target: str | Path) -> None:
    """See that a plot can be drawn, before anything is trained for it.

    Raises:
        ConfirmError: matplotlib is not installed, there is no such folder, or what is there is no ordinary file.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise ConfirmError('--plot needs matplotlib, which is not installed: pip install "keraslint[plot]"')
    file = _file(target)
    if not file.absolute().parent.is_dir():
        raise ConfirmError(f"the plot cannot be written to {target}: there is no folder {file.parent}")
    for path in (Path(target), file):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise ConfirmError(f"the plot cannot be written to {path}: it is a link, a folder or a device; name a file")
    _figures()


def _file(target: str | Path) -> Path:
    """The file that is written: matplotlib would add the ending, too."""
    path = Path(target)
    return path if path.suffix else path.with_name(f"{path.name}.png") if path.name else path


def _figures() -> Any:
    """``matplotlib.figure``, loaded where no ``matplotlibrc`` lies.

    The one of the current folder goes before all others, and it may lie there as a trap: ``text.usetex`` starts LaTeX
    with a preamble of its choice, and what is wrong in it is printed.
    """
    if "matplotlib" in sys.modules:
        return importlib.import_module("matplotlib.figure")
    here = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="keraslint-") as empty:
        os.chdir(empty)
        try:
            return importlib.import_module("matplotlib.figure")
        finally:
            os.chdir(here)


def plot(report: Report, target: str | Path) -> None:
    """Draw the quantity that decides each verdict, of flagged model and twin, into an image file.

    Raises:
        ConfirmError: matplotlib is not installed, or cannot write that file.
    """
    require_plot(target)
    figures = _figures()
    drawn = [verdict for verdict in report.verdicts if verdict.evidence and verdict.evidence.flagged.runs]
    figure = figures.Figure(figsize=(7, 3 * max(len(drawn), 1)), layout="constrained")
    grid = figure.subplots(max(len(drawn), 1), squeeze=False)
    for axes, verdict in zip(grid[:, 0], drawn, strict=False):
        curve = deciding_curve(verdict)
        title = f"line {verdict.finding.span.line}: {verdict.symbol}: {verdict.outcome}"
        axes.set(title=title, xlabel="epoch", ylabel=curve.name)
        _draw(axes, verdict, curve)
    try:
        figure.savefig(_file(target))
    except (OSError, ValueError) as error:
        raise ConfirmError(f"the plot cannot be written to {target}: {error}") from error


def _draw(axes: Any, verdict: Verdict, curve: Curve) -> None:
    sides = (verdict.evidence.flagged, verdict.evidence.twin) if verdict.evidence else ()
    for side, name, color in zip(sides, ("flagged", "twin"), ("tab:red", "tab:blue"), strict=False):
        for n, run in enumerate(side.runs if side else ()):
            values = curve.of(run)
            axes.plot(range(1, len(values) + 1), values, color=color, alpha=0.7, label=name if n == 0 else None)
    if curve.constant is not None:
        axes.axhline(curve.constant, color="gray", linestyle="--", label="best constant")
    axes.legend()
