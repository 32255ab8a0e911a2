"""Learning rates as the two rules about high ones see them: where they start, and how deep the model is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint import keras_api
from keraslint.edits import Fix, replace
from keraslint.graph import Call, Confidence, Fact, KerasObject, Layer, Model, Program, Training
from keraslint.graph.objects import default_of

ADAPTIVE = frozenset(f"keras.optimizers.{name}" for name in ("Adam", "AdamW", "Adamax", "Lion", "Nadam", "RMSprop"))
"""Optimizers whose steps are about as long as the learning rate. Adadelta, Adagrad and Ftrl shrink theirs."""

SGD = "keras.optimizers.SGD"
SCHEDULES = "keras.optimizers.schedules."


@dataclass(frozen=True, eq=False, repr=False)
class Rate:
    """The rate with which an optimizer starts, and the training that it is for, if that is in sight."""

    value: Fact[Any]
    optimizer: KerasObject
    training: Training | None

    @property
    def confidence(self) -> Confidence:
        return self.training.confidence if self.training else self.optimizer.confidence

    @property
    def default(self) -> object:
        """Keras's own choice for the optimizer."""
        return default_of(self.optimizer.class_name, "learning_rate")

    @property
    def fix(self) -> Fix:
        return Fix("start from the optimizer's default", (replace(self.value.span, repr(self.default)),))


def rates(program: Program) -> Iterator[Rate]:
    """The known starting rate of every optimizer that has one, once for each training that uses it."""
    used: set[int] = set()
    for training in program.trainings:
        optimizer = training.optimizer.value
        if isinstance(optimizer, KerasObject):
            used.add(id(optimizer))
            yield from _rate_of(optimizer, training)
    for optimizer in program.objects:
        if id(optimizer) not in used:
            yield from _rate_of(optimizer, None)


def _rate_of(optimizer: KerasObject, training: Training | None) -> Iterator[Rate]:
    if optimizer.class_name not in ADAPTIVE and optimizer.class_name != SGD:
        return
    given = optimizer.given("learning_rate")
    value = _start(given.value) if given else None
    if value is not None:
        yield Rate(value, optimizer, training)


def _start(rate: Fact[Any]) -> Fact[Any] | None:
    """The rate itself, or that with which a schedule begins; None for a warm-up and for what is not known."""
    schedule = rate.value
    if not isinstance(schedule, KerasObject):
        return rate if rate.is_a((int, float)) else None
    if not schedule.class_name.startswith(SCHEDULES) or schedule.given("warmup_target"):
        return None
    if schedule.kind == "PiecewiseConstantDecay":
        values = schedule.argument("values").items
        return values[0] if values else None
    given = schedule.given("initial_learning_rate")
    return given.value if given and given.value.is_a((int, float)) else None


def is_high(rate: Rate, program: Program, max_adaptive: float, max_sgd: float) -> bool:
    """Whether the rate is more than its model bears; without a model in sight, any in a file of models."""
    if rate.optimizer.class_name == SGD:
        return rate.training is not None and rate.value >= max_sgd
    anywhere = max(0.1, max_adaptive)
    if rate.training is None:
        return bool(program.models) and rate.value >= anywhere
    model = rate.training.model
    if is_deep(model) and rate.value >= max_adaptive:
        return True
    return rate.value >= anywhere and not is_one_layer(model)


def is_deep(model: Model) -> bool:
    """Three or more trained layers with kernels in sequence, all understood and none that normalizes."""
    return is_understood(model) and not any(map(_normalizes, _calls(model))) and kernels_in_sequence(model) >= 3


def is_one_layer(model: Model) -> bool:
    """At most one layer with a kernel in all: a problem without local minima, which bears a high rate."""
    return is_understood(model) and sum(map(_has_trained_kernel, _calls(model))) <= 1


def is_understood(model: Model) -> bool:
    """Every layer and connection is known, in nested models too."""
    return bool(model.outputs) and not model.unknowns and all(map(_is_understood, _calls(model)))


def kernels_in_sequence(model: Model) -> int:
    """The most trained layers with kernels on one path from input to output."""
    return _longest_path(model, {})


def _longest_path(model: Model, known: dict[int, int]) -> int:
    """``known`` holds what was found for nested models: each may be called many times."""
    depth: dict[int, int] = {}
    for call in model.calls:
        before = max((depth[id(t.producer)] for t in call.inputs if id(t.producer) in depth), default=0)
        depth[id(call)] = before + _own_kernels(call, known)
    return max(depth.values(), default=0)


def _own_kernels(call: Call, known: dict[int, int]) -> int:
    if not isinstance(call.layer, Model):
        return int(_has_trained_kernel(call))
    if call.layer.trainable is not True:
        return 0
    if id(call.layer) not in known:
        known[id(call.layer)] = _longest_path(call.layer, known)
    return known[id(call.layer)]


def _calls(model: Model) -> Iterator[Call]:
    """Every call of the model and of the models nested in it, each of these once."""
    seen: set[int] = set()
    stack = [model]
    while stack:
        for call in stack.pop().calls:
            if not isinstance(call.layer, Model):
                yield call
            elif id(call.layer) not in seen:
                seen.add(id(call.layer))
                stack.append(call.layer)


def _is_understood(call: Call) -> bool:
    layer = call.layer
    return isinstance(layer, KerasObject) and not layer.in_file and keras_api.symbol(layer.class_name) is not None


def _normalizes(call: Call) -> bool:
    return isinstance(call.layer, KerasObject) and "norm" in call.layer.kind.lower()


KERNELS = frozenset({"depthwise_initializer", "kernel_initializer"})


def _has_trained_kernel(call: Call) -> bool:
    layer = call.layer
    if not isinstance(layer, Layer) or layer.trainable is not True:
        return False
    inner = layer.argument("layer").value if layer.given("layer") else layer
    symbol = keras_api.symbol(inner.class_name) if isinstance(inner, Layer) else None
    return symbol is not None and any(parameter.name in KERNELS for parameter in symbol.parameters())
