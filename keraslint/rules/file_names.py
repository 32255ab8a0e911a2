"""How a file name ends, and how it would have to."""

from __future__ import annotations

import re

from keraslint.graph import Ended, Fact

ENDINGS = re.compile(r"(\.weights)?(\.(keras|h5|hdf5|ckpt|cpkt|tf|pth|pb|model|hdf|weights))?$", re.IGNORECASE)


def ends_otherwise(path: Fact[object], endings: tuple[str, ...]) -> bool:
    """Whether a path surely ends in none of ``endings``; of one that is not known it may be just the end that is."""
    match path.value:
        case str(text):
            return not text.endswith(endings)
        case Ended(end=end):
            return not end.endswith(endings) and not any(ending.endswith(end) for ending in endings)
    return False


def with_ending(text: str, ending: str) -> str:
    """The name with another ending."""
    return ENDINGS.sub("", text, count=1) + ending


def shown(path: Fact[object]) -> str:
    """A path for a message."""
    return path.value if isinstance(path.value, str) else f"…{getattr(path.value, 'end', '')}"
