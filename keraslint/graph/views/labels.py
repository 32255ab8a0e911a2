"""Labels: what is known of the targets that a training gives one output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint.graph.facts import NOWHERE, Confidence, Fact, Span, Unknown, weakest
from keraslint.graph.objects import STANDARDIZED, Array
from keraslint.graph.once import once
from keraslint.graph.shape import Shape
from keraslint.graph.training import PREDICTING, Fit, Training


@dataclass(frozen=True, eq=False, repr=False)
class Labels:
    """What is known of the labels that fit gives an output; what is not is an unknown, as everywhere."""

    array: Array
    fit: Fit | None = None
    """The fit that gives them, or the part of it that is told by ``validation_data``."""

    @property
    def span(self) -> Span:
        """Where they are given: ``y``, or the data set with all there is."""
        given = self._given
        return given.span if given is not None else self.fit.span if self.fit is not None else NOWHERE

    @property
    def confidence(self) -> Confidence:
        given = self._given
        facts = (given,) if given is not None else ()
        return weakest(*facts, self.fit.confidence) if self.fit is not None else Confidence.HIGH

    @property
    def _given(self) -> Fact[Any] | None:
        if self.fit is None:
            return None
        return self.fit.y if self.fit.y is not None else self.fit.x

    @property
    def encoding(self) -> str | Unknown:
        """``integer``, ``binary``, ``one-hot``, ``multi-hot`` or ``continuous``."""
        return self.array.encoding

    @property
    def classes(self) -> int | Unknown:
        return self.array.classes

    @property
    def shape(self) -> Shape:
        """Axis 0 counts samples."""
        return self.array.shape

    @property
    def low(self) -> float | Unknown:
        return self.array.low

    @property
    def high(self) -> float | Unknown:
        return self.array.high

    @property
    def are_standardized(self) -> bool:
        """Whether they have mean 0 and deviation 1, as a StandardScaler leaves them: some are surely negative."""
        steps = [step for step in self.array.steps if step.kind not in _KEEP_VALUES]
        return bool(steps) and steps[-1].by == STANDARDIZED

    @property
    def range_is_known(self) -> bool:
        return not isinstance(self.low, Unknown) and not isinstance(self.high, Unknown)

    @property
    def shown_range(self) -> str:
        """The range for a message, as `` between 5 and 50``; empty when it is not known."""
        return f" between {self.low:g} and {self.high:g}" if self.range_is_known else ""

    def lie_within(self, low: float, high: float) -> bool:
        """Whether every value is known to lie in this range, its ends included."""
        return self.low >= low and self.high <= high

    def leave(self, low: float, high: float) -> bool:
        """Whether some value is known to lie outside of this range."""
        return self.low < low or self.high > high

    @property
    def range_occurs(self) -> bool:
        """Whether the ends of the range are values that occur, not only bounds, as of a sine or behind a mask."""
        if not self.range_is_known or (self.encoding == "integer" and isinstance(self.classes, Unknown)):
            return False
        known = self.encoding in ("continuous", "integer") or self.array.range_occurs
        return known or self.array.origin.startswith(("keras.datasets.", "sklearn."))

    @property
    def are_numbers(self) -> bool:
        """Whether a sample is known to have one number: shape ``(n,)`` or ``(n, 1)``."""
        return self.shape.rank == 1 or (self.shape.rank == 2 and self.shape[-1] == 1)

    @property
    def are_rows(self) -> bool:
        """Whether the last axis is known to have a number for each class."""
        one = self.shape[-1] == 1
        return self.encoding in ("one-hot", "multi-hot") and not one

    @property
    def width(self) -> int | Unknown:
        """How many classes the rows of one-hot or multi-hot labels tell apart."""
        width = self.shape[-1] if isinstance(self.shape[-1], int) else self.classes
        return width if self.are_rows and isinstance(width, int) else Unknown("labels without a known width")

    @property
    def count_of_classes(self) -> int | Unknown:
        """How many classes surely occur: of a whole data set, or of so many labels that none is missing."""
        known, samples = self.classes, self.shape[0]
        many = isinstance(known, int) and isinstance(samples, int) and samples >= 20 * known
        return known if many or self.array.origin else Unknown("the number of classes that occur")

    @property
    def exclusive(self) -> bool | Unknown:
        """Whether each sample belongs to exactly one class."""
        if isinstance(self.encoding, Unknown):
            return self.encoding
        return self.encoding in ("integer", "binary", "one-hot")

    @property
    def hold_only_0_and_1(self) -> bool:
        """Whether every value is known to be 0 or 1, though not which."""
        return self.array.holds_only_0_and_1


_KEEP_VALUES = frozenset(("cast", "reshaped", "shuffled", "sliced", "split"))
"""The steps that leave values what they are, or some of them."""

UNKNOWN_LABELS = Labels(Array(Shape.unknown("the labels are not known")))


@once
def labels_of(training: Training) -> tuple[Labels, ...]:
    """Those of each output: of the first fit in which they are known, else of validation data."""
    names, count = training.output_names, len(training.model.outputs)
    given = [(fit, fit.labels(names)) for fit in _sources(training)]
    found = [UNKNOWN_LABELS] * count
    for fit, arrays in reversed(given):
        if len(arrays) == count:
            for index, array in enumerate(arrays):
                found[index] = Labels(array, fit) if array is not None else found[index]
    return tuple(found)


def _sources(training: Training) -> Iterator[Fit]:
    """The fits, those that train first, then what they validate with."""
    told = (fit for fit in training.fits if fit.method not in PREDICTING)
    yield from sorted(told, key=lambda fit: not fit.trains)
    for fit in training.fits:
        if (validation := fit.validation) is not None:
            yield validation
