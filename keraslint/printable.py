"""Text for people's eyes: whatever could steer a terminal, or break a line in two, as an escape."""

from __future__ import annotations

import unicodedata

STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, marks of direction, halves of pairs, and separators of lines."""

MOST_SHOWN = 100


def printable(text: str) -> str:
    """One line of text, with controls as Python writes them: names and messages come from files of anyone's."""
    if text.isprintable():
        return text
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in STEERING else c for c in text)


def shortened(text: str) -> str:
    """The text, or the beginning of one that is too long for a line of a message."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
