"""The user's settings for the rules; light, so that pylint can show them before any rule is loaded."""

from __future__ import annotations

from typing import Final, NamedTuple

TAUGHT: Final = ("no", "keras", "keras,tensorflow")
"""What pylint itself may be taught: the values of the option `keras-teach-pylint`, of which the last is the default."""


class Options(NamedTuple):
    """The user's settings, as pylint options without their ``keras-`` prefix."""

    max_adaptive_learning_rate: float = 0.01
    max_sgd_learning_rate: float = 1.0
    version: str = ""
    """The Keras version that the code is for; empty means the newest that the file allows."""
