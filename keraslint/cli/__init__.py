"""The command line: ``keraslint check|confirm|explain|summary``. Arguments in, exit code out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from keraslint import __version__
from keraslint.cli.check import add_check
from keraslint.cli.command import ERROR, FOUND, INCONCLUSIVE, OK, complain
from keraslint.cli.confirm import add_confirm
from keraslint.cli.explain import add_explain
from keraslint.cli.summary import add_summary
from keraslint.problem import RAISE, Problem, describe

__all__ = ["ERROR", "FOUND", "INCONCLUSIVE", "OK", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _open_closed_streams()
    parsed = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = parsed.command
    try:
        code = command(parsed)
        sys.stdout.flush()  # as long as somebody can be told that it fails
        return code
    except Problem as problem:
        return complain(str(problem))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        _say_no_more()
        return 141
    except OSError as error:  # files that are read or written tell by a Problem: this is the output
        _say_no_more()
        return complain(f"{error.filename or 'the output could not be written'}: {error.strerror}")
    except Exception as error:
        if RAISE in os.environ:
            raise
        what, where = describe(error)
        return complain(f"keraslint itself failed with `{what}` at {where}; please report it")


def _open_closed_streams() -> None:
    """Where the caller has closed a stream, Python has None in its place: what is said to it goes nowhere."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (open to the end)
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _say_no_more() -> None:
    """Python writes what is left of the output at its end: let that go nowhere, instead of failing once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keraslint",
        description="Finds the mistakes that keep a Keras network from learning, without running your code.",
        epilog="`keraslint COMMAND --help` shows the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"keraslint {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_check(commands)
    add_confirm(commands)
    add_explain(commands)
    add_summary(commands)
    return parser
