"""Learning rates as the two rules about high ones see them: where they start, and whether the network bears them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Fact, Fit, Head, KerasObject, Program, Span, Training
from keraslint.graph.objects import default_of
from keraslint.rules.framework import Finding, Symptom
from keraslint.rules.optimizer.networks import Network, calls_of, network_of
from keraslint.settings import Options

ADAPTIVE = frozenset(f"keras.optimizers.{name}" for name in ("Adam", "AdamW", "Adamax", "Lion", "Nadam", "RMSprop"))
"""Optimizers whose steps are about as long as the learning rate. Adadelta, Adagrad and Ftrl shrink theirs."""

SGD = "keras.optimizers.SGD"
SCHEDULES = "keras.optimizers.schedules."

NO_LEARNING = frozenset({Symptom.CONSTANT, Symptom.NO_GRADIENT, Symptom.PLATEAU, Symptom.NAN})
"""What another fault does to a training that a high rate cannot be blamed for."""


@dataclass(frozen=True, eq=False, repr=False)
class Rate:
    """The rate with which a training starts, and the network that it trains."""

    value: Fact[Any]
    optimizer: KerasObject
    training: Training
    network: Network | None
    """None when something of it is not understood."""

    @property
    def confidence(self) -> Confidence:
        return self.training.confidence

    @property
    def is_adaptive(self) -> bool:
        return self.optimizer.class_name in ADAPTIVE

    @property
    def default(self) -> object:
        """Keras's own choice for the optimizer."""
        return default_of(self.optimizer.class_name, "learning_rate")

    @property
    def shown(self) -> str:
        """``a learning rate of `0.01` for `Adam` is 10 times its default``."""
        rate: Any = self.value.value
        above = f"{rate / self.default:,.0f} times" if isinstance(self.default, float) else "above"
        return f"a learning rate of `{rate}` for `{self.optimizer.kind}` is {above} its default"

    @property
    def fix(self) -> Fix:
        return Fix("start from the optimizer's default", (replace(self.value.span, repr(self.default)),))


def rates(program: Program) -> Iterator[Rate]:
    """The known starting rate of every training whose optimizer has one, and keeps to it.

    An optimizer that is never compiled is left out: in a loop of one's own it may move a picture, or one variable.
    """
    swept = _swept(program)
    for training in program.trainings:
        optimizer = training.optimizer.value
        if not isinstance(optimizer, KerasObject) or optimizer.class_name not in ADAPTIVE | {SGD}:
            continue
        value = _start_of(optimizer)
        if value is not None and optimizer.span not in swept and not _is_set_by_callbacks(training, program):
            yield Rate(value, optimizer, training, network_of(training))


def _start_of(optimizer: KerasObject) -> Fact[Any] | None:
    """The rate itself, or that with which a schedule begins; None for a warm-up and for what is not known."""
    given = optimizer.given("learning_rate")
    if given is None:
        return None
    schedule = given.value.value
    if not isinstance(schedule, KerasObject):
        return given.value if given.value.is_a((int, float)) else None
    if not schedule.class_name.startswith(SCHEDULES) or schedule.given("warmup_target"):
        return None
    if schedule.kind == "PiecewiseConstantDecay":
        values = schedule.argument("values").items
        return values[0] if values else None
    initial = schedule.given("initial_learning_rate")
    return initial.value if initial and initial.value.is_a((int, float)) else None


def _swept(program: Program) -> set[Span]:
    """Where an optimizer is made again and again with another rate: the program compares rates by itself."""
    seen: defaultdict[Span, set[object]] = defaultdict(set)
    for optimizer in program.objects:
        start = _start_of(optimizer) if optimizer.class_name in ADAPTIVE | {SGD} else None
        if start is not None:
            seen[optimizer.span].add(start.value)
    return {span for span, values in seen.items() if len(values) > 1}


SCHEDULER = "keras.callbacks.LearningRateScheduler"
SETS_THE_RATE = frozenset({"keras.callbacks.LambdaCallback", SCHEDULER})
"""Callbacks that may set a rate before the first step.

ReduceLROnPlateau is none of them: it waits for epochs without progress, and units that died by then stay dead.
"""


