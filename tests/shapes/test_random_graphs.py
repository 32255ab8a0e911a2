"""Random graphs, built in real Keras and inferred by us: the same shapes and weights, or both reject.

KERASLINT_EXAMPLES sets the number of graphs, which are then new in every run.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from helpers.graph_parts import layer, op
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import infer

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

EXAMPLES = int(os.environ.get("KERASLINT_EXAMPLES", "250"))
Dims = tuple[int | None, ...]
Draw = Callable[[st.SearchStrategy[Any]], Any]

SMALL = st.integers(1, 4)
PADDING = st.sampled_from(["valid", "same"])
LAYOUT = st.sampled_from([None, None, None, "channels_last", "channels_first"])


# --- what the graphs are made of ------------------------------------------------------------


def per_axis(rank: int, sizes: st.SearchStrategy[int] = SMALL) -> st.SearchStrategy[Any]:
    """One size for all axes, or one for each."""
    return sizes | st.tuples(*[sizes] * rank)


def margins(rank: int) -> st.SearchStrategy[Any]:
    pair = st.tuples(st.integers(0, 2), st.integers(0, 2))
    return pair if rank == 1 else st.integers(0, 2) | st.tuples(*[pair] * rank)


def fixed(**arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(arguments)


def convolution(rank: int, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    strides = per_axis(rank, st.integers(1, 2))
    return st.fixed_dictionaries(
        {"kernel_size": per_axis(rank), **more},
        optional={
            "strides": strides,
            "padding": PADDING,
            "use_bias": st.booleans(),
            "dilation_rate": st.sampled_from([1, 1, 1, 2]),
            "data_format": LAYOUT,
        },
    )


def pooling(rank: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"pool_size": per_axis(rank)},
        optional={"strides": st.none() | per_axis(rank), "padding": PADDING, "data_format": LAYOUT},
    )


def spatial(rank: int) -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    """Layers on images of ``rank`` dimensions."""
    whole = fixed(keepdims=st.booleans(), data_format=LAYOUT)
    found = {
        f"Conv{rank}D": convolution(rank, filters=SMALL, groups=st.sampled_from([1, 1, 1, 2])),
        f"Conv{rank}DTranspose": convolution(rank, filters=SMALL),
        f"MaxPooling{rank}D": pooling(rank),
        f"AveragePooling{rank}D": pooling(rank),
        f"GlobalMaxPooling{rank}D": whole,
        f"GlobalAveragePooling{rank}D": whole,
        f"AdaptiveMaxPooling{rank}D": fixed(output_size=per_axis(rank)),
        f"SpatialDropout{rank}D": fixed(rate=st.just(0.2)),
        f"UpSampling{rank}D": fixed(size=SMALL if rank == 1 else per_axis(rank)),
        f"ZeroPadding{rank}D": fixed(padding=margins(rank)),
        f"Cropping{rank}D": fixed(cropping=margins(rank)),
    }
    if rank < 3:
        found[f"SeparableConv{rank}D"] = convolution(rank, filters=SMALL, depth_multiplier=SMALL)
        found[f"DepthwiseConv{rank}D"] = convolution(rank, depth_multiplier=SMALL)
    return found


TARGETS = st.lists(st.sampled_from([-1, 1, 2, 3, 4, 6]), min_size=1, max_size=3).map(tuple)
ANYWHERE = {
    "Dense": fixed(units=SMALL, use_bias=st.booleans()),
    "Flatten": fixed(data_format=LAYOUT),
    "Reshape": fixed(target_shape=TARGETS),
    "Permute": fixed(dims=st.sampled_from([(1,), (2, 1), (3, 1, 2), (1, 3, 2)])),
    "BatchNormalization": fixed(axis=st.sampled_from([-1, -1, 1, 2]), scale=st.booleans(), center=st.booleans()),
    "LayerNormalization": fixed(axis=st.sampled_from([-1, -1, 1, (1, 2), 3])),
    "GroupNormalization": fixed(groups=st.sampled_from([1, 2, 3, -1])),
    "UnitNormalization": fixed(),
    "RMSNormalization": fixed(axis=st.sampled_from([-1, 1])),
    "PReLU": fixed(shared_axes=st.sampled_from([None, (1,), (1, 2)])),
    "Dropout": fixed(rate=st.just(0.5)),
    "Activation": fixed(activation=st.sampled_from(["relu", "tanh"])),
    "Softmax": fixed(),
    "Rescaling": fixed(scale=st.just(0.5)),
    "Masking": fixed(),
    "Embedding": fixed(input_dim=SMALL, output_dim=SMALL),
    "EinsumDense": fixed(equation=st.just("...x,xy->...y"), output_shape=SMALL, bias_axes=st.just("y")),
    "Normalization": fixed(axis=st.just(-1)),
}

RECURRENT = fixed(units=SMALL, return_sequences=st.booleans(), return_state=st.booleans(), use_bias=st.booleans())
BY_RANK: dict[int, dict[str, st.SearchStrategy[dict[str, Any]]]] = {
    2: {"RepeatVector": fixed(n=SMALL)},
    3: {**spatial(1), **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), RECURRENT)},
    4: {**spatial(2), "Resizing": fixed(height=SMALL, width=SMALL)},
    5: {
        **spatial(3),
        "ConvLSTM2D": fixed(filters=SMALL, kernel_size=SMALL, padding=PADDING, return_sequences=st.booleans()),
    },
}
EVERYTHING = ANYWHERE | {name: strategy for some in BY_RANK.values() for name, strategy in some.items()}
MERGING = {
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Average", "Maximum"), fixed()),
    "Concatenate": fixed(axis=st.sampled_from([-1, -1, 1, 2])),
    "Dot": fixed(axes=st.sampled_from([-1, 1, 2, (1, 2), (2, 1)])),
    "Attention": fixed(use_scale=st.booleans()),
    "AdditiveAttention": fixed(),
    "MultiHeadAttention": fixed(num_heads=SMALL, key_dim=SMALL, use_bias=st.booleans()),
}
AXES = st.sampled_from([-1, 1, 2, (1, 2)])
OPS = {
    **dict.fromkeys(("mean", "max", "sum", "logsumexp"), fixed(axis=AXES, keepdims=st.booleans())),
    "argmax": fixed(axis=st.sampled_from([-1, 1])),
    "expand_dims": fixed(axis=st.sampled_from([-1, 1, 2])),
    "squeeze": fixed(axis=st.sampled_from([None, 1, -1])),
    "reshape": fixed(newshape=st.sampled_from([(-1, 2), (-1, 3, 2), (-1, 12), (-1, 1, 1, 4)])),
    "transpose": fixed(axes=st.sampled_from([(0, 2, 1), (1, 0), (0, 3, 1, 2)])),
    "repeat": fixed(repeats=SMALL, axis=st.sampled_from([1, -1])),
    "relu": fixed(),
    "flip": fixed(axis=st.just(1)),
    "one_hot": fixed(num_classes=SMALL),
}
TWO_OPS = {
    **dict.fromkeys(("add", "multiply", "maximum", "subtract", "matmul"), fixed()),
    "concatenate": fixed(axis=st.sampled_from([-1, 1])),
    "stack": fixed(axis=st.sampled_from([0, 1, -1])),
}
KEYS = st.sampled_from(
    [
        (slice(None), 0),
        (slice(None), slice(1, None)),
        (Ellipsis, slice(None, 2)),
        (slice(None), None),
        (slice(None), slice(None), -1),
        (Ellipsis, 0, None),
        (slice(None), slice(None, None, 2)),
    ]
)
OPERATORS = {"add": operator.add, "mul": operator.mul, "sub": operator.sub, "truediv": operator.truediv}


@dataclass(frozen=True)
class Node:
    """One call, to be made in both worlds."""

    what: str
    ours: KerasObject
    real: Callable[[list[Any]], Any]
    """On real tensors; its own weights are counted through the layer that it returns with the result."""
    inputs: list[int]
    lenient: bool = False
    """Keras 2 and 3 differ, or Keras takes what makes no sense, so that nothing need be said."""


LENIENT = ("Adaptive", "ConvLSTM", "Resizing", "EinsumDense")


def layer_node(name: str, given: dict[str, Any], inputs: list[int], wrapped: str = "") -> Node:
    inner = layer(name, **given)

    def call(tensors: list[Any]) -> Any:
        real = getattr(keras.layers, name)(**given)
        if wrapped:
            real = getattr(keras.layers, wrapped)(real)
        if name == "MultiHeadAttention":
            return real(*tensors), real
        return real(tensors if len(tensors) > 1 else tensors[0]), real

    ours = layer(wrapped, layer=inner) if wrapped else inner
    lenient = any(part in name for part in LENIENT) or (wrapped != "" and name == "Permute")
    return Node(f"{wrapped} {name} {given}", ours, call, inputs, lenient)


def op_node(name: str, given: dict[str, Any], inputs: list[int]) -> Node:
    joins = name in ("concatenate", "stack")

    def call(tensors: list[Any]) -> Any:
        return getattr(keras.ops, name)(*([tensors] if joins else tensors), **given), None

    return Node(f"ops.{name} {given}", op(f"keras.ops.{name}", **given), call, inputs)


KINDS = ["fitting"] * 6 + ["any", "two", "two", "op", "two ops", "slice", "wrapped", "operator"]


def draw_node(draw: Draw, tensors: list[Any]) -> Node:
    index = draw(st.integers(0, len(tensors) - 1))
    rank = len(tensors[index].shape)
    kind = draw(st.sampled_from(KINDS))
    if kind == "slice":
        key = draw(KEYS)
        return Node(f"[{key}]", op("operator.getitem", key=key), lambda xs: (xs[0][key], None), [index])
    if kind == "op":
        name = draw(st.sampled_from(sorted(OPS)))
        return op_node(name, draw(OPS[name]), [index])
    if kind in ("two", "two ops", "operator"):
        both = [index, draw(st.integers(0, len(tensors) - 1))]
        return draw_pair(draw, kind, both)
    choices = EVERYTHING if kind == "any" else ANYWHERE | BY_RANK.get(rank, {})
    if kind == "wrapped":
        if rank == 3 and draw(st.booleans()):
            return layer_node(draw(st.sampled_from(["LSTM", "GRU"])), draw(RECURRENT), [index], "Bidirectional")
        choices = ANYWHERE | BY_RANK.get(rank - 1, {})
    name = draw(st.sampled_from(sorted(choices)))
    arguments = draw(choices[name])
    if kind == "wrapped":
        arguments.pop("return_state", None)
    return layer_node(name, arguments, [index], "TimeDistributed" if kind == "wrapped" else "")


def draw_pair(draw: Draw, kind: str, both: list[int]) -> Node:
    if kind == "two":
        name = draw(st.sampled_from(sorted(MERGING)))
        return layer_node(name, draw(MERGING[name]), both)
    if kind == "two ops":
        name = draw(st.sampled_from(sorted(TWO_OPS)))
        return op_node(name, draw(TWO_OPS[name]), both)
    name = draw(st.sampled_from(sorted(OPERATORS)))
    return Node(name, op(f"operator.{name}"), lambda xs: (OPERATORS[name](*xs), None), both)


INPUTS = st.one_of(
    st.tuples(st.integers(1, 12)),
    st.tuples(st.none() | st.integers(1, 12), SMALL),
    st.tuples(st.none() | st.integers(1, 12), st.integers(1, 12), SMALL),
    st.tuples(SMALL, st.none() | st.integers(1, 9), st.integers(1, 9), SMALL),
)


# --- the comparison ------------------------------------------------------------


def tensors_of(result: Any) -> list[Any]:
    return list(result) if isinstance(result, list | tuple) else [result]


def attempt(node: Node, tensors: list[Any]) -> tuple[Any, Any, str]:
    """Result, layer and Keras's refusal, if any."""
    try:
        return *node.real(tensors), ""
    except Exception as refusal:
        return None, None, str(refusal) or repr(refusal)


