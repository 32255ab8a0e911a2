"""The whole programs in fixtures/programs, and what their comments say about them.

- ``# expect: keras-…`` at the end of a line: a finding stands there.
- ``# judge: tf_keras``: the program is for Keras 2 and is run under it. ``# judge: older/x.py``: it is for Keras 1,
  which no Python of today runs; that other program is the same model as one writes it today, and is run in its place.
- ``# variants: reason``: the reader also finds models that this very run does not build.
- ``# not read in 12, 34: reason``: what stands on these lines is not read completely.
"""

from __future__ import annotations

import re
from pathlib import Path

from helpers.marks import marked

FOLDER = Path(__file__).parents[2] / "fixtures" / "programs"
PROGRAMS = [path for path in sorted(FOLDER.glob("*/*.py")) if path.parent.name != "ratings"]
"""All but the ratings programs, which have their own test and need data that are not there."""


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def expected(path: Path) -> set[tuple[int, str]]:
    """The (line, symbol) pairs that the ``# expect:`` comments promise."""
    return set(marked(path.read_text(encoding="utf-8")))


def said(path: Path, what: str) -> str | None:
    """The comment ``# what: …`` of a program."""
    found = re.search(rf"^# {what}: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else None


def judge_of(path: Path) -> str:
    return said(path, "judge") or "keras"


def lines_not_read(path: Path) -> set[int]:
    """The lines of which the program admits that they are not read completely."""
    comments = re.findall(r"^# not read in ([0-9, ]+): .{20}", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(line) for comment in comments for line in comment.split(",")}
