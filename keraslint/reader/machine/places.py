"""Where nodes stand: their span, their text, the file that they are in, and which nodes a file has."""

from __future__ import annotations

from typing import TypeVar

from astroid import nodes

from keraslint.graph import Span

Node = TypeVar("Node", bound=nodes.NodeNG)

ELSEWHERE = "_keraslint_elsewhere"
"""The attribute that marks the tree of another file of the project with its path."""


_SPAN = "_keraslint_span"
"""The attribute of a node that was asked for its place before."""


_TEXT = "_keraslint_text"
"""The attribute of a node that was asked for its source before."""


_BY_CLASS = "_keraslint_by_class"
"""The attribute of a module with all of its nodes by class, once anybody has asked."""


def span_of(node: nodes.NodeNG) -> Span:
    """Where a node stands: in the file that is read, or in another one of the project."""
    known: Span | None = node.__dict__.get(_SPAN)
    if known is not None:
        return known
    line = node.lineno or 1
    column = node.col_offset or 0
    end_line = node.end_lineno if node.end_lineno is not None else line
    end_column = node.end_col_offset if node.end_col_offset is not None else column
    span = Span(line, column, end_line, end_column, getattr(node.root(), ELSEWHERE, ""))
    setattr(node, _SPAN, span)
    return span


def text_of(node: nodes.NodeNG) -> str:
    """The source of a node, as astroid writes it: the same for any two that are alike."""
    known: str | None = node.__dict__.get(_TEXT)
    if known is None:
        known = node.as_string()
        setattr(node, _TEXT, known)
    return known


def file_of(node: nodes.NodeNG) -> str:
    """The path of another file of the project in which a node stands; empty for the file that is read."""
    return span_of(node).file


def nodes_in(module: nodes.NodeNG, kind: type[Node]) -> list[Node]:
    """Every node of exactly this class in a whole file, in the order in which they stand.

    A file is walked once, whoever asks; `nodes_of_class` walks anew each time.
    """
    known: dict[type[nodes.NodeNG], list[nodes.NodeNG]] | None = module.__dict__.get(_BY_CLASS)
    if known is None:
        known = {}
        waiting = [module]
        while waiting:
            node = waiting.pop()
            known.setdefault(type(node), []).append(node)
            waiting.extend(reversed(list(node.get_children())))
        setattr(module, _BY_CLASS, known)
    found: list[Node] = known.get(kind, [])
    return found
