"""Where nodes stand: their span, their text, the file that they are in, and which nodes a file has."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import itemgetter
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


_INDEX = "_keraslint_index"
"""The attribute of a module with all of its nodes, once anybody has asked."""


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


def nodes_in(root: nodes.NodeNG, *kinds: type[Node]) -> list[Node]:
    """Every node of exactly these classes in a file or in a part of it, itself among them, as they stand.

    A file is walked once, whoever asks; astroid's `nodes_of_class` walks anew each time.
    """
    module = root.root()
    index: _Index | None = module.__dict__.get(_INDEX)
    if index is None:
        index = _Index(module)
        setattr(module, _INDEX, index)
    return index.within(root, kinds)


class _Index:
    """The nodes of a file in order, which are numbered, by class."""

    def __init__(self, module: nodes.NodeNG) -> None:
        self._by_class: dict[type[nodes.NodeNG], tuple[list[nodes.NodeNG], list[int]]] = {}
        """The nodes of each class, and their numbers."""
        self._number: dict[nodes.NodeNG, int] = {}
        self._last: dict[nodes.NodeNG, int] = {}
        """The number of the last node below one, for those that were asked for."""
        number, waiting = 0, [module]
        while waiting:
            node = waiting.pop()
            kind = type(node)
            of_class = self._by_class.get(kind)
            if of_class is None:
                of_class = self._by_class[kind] = [], []
            of_class[0].append(node)
            of_class[1].append(number)
            self._number[node] = number
            number += 1
            if kind not in _CHILDLESS:
                children = list(node.get_children())
                children.reverse()
                waiting += children

    def within(self, root: nodes.NodeNG, kinds: tuple[type[Node], ...]) -> list[Node]:
        """The nodes of these classes from ``root`` to its last descendant."""
        if root.parent is None and len(kinds) == 1:
            return self._by_class[kinds[0]][0] if kinds[0] in self._by_class else []
        begin, end = self._number[root], self._last_number(root)
        found: list[tuple[int, Node]] = []
        for kind in kinds:
            if kind not in self._by_class:
                continue
            among, numbers = self._by_class[kind]
            first = bisect_left(numbers, begin)
            if first < len(numbers) and numbers[first] <= end:
                these = slice(first, bisect_right(numbers, end))
                found.extend(zip(numbers[these], among[these], strict=True))
        if len(kinds) > 1:
            found.sort(key=itemgetter(0))
        return [node for _, node in found]

    def _last_number(self, root: nodes.NodeNG) -> int:
        last = self._last.get(root)
        if last is None:
            node = root
            while type(node) not in _CHILDLESS and (children := list(node.get_children())):
                node = children[-1]
            last = self._last[root] = self._number[node]
        return last


_CHILDLESS = frozenset((nodes.AssignName, nodes.Const, nodes.DelName, nodes.Name))
"""Most nodes of a file are of these classes."""
