"""The comments ``# expect: keras-one, keras-other`` at the ends of lines: findings that a program promises."""

from __future__ import annotations

import re

_MARK = re.compile(r"# expect: (.+)$")


def marked(source: str) -> list[tuple[int, str]]:
    """The line and the symbol of every promise, in order."""
    marks = ((number, _MARK.search(line)) for number, line in enumerate(source.splitlines(), 1))
    return sorted((number, symbol.strip()) for number, mark in marks if mark for symbol in mark[1].split(","))
