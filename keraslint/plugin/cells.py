"""Lets pylint read a notebook as the program in its cells, and say in its messages in which cell a line stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pylint.interfaces import HIGH
from pylint.reporters import CollectingReporter, MultiReporter
from pylint.reporters.text import GithubReporter, TextReporter

from keraslint.plugin.messages import CELL_NOT_READ, CELLS_AS_RUN, UNREAD_NOTEBOOK
from keraslint.problem import Problem
from keraslint.reader import is_named_as_notebook

if TYPE_CHECKING:
    from astroid import nodes
    from pylint.lint import PyLinter
    from pylint.message import Message
    from pylint.reporters import BaseReporter

    from keraslint.notebooks import Notebook

READ = "_keraslint_notebooks"
"""On a linter: the notebooks that it has read, by absolute path. On a reporter: that it shows cells."""


def teach(linter: PyLinter) -> None:
    """Let this linter read notebooks, and the reporter that it has now show where their lines stand.

    A worker of ``-j`` collects its messages as they are: they get their places in the main process.
    """
    if not hasattr(linter, READ):
        setattr(linter, READ, {})
        # Goes to the workers with the linter, so it must not hold a method of it.
        linter.get_ast = partial(_get_ast, linter)  # type: ignore[method-assign]
    for reporter in _parts(linter.reporter):
        if not hasattr(reporter, READ) and not isinstance(reporter, CollectingReporter):
            setattr(reporter, READ, True)
            _show_cells(reporter, getattr(linter, READ))


def _parts(reporter: BaseReporter | MultiReporter) -> Iterator[BaseReporter]:
    if isinstance(reporter, MultiReporter):
        yield from reporter._sub_reporters
    else:
        yield reporter


def _get_ast(linter: PyLinter, filepath: str, modname: str, data: str | None = None) -> nodes.Module | None:
    """The tree of a file; of a notebook that of the program in it."""
    if is_named_as_notebook(filepath):
        from keraslint import notebooks  # most runs have none

        try:
            notebook = notebooks.of_file(filepath) if data is None else notebooks.read(data, filepath)
        except Problem as problem:
            nothing = type(linter).get_ast(linter, filepath, modname, "")
            why = str(problem).removeprefix(f"{filepath}: ")
            linter.add_message(UNREAD_NOTEBOOK, line=1, node=nothing, args=(why,), confidence=HIGH)
            return None
        getattr(linter, READ)[os.path.abspath(filepath)] = notebook
        data = notebook.text
    return type(linter).get_ast(linter, filepath, modname, data)


def notebook_of(linter: PyLinter, path: str) -> Notebook | None:
    """The notebook that a file is, when this linter has read it as one."""
    found: Notebook | None = getattr(linter, READ, {}).get(os.path.abspath(path))
    return found


def tell_notes(linter: PyLinter, module: nodes.Module) -> None:
    """Say which cells were left out, and in which order the others were read where that is not the file's."""
    notebook = notebook_of(linter, module.file or "")
    if notebook is None:
        return
    for line, reason in notebook.left_out:
        linter.add_message(CELL_NOT_READ, line=line, node=module, args=(reason,), confidence=HIGH)
    if notebook.order:
        linter.add_message(CELLS_AS_RUN, line=1, node=module, args=(notebook.order,), confidence=HIGH)


def _show_cells(reporter: BaseReporter, read: dict[str, Notebook]) -> None:
    handle = reporter.handle_message
    of_sarif = getattr(reporter, "notebooks", None)
    in_path = isinstance(reporter, TextReporter) and not isinstance(reporter, GithubReporter)

    def handle_with_place(msg: Message) -> None:
        notebook = _read_again(msg, read)
        if notebook is not None and of_sarif is not None:
            of_sarif[msg.abspath] = notebook
        elif notebook is not None:
            _place(msg, notebook, in_path=in_path)
        handle(msg)

    reporter.handle_message = handle_with_place  # type: ignore[method-assign]


def _read_again(msg: Message, read: dict[str, Notebook]) -> Notebook | None:
    """The notebook that a message is about; a worker may have read it."""
    if not is_named_as_notebook(msg.abspath) or msg.symbol == UNREAD_NOTEBOOK:
        return None
    path = os.path.abspath(msg.abspath)
    if path not in read:
        from keraslint import notebooks

        try:
            read[path] = notebooks.of_file(path)
        except Problem:
            return None  # it has changed since
    return read[path]


def _place(msg: Message, notebook: Notebook, *, in_path: bool) -> None:
    """Give a message the line in its cell, and the cell as a part of the path or, where that must be a file's, of
    its text."""
    place = notebook.place(msg.line)
    if msg.end_line is not None:
        end = notebook.place(msg.end_line)
        msg.end_line = end.line if end.cell == place.cell else place.line
    msg.line = place.line
    if msg.symbol != CELL_NOT_READ:  # it has words of Python's, whose lines are the cell's
        msg.msg = notebook.said(msg.msg)
    if in_path:
        msg.path = f"{msg.path}:cell {place.cell}"
    else:
        msg.msg = f"cell {place.cell}: {msg.msg}"
