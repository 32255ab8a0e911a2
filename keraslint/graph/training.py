"""How a model is trained: what compile and fit were given; each output with its loss and metrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Confidence, Fact, Span, Unknown, weakest
from keraslint.graph.objects import Argument, Array, Call, Dataset, KerasObject, Layer, Model, Op, Reference, Tensor
from keraslint.graph.shape import Dim, Shape

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


FITTING = frozenset({"fit", "fit_generator", "train_on_batch"})
"""Methods of a model that train it."""

PREDICTING = frozenset({"predict", "predict_classes", "predict_generator", "predict_on_batch", "predict_proba"})
"""Methods of a model that ask for neither loss nor metrics."""


@dataclass(frozen=True, eq=False, repr=False)
class Spec:
    """A loss or metric as it was asked for: by string, function, class or instance."""

    name: str | Unknown
    """The class (``BinaryCrossentropy``), or ``accuracy`` for the string that Keras interprets by itself."""
    at: Fact[Any]
    """Where it was given; the finding's place."""

    @property
    def object(self) -> KerasObject | None:
        """The instance, when it is one: ``BinaryCrossentropy(from_logits=True)``."""
        return self.at.value if isinstance(self.at.value, KerasObject) else None

    @property
    def from_logits(self) -> Fact[Any]:
        """Whether the loss or metric expects logits; Keras's default is False."""
        return self.object.argument("from_logits") if self.object else Fact(False, self.at.span)

    @property
    def takes_logits(self) -> bool:
        """Whether it is known to expect logits."""
        return self.from_logits == True  # noqa: E712 (a fact compares by value)

    @property
    def takes_probabilities(self) -> bool:
        """Whether it is known to expect probabilities."""
        return self.from_logits == False  # noqa: E712 (a fact compares by value)

    @property
    def sums_over_last_axis(self) -> bool:
        """Whether the classes are known to lie along the last axis; Keras's default."""
        given = self.object.given("axis") if self.object else None
        return given is None or given.value == -1

    @property
    def shown(self) -> str:
        """What to call it in a message: the string as written, else the class."""
        return self.at.value if isinstance(self.at.value, str) else str(self.name)

    def is_a(self, *names: str) -> bool:
        """Whether it is known to be one of the classes ``names``."""
        return isinstance(self.name, str) and self.name in names


@dataclass(frozen=True, eq=False, repr=False)
class Activation:
    """An activation and where it stands: the smallest node that names it."""

    name: Fact[Any]
    """``softmax``, ``linear`` …; unknown for a custom one."""
    call: Call
    """The call that applies it."""
    axis: int | Unknown = -1
    """The axis along which a softmax sums to one."""

    @property
    def layer(self) -> Layer | Op | Model:
        """What applies it, taken out of a TimeDistributed."""
        return unwrapped(self.call.layer)

    @property
    def is_argument(self) -> bool:
        """It is the ``activation`` argument of a layer, given or default, not a layer or op of its own."""
        return isinstance(self.layer, Layer) and self.layer.class_name not in ACTIVATION_LAYERS


@dataclass(frozen=True, eq=False, repr=False)
class Head:
    """One output of a trained model: its last activation and weights, its loss and its metrics."""

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

    @property
    def shape(self) -> Shape:
        return self.tensor.shape

    @property
    def units(self) -> Dim:
        """The size of the output's last axis."""
        return self.tensor.shape[-1]

    def activation_is(self, *names: str) -> bool:
        """Whether the head's activation is known to be one of ``names``."""
        return self.activation is not None and self.activation.name.is_in(names)

    def loss_is(self, *names: str) -> bool:
        """Whether the loss is known to be one of the classes ``names``."""
        return self.loss is not None and self.loss.is_a(*names)

    def has_units(self, at_least: int) -> bool:
        """Whether the output's last axis is known to have at least so many units."""
        return isinstance(self.units, int) and self.units >= at_least

    @property
    def labels(self) -> Array | None:
        """The labels that fit gives this output, as far as they are known."""
        found = self.training.labels
        return found[self.index] if self.index < len(found) else None

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


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """One call of fit, evaluate or train_on_batch."""

    method: str
    model: Model
    arguments: tuple[Argument, ...]
    span: Span
    confidence: Confidence = Confidence.HIGH

    def argument(self, name: str) -> Fact[Any] | None:
        """The argument as given, or None."""
        return next((a.value for a in self.arguments if a.name == name), None)


