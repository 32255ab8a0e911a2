"""The terms that a loss adds up, each with its sign: whether the loss is larger or smaller where the term is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from keraslint.graph.objects import Call, Op, Tensor

SUMS = frozenset(("add", "add_n", "reduce_sum", "sum"))
MEANS = frozenset(("mean", "reduce_mean"))
RESHAPES = frozenset(("cast", "convert_to_tensor", "expand_dims", "flatten", "identity", "pos", "reshape", "squeeze"))
"""What leaves numbers as they are."""
RISES = frozenset(("log1p", "sqrt"))
"""What is larger where that is larger of which it is made."""
DIFFERENCES = frozenset(("sub", "subtract"))
PRODUCTS = frozenset(("mul", "multiply"))
QUOTIENTS = frozenset(("div", "divide", "divide_no_nan", "true_divide", "truediv"))
COMPARISONS = frozenset(("equal", "greater", "greater_equal", "less", "less_equal", "logical_not", "not_equal"))
DEEPEST = 40
MOST = 200
"""Terms of one loss that are looked at."""


class Term(NamedTuple):
    """A part of a sum."""

    sign: int
    """1 where the sum is larger as the term is, -1 where it is smaller."""
    tensor: Tensor

    @property
    def kind(self) -> str:
        """The operation that makes it: ``square``; empty for what no operation makes."""
        made = self.tensor.producer
        return made.layer.kind if made is not None and isinstance(made.layer, Op) else ""


def terms_of(result: Tensor) -> tuple[Term, ...]:
    """What a loss is a sum of, as far as sums, differences, means, roots, and products with numbers lead."""
    found: list[Term] = []
    waiting = [(Term(1, result), 0)]
    while waiting:
        term, depth = waiting.pop()
        parts = list(_parts(term)) if depth < DEEPEST and len(found) < MOST else []
        if parts:
            waiting += [(part, depth + 1) for part in parts]
        else:
            found.append(term)
    return tuple(found)


def _parts(term: Term) -> Iterator[Term]:
    """The terms that one is made of; none for one that is no sum."""
    call = term.tensor.producer
    if call is None or not isinstance(call.layer, Op) or call.layer.in_file:
        return
    kind = call.layer.kind
    if kind in SUMS | MEANS | RESHAPES | RISES:
        yield from (term._replace(tensor=one) for one in call.inputs)
    elif kind in ("neg", "negative"):
        yield from (term._replace(tensor=one, sign=-term.sign) for one in call.inputs)
    elif kind in DIFFERENCES:
        for place, value in enumerate(operands(call.layer)):
            if isinstance(value, Tensor):
                yield term._replace(tensor=value, sign=term.sign if place == 0 else -term.sign)
    elif kind in PRODUCTS or kind in QUOTIENTS:
        yield from _of_product(term, call)


def _of_product(term: Term, call: Call) -> Iterator[Term]:
    """A product with a number or a mask, or something divided by a number or a count."""
    assert isinstance(call.layer, Op)
    one, other = (*operands(call.layer), None, None)[:2]
    divides = call.layer.kind in QUOTIENTS
    for value, factor in ((one, other), (other, one)):
        if not isinstance(value, Tensor) or (divides and value is not one):
            continue
        if isinstance(factor, int | float) and factor != 0:
            yield term._replace(tensor=value, sign=term.sign * (1 if factor > 0 else -1))
            return
        if isinstance(factor, Tensor) and is_mask(factor, counts=divides):
            yield term._replace(tensor=value)
            return


def is_mask(tensor: Tensor, *, counts: bool = False) -> bool:
    """Whether it holds zeros and ones of a comparison; ``counts``: or is the sum or mean of such."""
    for _ in range(DEEPEST):
        call = tensor.producer
        if call is None or not isinstance(call.layer, Op) or not call.inputs:
            return False
        kind = call.layer.kind
        if kind in COMPARISONS:
            return True
        if not (kind in RESHAPES or (counts and kind in SUMS | MEANS)):
            return False
        tensor = call.inputs[0]
    return False


def operands(op: Op) -> list[object]:
    """The arguments of an operation in order, tensors and numbers."""
    return [given.value.value for given in sorted(op.arguments, key=lambda given: given.position or 0)]