def hidden(dims: Dims) -> list[Shape]:
    """The same shape with one size, or the rank, not known."""
    lost = Unknown("hidden")
    one_less = [Shape((*dims[:axis], lost, *dims[axis + 1 :])) for axis in range(len(dims))]
    return [*one_less, Shape.unknown("hidden", *dims[-1:]), Shape.unknown("hidden")]


def check_with_less_known(node: Node, tensors: list[Any], outputs: list[Any] | None) -> None:
    """Where sizes are hidden, what is still said must be true."""
    shapes = [Shape(tuple(tensor.shape)) for tensor in tensors]
    for index, tensor in enumerate(tensors):
        for less in hidden(tuple(tensor.shape)):
            inferred = infer(node.ours, (*shapes[:index], less, *shapes[index + 1 :]))
            where = f"{node.what} on {[str(shape) for shape in shapes]} with {less}: {inferred}"
            if outputs is None or node.lenient:
                continue
            assert inferred.error is None, f"FALSE ERROR {where}"
            if len(inferred.outputs) == len(outputs):
                assert all(map(agrees, inferred.outputs, outputs)), where


def agrees(ours: Shape, real: Any) -> bool:
    """Every size that we know is real; an unknown batch counts as open."""
    if ours.rank_known and len(ours.dims) != len(real.shape):
        return False
    pairs = list(zip(reversed(ours.dims), reversed(real.shape), strict=False))
    if ours.rank_known:
        pairs.pop()
    return all(isinstance(size, Unknown) or size == other for size, other in pairs)


