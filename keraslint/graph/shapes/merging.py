"""Layers that merge several tensors into one: elementwise, by concatenation, by dot product."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes.arithmetic import add, differ, same
from keraslint.graph.shapes.reading import Size, as_sizes, integer, normal_axis, value
from keraslint.graph.shapes.registry import Inferred, Rejected, layer


def listed(shapes: tuple[Shape, ...]) -> str:
    return " and ".join(map(str, shapes))


@layer("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
@layer("add", "subtract", "multiply", "average", "maximum", "minimum")
def elementwise(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    if layer.kind.lower() == "subtract" and len(inputs) != 2:
        raise Rejected(f"Subtract expects 2 inputs, got {len(inputs)}")
    if not inputs:
        return Inferred((Shape.unknown("no inputs"),))
    unknown = next((shape for shape in inputs if not shape.rank_known), None)
    merged, batches = inputs[0], [shape.dims[0] for shape in inputs if shape.rank_known and shape.dims]
    for shape in inputs[1:]:
        merged = _merged(layer, merged, shape)
    batch = _batch(layer, batches, inputs)
    if unknown is not None or not merged.dims:
        return Inferred((merged,))
    return Inferred((Shape.of(batch, *merged.dims[1:]),))


def _batch(layer: KerasObject, batches: list[Dim], inputs: tuple[Shape, ...]) -> Dim:
    fixed = {size for size in batches if isinstance(size, int)}
    if len(fixed) > 1:
        raise Rejected(f"{layer.kind} expects inputs of one batch size, got {listed(inputs)}")
    unknown = next((size for size in batches if isinstance(size, Unknown)), None)
    return fixed.pop() if fixed else unknown


def _merged(layer: KerasObject, one: Shape, other: Shape) -> Shape:
    """Two inputs without their batch axes, broadcast from the right; an open size stays open."""
    if not (one.rank_known and other.rank_known):
        reason = other.reason if one.rank_known else one.reason
        return Shape.unknown(reason, *_common_tail(layer, one, other))
    longer, shorter = sorted((one, other), key=lambda shape: -len(shape.dims))
    kept = len(longer.dims) - len(shorter.dims[1:])
    pairs = zip(longer.dims[kept:], shorter.dims[1:], strict=True)
    return Shape.of(*longer.dims[:kept], *(_merged_size(layer, a, b, one, other) for a, b in pairs))


def _common_tail(layer: KerasObject, one: Shape, other: Shape) -> list[Dim]:
    """Trailing sizes that hold although a rank is unknown.

    The axes of the shape of known rank may all be batch, so that nothing is compared here.
    """
    tail: list[Dim] = []
    for a, b in zip(reversed(one.dims), reversed(other.dims), strict=False):
        tail.insert(0, a if same(a, b) else Unknown("sizes of merged tensors that are not known to agree"))
    return tail


def _merged_size(layer: KerasObject, a: Dim, b: Dim, one: Shape, other: Shape) -> Dim:
    if differ(a, b) and 1 not in (a, b):
        raise Rejected(f"{layer.kind} expects inputs whose shapes broadcast, got {listed((one, other))}")
    if a is None or b is None:
        return None
    if isinstance(a, int) and isinstance(b, int):
        return b if a == 1 else a
    known, unknown = (a, b) if isinstance(a, int) else (b, a)
    # What merges with a size other than 1 has it too, is 1, or is open.
    return unknown if not isinstance(known, int) or known == 1 else Unknown("a size that may be open")


@layer("Concatenate", "concatenate")
def concatenate(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    if not inputs:
        return Inferred((Shape.unknown("no inputs"),))
    return Inferred((joined("Concatenate", inputs, integer(layer, "axis")),))


def joined(what: str, shapes: tuple[Shape, ...], axis: Size) -> Shape:
    """The shape of tensors put end to end along ``axis``."""
    ranks = {len(shape.dims) for shape in shapes if shape.rank_known}
    if len(ranks) > 1:
        raise Rejected(f"{what} expects inputs of one rank, got {listed(shapes)}")
    if isinstance(axis, Unknown) or not all(shape.rank_known for shape in shapes):
        return _joined_unknown(shapes, axis)
    (rank,) = ranks
    place = normal_axis(axis, rank)
    if place is None:
        return Shape.unknown(f"axis {axis} of tensors of rank {rank}")
    for number, column in enumerate(zip(*(shape.dims for shape in shapes), strict=True)):
        fixed = {size for size in column if isinstance(size, int)}
        if number != place and len(fixed) > 1:
            raise Rejected(f"{what} expects inputs that agree except on axis {axis}, got {listed(shapes)}")
    return shapes[0].with_dim(place, add(*(shape.dims[place] for shape in shapes)))


def _joined_unknown(shapes: tuple[Shape, ...], axis: Size) -> Shape:
    reason = axis.reason if isinstance(axis, Unknown) else next(s.reason for s in shapes if not s.rank_known)
    if axis == -1 and all(shape.dims for shape in shapes):
        return Shape.unknown(reason, add(*(shape.dims[-1] for shape in shapes)))
    known = next((shape for shape in shapes if shape.rank_known), None)
    if known is None:
        return Shape.unknown(reason)
    # One known rank is the rank of all; only the batch size is taken over.
    return Shape.of(known.dims[0], *[Unknown(reason)] * (len(known.dims) - 1)) if known.dims else known


@layer("Dot", "dot")
def dot(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    if len(inputs) != 2:
        raise Rejected(f"Dot expects 2 inputs, got {len(inputs)}")
    return Inferred((dotted("Dot", inputs, as_sizes(value(layer, "axes"), 2, "`axes` of Dot")),))


def dotted(what: str, inputs: tuple[Shape, ...], axes: tuple[Size, ...]) -> Shape:
    """The batch-wise dot product of two tensors along one axis of each."""
    (one, other), (left, right) = inputs, axes
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Shape.unknown(f"the axes of {what}")
    if not (one.rank_known and other.rank_known):
        return Shape.unknown(other.reason if one.rank_known else one.reason)
    first, second = normal_axis(left, len(one.dims)), normal_axis(right, len(other.dims))
    if not first or not second:
        return Shape.unknown(f"{what} along axes that the tensors do not have")
    a, b = one.dims[first], other.dims[second]
    if differ(a, b) or (what == "Dot" and {type(a), type(b)} == {int, type(None)}):
        raise Rejected(f"{what} expects the same size along axes {left} and {right}, got {one} and {other}")
    rest = (*one.dims[:first], *one.dims[first + 1 :], *other.dims[1:second], *other.dims[second + 1 :])
    return Shape.of(*rest, 1) if len(rest) == 1 else Shape.of(*rest)
