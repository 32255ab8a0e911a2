"""Ops that pick, put and fold by indices, masks and lengths: slices, scatters, segments; and losses per element."""

from __future__ import annotations

from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes.arithmetic import broadcast, combine
from keraslint.graph.shapes.operands import axis_setting, listed, operand, operands, setting
from keraslint.graph.shapes.operators import under
from keraslint.graph.shapes.reading import as_size, normal_axis
from keraslint.graph.shapes.registry import Inferred, op, single


def _unclear(why: str, *shapes: Shape) -> Inferred:
    return single(Shape.unknown(next((shape.reason for shape in shapes if shape.reason), why)))


@op("keras.ops.slice", "keras.backend.slice", "tensorflow.slice")
def cut(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """As large as asked along every axis; -1 is all that is left."""
    shape = operand(call, inputs)
    sizes = listed(setting(call, "size", "shape"), "`size` of slice")
    starts = listed(setting(call, "begin", "start", "start_indices"), "`begin` of slice")
    if not isinstance(sizes, tuple):
        return _unclear(sizes.reason)
    if not isinstance(starts, tuple) or not shape.rank_known or not len(starts) == len(sizes) == len(shape.dims):
        return single(Shape(tuple(shape[axis] if size == -1 else size for axis, size in enumerate(sizes))))
    ends = zip(shape.dims, starts, sizes, strict=True)
    return single(Shape(tuple(_left(length, start) if size == -1 else size for length, start, size in ends)))


def _left(length: Dim, start: Dim) -> Dim:
    return combine(lambda whole, begun: max(whole - begun, 0), length, start)


@op(
    *under("keras.ops. ", "slice_update scatter_update"),
    *under("tensorflow. ", "tensor_scatter_nd_update tensor_scatter_nd_add tensor_scatter_nd_sub"),
    *under("tensorflow. ", "tensor_scatter_nd_max tensor_scatter_nd_min"),
)
def updated(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    [shape] = operands(call, inputs, ("inputs", "tensor"))
    return single(shape)


@op("keras.ops.scatter", "tensorflow.scatter_nd")
def scattered(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    dims = listed(setting(call, "shape"), "`shape` of scatter")
    return single(Shape(dims)) if isinstance(dims, tuple) else _unclear(dims.reason)


@op("tensorflow.boolean_mask")
def masked(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """The axes of the mask become one, as long as there are true values in it."""
    shape, mask = operands(call, inputs, ("tensor",), ("mask",))
    given = axis_setting(call)
    axis = 0 if given is None else given
    if not (shape.rank_known and mask.rank_known and isinstance(axis, int)):
        return _unclear("a mask or an axis that is not known", shape, mask)
    return single(Shape.of(*shape.dims[:axis], None, *shape.dims[axis + len(mask.dims) :]))


@op("tensorflow.gather_nd")
def gathered(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    table, indices = operands(call, inputs, ("params",), ("indices",))
    batch = setting(call, "batch_dims")
    depth = indices[-1]
    if not (table.rank_known and indices.rank_known and isinstance(depth, int) and isinstance(batch, int)):
        return _unclear("indices of gather_nd that are not known", table, indices)
    return single(Shape.of(*indices.dims[:-1], *table.dims[batch + depth :]))


@op("tensorflow.nn.embedding_lookup")
def looked_up(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    table, indices = operands(call, inputs, ("params",), ("ids",))
    if not (table.rank_known and indices.rank_known):
        return _unclear("a table or indices that are not known", table, indices)
    return single(Shape.of(*indices.dims, *table.dims[1:]))


# --- lengths and segments -----------------------------------------------------------------------------------


@op("tensorflow.sequence_mask")
def sequence_mask(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    [lengths] = operands(call, inputs, ("lengths",))
    longest = setting(call, "maxlen")
    size = None if longest is None else as_size(longest, "`maxlen` of sequence_mask")
    return single(Shape((*lengths.dims, size), lengths.rank_known, lengths.reason))


_FOLDS = "segment_sum segment_mean segment_max segment_min segment_prod"


@op(*under("tensorflow.math. keras.ops. ", _FOLDS))
def segments(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Along the first axis, one for each segment."""
    data = operand(call, inputs)
    count = None if call.class_name.startswith("tensorflow.") else setting(call, "num_segments")
    if not data.rank_known:
        return _unclear("", data)
    return single(Shape.of(None if count is None else as_size(count, "the number of segments"), *data.dims[1:]))


@op(*under("tensorflow.math. ", " ".join(f"unsorted_{fold}" for fold in _FOLDS.split())))
def unsorted_segments(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    data, ids = operands(call, inputs, ("data",), ("segment_ids",))
    given = setting(call, "num_segments")
    count = None if given is None else as_size(given, "the number of segments")
    if not (data.rank_known and ids.rank_known):
        return _unclear("segments that are not known", data, ids)
    return single(Shape.of(count, *data.dims[len(ids.dims) :]))


@op("keras.ops.linspace", "tensorflow.linspace")
def linspace(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    start, stop = operands(call, inputs, ("start",), ("stop",))
    shape, axis = broadcast(start, stop, call.kind), axis_setting(call)
    if not shape.rank_known or not isinstance(axis, int):
        return _unclear("the ends or the axis of linspace", shape)
    place = normal_axis(axis, len(shape.dims) + 1)
    if place is None:
        return _unclear("the axis of linspace")
    count = as_size(setting(call, "num"), "`num` of linspace")
    return single(Shape.of(*shape.dims[:place], count, *shape.dims[place:]))


# --- matrices and numbers -----------------------------------------------------------------------------------


@op("tensorflow.linalg.diag_part", "tensorflow.linalg.trace", "tensorflow.linalg.diag")
def diagonal(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = operand(call, inputs)
    if not shape.rank_known or not shape.dims or (call.kind != "diag" and len(shape.dims) < 2):
        return _unclear("a diagonal of unknown rank", shape)
    if call.given("k"):
        return _unclear("another diagonal than the main one")
    match call.kind:
        case "diag":
            return single(Shape.of(*shape.dims, shape.dims[-1]))
        case "trace":
            return single(Shape(shape.dims[:-2]))
        case _:
            return single(Shape.of(*shape.dims[:-2], combine(min, *shape.dims[-2:])))


@op("tensorflow.size", "keras.ops.size", "tensorflow.rank", "tensorflow.nn.l2_loss")
def number(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return single(Shape(()))


# --- losses of the backend ----------------------------------------------------------------------------------


@op("tensorflow.nn.sigmoid_cross_entropy_with_logits", "keras.backend.binary_crossentropy")
def loss_per_element(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    one, other = operands(call, inputs, ("labels", "target"), ("logits", "output"))
    return single(broadcast(one, other, call.kind))


@op("tensorflow.nn.softmax_cross_entropy_with_logits", "tensorflow.nn.sparse_softmax_cross_entropy_with_logits")
def loss_per_row(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    _, logits = operands(call, inputs, ("labels",), ("logits",))
    return single(Shape(logits.dims[:-1], logits.rank_known, logits.reason))


@op("keras.backend.ctc_batch_cost")
def ctc(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """One number for each sequence."""
    _, output = operands(call, inputs, ("y_true",), ("y_pred",))
    return single(Shape.of(output[0], 1))


@op("keras.ops.dot_product_attention", "keras.ops.nn.dot_product_attention")
def attention(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    query, *_ = operands(call, inputs, ("query",), ("key",), ("value",))
    return single(query)
