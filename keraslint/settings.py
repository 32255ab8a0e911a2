"""The user's settings for the rules; light, so that pylint can show them before any rule is loaded."""

from __future__ import annotations

from typing import NamedTuple


class Options(NamedTuple):
    """The user's settings, as pylint options without their ``keras-`` prefix."""

    max_adaptive_learning_rate: float = 0.01
    max_sgd_learning_rate: float = 1.0
    version: str = ""
    """The Keras version that the code is for; empty means the newest that the file allows."""
