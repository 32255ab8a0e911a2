"""The programs of cases/: one module per topic, one program per cell, its title the reason why it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
IMPORTS = """\
import numpy as np
import tensorflow as tf
import keras
from keras import Input, Model, Sequential, layers, ops
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten
"""
"""What every cell may use without importing it."""

_CELL = re.compile(r"^# %% (?P<title>.+)\n", re.MULTILINE)


def programs() -> dict[str, str]:
    """Every program under ``topic: title``."""
    return {f"{path.stem}: {title}": text for path in sorted(FOLDER.glob("*.py")) for title, text in _cells(path)}


def _cells(path: Path) -> Iterator[tuple[str, str]]:
    _, *parts = _CELL.split(path.read_text(encoding="utf-8"))
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        yield title, f"{IMPORTS}\n{text.strip()}\n"
