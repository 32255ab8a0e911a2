"""``%load_ext keraslint``: what is new is shown under each cell that is run, and the magic ``%keraslint``."""

from __future__ import annotations

import html
import io
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from keraslint import confirm, reader, summary
from keraslint.confirm import report
from keraslint.live import Found, Live
from keraslint.plugin import configuration, run
from keraslint.problem import Problem, describe

NAMES = ("JPY_SESSION_NAME", "__vsc_ipynb_file__")
"""Where front ends tell the path of the notebook: Jupyter in the environment, VS Code among the user's names."""

COLORS = {"E": "#d32f2f", "W": "#ed6c02", "R": "#0288d1"}

USAGE = """\
%keraslint          say everything that is found in the cells that were run
%keraslint off      show nothing under cells; `on` shows it again
%keraslint summary  show the models as keraslint reads them
%keraslint confirm  train each flagged model and its fixed twin, and judge every finding"""


TOO_LONG = 1.0
"""CPU seconds that nobody should have to wait for us at every cell; the first time counts what is loaded for it."""


class Extension:
    """What stands between one shell of IPython and the cells that it ran."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._is_on = True
        self._slow_cells = 0
        try:
            configured = configuration.of_project()
            self._live = Live(_path(shell), configuration.rule_options(configured), run.left_on(configured))
        except Problem as problem:
            _tell(f"keraslint: {problem}; its options are not used")
            self._live = Live(_path(shell))

    def after(self, result: Any) -> None:
        """A cell was run; called by IPython."""
        begun = time.process_time()
        source = result.info.raw_cell or ""
        number = result.execution_count or self._shell.execution_count
        try:
            found = self._live.ran(getattr(result.info, "cell_id", None) or source, number, source)
        except KeyboardInterrupt:
            return
        except Exception as error:
            what, where = describe(error)
            _tell(f"keraslint itself failed with `{what}` at {where}, and is off now; please report it")
            unload(self._shell)
            return
        if found and self._is_on:
            _show(found)
        spent = time.process_time() - begun
        self._slow_cells = self._slow_cells + 1 if spent > TOO_LONG else 0
        if self._slow_cells > 1:
            _tell(f"keraslint: the cells take {spent:.1f} s by now; from here on it waits for `%keraslint`")
            unload(self._shell, with_magic=False)

    def magic(self, line: str) -> None:
        """``%keraslint``, with one of the words of `USAGE`."""
        word = line.strip()
        if word in ("on", "off"):
            self._is_on = word == "on"
        elif word == "":
            if found := self._live.findings():
                _show(found)
            else:
                print("keraslint: nothing found")
        elif word == "summary":
            notebook = self._live.notebook
            program = reader.read(notebook.text, self._live.path)
            print(summary.render(notebook.placed(summary.describe(program, notebook.text))))
        elif word == "confirm":
            self._confirm()
        else:
            print(f"keraslint: there is no {word!r}\n\n{USAGE}" if word != "help" else USAGE)

    def _confirm(self) -> None:
        notebook = self._live.notebook
        _tell("keraslint: training …")
        try:
            judged = confirm.confirm(notebook.text, self._live.path, reader.read, self._live.check)
        except Problem as problem:
            _tell(f"keraslint: {problem}")
            return
        text = io.StringIO()  # in the notebook rich would make an output of every line
        report.render(judged, text, notebook.said)
        print(text.getvalue())


HELD_AS = "_keraslint"
"""Where a shell keeps the extension, which remembers its cells when it is loaded again."""


def load(shell: Any) -> None:
    """Begin to look at the cells of a shell; once, however often it is asked."""
    extension = getattr(shell, HELD_AS, None) or Extension(shell)
    unload(shell)
    setattr(shell, HELD_AS, extension)
    shell.events.register("post_run_cell", extension.after)
    shell.register_magic_function(extension.magic, "line", "keraslint")


def unload(shell: Any, *, with_magic: bool = True) -> None:
    """Stop looking."""
    for callback in list(shell.events.callbacks.get("post_run_cell", ())):
        if isinstance(getattr(callback, "__self__", None), Extension):
            shell.events.unregister("post_run_cell", callback)
    if with_magic:
        shell.magics_manager.magics["line"].pop("keraslint", None)


def _path(shell: Any) -> str:
    """The notebook's path where the front end tells it, else a name in the working directory."""
    told = os.environ.get(NAMES[0]) or shell.user_ns.get(NAMES[1]) or ""
    return str(told) if os.path.isfile(told) else "cells.ipynb"


# what is shown ------------------------------------------------------------------------------------------------


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


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
