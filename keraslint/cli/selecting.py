"""The files that a command is asked to look at, one after the other, and their text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from keraslint.cli.command import ERROR, FOUND, INCONCLUSIVE, OK, complain
from keraslint.printable import printable
from keraslint.problem import Problem

if TYPE_CHECKING:
    from keraslint.files import Ignored, Selection


def add_stdin_filename(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--stdin-filename", metavar="NAME", help="the file that the standard input is the text of, when PATH is -"
    )


def selected(parsed: argparse.Namespace, ignored: Ignored) -> tuple[Selection, str | None]:
    """What to look at, and the text of it when that comes from the standard input."""
    from keraslint import files

    if "-" in parsed.paths or parsed.stdin_filename is not None:
        if parsed.paths != ["-"]:
            raise Problem("the standard input is checked alone: --stdin-filename NAME -")
        name = parsed.stdin_filename or "stdin.py"
        return files.Selection((name,), (), ()), _decoded(sys.stdin.buffer.read(), name)
    selection = files.select(parsed.paths, ignored)
    mention(selection.notebooks)
    return selection, None


def mention(notebooks: Sequence[str]) -> None:
    """Say which notebooks in the directories are passed over, lest silence look like an all-clear."""
    from keraslint import files

    if notebooks:
        more = f" and {len(notebooks) - 1} more" if len(notebooks) > 1 else ""
        note = f"{notebooks[0]}{more}: {files.NOTEBOOKS % notebooks[0]}"
        print(f"keraslint: note: {printable(note)}", file=sys.stderr)


def each_file(paths: Sequence[str], work: Callable[[str], int]) -> int:
    """Work on one file after the other; one that cannot be read does not keep the others from their turn."""
    codes = []
    for path in paths:
        try:
            codes.append(work(path))
        except Problem as error:
            codes.append(complain(str(error)))
    return next((code for code in (ERROR, FOUND, INCONCLUSIVE) if code in codes), OK)


def text_of(path: str) -> str:
    from keraslint import files

    files.require_regular(path)
    try:
        return _decoded(files.content(path), path)
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}") from error


def _decoded(source: bytes, path: str) -> str:
    from keraslint.reader.parsing import decode

    return decode(source, path)
