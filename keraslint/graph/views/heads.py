"""Activations and heads: what each call applies last, and the outputs of trained models with loss, metrics, labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint.graph.facts import Confidence, Fact, Span, Unknown
from keraslint.graph.objects import Call, KerasObject, Layer, Model, Op, Tensor
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.training import Training
from keraslint.graph.views.labels import UNKNOWN_LABELS, Labels, labels_of
from keraslint.graph.views.specs import Spec, loss_spec, metric_specs
from keraslint.graph.views.traits import (
    ACTIVATION_LAYERS,
    NORMALIZATIONS,
    SEEN_THROUGH,
    activation_name,
    has_kernel,
    parameter_names,
    producer_inside,
    unwrapped,
)


@dataclass(frozen=True, eq=False, repr=False)
class Activation:
    """An activation and where it stands: the smallest node that names it."""

    name: Fact[Any]
    """``softmax``, ``linear`` …; unknown for a custom one."""
    call: Call
    """The call that applies it."""
    axis: int | Unknown = -1
    """The axis along which a softmax sums to one."""
    head: Head | None = None
    """The output of a trained model that it makes; only `Activation.of` fills in this and what follows."""
    is_hidden: bool = False
    """A model uses it before the last activation of its outputs."""
    below: Activation | None = None
    """What it is stacked on: the one right before it, with no weights in between."""
    in_sequence: int = 1
    """How many of the same name follow each other on the plain chain that ends here, without normalization."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Activation]:
        """Those of every call in the program that applies one."""
        return iter(activations_of(program))

    @property
    def span(self) -> Span:
        return self.name.span

    @property
    def confidence(self) -> Confidence:
        return min(self.name.confidence, self.call.confidence)

    @property
    def about(self) -> tuple[object, ...]:
        return self.call, self.call.layer, self.layer

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.head.training,) if self.head is not None else ()

    @property
    def layer(self) -> Layer | Op | Model:
        """What applies it, taken out of a TimeDistributed."""
        return unwrapped(self.call.layer)

    @property
    def is_argument(self) -> bool:
        """It is the ``activation`` argument of a layer, given or default, not a layer or op of its own."""
        return isinstance(self.layer, Layer) and self.layer.class_name not in ACTIVATION_LAYERS

    @property
    def size(self) -> Dim:
        """How many values a softmax makes sum to one."""
        return self.axis if isinstance(self.axis, Unknown) else self.call.output_shape[self.axis]

    @property
    def size_confidence(self) -> Confidence:
        """How sure that is: a layer's own literal `units` holds in whatever branch the layer stands."""
        layer = self.call.layer
        given = (layer.given("units") or layer.given("filters")) if isinstance(layer, Layer) else None
        return given.value.confidence if given else self.call.confidence

    @property
    def is_over_last_axis(self) -> bool:
        """Whether a softmax is known to sum to one along the last axis."""
        return self.axis == -1

    @property
    def axis_is_given(self) -> bool:
        return isinstance(self.layer, KerasObject) and self.layer.given("axis") is not None


