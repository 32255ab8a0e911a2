"""keraslint: finds the mistakes that keep a Keras network from learning. Nothing heavy is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylint.lint import PyLinter

__version__ = "0.1.0"


def register(linter: PyLinter) -> None:
    """Called by ``pylint --load-plugins=keraslint``; in each worker of ``-j``, pylint 4.0 calls it once more."""
    from keraslint.plugin.checker import KerasChecker, MoreKerasChecker
    from keraslint.plugin.sarif import SarifReporter
    from keraslint.plugin.teaching import TeachingChecker

    if not any(isinstance(checker, KerasChecker) for checker in linter.get_checkers()):
        linter.register_checker(KerasChecker(linter))
        linter.register_checker(MoreKerasChecker(linter))
        linter.register_checker(TeachingChecker(linter))
        if SarifReporter.name not in linter._reporters:  # pylint may come to have its own
            linter.register_reporter(SarifReporter)


def load_configuration(linter: PyLinter) -> None:
    """Called by pylint when it knows its options and reporter; in each worker of ``-j`` once more."""
    from keraslint.plugin import cells, teaching

    cells.teach(linter)
    teaching.be_told(linter)


def load_ipython_extension(shell: object) -> None:
    """Called by ``%load_ext keraslint``."""
    from keraslint import ipython

    ipython.load(shell)


def unload_ipython_extension(shell: object) -> None:
    """Called by ``%unload_ext keraslint``."""
    from keraslint import ipython

    ipython.unload(shell)
