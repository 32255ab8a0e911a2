"""Keeps our own imports to what could be imported before pylint put the folders of the checked files first."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

PLACES = tuple(sys.path)
"""Where modules were looked for when the plugin was loaded, which is before anything is checked."""


class OwnFinder(PathFinder):
    """Python's own finder, but for what lies in `sys.path` by now."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Called by Python for every module that is not loaded yet."""
        return PathFinder.find_spec(fullname, PLACES if path is None else path, target)


@contextmanager
def own_imports() -> Iterator[None]:
    """Within, a `struct.py` beside a checked file is not Python's `struct`: it would be run when that is needed."""
    before = sys.meta_path[:]
    sys.meta_path[:] = [OwnFinder if finder is PathFinder else finder for finder in before]
    try:
        yield
    finally:
        sys.meta_path[:] = before
