"""What tensors are made of, and how two of them meet."""

from __future__ import annotations

from keraslint.graph.objects import Array, Call, Op, Tensor
from keraslint.graph.own import calls_behind

MEETING = frozenset(
    (
        *("add", "divide", "equal", "greater", "less", "maximum", "minimum", "mul", "multiply", "not_equal", "sub"),
        *("squared_difference", "subtract", "truediv"),
    )
)
"""Operations by which labels and predictions meet element by element."""


def comes_from(tensor: Tensor | Array, source: Tensor | Call) -> bool:
    """Whether a tensor is, or is made of, another, or what a call gives."""
    if tensor is source or isinstance(tensor, Array):
        return tensor is source
    return any(call is source or any(one is source for one in call.inputs) for call in calls_behind(tensor))


def stretches(call: Call) -> tuple[Tensor | Array, Tensor | Array] | None:
    """The row and the column that an operation stretches to a matrix: shapes (n,) and (n, 1)."""
    if not isinstance(call.layer, Op) or call.layer.kind not in MEETING:
        return None
    values = [given.value.value for given in call.layer.arguments]
    operands = [one for one in values if isinstance(one, Tensor | Array) and one.shape.rank_known]
    if len(values) != 2 or len(operands) != 2:
        return None
    row, column = sorted(operands, key=lambda one: len(one.shape.dims))
    if len(row.shape.dims) != 1 or len(column.shape.dims) != 2 or column.shape.dims[1] != 1:
        return None
    return None if row.shape.dims[0] == 1 or column.shape.dims[0] == 1 else (row, column)
