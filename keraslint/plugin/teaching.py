"""Lets pylint itself understand Keras while it runs with the plugin, unless the user does not want that."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from pylint.checkers import BaseChecker

from keraslint import brain, target
from keraslint.plugin.messages import NOT_TAUGHT, TEACHING_MESSAGES
from keraslint.plugin.own_imports import own_imports
from keraslint.problem import RAISE, describe
from keraslint.settings import TAUGHT

if TYPE_CHECKING:
    from astroid import nodes
    from pylint.lint import PyLinter


class TeachingChecker(BaseChecker):
    """Checks nothing; it is told when a run begins and ends."""

    name = "keraslint"
    msgs = TEACHING_MESSAGES

    def __init__(self, linter: PyLinter) -> None:
        super().__init__(linter)
        self._is_teaching = False
        self._failures: dict[str, Exception] = {}

    def open(self) -> None:
        """Begin a run, or the next file in a process of ``-j``; called by pylint before it reads anything."""
        if self._is_teaching and self.linter.config.jobs > 1:
            return
        packages = frozenset(self.linter.config.keras_teach_pylint.split(",")) - {TAUGHT[0]}
        brain.begin(brain.Lesson(packages, cache(self._asked_version), self._checked, self._failed))
        self._is_teaching = True

    def close(self) -> None:
        """End a run; called by pylint. A process of ``-j`` never does anything else."""
        if self.linter.config.jobs <= 1:
            brain.end()
            self._is_teaching = False

    def leave_module(self, module: nodes.Module) -> None:
        """Tell of failures so far; called by pylint at the end of a file."""
        for name, error in self._failures.items():
            self.add_message(NOT_TAUGHT, line=1, node=module, args=(name, *describe(error)))
        self._failures.clear()

    def _failed(self, name: str, error: Exception) -> None:
        if RAISE in os.environ:
            raise error
        self._failures[name] = error

    def _checked(self) -> str:
        return self.linter.current_file or ""

    def _asked_version(self) -> str:
        """What the option says, else what the project pins in whose folder pylint runs."""
        asked: str = self.linter.config.keras_version
        try:
            target.check_version(asked)
        except ValueError:
            asked = ""
        if asked:
            return asked
        with own_imports():
            pinned = target.of_file(os.path.join(os.getcwd(), "__init__.py"))
        return pinned.version if pinned else ""


def be_told(linter: PyLinter) -> None:
    """Enable the one message of the checker whatever else is disabled: pylint tells nothing to checkers without one."""
    if linter.config.keras_teach_pylint != TAUGHT[0]:
        linter.enable(NOT_TAUGHT)
