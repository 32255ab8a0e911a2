"""The questions that the machine asks of values, and who answers them: by the class of a value, never by a ladder.

| question | asked by | answered by |
|---|---|---|
| `BINARY`, `COMPARE` | operators | classes, tensors, data.tables, data.arrays, operators |
| `UNARY` | operators | classes, tensors, data.arrays, operators |
| `ITEM` | operators, iteration | classes, tensors, data.tables, data.arrays, operators |
| `SET_ITEM`, `DELETE_ITEM` | targets | data.tables, data.arrays, targets |
| `SET_ATTRIBUTE` | targets, python | data.tables, targets |
| `ITEMS` | iteration | classes, iteration |
| `TRUTH` | machine | classes, machine |

A file answers for the kinds of values that it makes, so that none of them is met before the file is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from astroid import nodes

from keraslint.graph import Array, Tensor, Unknown
from keraslint.reader.values import Instance, ListValue, Sizes, Table, Value

if TYPE_CHECKING:
    from keraslint.reader.machine import Machine

Answer = TypeVar("Answer", bound=Callable[..., Any])

ELEMENTWISE = ("==", "!=", "<", "<=", ">", ">=")
"""Comparisons that data answer for each of their elements."""

PASS: Any = object()
"""The answer of a kind of value that leaves the question to the kinds behind it."""


class Question(Generic[Answer]):
    """A question about one value: answered for its class, or for the nearest class that this descends from."""

    def __init__(self) -> None:
        self._answers: dict[type, Answer] = {}
        self._found: dict[type, Answer | None] = {}

    def answers(self, *kinds: type) -> Callable[[Answer], Answer]:
        """Register what answers for these classes.

        Raises:
            ValueError: for one of them there is an answer.
        """

        def register(answer: Answer) -> Answer:
            for kind in kinds:
                if kind in self._answers:
                    raise ValueError(f"two answers for {kind.__name__}")
                self._answers[kind] = answer
            self._found.clear()
            return answer

        return register

    def of(self, value: Value) -> Answer | None:
        """What answers for this value; None when nobody does."""
        kind = type(value)
        if kind not in self._found:
            self._found[kind] = next((self._answers[base] for base in kind.__mro__ if base in self._answers), None)
        return self._found[kind]


class Ranked(Generic[Answer]):
    """A question about two values: answered for the kind of either that comes first in ``order``.

    An answer may be `PASS`; then it is for the next kind in the order.
    """

    def __init__(self, *order: type) -> None:
        self.order = order
        self._answers: dict[type, Answer] = {}
        self._found: dict[tuple[type, type], tuple[Answer, ...]] = {}

    def answers(self, kind: type) -> Callable[[Answer], Answer]:
        """Register what answers for this class.

        Raises:
            ValueError: it is not in the order, or there is an answer for it.
        """
        if kind not in self.order or kind in self._answers:
            raise ValueError(f"{'two answers' if kind in self.order else 'no rank'} for {kind.__name__}")

        def register(answer: Answer) -> Answer:
            self._answers[kind] = answer
            self._found.clear()
            return answer

        return register

    def of(self, left: Value, right: Value) -> tuple[Answer, ...]:
        """Who is asked about these two, in order."""
        pair = (type(left), type(right))
        if pair not in self._found:
            asked = (kind for kind in self.order if issubclass(pair[0], kind) or issubclass(pair[1], kind))
            self._found[pair] = tuple(self._answers[kind] for kind in asked if kind in self._answers)
        return self._found[pair]


OfTwo: TypeAlias = "Callable[[Machine, str, Any, Any, nodes.NodeNG], Value]"
"""The operator, what is on its left and on its right, and the node."""

OfOne: TypeAlias = "Callable[[Machine, str, Any, nodes.NodeNG], Value]"
"""The operator, the value and the node."""

ItemOf: TypeAlias = "Callable[[Machine, Any, Any, nodes.NodeNG], Value]"
"""What has the items, the index and the node."""

SetItem: TypeAlias = "Callable[[Machine, Any, Any, Any, nodes.NodeNG], None]"
"""What has the items, the index, the new item and the node."""

SetAttribute: TypeAlias = "Callable[[Machine, Any, str, Any, nodes.NodeNG], None]"
"""What has the attribute, its name, the new value and the node."""

DeleteItem: TypeAlias = "Callable[[Machine, Any, Any], None]"
"""What has the items, and the index."""

ItemsOf: TypeAlias = "Callable[[Machine, Any], Sequence[Value] | None]"
"""The elements in order, or None when they are not all known."""

TruthOf: TypeAlias = "Callable[[Machine, Any], bool | Unknown]"

BINARY = Ranked[OfTwo](Instance, Tensor, Table, Array, Sizes, Unknown, ListValue, tuple)
COMPARE = Ranked[OfTwo](Tensor, Instance, Table, Array)
UNARY = Question[OfOne]()
ITEM = Question[ItemOf]()
SET_ITEM = Question[SetItem]()
DELETE_ITEM = Question[DeleteItem]()
SET_ATTRIBUTE = Question[SetAttribute]()
ITEMS = Question[ItemsOf]()
TRUTH = Question[TruthOf]()