@dataclass(frozen=True, eq=False, repr=False)
class Training:
    """One compile of one model, with the fits that follow it."""

    model: Model
    """As it stood when it was last seen: at the last fit, else at compile."""
    compiled: KerasObject
    """The call as an object: arguments under today's names, class_name ``keras.Model.compile``."""
    fits: tuple[Fit, ...] = ()
    part_of: tuple[Model, ...] = ()
    """Other compiled models that contain this one: it is a discriminator, an encoder …"""
    holds: tuple[Model, ...] = ()
    """Models that this one contains and that are compiled for themselves, too."""
    kept: bool = False
    """The compiled model is what a function that nobody calls returns: what is done with it is out of sight."""
    ignores_loss: bool = False
    """The model's own `train_step` or `compute_loss` never asks for the loss that `compile` was given."""
    confidence: Confidence = Confidence.HIGH

    @property
    def span(self) -> Span:
        return self.compiled.span

    @property
    def optimizer(self) -> Fact[Any]:
        """The optimizer as given: a `KerasObject`, a string, a `Reference`, or unknown."""
        return self.compiled.argument("optimizer")

    @property
    def is_idle(self) -> bool:
        """Whether nothing is trained by it, as far as the program shows what becomes of the model.

        It is not fitted, and there is a reason to have compiled it all the same: another compiled model holds it and
        trains it (a GAN's generator), or it only predicts, with weights from elsewhere. One that nothing is done with,
        or that is evaluated, or returned to callers out of sight, is no idle one: it may well be fitted there.
        """
        methods = {fit.method for fit in self.fits}
        if methods & FITTING:
            return False
        return bool(self.part_of) or (bool(methods) and methods <= PREDICTING and not self.kept)

    @cached_property
    def labels(self) -> tuple[Array | None, ...]:
        """The labels of each output, from the first fit that gives them."""
        for fit in self.fits:
            y = fit.argument("y")
            for data in (fit.argument("x"), fit.argument("generator")):
                if data is not None and isinstance(data.value, Dataset):
                    return (data.value.component(1),)
            if y is None:
                continue
            parts = self._labels_by_name(y) if y.entries else [item.value for item in y.items] or [y.value]
            return tuple(part if isinstance(part, Array) else None for part in parts)
        return ()

    def _labels_by_name(self, y: Fact[Any]) -> list[object]:
        """Labels given as a dict, in the order of the outputs."""
        given = {key.value: value.value for key, value in y.entries if isinstance(key.value, str)}
        return [given.get(name) for name in self.output_names or ()]

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """One per output, in order; empty when the outputs are not known."""
        return tuple(self._heads())

    def _heads(self) -> Iterator[Head]:
        losses = None if self.ignores_loss else self._per_output("loss")
        metrics = self._per_output("metrics")
        for index, tensor in enumerate(self.model.outputs):
            activation, weights, after = trace_head(tensor)
            loss = losses[index] if losses and index < len(losses) else None
            asked = metrics[index] if metrics and index < len(metrics) else None
            yield Head(
                self,
                index,
                tensor,
                activation,
                weights,
                after,
                loss=loss_spec(loss) if loss is not None else None,
                metrics=tuple(metric_specs(asked)) if asked is not None else (),
            )

    def _per_output(self, name: str) -> list[Fact[Any] | None] | None:
        """What compile gave for each output: one for all, a list, or a dict by name; None if not told."""
        given = self.compiled.given(name)
        if given is None or given.value == None:  # noqa: E711 (a fact compares by value)
            return None
        fact, count = given.value, len(self.model.outputs)
        names = self.output_names
        if fact.entries:
            if names is None:
                return None
            by_name = {key.value: value for key, value in fact.entries if isinstance(key.value, str)}
            return [by_name.get(output) for output in names]
        if name == "metrics" and count == 1:
            return [fact]
        if fact.items and name == "loss":
            return [*fact.items, *[None] * count][:count]
        if name == "metrics":
            # Keras 3 wants one entry per output and raises otherwise; Keras 2 gave each to every output.
            return list(fact.items) if len(fact.items) == count else None
        return [fact] * count

    @property
    def output_names(self) -> tuple[str, ...] | None:
        """The names by which loss and metric dicts address the outputs: of the layers that make them."""
        if self.model.output_names:
            return self.model.output_names
        names = tuple(map(_name_of, self.model.outputs))
        return None if None in names else tuple(name for name in names if name is not None)


def _name_of(output: Tensor) -> str | None:
    """The name of the layer that makes an output; None for an op, which has none."""
    if output.producer is None:
        return ""
    layer = output.producer.layer
    return layer.name if isinstance(layer, Layer | Model) else None


