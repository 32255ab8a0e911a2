"""Facts: values read from source, with where they stand and how sure we are; and explicit unknowns."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Generic, NamedTuple, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Confidence(IntEnum):
    """How a value became known; the names and the order are pylint's confidence levels, weakest first."""

    CONTROL_FLOW = 1
    """Through a loop whose turns are alternatives, or more open branches at once than one can believe."""
    INFERENCE = 2
    """Through names, arithmetic, a default, an inlined function, or branches that can go either way."""
    HIGH = 3
    """Written literally where it is used."""


class Span(NamedTuple):
    """A stretch of source: lines count from 1, columns from 0 in UTF-8 bytes, as in Python's own ``ast``."""

    line: int
    column: int
    end_line: int
    end_column: int
    file: str = ""
    """The path of another file of the project that was followed; empty for the file that is read."""

    @property
    def is_known(self) -> bool:
        """Whether it is a place at all: a model that was never source has none."""
        return self.line > 0

    def meets(self, other: Span) -> bool:
        """Whether the two have some text in common."""
        if self.file != other.file:
            return False
        ours, theirs = (self.line, self.column), (other.line, other.column)
        return ours < (other.end_line, other.end_column) and theirs < (self.end_line, self.end_column)

    def holds(self, other: Span) -> bool:
        """Whether the other begins within."""
        start = (other.line, other.column)
        return self.file == other.file and (self.line, self.column) <= start < (self.end_line, self.end_column)


NOWHERE = Span(0, 0, 0, 0)
"""The place of what never was source, as the layers of a saved model."""


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """A value that cannot be known, and why. Every comparison with it is false, ``!=`` too."""

    reason: str
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def _false(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _false

    def __bool__(self) -> bool:
        raise TypeError(f"an unknown has no truth value, compare it instead: {self.reason}")


@dataclass(frozen=True, slots=True, eq=False)
class OneOf(Unknown):
    """An unknown out of values that are known, as a hyperparameter of a search; a comparison is true if it holds for
    every one of them."""

    values: tuple[Any, ...] = ()
    between: bool = False
    """``values`` are the ends of a range, and anything between them is possible."""

    def holds(self, test: Callable[[Any], object]) -> bool:
        """Whether a test is passed by every value; of a range by its ends, so it must be one of order."""
        try:
            return all(test(value) for value in self.values)
        except TypeError:
            return False

    def __eq__(self, other: object) -> bool:
        return _compare(operator.eq, self, other)

    def __ne__(self, other: object) -> bool:
        return _compare(operator.ne, self, other)

    __hash__ = object.__hash__

    def __lt__(self, other: object) -> bool:
        return _compare(operator.lt, self, other)

    def __le__(self, other: object) -> bool:
        return _compare(operator.le, self, other)

    def __gt__(self, other: object) -> bool:
        return _compare(operator.gt, self, other)

    def __ge__(self, other: object) -> bool:
        return _compare(operator.ge, self, other)


_ORDER = (operator.lt, operator.le, operator.gt, operator.ge)


def _compare(test: Callable[[Any, Any], object], left: object, right: object) -> bool:
    """``test(left, right)``, false when either is unknown or when they cannot be compared."""
    left, right = plain(left), plain(right)
    if isinstance(left, OneOf) and not isinstance(right, Unknown):
        return (not left.between or test in _ORDER) and left.holds(lambda value: test(value, right))
    if isinstance(right, OneOf) and not isinstance(left, Unknown):
        return (not right.between or test in _ORDER) and right.holds(lambda value: test(left, value))
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return False
    try:
        return bool(test(left, right))
    except TypeError:
        return False


@dataclass(frozen=True, slots=True, eq=False)
class Ended(Unknown):
    """An unknown text of which the end is known, as ``folder + "/best.h5"``."""

    end: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Quotient(Unknown):
    """An unknown number that ``/`` gives: a float, also where it divides without a remainder."""


@dataclass(frozen=True, slots=True, eq=False)
class Fact(Generic[T_co]):
    """A value read from source.

    ``value`` is plain Python (containers hold plain values, too) or a part of the graph: a `KerasObject`,
    `Tensor`, `Model`, `Array` or `Reference`, or `Unknown`. Compare the fact itself; a comparison with an
    unknown is false both ways, so that a rule stays silent by itself.

    ``items`` are the elements of a list, tuple or set, ``entries`` those of a dict, as facts of their own.
    """

    value: T_co | Unknown
    span: Span
    confidence: Confidence = Confidence.HIGH
    items: tuple[Fact[Any], ...] = ()
    entries: tuple[tuple[Fact[Any], Fact[Any]], ...] = ()
    is_default: bool = False
    """The value is the parameter's default: nothing was written, and ``span`` is the whole call."""

    @property
    def known(self) -> bool:
        return not isinstance(self.value, Unknown)

    def __eq__(self, other: object) -> bool:
        return _compare(operator.eq, self, other)

    def __ne__(self, other: object) -> bool:
        return _compare(operator.ne, self, other)

    __hash__ = object.__hash__

    def __lt__(self, other: object) -> bool:
        return _compare(operator.lt, self, other)

    def __le__(self, other: object) -> bool:
        return _compare(operator.le, self, other)

    def __gt__(self, other: object) -> bool:
        return _compare(operator.gt, self, other)

    def __ge__(self, other: object) -> bool:
        return _compare(operator.ge, self, other)

    def is_in(self, values: object) -> bool:
        """Whether the value is known and one of ``values``."""
        return _compare(lambda value, choice: value in choice, self, values)

    def is_a(self, kind: type | tuple[type, ...]) -> bool:
        """Whether the value is known and an instance of ``kind``."""
        return not isinstance(self.value, Unknown) and isinstance(self.value, kind)

    def __bool__(self) -> bool:
        raise TypeError("a fact has no truth value: compare it, for instance `fact == True`")


def plain(value: object) -> object:
    """The value inside a fact, or the value itself."""
    return value.value if isinstance(value, Fact) else value


def weakest(*facts: Fact[Any] | Confidence) -> Confidence:
    """The lowest confidence among ``facts``; HIGH when there are none."""
    return min(
        (fact if isinstance(fact, Confidence) else fact.confidence for fact in facts),
        default=Confidence.HIGH,
    )
