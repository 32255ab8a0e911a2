"""What is worked out about a part of the graph once, and kept with the part."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

P = TypeVar("P")
R = TypeVar("R")


def once(work_out: Callable[[P], R]) -> Callable[[P], R]:
    """Like `functools.cached_property`, for a function above the class that it asks about."""
    name = f"{work_out.__module__}.{work_out.__qualname__}"

    @wraps(work_out)
    def known(part: P) -> R:
        kept: dict[str, Any] = part.__dict__
        if name not in kept:
            kept[name] = work_out(part)
        result: R = kept[name]
        return result

    return known
