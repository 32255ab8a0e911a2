"""``%load_ext keraslint``: what is new is shown under each cell that is run, and the magic ``%keraslint``."""

from __future__ import annotations

import html
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

from keraslint import confirm, reader, summary
from keraslint.confirm import report
from keraslint.live import Found, Live
from keraslint.plugin import configuration
from keraslint.problem import Problem, describe

NAMES = ("JPY_SESSION_NAME", "__vsc_ipynb_file__")
"""Where front ends tell the path of the notebook: Jupyter in the environment, VS Code among the user's names."""

COLORS = {"E": "#d32f2f", "W": "#ed6c02", "R": "#0288d1"}

USAGE = """\
%keraslint          say everything that is found in the cells that were run
%keraslint off      show nothing under cells; `on` shows it again
%keraslint summary  show the models as keraslint reads them
%keraslint confirm  train each flagged model and its fixed twin, and judge every finding"""


class Extension:
    """What stands between one shell of IPython and the cells that it ran."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._is_on = True
        try:
            options = configuration.rule_options(configuration.of_project())
            self._live = Live(_path(shell), options)
        except Problem as problem:
            print(f"keraslint: {problem}; its options are not used", file=sys.stderr)
            self._live = Live(_path(shell))

    def after(self, result: Any) -> None:
        """A cell was run; called by IPython."""
        try:
            source = result.info.raw_cell or ""
            number = result.execution_count or self._shell.execution_count
            key = getattr(result.info, "cell_id", None) or f"run {number}"
            found = self._live.ran(key, number, source)
        except Exception as error:
            what, where = describe(error)
            print(
                f"keraslint itself failed with `{what}` at {where}, and is off now; please report it", file=sys.stderr
            )
            self._is_on = False
            self._shell.events.unregister("post_run_cell", self.after)
            return
        if found and self._is_on:
            _show(found)

    def magic(self, line: str) -> None:
        """``%keraslint``, with one of the words of `USAGE`."""
        word = line.strip()
        if word in ("on", "off"):
            self._is_on = word == "on"
        elif word == "":
            found = self._live.findings()
            _show(found) if found else print("keraslint: nothing found")
        elif word == "summary":
            notebook = self._live.notebook
            program = reader.read(notebook.text, self._live.path)
            print(notebook.said(summary.render(summary.describe(program, notebook.text))))
        elif word == "confirm":
            self._confirm()
        else:
            print(USAGE)

    def _confirm(self) -> None:
        notebook = self._live.notebook
        try:
            judged = confirm.confirm(notebook.text, self._live.path, reader.read, self._live.check)
        except Problem as problem:
            print(f"keraslint: {problem}", file=sys.stderr)
            return
        text = io.StringIO()  # in the notebook rich would make an output of every line
        report.render(judged, text, notebook.said)
        print(text.getvalue())


def load(shell: Any) -> None:
    """Begin to look at the cells of a shell; once, however often it is asked."""
    if any(isinstance(getattr(callback, "__self__", None), Extension) for callback in _callbacks(shell)):
        return
    extension = Extension(shell)
    shell.events.register("post_run_cell", extension.after)
    shell.register_magic_function(extension.magic, "line", "keraslint")


def unload(shell: Any) -> None:
    """Stop looking."""
    for callback in _callbacks(shell):
        if isinstance(getattr(callback, "__self__", None), Extension):
            shell.events.unregister("post_run_cell", callback)


def _callbacks(shell: Any) -> list[Any]:
    return list(shell.events.callbacks.get("post_run_cell", ()))


def _path(shell: Any) -> str:
    """The notebook's path where the front end tells it, else a name in the working directory."""
    told = os.environ.get(NAMES[0]) or shell.user_ns.get(NAMES[1]) or ""
    return str(told) if os.path.isfile(told) else "cells.ipynb"


# what is shown ------------------------------------------------------------------------------------------------


def _show(found: Sequence[Found]) -> None:
    from IPython.display import display

    display({"text/plain": as_text(found), "text/html": as_html(found)}, raw=True)


def as_text(found: Sequence[Found]) -> str:
    """Two lines for each finding: where and what, and the code."""
    return "\n".join(
        f"keraslint: cell [{one.place.cell}], line {one.place.line}: {one.rule.msgid}: {one.message} "
        f"({one.rule.symbol})\n    {one.source.strip()}"
        for one in found
    )


def as_html(found: Sequence[Found]) -> str:
    """A box for each finding, with the page of its rule to be unfolded."""
    return "".join(map(_box, found))


def _box(one: Found) -> str:
    color = COLORS[one.rule.category]
    page = f"{one.rule.symbol} ({one.rule.msgid})\n\n{one.rule.page.strip()}"
    return (
        f'<div style="border-left: 4px solid {color}; margin: 4px 0; padding: 2px 10px">'
        f'<div><b style="color: {color}">{one.rule.msgid}</b> <i>cell [{one.place.cell}], line {one.place.line}</i>: '
        f"{_marked(one.message)}</div>"
        f'<pre style="margin: 4px 0; padding: 0; background: none">{html.escape(one.source.strip())}</pre>'
        f"<details><summary>{one.rule.symbol}</summary>"
        f'<pre style="white-space: pre-wrap; word-break: normal; background: none">{html.escape(page)}</pre>'
        "</details></div>"
    )


def _marked(message: str) -> str:
    """Names between backquotes as code."""
    parts = html.escape(message).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