def _is_set_by_callbacks(training: Training, program: Program) -> bool:
    """Whether a callback may set the rate, so that the optimizer's own says nothing.

    A callback of the program's own can do anything. A scheduler that no fit in sight takes may be for a training
    whose fit is not in sight.
    """
    if training.fits:
        return any(map(_may_set_the_rate, chain.from_iterable(map(_callbacks, training.fits))))
    taken = {id(callback) for fit in program.fits for callback in _callbacks(fit)}
    return any(made.class_name == SCHEDULER and id(made) not in taken for made in program.objects)


def _callbacks(fit: Fit) -> list[object]:
    given = fit.argument("callbacks")
    if given is None or given.value == None:  # noqa: E711 (a fact compares by value)
        return []
    return [item.value for item in given.items] if given.is_a((list, tuple)) else [given.value]


def _may_set_the_rate(callback: object) -> bool:
    return not isinstance(callback, KerasObject) or callback.in_file or callback.class_name in SETS_THE_RATE


UNITS_DIE = "the relu layer behind Flatten dies, and the loss stays where a constant's is"
DIVERGES = "steps overshoot, and the loss grows, becomes NaN, or stays where a constant's is"
STAYS = "steps overshoot, and the loss stays high, often where a constant's is"


def harm(rate: Rate, options: Options) -> str | None:
    """What the rate does to the network, as measured by `benchmarks/learning_rates.py`; None when it bears it."""
    network = rate.network
    if network is None or network.is_linear:
        return None
    if rate.is_adaptive:
        return _harm_of_adaptive(rate.value, network, options.max_adaptive_learning_rate)
    has_momentum = rate.optimizer.argument("momentum") >= 0.9
    return _harm_of_sgd(rate.value, network, options.max_sgd_learning_rate, has_momentum=has_momentum)


def _harm_of_adaptive(rate: Fact[Any], network: Network, limit: float) -> str | None:
    is_high, is_far_too_high = rate >= limit, rate >= max(0.1, limit)
    is_wide = network.widest >= 64
    if rate >= max(1.0, limit) and (is_wide or not network.is_normalized):
        return DIVERGES
    if is_high and network.has_relu_behind_flatten and not network.is_normalized:
        return UNITS_DIE
    if not is_far_too_high:
        return None
    is_recurrent = network.has_recurrence and network.widest >= 16
    if network.has_relu_behind_flatten or is_recurrent or network.has_attention:
        return STAYS
    if network.is_normalized or network.has_embedding:
        return None
    if network.in_sequence >= 6 or (is_wide and (network.classifies or network.kernels > 2 or network.widest >= 256)):
        return STAYS
    return None


def _harm_of_sgd(rate: Fact[Any], network: Network, limit: float, *, has_momentum: bool) -> str | None:
    """A squared error makes gradients as large as the outputs are wrong; those of a crossentropy stay small.

    Momentum of 0.9 makes steps of one direction ten times as long.
    """
    if not rate >= limit or network.is_normalized:
        return None
    if network.has_relu_behind_flatten:
        return UNITS_DIE
    return DIVERGES if network.regresses or has_momentum else None


def second_suspect(rate: Rate, options: Options, findings: Sequence[Finding]) -> Finding | None:
    """The other finding that keeps the same training from learning, where the rate is high for Keras's habit."""
    network = rate.network
    high = rate.is_adaptive and rate.value >= options.max_adaptive_learning_rate
    if not high or network is None or network.is_linear or network.kernels < 2:
        return None
    parts = _parts(rate.training)
    return next((finding for finding in findings if _keeps_from_learning(finding, parts)), None)


def _parts(training: Training) -> set[int]:
    """Ids of the parts of the graph that belong to a training; heads are not kept, they know their training."""
    calls = [call for call, _ in calls_of(training.model)]
    return {id(part) for part in (training, training.model, *training.fits, *calls, *(call.layer for call in calls))}


def _keeps_from_learning(finding: Finding, parts: set[int]) -> bool:
    declared = finding.rule
    if declared is None or not declared.on_by_default or not NO_LEARNING & set(declared.symptoms):
        return False
    subject = finding.subject
    return id(subject.training if isinstance(subject, Head) else subject) in parts
