"""Layers that hold another layer: TimeDistributed, Bidirectional, SpectralNormalization."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject, Model
from keraslint.graph.shape import Shape
from keraslint.graph.shapes.arithmetic import differ, multiply, total, weight
from keraslint.graph.shapes.reading import only_input, value
from keraslint.graph.shapes.registry import Inferred, Rejected, infer, layer, undecided

KERNEL_END = {
    "Dense": "units",
    "Conv1D": "filters",
    "Conv2D": "filters",
    "Conv3D": "filters",
    "Embedding": "output_dim",
}
"""The argument that is the last size of a layer's kernel."""


CHECKED_OVER_TIME = ("Dense", "Conv1D", "Conv2D", "Conv3D", "LSTM", "GRU", "SimpleRNN")
"""Layers whose weights cannot be made for a wrong input.

Keras 3 does not check the input of other layers in a TimeDistributed, and some of them work.
"""


def held(inner: object, inputs: tuple[Shape, ...]) -> Inferred:
    """What the wrapped layer or model makes of ``inputs``."""
    if isinstance(inner, KerasObject):
        return infer(inner, inputs)
    if isinstance(inner, Model) and inner.kind == "sequential":
        return _through(inner.layers, inputs)
    if isinstance(inner, Model) and inner.outputs:
        calls = {id(call.layer): call for call in inner.calls}.values()
        return Inferred(
            tuple(tensor.shape for tensor in inner.outputs),
            total(*(call.params for call in calls)),
            total(*(call.non_trainable_params for call in calls)),
        )
    return undecided("the wrapped layer is not known")


def _through(layers: tuple[object, ...], inputs: tuple[Shape, ...]) -> Inferred:
    """Layers one after the other, as in a Sequential model that has not been built before."""
    shapes = inputs
    params: list[int | Unknown] = []
    fixed: list[int | Unknown] = []
    for each in layers:
        step = held(each, shapes)
        if step.error:
            raise Rejected(step.error)
        shapes = step.outputs
        params.append(step.params)
        fixed.append(step.non_trainable_params)
    return Inferred(shapes, total(*params), total(*fixed))


def _unwrapped(inner: Inferred) -> Inferred:
    if inner.error:
        raise Rejected(inner.error)
    return inner


@layer("TimeDistributed")
def time_distributed(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    if shape.rank < 3:
        raise Rejected(f"TimeDistributed expects an input of 3 or more dimensions (batch, time, …), got {shape}")
    if shape.rank_known:
        child = Shape.of(shape.dims[0], *shape.dims[2:])
    else:
        child = Shape.unknown(shape.reason, *shape.dims[-1:])
    wrapped = value(layer, "layer")
    inner = held(wrapped, (child,))
    if inner.error and not (isinstance(wrapped, KerasObject) and wrapped.kind in CHECKED_OVER_TIME):
        return undecided(inner.error)
    _unwrapped(inner)
    outputs = tuple(_over_time(shape, output) for output in inner.outputs)
    return Inferred(outputs, inner.params, inner.non_trainable_params)


def _over_time(shape: Shape, output: Shape) -> Shape:
    steps = shape[1]
    if not output.rank_known or not output.dims:
        return output
    return Shape.of(output.dims[0], steps, *output.dims[1:])


@layer("Bidirectional")
def bidirectional(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    forward_layer, backward_layer = value(layer, "layer"), value(layer, "backward_layer")
    shape = (only_input(inputs),)
    forward = _unwrapped(held(forward_layer, shape))
    backward = forward if backward_layer is None else _unwrapped(held(backward_layer, shape))
    params = total(forward.params, backward.params)
    output, *states = forward.outputs
    merged = _merged(layer, output, backward.outputs[0])
    return Inferred((*merged, *states, *backward.outputs[1:]), params)


def _merged(layer: KerasObject, forward: Shape, backward: Shape) -> tuple[Shape, ...]:
    mode = layer.argument("merge_mode")
    if mode.is_a(type(None)):
        return forward, backward
    if differ(forward[-1], backward[-1]):
        return (forward.with_dim(-1, Unknown("the two directions have different sizes")),)
    if mode == "concat" and forward.dims:
        return (forward.with_dim(-1, multiply(forward[-1], 2)),)
    if mode.is_in(("sum", "mul", "ave")):
        return (forward,)
    return (forward.with_dim(-1, Unknown("`merge_mode` is not known")) if forward.dims else forward,)


@layer("SpectralNormalization")
def spectral_normalization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """The inner layer plus one vector, as long as the kernel's last axis, that the power iteration keeps."""
    wrapped = value(layer, "layer")
    inner = _unwrapped(held(wrapped, inputs))
    vector: int | Unknown = Unknown("the kernel of the wrapped layer")
    if isinstance(wrapped, KerasObject) and wrapped.kind in KERNEL_END:
        length = value(wrapped, KERNEL_END[wrapped.kind])
        vector = weight(length) if isinstance(length, int) else vector
    return Inferred(inner.outputs, total(inner.params, vector), total(inner.non_trainable_params, vector))


@layer("Pipeline")
def pipeline(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    layers = value(layer, "layers")
    if not isinstance(layers, tuple | list):
        return undecided("the layers of the Pipeline")
    return _through(tuple(layers), inputs)
