"""``keraslint check``: pylint with keraslint's messages only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from keraslint.cli.command import DIRECTORY, ERROR, FOUND, OK, Commands, add_command
from keraslint.cli.selecting import add_stdin_filename, selected
from keraslint.printable import printable
from keraslint.problem import Problem

CHECK_EXITS = """\
NAMES are separated by commas: symbols, ids or how they begin (E7800, E78), E, W, R or all. What is checked is what
--select names, or else what is on by default and in the configuration; without what --ignore and --disable name;
with what --enable names. Of --select and --ignore the more exact name wins, as in ruff: --select=E7800 --ignore=E
checks E7800. What the configuration disables is left out of a less exact --select, too.

exit codes: 0 nothing found; 1 something found; 2 wrong usage, or a file that could not be checked
(missing, syntax error, not UTF-8, no notebook), whatever else was found; with --exit-zero 0 for 1"""

SELECTING = {
    "select": "only these messages, on by default or not",
    "ignore": "not these messages",
    "enable": "these messages in any case; wins over all others",
    "disable": "not these messages, however exactly --select names them",
}


def add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    check = add_command(
        commands, "check", "Lint files and directories, with keraslint's messages only.", _check, CHECK_EXITS
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help=f"a Python file or notebook, {DIRECTORY}, or - for the standard input"
    )
    check.add_argument(
        "--output-format", metavar="FORMAT", help="text (the default), colorized, json, json2, sarif, github, …"
    )
    for name, does in SELECTING.items():
        check.add_argument(f"--{name}", action="append", default=[], metavar="NAMES", help=does)
    check.add_argument(
        "--statistics",
        action="store_true",
        help="count the messages of each kind: below them, or on stderr where the format is not text",
    )
    check.add_argument(
        "--exit-zero",
        action="store_true",
        help="exit with 0 whatever is found; a file that could not be checked still gives 2",
    )
    check.add_argument("-j", "--jobs", metavar="N", help="processes; 0 for one per CPU")
    check.add_argument("--rcfile", type=Path, metavar="FILE", help="instead of the pylint configuration found here")
    check.add_argument(
        "--keras-version",
        metavar="VERSION",
        help="the Keras that the code is for (default: what the project pins, else the newest)",
    )
    check.add_argument(
        "-v", "--verbose", action="store_true", help="say which Keras the code is taken to be for, and why"
    )
    add_stdin_filename(check)


def _check(parsed: argparse.Namespace) -> int:
    from keraslint.plugin import configuration, run

    if parsed.jobs is not None and not parsed.jobs.isdecimal():
        raise Problem(f"-j {parsed.jobs}: the number of processes is 1 or more, or 0 for one per CPU")
    for path in parsed.paths:
        if path != "-" and not Path(path).exists():
            raise Problem(f"{path}: no such file or directory")
    configured = configuration.of_project(parsed.rcfile)
    selection, text = selected(parsed, configuration.ignored(configured))
    options = {
        "output-format": parsed.output_format,
        "jobs": parsed.jobs,
        "keras-version": parsed.keras_version,
    }
    names = {
        option: [name for value in getattr(parsed, option) for name in configuration.split(value)]
        for option in SELECTING
    }
    request = run.Request(
        selection=selection,
        configured=configured,
        **names,
        options={name: value for name, value in options.items() if value is not None},
        stdin=text,
    )
    outcome = run.run(request)
    if parsed.verbose:
        _tell_versions(selection.with_keras(), {**request.configured, **request.options}.get("keras-version", ""))
    if parsed.statistics:
        for_people = (parsed.output_format or "text") in run.FOR_TERMINALS
        print(_statistics(outcome.counts), end="", file=sys.stdout if for_people else sys.stderr)
    if outcome.unreadable:
        return ERROR
    return FOUND if outcome.findings and not parsed.exit_zero else OK


def _statistics(counts: Mapping[tuple[str, str], int]) -> str:
    """A line for each kind of message, the most frequent first."""
    rows = sorted((-count, msgid, symbol) for (msgid, symbol), count in counts.items())
    width = max((len(str(-less)) for less, _, _ in rows), default=0)
    return "".join(f"{-less:>{width}}  {msgid}  {symbol}\n" for less, msgid, symbol in rows)


def _tell_versions(paths: Sequence[str], asked: str) -> None:
    """Say for which Keras the files were checked, and why, once for each reason."""
    from keraslint import keras_api, target

    reasons: dict[str, list[str]] = {}
    for path in paths:
        pinned = None if asked else target.of_file(path)
        if asked:
            reason = f"Keras {asked} (the option keras-version)"
        elif pinned:
            reason = f"Keras {pinned.version} ({pinned.reason})"
        else:
            reason = f"Keras {keras_api.NEWEST} (the newest; the project pins no other)"
        reasons.setdefault(reason, []).append(path)
    for reason, those in reasons.items():
        more = f" and {len(those) - 1} more" if len(those) > 1 else ""
        print(printable(f"keraslint: {those[0]}{more}: checked for {reason}"), file=sys.stderr)