@dataclass(frozen=True, eq=False, repr=False)
class Head:
    """One output of a trained model: its last activation and weights, its loss, its metrics and its labels."""

    training: Training
    index: int
    tensor: Tensor
    activation: Activation | None
    """None when what makes the output is not understood."""
    weights: Call | None
    """The last call with a kernel; None when not found."""
    after: tuple[Call, ...]
    """Dropout, Reshape and the like between the activation and the output, last first."""
    loss: Spec | None
    metrics: tuple[Spec, ...]

    @classmethod
    def of(cls, program: Program) -> Iterator[Head]:
        every = (*program.trainings, *program.own_trainings)
        return (head for training in every for head in heads_of(training))

    @property
    def span(self) -> Span:
        return self.tensor.span

    @property
    def about(self) -> tuple[object, ...]:
        """The head, and the layers that make it."""
        calls = [call for call in (self.weights, self.activation and self.activation.call) if call is not None]
        return (self, *calls, *(call.layer for call in calls))

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,)

    @property
    def name(self) -> str | None:
        """By which a dict of losses, metrics or labels means it."""
        names = self.training.output_names
        return names[self.index] if names and self.index < len(names) else None

    @property
    def shape(self) -> Shape:
        return self.tensor.shape

    @property
    def units(self) -> Dim:
        """The size of the output's last axis."""
        return self.tensor.shape[-1]

    @property
    def size(self) -> Fact[Any] | None:
        """The ``units`` or ``filters`` that decide the output's last axis, as given; None where something else does."""
        layer = unwrapped(self.weights.layer) if self.weights else None
        if not isinstance(layer, Layer):
            return None
        sizes = (layer.argument(name) for name in ("units", "filters") if name in parameter_names(layer.class_name))
        return next((size for size in sizes if not size.is_default and size == self.units), None)

    def activation_is(self, *names: str) -> bool:
        """Whether the head's activation is known to be one of ``names``."""
        return self.activation is not None and self.activation.name.is_in(names)

    def loss_is(self, *names: str) -> bool:
        """Whether the loss is known to be one of the classes ``names``."""
        return self.loss is not None and self.loss.is_a(*names)

    def measures(self, *names: str) -> bool:
        """Whether some metric is known to be one of the classes ``names``."""
        return any(metric.is_a(*names) for metric in self.metrics)

    def has_units(self, at_least: int) -> bool:
        """Whether the output's last axis is known to have at least so many units."""
        return isinstance(self.units, int) and self.units >= at_least

    @property
    def behind_weights(self) -> Iterator[Call]:
        """The calls between the last weights and the output, last first; none when no weights were found."""
        call = producer_inside(self.tensor) if self.weights else None
        while call is not None and call is not self.weights:
            yield call
            call = producer_inside(call.inputs[0])

    @property
    def labels(self) -> Labels:
        """The labels that fit gives this output, as far as they are known."""
        found = labels_of(self.training)
        return found[self.index] if self.index < len(found) else UNKNOWN_LABELS

    @property
    def is_of_compiled_part(self) -> bool:
        """Whether a model inside makes this output that is compiled for itself, as a GAN's discriminator is."""
        made = self.tensor.producer.layer if self.tensor.producer else None
        return isinstance(made, Model) and any(
            (part.span, part.name) == (made.span, made.name) for part in self.training.holds
        )

    @property
    def confidence(self) -> Confidence:
        return self.training.confidence


@once
def heads_of(training: Training) -> tuple[Head, ...]:
    """One per output, in order; empty when the outputs are not known."""
    losses = None if training.ignores_loss else training.per_output("loss")
    metrics = training.per_output("metrics")
    heads = []
    for index, tensor in enumerate(training.model.outputs):
        loss = losses[index] if losses and index < len(losses) else None
        asked = metrics[index] if metrics and index < len(metrics) else None
        heads.append(
            Head(
                training,
                index,
                tensor,
                *trace_head(tensor),
                loss=loss_spec(loss) if loss is not None else None,
                metrics=tuple(metric_specs(asked)) if asked is not None else (),
            )
        )
    return tuple(heads)


@once
def activations_of(program: Program) -> tuple[Activation, ...]:
    """The activation of every call that applies one, with its place in the models."""
    heads = {id(head.activation.layer): head for head in Head.of(program) if head.activation}
    hidden = _hidden_layers(program)
    placed: dict[int, Activation] = {}
    for call in program.calls:
        found = activation_of(call)
        if found is None:
            continue
        before = _before(call, placed)
        same = before is not None and before.name.known and before.name == found.name
        layer = id(found.layer)
        placed[id(call)] = Activation(
            found.name,
            call,
            found.axis,
            head=heads.get(layer),
            is_hidden=layer in hidden,
            below=None if has_kernel(call) else _right_before(call, placed),
            in_sequence=before.in_sequence + 1 if before is not None and same else 1,
        )
    return tuple(placed.values())


