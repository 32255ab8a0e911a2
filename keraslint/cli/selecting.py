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
    from keraslint.notebooks import Notebook


def add_stdin_filename(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--stdin-filename", metavar="NAME", help="the file that the standard input is the text of, when PATH is -"
    )


def selected(parsed: argparse.Namespace, ignored: Ignored) -> tuple[Selection, str | None]:
    """What to look at, and the text of it when that comes from the standard input."""
    from keraslint import files
    from keraslint.reader import is_notebook

    if "-" in parsed.paths or parsed.stdin_filename is not None:
        if parsed.paths != ["-"]:
            raise Problem("the standard input is checked alone: --stdin-filename NAME -")
        source = sys.stdin.buffer.read()
        name = parsed.stdin_filename or ("stdin.ipynb" if is_notebook(source) else "stdin.py")
        return files.Selection((name,), ()), _decoded(source, name)
    return files.select(parsed.paths, ignored), None


def each_file(paths: Sequence[str], work: Callable[[str], int]) -> int:
    """Work on one file after the other; one that cannot be read does not keep the others from their turn."""
    codes = []
    for path in paths:
        try:
            codes.append(work(path))
        except Problem as error:
            codes.append(complain(str(error)))
    return next((code for code in (ERROR, FOUND, INCONCLUSIVE) if code in codes), OK)


def program_of(path: str, text: str | None = None) -> tuple[str, Notebook | None]:
    """The text of a file, or the one that is given in its place; of a notebook the program in its cells."""
    from keraslint import files, notebooks
    from keraslint.reader import is_named_as_notebook

    if text is None:
        files.require_regular(path)
        try:
            text = _decoded(files.content(path), path)
        except OSError as error:
            raise Problem(f"{path}: {error.strerror}") from error
    if not is_named_as_notebook(path):
        return text, None
    notebook = notebooks.read(text, path)
    for note in notebook.notes:
        print(f"keraslint: note: {printable(f'{path}: {note}')}", file=sys.stderr)
    return notebook.text, notebook


def _decoded(source: bytes, path: str) -> str:
    from keraslint.reader.parsing import decode

    return decode(source, path)
