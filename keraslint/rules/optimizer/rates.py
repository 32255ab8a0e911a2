"""Learning rates as the two rules about high ones see them: where they start, and whether the network bears them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Array, Confidence, Fact, KerasObject, Program, Training
from keraslint.graph.once import once
from keraslint.graph.views import ADAPTIVE, Callback, Optimizer, belongs_to
from keraslint.rules.framework import Finding, Symptom
from keraslint.rules.optimizer.networks import Network, network_of
from keraslint.settings import Options

SGD = "SGD"

NO_LEARNING = frozenset({Symptom.CONSTANT, Symptom.NO_GRADIENT, Symptom.PLATEAU, Symptom.NAN})
"""What another fault does to a training that a high rate cannot be blamed for."""


@dataclass(frozen=True, eq=False, repr=False)
class Rate:
    """The rate with which a training starts, and the network that it trains."""

    value: Fact[Any]
    optimizer: Optimizer
    training: Training

    @classmethod
    def of(cls, program: Program) -> Iterator[Rate]:
        """The known starting rate of every training whose optimizer has one, and keeps to it.

        An optimizer that is never compiled is left out: in a loop of one's own it may move a picture, or one variable.
        """
        return iter(_rates(program))

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,)

    @property
    def network(self) -> Network | None:
        """What is trained; None when something of it is not understood."""
        return network_of(self.training)

    @property
    def takes_scaled_images(self) -> bool:
        """Whether the data are known to lie within 0 and 1: all of them, or behind a Rescaling of bytes."""
        arrays = [array for fit in self.training.fits if fit.trains for array in fit.inputs]
        if arrays and all(isinstance(array, Array) and array.low >= 0 and array.high <= 1 for array in arrays):
            return True
        return any(
            call.layer.kind == "Rescaling"
            and isinstance(call.layer, KerasObject)
            and call.layer.argument("scale") <= BYTE
            for call in self.training.model.calls
        )

    @property
    def confidence(self) -> Confidence:
        return self.training.confidence

    @property
    def is_adaptive(self) -> bool:
        return self.optimizer.is_a(*ADAPTIVE)

    @property
    def default(self) -> object:
        """Keras's own choice for the optimizer."""
        return self.optimizer.default_rate

    @property
    def shown(self) -> str:
        """``a learning rate of `0.01` for `Adam` is 10 times its default``."""
        rate: Any = self.value.value
        above = f"{rate / self.default:,.0f} times" if isinstance(self.default, float) else "above"
        return f"a learning rate of `{rate}` for `{self.optimizer.kind}` is {above} its default"

    @property
    def fix(self) -> Fix:
        return Fix("start from the optimizer's default", (replace(self.value.span, repr(self.default)),))


@dataclass(frozen=True, eq=False, repr=False)
class AnyRate(Rate):
    """The same for every optimizer that Keras has."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Rate]:
        return iter(_all_rates(program))

    @property
    def is_fitted(self) -> bool:
        """Whether the training is seen to happen."""
        return any(fit.trains for fit in self.training.fits)


SETS_THE_RATE = ("LambdaCallback", "LearningRateScheduler")
"""Callbacks that may set a rate before the first step.

ReduceLROnPlateau is none of them: it waits for epochs without progress, and units that died by then stay dead.
"""


def _is_set_by_callbacks(training: Training, program: Program) -> bool:
    """Whether a callback may set the rate, so that the optimizer's own says nothing.

    A callback of the program's own can do anything. A scheduler that no fit in sight takes may be for a training
    whose fit is not in sight.
    """
    if not training.fits:
        return any(callback.is_a("LearningRateScheduler") and not callback.runs for callback in Callback.of(program))
    given = [fit.callbacks for fit in training.fits]
    return any(
        callbacks is None or any(_may_set_the_rate(callback.value) for callback in callbacks) for callbacks in given
    )


def _may_set_the_rate(callback: object) -> bool:
    return not isinstance(callback, KerasObject) or callback.in_file or callback.kind in SETS_THE_RATE


@once
def _all_rates(program: Program) -> tuple[AnyRate, ...]:
    known = [(made.start, made) for made in Optimizer.of(program) if made.kind and not made.is_swept]
    return tuple(
        AnyRate(start, optimizer, training)
        for start, optimizer in known
        if start is not None
        for training in optimizer.trainings
        if not _is_set_by_callbacks(training, program)
    )


@once
def _rates(program: Program) -> tuple[Rate, ...]:
    return tuple(rate for rate in _all_rates(program) if rate.optimizer.is_a(*ADAPTIVE, SGD))


BYTE = 1 / 255
BORNE_BY_SCALED_IMAGES = 0.01
"""Of classifiers of images within 0 and 1, which are smaller than standardized data, none came to harm by it."""
UNITS_DIE = "the relu layer behind Flatten dies, and the loss stays where a constant's is"
DIVERGES = "steps overshoot, and the loss grows, becomes NaN, or stays where a constant's is"
STAYS = "steps overshoot, and the loss stays high, often where a constant's is"


def harm(rate: Rate, options: Options) -> str | None:
    """What the rate does to the network, as measured by `benchmarks/learning_rates.py`; None when it bears it."""
    network = rate.network
    if network is None or network.is_linear:
        return None
    if rate.is_adaptive:
        if rate.value <= BORNE_BY_SCALED_IMAGES and network.classifies and rate.takes_scaled_images:
            return None
        return _harm_of_adaptive(rate.value, network, options.max_adaptive_learning_rate)
    has_momentum = rate.optimizer.momentum >= 0.9
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
    is_deep = network.in_sequence >= 6 and not network.has_operations
    if is_deep or (is_wide and (network.classifies or network.kernels > 2 or network.widest >= 256)):
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
    return next((finding for finding in findings if _keeps_from_learning(finding, rate.training)), None)


def _keeps_from_learning(finding: Finding, training: Training) -> bool:
    declared = finding.rule
    if declared is None or not declared.on_by_default or not NO_LEARNING & set(declared.symptoms):
        return False
    return belongs_to(finding.subject, training)
