"""``keraslint check``: pylint with keraslint's messages only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from keraslint.cli.command import DIRECTORY, ERROR, FOUND, OK, Commands, add_command
from keraslint.cli.selecting import add_stdin_filename, selected
from keraslint.printable import printable
from keraslint.problem import Problem

CHECK_EXITS = """\
exit codes: 0 nothing found; 1 something found; 2 wrong usage, or a file that could not be checked
(missing, syntax error, not UTF-8, notebook), whatever else was found"""


def add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    check = add_command(
        commands, "check", "Lint files and directories, with keraslint's messages only.", _check, CHECK_EXITS
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help=f"a Python file, {DIRECTORY}, or - for the standard input"
    )
    check.add_argument(
        "--output-format", metavar="FORMAT", help="text (the default), colorized, json, json2, github, …"
    )
    check.add_argument("--enable", action="append", default=[], metavar="NAMES", help="symbols, ids, E, W, R or all")
    check.add_argument("--disable", action="append", default=[], metavar="NAMES", help="likewise; --enable wins")
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
    request = run.Request(
        selection=selection,
        configured=configured,
        enable=[name for names in parsed.enable for name in configuration.split(names)],
        disable=[name for names in parsed.disable for name in configuration.split(names)],
        options={name: value for name, value in options.items() if value is not None},
        stdin=text,
    )
    outcome = run.run(request)
    if parsed.verbose:
        _tell_versions(selection.with_keras(), {**request.configured, **request.options}.get("keras-version", ""))
    if outcome.unreadable:
        return ERROR
    return FOUND if outcome.findings else OK


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