def check(node: Node, tensors: list[Any]) -> list[Any]:
    """Make the call in both worlds; its real outputs come back, none when Keras rejects it."""
    real_inputs = [tensors[index] for index in node.inputs]
    inferred = infer(node.ours, tuple(Shape(tuple(tensor.shape)) for tensor in real_inputs))
    where = f"{node.what} on {[tuple(tensor.shape) for tensor in real_inputs]}: {inferred}"
    result, real, refusal = attempt(node, real_inputs)
    check_with_less_known(node, real_inputs, None if refusal else tensors_of(result))
    if refusal:
        silent = node.lenient or not all(shape.known for shape in inferred.outputs)
        assert inferred.error or silent, f"{where}\nKeras: {refusal}"
        return []
    assert inferred.error is None, f"FALSE ERROR {where}"
    if node.lenient:
        assert all(map(agrees, inferred.outputs, tensors_of(result))), where
        return []
    outputs = tensors_of(result)
    assert [tuple(tensor.shape) for tensor in outputs] == [shape.dims for shape in inferred.outputs], where
    assert all(shape.rank_known for shape in inferred.outputs), where
    if real is not None:
        assert sum(math.prod(weight.shape) for weight in real.weights) == inferred.params, where
        fixed_weights = sum(math.prod(weight.shape) for weight in real.non_trainable_weights)
        assert fixed_weights == inferred.non_trainable_params, where
    return outputs


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="KERASLINT_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_a_random_graph_has_the_shapes_and_weights_of_real_keras(data: st.DataObject) -> None:
    tensors = [keras.Input(dims) for dims in data.draw(st.lists(INPUTS, min_size=1, max_size=2))]
    for _ in range(data.draw(st.integers(1, 8))):
        node = draw_node(data.draw, tensors)
        # A tensor without axes, or with a great many, is no input for a layer.
        tensors += [tensor for tensor in check(node, tensors) if 2 <= len(tensor.shape) <= 6]
