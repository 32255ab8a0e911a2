"""A fix as text edits at source positions: made by rules, applied to text, shown as a diff."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable
from typing import Literal, NamedTuple

from keraslint.graph.facts import Span


class Edit(NamedTuple):
    """One change of source text.

    ``replace`` puts ``text`` in the place of ``span``; ``remove-argument`` takes the argument at ``span`` out
    of its call together with one comma; ``add-argument`` adds ``text`` as the last argument of the call at
    ``span``.
    """

    kind: Literal["replace", "remove-argument", "add-argument"]
    span: Span
    text: str = ""


class Fix(NamedTuple):
    """What a rule proposes: edits that belong together, and a line that says what they do."""

    description: str
    edits: tuple[Edit, ...]
    safe: bool = False
    """Safe fixes keep the meaning that the author surely intended and may be applied unseen."""


def replace(span: Span, text: str) -> Edit:
    return Edit("replace", span, text)


def remove_argument(span: Span) -> Edit:
    """Take out the argument whose whole text (``lr=0.01``) is at ``span``."""
    return Edit("remove-argument", span)


def add_argument(call: Span, text: str) -> Edit:
    """Add ``text`` (``activation="relu"``) to the call at ``call``."""
    return Edit("add-argument", call, text)


class EditError(ValueError):
    """An edit does not fit the text: it overlaps another, or its place is not what it was."""


def apply(source: str, fixes: Iterable[Fix]) -> str:
    """The text with all edits of ``fixes`` made; equal edits count once.

    Raises:
        EditError: two edits overlap, or a span lies outside the text.
    """
    text = source.encode()
    starts = _line_starts(text)
    changes = {_change(text, starts, edit) for fix in fixes for edit in fix.edits}
    end_of_last = len(text) + 1
    for start, end, new in sorted(changes, reverse=True):
        if end > end_of_last:
            raise EditError(f"two edits overlap at byte {start}")
        text = text[:start] + new + text[end:]
        end_of_last = start
    return text.decode()


def diff(source: str, fixed: str, path: str) -> str:
    """A unified diff from ``source`` to ``fixed``."""
    import difflib  # only here, since a lint run shows no diffs

    lines = difflib.unified_diff(
        source.splitlines(keepends=True), fixed.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _line_starts(text: bytes) -> list[int]:
    starts = [0]
    for line in io.BytesIO(text):
        starts.append(starts[-1] + len(line))
    return starts


def _change(text: bytes, starts: list[int], edit: Edit) -> tuple[int, int, bytes]:
    """The edit as (start, end, new bytes)."""
    span, new = edit.span, edit.text.encode()
    if span.end_line >= len(starts):
        raise EditError(f"line {span.end_line} lies outside the text")
    start = starts[span.line - 1] + span.column
    end = starts[span.end_line - 1] + span.end_column
    match edit.kind:
        case "replace":
            return start, end, new
        case "remove-argument":
            return *_with_comma(text, start, end), b""
        case "add-argument":
            return _into_call(text, start, end, new)


def _with_comma(text: bytes, start: int, end: int) -> tuple[int, int]:
    """The argument's stretch, widened by the comma after it, or before it when it is the last."""
    after = end
    while after < len(text) and text[after : after + 1].isspace():
        after += 1
    if text[after : after + 1] == b",":
        after += 1
        while text[after : after + 1] in (b" ", b"\t"):
            after += 1
        return start, after
    before = start
    while before and text[before - 1 : before].isspace():
        before -= 1
    if text[before - 1 : before] == b",":
        before -= 1
    return before, end


def _into_call(text: bytes, start: int, end: int, new: bytes) -> tuple[int, int, bytes]:
    """Where a new last argument goes: behind the last token before the closing parenthesis."""
    if text[end - 1 : end] != b")":
        raise EditError(f"no call ends at byte {end}")
    call = text[start:end].decode()
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(f"({call})").readline)
        if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    ]
    last = tokens[-3]
    lines = f"({call})".splitlines(keepends=True)
    offset = len("".join([*lines[: last.end[0] - 1], lines[last.end[0] - 1][: last.end[1]]]).encode()) - 1
    lead = b" " if last.string == "," else b"" if last.string == "(" else b", "
    return start + offset, start + offset, lead + new
