"""Room for deep recursion: functions inlined in functions take many frames of ours for each of theirs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

DEEPEST_STACK = 12_000
"""So many frames at least may stand on one another."""
WORDS_CLAIMED = 2**18
"""Claimed by one frame, so that as much again is left in its chunk: 2 MiB, some 10,000 frames."""


def with_deep_stack(run: Callable[[], Result]) -> Result:
    """Call ``run`` with room for deep recursion, on one stretch of memory.

    Since 3.11 CPython keeps the frames of Python functions in chunks of 16 KiB. A call that does not fit takes a new
    chunk from the system, and its return gives it back: a function that is called over and over just at such a border
    costs page faults each time, which took up to half of the time of a reading.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST_STACK))
    try:
        return _on_large_chunk(run)
    finally:
        sys.setrecursionlimit(before)


def _on_large_chunk(run: Callable[[], Result]) -> Result:
    """Call ``run`` from a frame so large that the chunk made for it holds the frames of all that ``run`` calls.

    A chunk's size is the power of two into which its first frame fits; memory that is not touched costs nothing.
    Source: `push_chunk` in CPython's `Python/pystate.c`. Elsewhere this is an ordinary call.
    """
    return run()


_on_large_chunk.__code__ = _on_large_chunk.__code__.replace(co_stacksize=WORDS_CLAIMED)