def loss_spec(fact: Fact[Any]) -> Spec:
    """Which loss ``fact`` names."""
    return Spec(_class_of("loss", fact), fact)


def metric_specs(fact: Fact[Any]) -> Iterator[Spec]:
    """The metrics in ``fact``: a single one, or a (nested) list of them."""
    if fact.items:
        for item in fact.items:
            yield from metric_specs(item)
    elif not fact.is_a((list, tuple)) and fact != None:  # noqa: E711 (a fact compares by value)
        yield Spec(_class_of("metric", fact), fact)


def _class_of(category: str, fact: Fact[Any]) -> str | Unknown:
    name: str | None = None
    match fact.value:
        case Unknown() as unknown:
            return unknown
        case str(identifier):
            name = keras_api.from_identifier(category, identifier)
            if name is not None and "." not in name:
                return name
        case KerasObject(in_file=False, class_name=name) | Reference(in_file=False, name=name):
            pass
    to_class = keras_api.loss_class if category == "loss" else keras_api.metric_class
    found = to_class(name) if name else None
    return found if found else Unknown(f"a {category} that Keras does not define", fact.span)


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
        is_nothing = found is not None and found.name == "linear" and not _has_kernel(call)
        if found is not None and activation is None and not is_nothing:
            activation = found
        if _has_kernel(call):
            return activation, call, tuple(after)
        if found is None:
            if call.layer.class_name not in SEEN_THROUGH:
                return activation, None, tuple(after)
            if activation is None:
                after.append(call)
        call = producer_inside(call.inputs[0]) if len(call.inputs) == 1 else None
    return activation, None, tuple(after)


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


def _has_kernel(call: Call) -> bool:
    """Whether the call's layer has weights and applies an activation to what they make."""
    layer = unwrapped(call.layer)
    if not isinstance(layer, Layer) or layer.in_file or layer.class_name == "keras.layers.Activation":
        return False
    return "activation" in _parameters(layer.class_name)


def _parameters(class_name: str) -> frozenset[str]:
    symbol = keras_api.symbol(class_name)
    return frozenset(parameter.name for parameter in symbol.parameters()) if symbol else frozenset()


def activation_of(call: Call) -> Activation | None:
    """The activation that ``call`` applies last; None when it applies none or is not understood."""
    layer = unwrapped(call.layer)
    if isinstance(layer, Model) or layer.in_file:
        return None
    if layer.class_name in ACTIVATION_LAYERS:
        name: Fact[Any] = Fact(ACTIVATION_LAYERS[layer.class_name], layer.span, layer.confidence)
        return Activation(name, call, _softmax_axis(layer))
    if "activation" in _parameters(layer.class_name):
        given = layer.argument("activation")
        return Activation(activation_name(given), call, _softmax_axis(given.value))
    return _activation_of_op(call)


def _softmax_axis(layer: object) -> int | Unknown:
    """The axis of a Softmax layer; the last for everything else."""
    if not isinstance(layer, KerasObject) or layer.class_name != "keras.layers.Softmax":
        return -1
    axis = layer.argument("axis").value
    return axis if isinstance(axis, int) else Unknown("axis of the softmax")


def unwrapped(layer: Layer | Op | Model) -> Layer | Op | Model:
    """The layer inside a TimeDistributed; any other layer as it is."""
    if isinstance(layer, Layer) and layer.class_name == "keras.layers.TimeDistributed":
        inner = layer.argument("layer").value
        return inner if isinstance(inner, Layer | Model) else layer
    return layer


_OP_ACTIVATIONS = ("keras.ops.", "keras.activations.", "tensorflow.nn.", "tensorflow.", "tensorflow.math.")


def _activation_of_op(call: Call) -> Activation | None:
    layer = call.layer
    if not isinstance(layer, KerasObject):
        return None
    name = layer.kind
    if layer.class_name not in {prefix + name for prefix in _OP_ACTIVATIONS}:
        return None
    if name not in {"softmax", "sigmoid", "relu", "tanh"}:
        return None
    given = layer.given("axis")
    axis = given.value.value if given else -1
    along = axis if isinstance(axis, int) else Unknown("axis of the softmax")
    return Activation(Fact(name, layer.span, layer.confidence), call, along)


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


__all__ = [
    "ACTIVATION_LAYERS",
    "NOISE",
    "SEEN_THROUGH",
    "Activation",
    "Fit",
    "Head",
    "Spec",
    "Training",
    "activation_name",
    "activation_of",
    "loss_spec",
    "metric_specs",
    "trace_head",
    "weakest",
]
