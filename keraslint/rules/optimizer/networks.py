"""What decides how high a learning rate a network bears: the kinds, widths and order of its trained layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keraslint import keras_api
from keraslint.graph import Call, KerasObject, Layer, Model, Op, Training
from keraslint.graph.once import once
from keraslint.graph.views import NOISE, Head, activation_of, heads_of
from keraslint.rules.losses import CROSSENTROPIES, REGRESSION

KERNELS = frozenset({"depthwise_initializer", "kernel_initializer"})
CONVOLUTIONS = ("Conv", "DepthwiseConv", "SeparableConv")
RECURRENT = frozenset({"GRU", "LSTM", "SimpleRNN"})
ATTENTION = frozenset({"GroupQueryAttention", "MultiHeadAttention"})
NORMALIZATIONS = frozenset(f"{name}Normalization" for name in ("Batch", "Group", "Layer", "RMS", "Unit"))
"""Not `Normalization`, which only standardizes inputs."""
UNMEASURED = frozenset({"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "RNN", "StackedRNNCells"})
SEEN_THROUGH = NOISE | {"keras.layers.Activation", "keras.layers.Identity", "keras.layers.Permute", "keras.layers.ReLU"}


@dataclass(frozen=True)
class Network:
    """What of a network its learning rate depends on. Frozen layers do not count."""

    kernels: int
    """Trained layers with kernels in all."""
    in_sequence: int
    """The most of them on one path from input to output."""
    widest: int
    """Units of its widest hidden Dense or recurrent layer; 0 when it has none."""
    is_linear: bool
    """No hidden layer has an activation: whatever its depth, it computes what one layer can."""
    is_normalized: bool
    has_recurrence: bool
    has_attention: bool
    has_operations: bool
    """Tensors are added, multiplied or cut otherwise than by layers, as around a residual block."""
    has_embedding: bool
    has_relu_behind_flatten: bool
    """A hidden Dense layer with a relu reads the flattened output of convolutions."""
    classifies: bool
    """Some output has a crossentropy."""
    regresses: bool
    """Some output has a loss that measures a distance between real values."""


@once
def network_of(training: Training) -> Network | None:
    """The network that is trained; None when some layer or connection of it is not understood."""
    model = training.model
    calls = list(calls_of(model))
    if not _is_understood(model, calls):
        return None
    heads = heads_of(training)
    kernels = [call for call, trained in calls if trained and _has_kernel(call)]
    if any(_kind(call) in UNMEASURED for call in kernels):
        return None
    hidden = [call for call, _ in calls if not _makes_an_output(call, heads)]
    trained_hidden = [call for call in kernels if not _makes_an_output(call, heads)]
    kinds = {_kind(call) for call in kernels}
    has_convolution = any(kind.startswith(CONVOLUTIONS) for kind in kinds)
    return Network(
        kernels=len(kernels),
        in_sequence=_longest_path(model, {}),
        widest=max(map(_units, trained_hidden), default=0),
        is_linear=not kinds & (RECURRENT | ATTENTION) and not (trained_hidden and any(map(_bends, hidden))),
        is_normalized=any(_kind(call) in NORMALIZATIONS for call, _ in calls),
        has_recurrence=bool(kinds & RECURRENT),
        has_attention=bool(kinds & ATTENTION),
        has_operations=any(isinstance(call.layer, Op) for call, _ in calls),
        has_embedding=any(_kind(call) == "Embedding" for call, _ in calls),
        has_relu_behind_flatten=has_convolution and any(map(_is_relu_behind_flatten, hidden)),
        classifies=any(head.loss_is(*CROSSENTROPIES) for head in heads),
        regresses=any(head.loss_is(*REGRESSION) for head in heads),
    )


def _is_understood(model: Model, calls: list[tuple[Call, bool]]) -> bool:
    """Every layer and connection is known, in nested models too."""
    return bool(model.outputs) and not model.unknowns and all(_is_known(call) for call, _ in calls)


def calls_of(model: Model) -> Iterator[tuple[Call, bool]]:
    """Every call of the model and of what is nested in it, each of these once; and whether it is trained."""
    seen: set[int] = set()
    stack = [(model, True)]
    while stack:
        outer, trained = stack.pop()
        for call in outer.calls:
            inner = _inside(call)
            if inner is None:
                yield call, trained and _is_trained(call)
            elif id(inner) not in seen:
                seen.add(id(inner))
                stack.append((inner, trained and _is_trained(call)))


def _is_trained(call: Call) -> bool:
    return isinstance(call.layer, Layer | Model) and call.layer.trainable is True


def _inside(call: Call) -> Model | None:
    """The model that is called, or what a custom layer consists of, as far as that was read."""
    return call.layer if isinstance(call.layer, Model) else call.contents


def _is_known(call: Call) -> bool:
    layer = call.layer
    if isinstance(layer, Op):
        return not layer.in_file
    return isinstance(layer, KerasObject) and not layer.in_file and keras_api.symbol(layer.class_name) is not None


def _makes_an_output(call: Call, heads: tuple[Head, ...]) -> bool:
    """Whether it is the last layer with weights, or the activation behind it."""
    return any(call is head.weights or (head.activation and call is head.activation.call) for head in heads)


def _layer(call: Call) -> KerasObject | None:
    """The layer, taken out of a Bidirectional, TimeDistributed or other wrapper."""
    layer = call.layer
    if not isinstance(layer, KerasObject):
        return None
    inner = layer.argument("layer").value if layer.given("layer") else layer
    return inner if isinstance(inner, KerasObject) else layer


def _kind(call: Call) -> str:
    layer = _layer(call)
    return layer.kind if layer else ""


def _has_kernel(call: Call) -> bool:
    layer = _layer(call)
    symbol = keras_api.symbol(layer.class_name) if isinstance(layer, Layer) else None
    parameters = symbol.parameters() if symbol is not None else ()
    return _kind(call) in UNMEASURED or any(parameter.name in KERNELS for parameter in parameters)


def _units(call: Call) -> int:
    layer = _layer(call)
    units = layer.argument("units").value if layer else None
    return units if isinstance(units, int) else 0


def _bends(call: Call) -> bool:
    """Whether it is known to make the network more than linear."""
    activation = activation_of(call)
    return activation is not None and activation.name != "linear"


def _is_relu_behind_flatten(call: Call) -> bool:
    activation = activation_of(call)
    if activation is None or not activation.name.is_in({"relu"}):
        return False
    dense = _before(call) if _kind(call) in {"Activation", "ReLU"} else call
    if dense is None or _kind(dense) != "Dense":
        return False
    flatten = _before(dense)
    return flatten is not None and _kind(flatten) == "Flatten" and bool(flatten.input_shape.rank > 2)


def _before(call: Call) -> Call | None:
    """The call whose values it gets, seen through dropout, pure activations and the like."""
    while len(call.inputs) == 1 and (producer := call.inputs[0].producer) is not None:
        if not isinstance(producer.layer, KerasObject) or producer.layer.class_name not in SEEN_THROUGH:
            return producer
        call = producer
    return None


def _longest_path(model: Model, known: dict[int, int]) -> int:
    """``known`` holds what was found for nested models: each may be called many times."""
    depth: dict[int, int] = {}
    for call in model.calls:
        before = max((depth[id(t.producer)] for t in call.inputs if id(t.producer) in depth), default=0)
        depth[id(call)] = before + _own_kernels(call, known)
    return max(depth.values(), default=0)


def _own_kernels(call: Call, known: dict[int, int]) -> int:
    inner = _inside(call)
    if not _is_trained(call):
        return 0
    if inner is None:
        return int(_has_kernel(call))
    if id(inner) not in known:
        known[id(inner)] = _longest_path(inner, known)
    return known[id(inner)]
