"""Einstein notation: equations of EinsumDense and einsum, solved for sizes. Text and sizes in, sizes out."""

from __future__ import annotations

import re

from keraslint.graph.facts import Unknown
from keraslint.graph.shape import Dim
from keraslint.graph.shapes.arithmetic import same

Dims = tuple[Dim, ...]
TERMS = re.compile(
    r"((?:[a-zA-Z]*(?:\.\.\.)?[a-zA-Z]*,)*[a-zA-Z]*(?:\.\.\.)?[a-zA-Z]*)->([a-zA-Z]*(?:\.\.\.)?[a-zA-Z]*)"
)


def contract(equation: str, shapes: tuple[Dims, ...]) -> Dims | None:
    """The output of ``equation`` over tensors of these shapes; None when it cannot be told."""
    terms = _terms(equation)
    if terms is None or len(terms[0]) != len(shapes):
        return None
    sizes: dict[str, Dim] = {}
    ellipsis: Dims | None = None
    for term, dims in zip(terms[0], shapes, strict=True):
        bound = _bind(term, dims, sizes)
        if bound is None:
            return None
        if "..." in term:
            if ellipsis is not None and len(ellipsis) != len(bound):
                return None
            ellipsis = bound if ellipsis is None else tuple(map(_agreed, ellipsis, bound))
    return _expand(terms[1], sizes, ellipsis or ())


def dense(equation: str, dims: Dims, output_shape: Dims) -> tuple[Dims, Dims, dict[str, Dim]] | None:
    """Output, kernel and the size of every output axis for EinsumDense; ``output_shape`` has no batch.

    As in Keras, a None in ``output_shape`` stays open even where the input would tell.
    """
    terms = _terms(equation)
    if terms is None or len(terms[0]) != 2 or not dims:
        return None
    (source, kernel), target = terms
    inputs, outputs = source.replace("...", ""), target.replace("...", "")
    elided = len(dims) - len(inputs)
    if "..." in kernel or ("..." in target) != ("..." in source) or elided < 0 or (elided and inputs == source):
        return None
    left = source.startswith("...")
    hidden = _either_way(dims[1:elided]) if left else dims[len(dims) - elided :]
    output = (dims[0], *hidden, *output_shape) if left else (dims[0], *output_shape, *hidden)
    shift = elided if left else 0
    if len(output) != len(outputs) + elided:
        return None
    after = dict(zip(outputs, output[shift:], strict=False))
    sizes = {**after, **dict(zip(inputs, dims[shift:], strict=False))}
    if any(letter not in sizes for letter in kernel):
        return None
    return output, tuple(sizes[letter] for letter in kernel), after


def _either_way(dims: Dims) -> Dims:
    """Axes under a leading ellipsis, which symbolic shapes of Keras 3 list backwards and Keras 2 does not."""
    pairs = zip(dims, reversed(dims), strict=True)
    return tuple(one if same(one, other) else Unknown("an axis under the ellipsis") for one, other in pairs)


def _terms(equation: str) -> tuple[list[str], str] | None:
    compact = equation.replace(" ", "")
    if "->" not in compact and "." not in compact:
        letters = compact.replace(",", "")
        compact += "->" + "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    match = TERMS.fullmatch(compact)
    return (match[1].split(","), match[2]) if match else None


def _bind(term: str, dims: Dims, sizes: dict[str, Dim]) -> Dims | None:
    """Name the axes of one tensor; the sizes under the ellipsis come back, None when the ranks do not fit."""
    before, dots, after = term.partition("...")
    hidden = len(dims) - len(before) - len(after)
    if hidden < 0 or (hidden and not dots):
        return None
    named = dims[: len(before)] + dims[len(dims) - len(after) :]
    for letter, size in zip(before + after, named, strict=True):
        sizes[letter] = _agreed(sizes[letter], size) if letter in sizes else size
    return dims[len(before) : len(dims) - len(after)]


def _agreed(one: Dim, other: Dim) -> Dim:
    if one is None or other == 1:
        return one if other == 1 else other
    if other is None or one == 1:
        return other if one == 1 else one
    return one if same(one, other) else Unknown("sizes that einsum brings together differ")


def _expand(term: str, sizes: dict[str, Dim], ellipsis: Dims) -> Dims | None:
    before, dots, after = term.partition("...")
    if any(letter not in sizes for letter in before + after):
        return None
    hidden = ellipsis if dots else ()
    return (*(sizes[letter] for letter in before), *hidden, *(sizes[letter] for letter in after))