def _hidden_layers(program: Program) -> set[int]:
    """The layers that a model uses before its last activation, by id."""
    last = [trace_head(tensor)[0] for model in program.models for tensor in model.outputs]
    used = {id(unwrapped(call.layer)) for model in program.models for call in model.calls}
    return used - {id(activation.layer) for activation in last if activation}


def _right_before(call: Call, placed: dict[int, Activation]) -> Activation | None:
    """The activation whose values a call gets, through what passes them on."""
    while len(call.inputs) == 1 and (producer := call.inputs[0].producer) is not None:
        found = placed.get(id(producer))
        if found is not None or isinstance(producer.layer, Model) or producer.layer.class_name not in SEEN_THROUGH:
            return found
        call = producer
    return None


def _before(call: Call, placed: dict[int, Activation]) -> Activation | None:
    """The activation before a call on a chain of built-in layers that normalize nothing."""
    while len(call.inputs) == 1 and (producer := call.inputs[0].producer) is not None:
        layer = producer.layer
        if id(producer) in placed:
            return placed[id(producer)]
        if not isinstance(layer, Layer) or layer.in_file or layer.class_name in NORMALIZATIONS:
            return None
        call = producer
    return None


@once
def trace_head(tensor: Tensor) -> tuple[Activation | None, Call | None, tuple[Call, ...]]:
    """Walk back from an output to its last activation and its last weights.

    Returns the activation (None when something on the way is not understood), the call with the weights,
    and the calls between activation and output that pass values on.
    """
    after: list[Call] = []
    activation: Activation | None = None
    call = producer_inside(tensor)
    while call is not None:
        found = activation_of(call)
        is_nothing = found is not None and found.name == "linear" and not has_kernel(call)
        if found is not None and activation is None and not is_nothing:
            activation = found
        if has_kernel(call):
            return activation, call, tuple(after)
        if found is None:
            if call.layer.class_name not in SEEN_THROUGH:
                return activation, None, tuple(after)
            if activation is None:
                after.append(call)
        call = producer_inside(call.inputs[0]) if len(call.inputs) == 1 else None
    return activation, None, tuple(after)


@once
def activation_of(call: Call) -> Activation | None:
    """The activation that ``call`` applies last; None when it applies none or is not understood."""
    layer = unwrapped(call.layer)
    if isinstance(layer, Model) or layer.in_file:
        return None
    if layer.class_name in ACTIVATION_LAYERS:
        name: Fact[Any] = Fact(ACTIVATION_LAYERS[layer.class_name], layer.span, layer.confidence)
        return Activation(name, call, _softmax_axis(layer))
    if "activation" in parameter_names(layer.class_name):
        given = layer.argument("activation")
        return Activation(activation_name(given), call, _softmax_axis(given.value))
    return _activation_of_op(call)


def _softmax_axis(layer: object) -> int | Unknown:
    """The axis of a Softmax layer; the last for everything else."""
    if not isinstance(layer, KerasObject) or layer.class_name != "keras.layers.Softmax":
        return -1
    axis = layer.argument("axis").value
    return axis if isinstance(axis, int) else Unknown("axis of the softmax")


_OP_ACTIVATIONS = {
    prefix + name: name
    for prefix in ("keras.ops.", "keras.activations.", "tensorflow.nn.", "tensorflow.", "tensorflow.math.")
    for name in ("softmax", "sigmoid", "relu", "tanh")
}


def _activation_of_op(call: Call) -> Activation | None:
    layer = call.layer
    name = _OP_ACTIVATIONS.get(layer.class_name)
    if name is None or not isinstance(layer, KerasObject):
        return None
    given = layer.given("axis")
    axis = given.value.value if given else -1
    along = axis if isinstance(axis, int) else Unknown("axis of the softmax")
    return Activation(Fact(name, layer.span, layer.confidence), call, along)
