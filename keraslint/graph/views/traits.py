"""What the other views ask of a single layer: whether it has a kernel, is an activation, passes on what it gets."""

from __future__ import annotations

from functools import cache
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Fact, Unknown
from keraslint.graph.objects import Call, KerasObject, Layer, Model, Op, Reference, Tensor

NOISE = frozenset(
    {
        "keras.layers.AlphaDropout",
        "keras.layers.Dropout",
        "keras.layers.GaussianDropout",
        "keras.layers.GaussianNoise",
        "keras.layers.SpatialDropout1D",
        "keras.layers.SpatialDropout2D",
        "keras.layers.SpatialDropout3D",
    }
)

SEEN_THROUGH = NOISE | {
    "keras.layers.ActivityRegularization",
    "keras.layers.Cropping1D",
    "keras.layers.Cropping2D",
    "keras.layers.Cropping3D",
    "keras.layers.Flatten",
    "keras.layers.Identity",
    "keras.layers.Permute",
    "keras.layers.Reshape",
}
"""Layers that pass values on as they are (or drop some): what stands before them is still the head."""

ACTIVATION_LAYERS = {
    "keras.layers.ELU": "elu",
    "keras.layers.LeakyReLU": "leaky_relu",
    "keras.layers.PReLU": "prelu",
    "keras.layers.ReLU": "relu",
    "keras.layers.Softmax": "softmax",
    "keras.layers.ThresholdedReLU": "relu",
}
"""Layers that are one activation, and its name."""

KERNELS = frozenset({"depthwise_initializer", "kernel_initializer"})
"""The parameters by which a layer with a kernel is known."""

NORMALIZATIONS = frozenset(f"keras.layers.{name}Normalization" for name in ("Batch", "Group", "Layer", "RMS", "Unit"))
"""Not `Normalization`, which only standardizes inputs."""


def producer_inside(tensor: Tensor) -> Call | None:
    """The call that makes ``tensor``, looking inside nested models."""
    call = tensor.producer
    index = tensor.index
    while call is not None and isinstance(call.layer, Model):
        if index >= len(call.layer.outputs):
            return None
        inner = call.layer.outputs[index]
        call, index = inner.producer, inner.index
    return call


def has_kernel(call: Call) -> bool:
    """Whether the call's layer has weights and applies an activation to what they make."""
    layer = unwrapped(call.layer)
    if not isinstance(layer, Layer) or layer.in_file or layer.class_name == "keras.layers.Activation":
        return False
    return "activation" in parameter_names(layer.class_name)


@cache
def parameter_names(class_name: str) -> frozenset[str]:
    symbol = keras_api.symbol(class_name)
    return frozenset(parameter.name for parameter in symbol.parameters()) if symbol else frozenset()


def unwrapped(layer: Layer | Op | Model) -> Layer | Op | Model:
    """The layer inside a TimeDistributed; any other layer as it is."""
    if isinstance(layer, Layer) and layer.class_name == "keras.layers.TimeDistributed":
        inner = layer.argument("layer").value
        return inner if isinstance(inner, Layer | Model) else layer
    return layer


def both_ways(layer: Layer | Op | Model) -> Layer | Op | Model:
    """The recurrent layer that a Bidirectional runs both ways; any other layer as it is."""
    if isinstance(layer, Layer) and layer.class_name == "keras.layers.Bidirectional":
        inner = layer.argument("layer").value
        return inner if isinstance(inner, Layer) else layer
    return layer


def activation_name(fact: Fact[Any]) -> Fact[Any]:
    """The plain name of an activation given as string, function or layer instance; unknown when custom."""
    value: object = fact.value
    match value:
        case None:
            value = "linear"
        case str(identifier):
            known = keras_api.from_identifier("activation", identifier)
            unknown = Unknown(f"no Keras activation is named {identifier!r}")
            value = known.rpartition(".")[2] if known else unknown
        case Reference(name=name, in_file=False) if name.startswith(("keras.", "tensorflow.nn.")):
            value = name.rpartition(".")[2]
        case KerasObject(class_name=name) if name in ACTIVATION_LAYERS:
            value = ACTIVATION_LAYERS[name]
        case Unknown():
            return fact
        case _:
            value = Unknown("a custom activation", fact.span)
    return Fact(value, fact.span, fact.confidence, is_default=fact.is_default)
