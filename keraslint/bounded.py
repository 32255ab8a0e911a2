"""Text files of a project that nobody has vetted, read within limits: what is beyond them says nothing of use."""

from __future__ import annotations

import errno
import re
from pathlib import Path

MOST_BYTES = 1_000_000
"""Of a file that people write; requirements and configurations have some thousands."""

MOST_CHARACTERS = 10_000
"""Of a line."""

_MANY_PARTS = re.compile(r"(?:\.[ \t]*[^.=,\[\]{}#\s][^.=,\[\]{}#]*){100}")
"""A dotted key as nobody writes it, for which `tomllib` takes a time that grows with the square of its parts."""


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """What a file holds.

    Raises:
        OSError: it cannot be read, is a pipe or a device, or is larger than ``most``.
    """
    size = path.stat().st_size
    if not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    if size > most:
        raise OSError(errno.EFBIG, f"larger than {most:,} bytes", str(path))
    return path.read_bytes() if size else b""  # the kernel's files say that they are empty, and some never end


def has_absurd_key(text: str) -> bool:
    """Whether a TOML file has a key that takes too long to understand."""
    return any(_MANY_PARTS.search(line) for line in text.split("\n"))


def without_absurd_lines(text: str) -> str:
    """The text with nothing in place of lines that are no use, and would take long to understand."""
    return "\n".join("" if _is_absurd(line) else line for line in text.split("\n"))


def _is_absurd(line: str) -> bool:
    return len(line) > MOST_CHARACTERS or _MANY_PARTS.search(line) is not None
