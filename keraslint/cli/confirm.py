"""``keraslint confirm``: trains what was flagged, file by file or several at a time."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from keraslint.cli.command import DIRECTORY, FOUND, INCONCLUSIVE, OK, Commands, add_command
from keraslint.cli.explain import rule_called
from keraslint.cli.selecting import each_file, program_of
from keraslint.problem import Problem

if TYPE_CHECKING:
    from keraslint.confirm import Report, Session
    from keraslint.graph import Program
    from keraslint.notebooks import Notebook
    from keraslint.rules import Finding

CONFIRM_EXITS = """\
exit codes: 0 no finding was confirmed; 1 at least one was; 2 wrong usage or unreadable file;
3 none was confirmed, and at least one is inconclusive"""


def add_confirm(commands: Commands[argparse.ArgumentParser]) -> None:
    confirm = add_command(
        commands,
        "confirm",
        "Train each flagged model and its fixed twin in real Keras, and judge every finding.",
        _confirm,
        CONFIRM_EXITS,
    )
    confirm.add_argument(
        "paths", nargs="+", metavar="PATH", help=f"a Python file or notebook, or {DIRECTORY}; it is read, never run"
    )
    confirm.add_argument("--format", choices=("text", "json"), default="text")
    confirm.add_argument("--seeds", type=_positive, metavar="N", help="train from N different initial weights")
    confirm.add_argument("--only", action="append", default=[], metavar="SYMBOL", help="judge only these findings")
    confirm.add_argument("--timeout", type=_positive, metavar="SECONDS", help="limit for one file")
    confirm.add_argument("--backend", metavar="NAME", help="tensorflow, jax or torch (default: $KERAS_BACKEND)")
    confirm.add_argument("-j", "--jobs", type=_positive, default=1, metavar="N", help="files judged at the same time")
    confirm.add_argument("--plot", metavar="PNG", help="draw the loss curves into this file")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _confirm(parsed: argparse.Namespace) -> int:
    from keraslint import confirm, files, reader, rules, target
    from keraslint.confirm import as_json, report
    from keraslint.plugin import configuration

    configured = configuration.of_project()
    selection = files.select(parsed.paths, configuration.ignored(configured))
    paths = selection.with_keras()
    if parsed.plot and len(paths) > 1:
        raise Problem("--plot draws the curves of one FILE, not of several")
    only = {rule.symbol for rule in map(rule_called, parsed.only)}
    asked = [rule for rule in rules.all_rules() if rule.on_by_default or rule.symbol in only]
    options = configuration.rule_options(configured)
    given = {
        "seeds": parsed.seeds,
        "seconds": parsed.timeout,
        "plot": parsed.plot,
        "backend": parsed.backend or os.environ.get("KERAS_BACKEND") or None,
    }
    settings = confirm.Settings(**{name: value for name, value in given.items() if value is not None})
    cells: dict[str, Notebook] = {}
    reading = threading.Lock()  # astroid keeps what it has read in one place for all

    def read(source: str, path: str) -> Program:
        with reading:
            return reader.read(source, path)

    def check(path: str, program: Program) -> list[Finding]:
        with reading:
            return rules.check(program, target.options_for(path, options), asked)

    def chosen(finding: Finding) -> bool:
        return not only or (finding.rule is not None and finding.rule.symbol in only)

    def judge(path: str, session: Session) -> Report:
        source, notebook = program_of(path)
        if notebook is not None:
            cells[path] = notebook
        bar = report.progress(sys.stderr) if parsed.jobs == 1 else None
        try:
            return confirm.confirm(
                source, path, read, partial(check, path), progress=bar, session=session, chosen=chosen
            )
        except confirm.ConfirmError:
            read(source, path)  # what is wrong with the file is the first thing to say
            raise

    def show(judged: Report) -> int:
        notebook = cells.get(judged.path)
        if parsed.format == "json":
            described = as_json.to_json(judged)
            print(json.dumps(described if notebook is None else notebook.told(described)), flush=True)
        else:
            report.render(judged, sys.stdout, str if notebook is None else notebook.said)
        verdicts = {verdict.verdict for verdict in judged.verdicts}
        return FOUND if "confirmed" in verdicts else INCONCLUSIVE if "inconclusive" in verdicts else OK

    try:
        with _ended_by_signals(), confirm.Sessions(min(parsed.jobs, max(len(paths), 1)), settings) as sessions:
            results = dict(zip(paths, sessions.results(judge, paths), strict=True))
            return each_file(paths, lambda path: show(results[path]()))
    except confirm.ConfirmError as error:
        raise Problem(error) from error


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let what asks this process to end unwind it first, so that no training goes on without it."""

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
