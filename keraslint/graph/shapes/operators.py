"""Ops that work element by element, reduce along axes, or contract: arithmetic, means, matrix products."""

from __future__ import annotations

from functools import reduce

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject, Tensor
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes import einsum
from keraslint.graph.shapes.arithmetic import broadcast, differ
from keraslint.graph.shapes.merging import dotted
from keraslint.graph.shapes.operands import (
    axes_setting,
    listed,
    listed_operands,
    operand,
    operands,
    setting,
    shape_of,
    truth,
)
from keraslint.graph.shapes.reading import as_sizes, normal_axis
from keraslint.graph.shapes.registry import Inferred, Rejected, op

LEFT = ("a", "x", "x1", "left")
RIGHT = ("b", "y", "x2", "right")


def under(prefixes: str, names: str) -> tuple[str, ...]:
    """Every name under every prefix: functions go by the same name in several modules."""
    return tuple(prefix + name for prefix in prefixes.split() for name in names.split())


ELSEWHERE = (
    "keras.ops. keras.ops.nn. keras.ops.linalg. keras.backend. keras.activations. "
    "tensorflow. tensorflow.math. tensorflow.nn. "
)
"""Where functions on tensors live; the same name means the same in all of them."""


@op(
    *under(
        ELSEWHERE,
        "abs absolute acos acosh all_reduce angle bias_add arccos arccosh arcsin arcsinh arctan arctanh asin "
        "asinh atan atanh batch_normalization bitwise_not cast cbrt ceil celu clip clip_by_norm "
        "clip_by_value conj copy cos cosh crelu cumprod cumsum cumulative_logsumexp deg2rad digamma "
        "dropout elu erf erfc erfinv exp exp2 expm1 exponential flip fliplr flipud floor gelu "
        "hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh identity imag in_train_phase invert "
        "isfinite isinf isnan l2_normalize layer_normalization leaky_relu lgamma linear "
        "local_response_normalization log log10 log1p log2 log_sigmoid log_softmax logical_not mish "
        "nan_to_num neg negative ones_like pow_scalar rad2deg real reciprocal reciprocal_no_nan relu "
        "relu6 reverse reverse_v2 rint rms_normalization roll round rsqrt saturate_cast selu sigmoid "
        "sign signbit silu sin sinh soft_shrink softmax softplus softsign sort sparse_plus "
        "sparse_sigmoid sparsemax sqrt square squareplus stop_gradient swish tan tanh tanh_shrink "
        "threshold tril triu trunc zeros_like argsort normalize cumulative random_dropout "
        "stop_grad ensure_shape pattern_broadcast lrn is_nan is_inf is_finite",
    ),
    *under(
        "keras.ops. tensorflow. ",
        "bitwise_invert conjugate empty_like fabs full_like i0 isneginf isposinf isreal nancumprod nancumsum sinc",
    ),
    *under(
        "tensorflow.image. ",
        "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation convert_image_dtype "
        "flip_left_right flip_up_down per_image_standardization random_brightness random_contrast "
        "random_flip_left_right random_flip_up_down random_hue random_saturation",
    ),
    *under("tensorflow. ", "linalg.band_part dtypes.cast"),
    *under("operator. ", "neg pos abs invert"),
)
def unary(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return Inferred((operand(call, inputs),))


@op(
    *under(
        ELSEWHERE,
        "add arctan2 atan2 bitwise_and bitwise_or bitwise_xor divide divide_no_nan div equal "
        "floor_divide floordiv floormod fmax fmin fmod greater greater_equal hypot less less_equal "
        "logaddexp logical_and logical_or logical_xor maximum minimum mod multiply multiply_no_nan "
        "nextafter not_equal pow power squared_difference subtract true_divide truediv xdivy xlogy",
    ),
    *under("tensorflow.bitwise. ", "bitwise_and bitwise_or bitwise_xor left_shift right_shift"),
    *under("operator. ", "add sub mul truediv floordiv mod pow and_ or_ xor lt le gt ge"),
)
def binary(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    one, other = operands(call, inputs, LEFT, RIGHT)
    return Inferred((broadcast(one, other, call.kind),))


@op(*under(ELSEWHERE, "convert_to_tensor"), "keras.ops.array", "tensorflow.constant")
def converted(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """A tensor as it is; a list of tensors is stacked."""
    return Inferred(operands(call, inputs, ("x", "value")))


@op("tensorflow.add_n", "tensorflow.math.add_n")
def summed(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    first, *others = listed_operands(call, inputs, "inputs") or (operand(call, inputs),)
    return Inferred((reduce(lambda one, other: broadcast(one, other, call.kind), others, first),))


@op(*under(ELSEWHERE, "where switch"))
def where(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    test, yes, no = operands(
        call, inputs, ("condition", "cond"), ("x1", "x", "then_expression"), ("x2", "y", "else_expression")
    )
    return Inferred((broadcast(broadcast(test, yes, call.kind), no, call.kind),))


# --- reductions ---------------------------------------------------------------------------------------------


@op(
    *under(
        ELSEWHERE,
        "all any amax amin argmax argmin average count_nonzero logsumexp max mean median min nanmax "
        "nanmean nanmin norm prod reduce_all reduce_any reduce_euclidean_norm reduce_logsumexp "
        "reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance std sum "
        "var",
    ),
    *under("keras.ops. ", "nanargmax nanargmin nanprod nanstd nansum nanvar ptp"),
    "tensorflow.linalg.norm",
)
def reduction(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    keep = False if call.kind in ("argmax", "argmin") and not call.given("keepdims") else truth(call, "keepdims")
    # TensorFlow's argmax takes axis 0 for None; everything else reduces all axes.
    axes = axes_setting(call)
    if axes is None and call.class_name.startswith("tensorflow.") and call.kind in ("argmax", "argmin"):
        axes = (0,)
    return Inferred((reduced(operand(call, inputs), axes, keep),))


def reduced(shape: Shape, axes: tuple[int, ...] | Unknown | None, keep: bool | Unknown) -> Shape:
    if axes is None and keep is False:
        return Shape(())
    if not shape.rank_known or isinstance(keep, Unknown):
        return Shape.unknown(keep.reason if isinstance(keep, Unknown) else shape.reason, *_kept(shape, axes, keep))
    if isinstance(axes, Unknown):
        dims: tuple[Dim, ...] = tuple(axes for _ in shape.dims)
        return Shape(dims) if keep else Shape.unknown(axes.reason)
    rank = len(shape.dims)
    gone = set(range(rank)) if axes is None else {normal_axis(axis, rank) for axis in axes}
    if None in gone:
        return Shape.unknown(f"a reduction along axes that {shape} does not have")
    if keep:
        return Shape(tuple(1 if axis in gone else size for axis, size in enumerate(shape.dims)))
    return Shape(tuple(size for axis, size in enumerate(shape.dims) if axis not in gone))


def _kept(shape: Shape, axes: tuple[int, ...] | Unknown | None, keep: bool | Unknown) -> tuple[Dim, ...]:
    """The trailing sizes that a reduction over the last axis of an input of unknown rank leaves."""
    if axes == (-1,) and isinstance(keep, bool):
        return (1,) if keep else shape.dims[:-1]
    return ()


# --- contractions -------------------------------------------------------------------------------------------


@op(*under(ELSEWHERE, "matmul"), "tensorflow.linalg.matmul", "operator.matmul")
def matmul(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    one, other = operands(call, inputs, LEFT, RIGHT)
    if call.class_name.startswith("tensorflow."):
        one = _transposed(one, truth(call, "transpose_a"))
        other = _transposed(other, truth(call, "transpose_b"))
    return Inferred((_product(call, one, other),))


def _transposed(shape: Shape, flipped: bool | Unknown) -> Shape:
    if isinstance(flipped, Unknown):
        return Shape.unknown(flipped.reason)
    if not flipped or not shape.rank_known or len(shape.dims) < 2:
        return shape if not flipped else Shape.unknown(shape.reason)
    return Shape.of(*shape.dims[:-2], shape.dims[-1], shape.dims[-2])


def _product(call: KerasObject, one: Shape, other: Shape) -> Shape:
    if not (one.rank_known and other.rank_known) or len(one.dims) < 2 or len(other.dims) < 2:
        if other.rank_known and len(other.dims) < 2:
            return Shape.unknown("a product with a vector")
        return Shape.unknown("a product of tensors of unknown rank", other[-1])
    if differ(one.dims[-1], other.dims[-2]):
        raise Rejected(f"{call.kind} expects matching inner sizes, got {one} and {other}")
    batch = broadcast(Shape(one.dims[:-2]), Shape(other.dims[:-2]), call.kind)
    return Shape.of(*batch.dims, one.dims[-2], other.dims[-1])


@op("keras.ops.dot", "keras.backend.dot")
def dot(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    one, other = operands(call, inputs, LEFT, RIGHT)
    if not (one.rank_known and other.rank_known) or not one.dims or len(other.dims) < 2:
        return Inferred((Shape.unknown("a dot product of tensors of unknown rank"),))
    if differ(one.dims[-1], other.dims[-2]):
        raise Rejected(f"dot expects matching inner sizes, got {one} and {other}")
    return Inferred((Shape.of(*one.dims[:-1], *other.dims[:-2], other.dims[-1]),))


BATCH_OF_MATRICES = 3
"""The rank up to which batch_dot of all versions agree where the ranks differ."""


@op("keras.backend.batch_dot")
def batch_dot(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    one, other = operands(call, inputs, LEFT, RIGHT)
    given = setting(call, "axes")
    if not (one.rank_known and other.rank_known):
        return Inferred((Shape.unknown(other.reason if one.rank_known else one.reason),))
    if len(one.dims) != len(other.dims) and max(len(one.dims), len(other.dims)) > BATCH_OF_MATRICES:
        return Inferred((Shape.unknown("batch_dot of different ranks, which changed its meaning in Keras 2.3"),))
    if given is None:
        given = (len(one.dims) - 1, max(len(other.dims) - 2, 1))
    return Inferred((dotted("batch_dot", (one, other), as_sizes(given, 2, "`axes` of batch_dot")),))


@op("keras.ops.tensordot", "tensorflow.tensordot")
def tensordot(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    one, other = operands(call, inputs, LEFT, RIGHT)
    pairs = _contracted(setting(call, "axes"), one, other)
    if pairs is None or not (one.rank_known and other.rank_known):
        return Inferred((Shape.unknown("tensordot along axes that are not known"),))
    left, right = pairs
    if any(differ(one.dims[a], other.dims[b]) for a, b in zip(left, right, strict=True)):
        raise Rejected(f"tensordot expects matching sizes along {left} and {right}, got {one} and {other}")
    rest = [size for axis, size in enumerate(one.dims) if axis not in left]
    return Inferred((Shape.of(*rest, *(size for axis, size in enumerate(other.dims) if axis not in right)),))


def _contracted(axes: object, one: Shape, other: Shape) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The axes of both tensors that a tensordot sums over, counted from 0."""
    if not (one.rank_known and other.rank_known):
        return None
    if isinstance(axes, int):
        if not 0 <= axes <= min(len(one.dims), len(other.dims)):
            return None
        return tuple(range(len(one.dims) - axes, len(one.dims))), tuple(range(axes))
    if not isinstance(axes, tuple | list) or len(axes) != 2:
        return None
    both = []
    for given, shape in zip(axes, (one, other), strict=True):
        chosen = given if isinstance(given, tuple | list) else (given,)
        places = [normal_axis(axis, len(shape.dims)) if isinstance(axis, int) else None for axis in chosen]
        both.append(tuple(place for place in places if place is not None))
        if len(both[-1]) != len(chosen):
            return None
    return (both[0], both[1]) if len(both[0]) == len(both[1]) else None


@op("keras.ops.einsum", "tensorflow.einsum")
def einstein(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    equation = setting(call, "subscripts", "equation")
    behind = [argument for argument in call.arguments if argument.position]
    shapes = tuple(shape_of(argument.value.value) for argument in behind) or inputs
    if call.open_ended or not isinstance(equation, str) or not all(shape.rank_known for shape in shapes):
        return Inferred((Shape.unknown("the equation or the inputs of einsum"),))
    output = einsum.contract(equation, tuple(shape.dims for shape in shapes))
    return Inferred((Shape.unknown("einsum") if output is None else Shape(output),))


@op("keras.ops.moments", "tensorflow.nn.moments")
def moments(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Mean and variance."""
    shape = reduced(operand(call, inputs), axes_setting(call, "axes"), truth(call, "keepdims"))
    return Inferred((shape, shape))


@op("tensorflow.constant")
def constant(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Of a tensor; what is made of numbers is data."""
    given = call.given("value")
    dims = setting(call, "shape")
    if given is None or not isinstance(given.value.value, Tensor) or dims is not None:
        return Inferred((Shape.unknown("a constant made of tensors"),))
    return Inferred((operand(call, inputs),))


@op(*under("keras.ops. tensorflow. ", "zeros ones full"))
def filled(call: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    dims = listed(setting(call, "shape", "dims"), "an item of the shape")
    return Inferred((Shape.unknown(dims.reason) if isinstance(dims, Unknown) else Shape(dims),))
