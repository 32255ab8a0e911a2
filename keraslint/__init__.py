"""keraslint: finds the mistakes that keep a Keras network from learning. Nothing heavy is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylint.lint import PyLinter

__version__ = "0.1.0"


def register(linter: PyLinter) -> None:
    """Called by ``pylint --load-plugins=keraslint``; in each worker of ``-j``, pylint 4.0 calls it once more."""
    from keraslint.plugin.checker import KerasChecker, MoreKerasChecker
    from keraslint.plugin.teaching import TeachingChecker

    if not any(isinstance(checker, KerasChecker) for checker in linter.get_checkers()):
        linter.register_checker(KerasChecker(linter))
        linter.register_checker(MoreKerasChecker(linter))
        linter.register_checker(TeachingChecker(linter))


def load_configuration(linter: PyLinter) -> None:
    """Called by pylint once it has read its configuration."""
    from keraslint.plugin.teaching import be_told

    be_told(linter)
