"""Arithmetic on sizes: windows of convolutions, broadcasting, counts of weights. Of no one layer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import dropwhile

from keraslint.graph.facts import Unknown
from keraslint.graph.shape import Dim, Shape, product
from keraslint.graph.shapes.registry import Rejected


def combine(function: Callable[..., int], *sizes: Dim) -> Dim:
    """``function`` of sizes: unknown if one is unknown, else open (None) if one is open."""
    known: list[int] = []
    for size in sizes:
        if isinstance(size, Unknown):
            return size
        if size is not None:
            known.append(size)
    return function(*known) if len(known) == len(sizes) else None


def add(*sizes: Dim) -> Dim:
    return combine(lambda *known: sum(known), *sizes)


def multiply(*sizes: Dim) -> Dim:
    return product(sizes)


def same(one: Dim, other: Dim) -> bool:
    """Both are known to Keras and equal, or both are open."""
    return one is other or (isinstance(one, int) and one == other)


def differ(one: Dim, other: Dim) -> bool:
    """Both are numbers, and not the same: nothing that is open or unknown can make them fit."""
    return isinstance(one, int) and isinstance(other, int) and one != other


# --- windows ------------------------------------------------------------------------------------------------


def windows(size: Dim, kernel: Dim, stride: Dim, padding: str | Unknown, dilation: Dim = 1) -> Dim:
    """How many places a window takes along one axis: output size of convolution and pooling.

    Zero or less means that the window does not fit.
    """
    if isinstance(padding, Unknown):
        return padding
    if stride == 0:
        return Unknown("a stride of 0")
    if padding == "valid":
        return combine(lambda n, k, s, d: (n - d * (k - 1) - 1) // s + 1, size, kernel, stride, dilation)
    return combine(lambda n, s: (n - 1) // s + 1, size, stride)


def spread(size: Dim, kernel: Dim, stride: Dim, padding: str | Unknown, output_padding: Dim, dilation: Dim = 1) -> Dim:
    """Output size of a transposed convolution along one axis; ``output_padding`` None lets Keras choose."""
    if isinstance(padding, Unknown):
        return padding
    if isinstance(output_padding, Unknown):
        return output_padding
    extent = combine(lambda k, d: (k - 1) * d + 1, kernel, dilation)
    if output_padding is None:
        if padding == "valid":
            return combine(lambda n, k, s: n * s + max(k - s, 0), size, extent, stride)
        return multiply(size, stride)
    added = output_padding
    if padding == "valid":
        return combine(lambda n, k, s: (n - 1) * s + k + added, size, extent, stride)
    return combine(lambda n, k, s: (n - 1) * s + k - 2 * (k // 2) + added, size, extent, stride)


# --- broadcasting -------------------------------------------------------------------------------------------


def broadcast(one: Shape, other: Shape, what: str) -> Shape:
    """The shape of an elementwise operation on two tensors, by the rules of numpy."""
    if one.rank_known and other.rank_known:
        rank = max(len(one.dims), len(other.dims))
        pairs = zip(_widened(one.dims, rank), _widened(other.dims, rank), strict=True)
        return Shape(tuple(_broadcast_sizes(a, b, one, other, what) for a, b in pairs))
    reason = other.reason if one.rank_known else one.reason
    trailing = [
        _broadcast_sizes(a, b, one, other, what)
        for a, b in zip(_trailing(one, other), _trailing(other, one), strict=True)
    ]
    return Shape.unknown(reason, *dropwhile(lambda size: isinstance(size, Unknown), trailing))


def _widened(dims: tuple[Dim, ...], rank: int) -> tuple[Dim, ...]:
    return (1,) * (rank - len(dims)) + dims


def _trailing(shape: Shape, other: Shape) -> tuple[Dim, ...]:
    """The last sizes of ``shape``, as many as the longer of both shows."""
    missing = max(len(shape.dims), len(other.dims)) - len(shape.dims)
    return ((1 if shape.rank_known else Unknown(shape.reason)),) * missing + shape.dims


def _broadcast_sizes(a: Dim, b: Dim, one: Shape, other: Shape, what: str) -> Dim:
    if differ(a, b) and 1 not in (a, b):
        raise Rejected(f"{what} expects shapes that broadcast, got {one} and {other}")
    if isinstance(a, int) and a != 1:
        return a
    if isinstance(b, int) and b != 1:
        return b
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return a if isinstance(a, Unknown) else b
    return 1 if a == b == 1 else None


# --- weights ------------------------------------------------------------------------------------------------


def weight(*dims: Dim, when: bool | Unknown = True) -> int | Unknown:
    """Elements of a weight of this shape; nothing unless ``when``."""
    if isinstance(when, Unknown):
        return when
    if not when:
        return 0
    count = product(dims)
    return Unknown("a weight along an axis of open size") if count is None else count


def total(*counts: int | Unknown) -> int | Unknown:
    return weight(add(*counts)) if counts else 0
