"""Normalization layers: the shape stays, the weights run along the normalized axes."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes.arithmetic import total, weight
from keraslint.graph.shapes.reading import flag, integer, integers, normal_axis, only_input, value
from keraslint.graph.shapes.registry import Inferred, Rejected, layer


def normalized_sizes(layer: KerasObject, shape: Shape) -> tuple[Dim, ...] | Unknown:
    """The sizes along ``axis``; rejected when there is no such axis or its size is open."""
    axes = integers(value(layer, "axis"), f"`axis` of {layer.kind}")
    if isinstance(axes, Unknown):
        return axes
    found: list[Dim] = []
    for axis in axes:
        if isinstance(axis, Unknown):
            return axis
        if shape.rank_known and normal_axis(axis, len(shape.dims)) is None:
            raise Rejected(f"{layer.kind} expects an input with an axis {axis}, got {shape}")
        if shape[axis] is None:
            raise Rejected(f"{layer.kind} expects an input with a fixed size along axis {axis}, got {shape}")
        found.append(shape[axis])
    return tuple(found)


@layer("BatchNormalization", "SyncBatchNormalization")
def batch_normalization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    sizes = normalized_sizes(layer, shape)
    if isinstance(sizes, Unknown):
        return Inferred((shape,), sizes, sizes)
    # Moving mean and variance; renormalization keeps a moving deviation and its own mean and deviation too.
    moving = [weight(*sizes)] * 2 + [weight(*sizes, when=_renormalized(layer))] * 3
    trained = _scale_and_center(layer, sizes)
    return Inferred((shape,), total(*moving, trained), total(*moving))


def _renormalized(layer: KerasObject) -> bool | Unknown:
    return False if layer.kind == "SyncBatchNormalization" else flag(layer, "renorm")


@layer("LayerNormalization")
def layer_normalization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    sizes = normalized_sizes(layer, shape)
    if isinstance(sizes, Unknown):
        return Inferred((shape,), sizes)
    rms = layer.given("rms_scaling")
    if rms is not None and rms.value.value is not False:
        return Inferred((shape,), weight(*sizes) if rms.value.value is True else Unknown("`rms_scaling`"))
    return Inferred((shape,), _scale_and_center(layer, sizes))


def _scale_and_center(layer: KerasObject, sizes: tuple[Dim, ...]) -> int | Unknown:
    return total(weight(*sizes, when=flag(layer, "scale")), weight(*sizes, when=flag(layer, "center")))


@layer("RMSNormalization")
def rms_normalization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    sizes = normalized_sizes(layer, shape)
    return Inferred((shape,), sizes if isinstance(sizes, Unknown) else weight(*sizes))


@layer("GroupNormalization")
def group_normalization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, groups = only_input(inputs), integer(layer, "groups")
    sizes = normalized_sizes(layer, shape)
    if isinstance(sizes, Unknown):
        return Inferred((shape,), sizes)
    for size in sizes:
        uneven = isinstance(size, int) and isinstance(groups, int) and (groups == 0 or (groups > 0 and size % groups))
        if uneven or size == 0:
            raise Rejected(f"GroupNormalization expects channels that divide into {groups} groups, got {shape}")
    return Inferred((shape,), _scale_and_center(layer, sizes))
