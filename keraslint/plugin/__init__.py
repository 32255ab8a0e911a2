"""The side that faces pylint: the checker, and a pylint run of its own for the command line; alone in importing pylint."""

from keraslint.plugin.checker import KerasChecker

__all__ = ["KerasChecker"]
