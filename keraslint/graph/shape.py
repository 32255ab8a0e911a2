"""Shapes of tensors: sizes along the axes, batch axis first, with unknown sizes and unknown ranks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from keraslint.graph.facts import Unknown

Dim = int | None | Unknown
"""A size; ``None`` where Keras itself leaves it open; `Unknown` where we do not know."""

LARGEST = 10**30
"""No size that a program can mean lies beyond."""


OPEN = Unknown("a size that stays open until there are data")
"""What ``tf.shape(x)[0]`` is while a model is built, and what is computed from it; in a shape it is None."""


def dim_of(value: object) -> Dim:
    """A value that is used as a size along an axis."""
    if value is None or value is OPEN:
        return None
    if isinstance(value, Unknown) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return Unknown("a size that is no integer")


@dataclass(frozen=True, slots=True)
class Shape:
    """A tensor's shape, axis 0 being the batch.

    With ``rank_known`` false, ``dims`` are the trailing axes that are known all the same: a Dense layer on
    an unknown input still ends in ``units``.
    """

    dims: tuple[Dim, ...]
    rank_known: bool = True
    reason: str = ""
    """Why the rank is unknown."""

    @staticmethod
    def unknown(reason: str, *trailing: Dim) -> Shape:
        """A shape of unknown rank that ends in ``trailing``."""
        return Shape(trailing, rank_known=False, reason=reason)

    @staticmethod
    def of(*dims: Dim) -> Shape:
        return Shape(dims)

    @property
    def rank(self) -> int | Unknown:
        """The number of axes, batch included."""
        return len(self.dims) if self.rank_known else Unknown(self.reason)

    @property
    def known(self) -> bool:
        """Rank and every size are known (``None`` counts as known: Keras leaves it open)."""
        return self.rank_known and not any(isinstance(dim, Unknown) for dim in self.dims)

    def __getitem__(self, axis: int) -> Dim:
        """The size along ``axis``, counted from the end when negative; unknown when out of what is known."""
        if (axis >= 0 and not self.rank_known) or not -len(self.dims) <= axis < len(self.dims):
            return Unknown(self.reason or f"no axis {axis} in {self}")
        return self.dims[axis]

    def has_axis(self, axis: int) -> bool:
        return self.rank_known and -len(self.dims) <= axis < len(self.dims)

    @property
    def size(self) -> Dim:
        """Elements per sample: the product of all axes but the batch."""
        if not self.rank_known:
            return Unknown(self.reason)
        return product(self.dims[1:])

    def with_dim(self, axis: int, dim: Dim) -> Shape:
        """This shape with another size along ``axis``; unchanged when the axis is not among the known ones."""
        if isinstance(self[axis], Unknown) and not self.has_axis(axis) and not -len(self.dims) <= axis < 0:
            return self
        dims = list(self.dims)
        dims[axis] = dim
        return Shape(tuple(dims), self.rank_known, self.reason)

    def __str__(self) -> str:
        dims = ["?" if isinstance(dim, Unknown) else str(dim) for dim in self.dims]
        if not self.rank_known:
            dims.insert(0, "…")
        return f"({dims[0]},)" if len(dims) == 1 and self.rank_known else f"({', '.join(dims)})"


def length_of(numbers: range) -> int:
    """The length of a range; Python's ``len`` fails on one beyond what memory could hold."""
    between = numbers.stop - numbers.start
    return max(0, -(-between // numbers.step))


def product(dims: Iterable[Dim]) -> Dim:
    """The product of sizes: unknown if one is unknown, else open (None) if one is open."""
    sizes = list(dims)
    for dim in sizes:
        if isinstance(dim, Unknown):
            return dim
    if None in sizes:
        return None
    whole = prod(dim for dim in sizes if isinstance(dim, int))
    return whole if whole <= LARGEST else Unknown("a size beyond all bounds")


def join(left: Shape, right: Shape, why: str = "") -> Shape:
    """What is common to two shapes: axes on which they differ become unknown, for the reason ``why`` they may."""
    if left.rank_known and right.rank_known and len(left.dims) == len(right.dims):
        return Shape(tuple(join_dims(one, other, why) for one, other in zip(left.dims, right.dims, strict=True)))
    trailing: list[Dim] = []
    for one, other in zip(reversed(left.dims), reversed(right.dims), strict=False):
        if one is not other and one != other:
            break
        trailing.append(one)
    reason = left.reason or right.reason or why or "the rank differs between branches"
    return Shape.unknown(reason, *reversed(trailing))


def join_dims(one: Dim, other: Dim, why: str) -> Dim:
    """The size that two have in common; unknown, for the reason ``why`` unless one says its own, when they differ."""
    if one is other or one == other:
        return one
    unknown = next((dim for dim in (one, other) if isinstance(dim, Unknown)), None)
    return Unknown(why or "the size differs between branches") if unknown is None else unknown
