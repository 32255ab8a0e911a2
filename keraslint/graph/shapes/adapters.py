"""Kernels beside which ``lora_rank=`` puts two of low rank that train in the kernel's place."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim
from keraslint.graph.shapes.arithmetic import total, weight
from keraslint.graph.shapes.reading import Size


def kernel(layer: KerasObject, *sizes: Dim) -> tuple[Size, Size]:
    """The weights of a kernel with what stands beside it, and those of them that do not train.

    Source: ``enable_lora`` in `keras/src/layers/core/dense.py`.
    """
    whole = weight(*sizes)
    given = layer.given("lora_rank")
    rank = given.value.value if given is not None else None
    if rank is None or rank is False or rank == 0:
        return whole, 0
    if not isinstance(rank, int) or isinstance(rank, bool) or rank < 0:
        reason = Unknown(f"`lora_rank` of {layer.kind}")
        return reason, reason
    return total(whole, weight(*sizes[:-1], rank), weight(rank, sizes[-1])), whole
