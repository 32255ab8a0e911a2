"""How seldom Python looks for garbage while a file is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS_BETWEEN_COLLECTIONS = 100_000
YOUNG_FOR_ONE_OLDER = 50
"""So many of these collections pass before one of what outlived them."""


@contextmanager
def few_collections() -> Iterator[None]:
    """Reading makes a great many small objects, and most of them stay: to look for garbage among them often costs a
    fifth of the time."""
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(max(before[0], OBJECTS_BETWEEN_COLLECTIONS), max(before[1], YOUNG_FOR_ONE_OLDER), *before[2:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
