"""The one pylint checker: module → graph → rules → messages, with a guard around what may fail in between."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from pylint import interfaces
from pylint.checkers import BaseChecker

from keraslint import reader, target
from keraslint.plugin.cells import tell_notes
from keraslint.plugin.messages import INTERNAL_ERROR, UNKNOWN_VERSION, UNREAD_NOTEBOOK, messages_of
from keraslint.plugin.own_imports import own_imports
from keraslint.problem import RAISE, describe
from keraslint.settings import TAUGHT, Options

if TYPE_CHECKING:
    from astroid import nodes

    from keraslint.rules import Finding

CHECKED: WeakSet[nodes.Module] = WeakSet()
"""The modules that one of the checkers has reported on in this run."""
DEFAULTS = Options()


class KerasChecker(BaseChecker):
    """Reports what keeps a Keras network from learning."""

    name = "keraslint"
    msgs = messages_of("78")
    options: tuple[tuple[str, dict[str, Any]], ...] = (
        (
            "keras-max-adaptive-learning-rate",
            {
                "default": DEFAULTS.max_adaptive_learning_rate,
                "type": "float",
                "metavar": "<rate>",
                "help": "Learning rate from which Adam, RMSprop and their like are reported.",
            },
        ),
        (
            "keras-max-sgd-learning-rate",
            {
                "default": DEFAULTS.max_sgd_learning_rate,
                "type": "float",
                "metavar": "<rate>",
                "help": "Learning rate from which SGD is reported.",
            },
        ),
        (
            "keras-version",
            {
                "default": DEFAULTS.version,
                "type": "string",
                "metavar": "<version>",
                "help": "Keras version that the code is for, such as 3.15; empty means the one that the project pins "
                "in its requirements, else the newest.",
            },
        ),
        (
            "keras-teach-pylint",
            {
                "default": TAUGHT[-1],
                "type": "choice",
                "choices": TAUGHT,
                "metavar": "<packages>",
                "help": "Let pylint's own messages go by what keraslint knows of these packages where they are "
                "installed, and not by their sources: no, keras, or keras,tensorflow.",
            },
        ),
    )

    _wrong_version = ""

    def open(self) -> None:
        """Begin a run; called by pylint."""
        target.forget()
        CHECKED.clear()

    def visit_module(self, module: nodes.Module) -> None:
        """Check one file; called by pylint."""
        if module in CHECKED:
            return
        CHECKED.add(module)
        try:
            with own_imports():
                self._check(module)
        except Exception as error:
            if RAISE in os.environ:
                raise
            self.add_message(INTERNAL_ERROR, line=1, node=module, args=describe(error))

    def _check(self, module: nodes.Module) -> None:
        text = source_of(module)
        if reader.is_notebook(text):
            why = f"{Path(module.file).name}: a notebook by what it holds, and none by its name; call it *.ipynb"
            self.add_message(UNREAD_NOTEBOOK, line=1, node=module, args=(why,))
            return
        if reader.mentions_keras(text):
            tell_notes(self.linter, module)
            from keraslint import rules  # costs time, and most files do not come here

            for finding in rules.check(reader.read_module(module), self._settings(module)):
                self._report(module, finding)

    def _settings(self, module: nodes.Module) -> Options:
        config = self.linter.config
        options = Options(
            max_adaptive_learning_rate=config.keras_max_adaptive_learning_rate,
            max_sgd_learning_rate=config.keras_max_sgd_learning_rate,
            version=self._asked_version(module, config.keras_version),
        )
        return target.options_for(module.file or "", options)

    def _asked_version(self, module: nodes.Module, asked: str) -> str:
        """The option, if it is a version: a wrong one is told once, not for every file."""
        try:
            target.check_version(asked)
        except ValueError as error:
            if asked != self._wrong_version:
                self._wrong_version = asked
                self.add_message(UNKNOWN_VERSION, line=1, node=module, args=(f"{asked!r}: {error}",))
            return ""
        return asked

    def _report(self, module: nodes.Module, finding: Finding) -> None:
        assert finding.rule is not None
        span = finding.span
        self.add_message(
            finding.rule.symbol,
            node=scope_at(module, span.line),
            args=(finding.message,),
            confidence=getattr(interfaces, finding.confidence.name),
            line=span.line,
            col_offset=span.column,
            end_lineno=span.end_line,
            end_col_offset=span.end_column,
        )


class MoreKerasChecker(KerasChecker):
    """The same check under the ids from 7900 on: to pylint the first two digits of an id are its checker.

    Whichever of the two has a message enabled reads a file first, and reports everything.
    """

    msgs = messages_of("79")
    options = ()


def source_of(module: nodes.Module) -> bytes:
    """The bytes that ``module`` was parsed from."""
    stream = module.stream()
    if stream is None:
        return b""
    with stream:
        text: bytes = stream.read()
    return text


def scope_at(module: nodes.Module, line: int) -> nodes.NodeNG:
    """The innermost statement around ``line``: pylint names the function or class that it stands in."""
    found: nodes.NodeNG = module
    while True:
        for child in found.get_children():
            if child.is_statement and child.fromlineno <= line <= child.tolineno:
                found = child
                break
        else:
            return found
