"""What a program trains by itself: gradients taken under a tape, and losses and metrics that are functions of its own,
each read on symbolic tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from keraslint.graph.facts import Confidence, Span
from keraslint.graph.objects import Call, Layer, Model, Tensor

if TYPE_CHECKING:
    from keraslint.graph.program import Program
    from keraslint.graph.training import Training


def calls_behind(*tensors: Tensor) -> Iterator[Call]:
    """Every call that tensors are made by, at whatever distance, each once; a model counts as one."""
    seen: set[int] = set()
    waiting = [tensor.producer for tensor in tensors]
    while waiting:
        call = waiting.pop()
        if call is not None and id(call) not in seen:
            seen.add(id(call))
            waiting += [tensor.producer for tensor in call.inputs]
            yield call


@dataclass(frozen=True, eq=False, repr=False)
class OwnStep:
    """A step of a training loop of one's own: ``tape.gradient(loss, model.trainable_variables)``."""

    span: Span
    """Where the gradient is taken."""
    loss: Tensor
    """With all that it is made of."""
    trained: tuple[Model | Layer, ...]
    """Of whose weights the gradient is taken; models are there with the models inside them."""
    method: str = ""
    """``train_step`` of a class of the program; empty in a loop."""
    confidence: Confidence = Confidence.HIGH
    assumed: bool = False
    """As in `Call`: read by defaults that nobody may use."""

    @classmethod
    def of(cls, program: Program) -> Iterator[OwnStep]:
        return iter(program.own_steps)

    @property
    def calls(self) -> tuple[Call, ...]:
        """What the loss is made by."""
        return tuple(calls_behind(self.loss))

    def trains(self, part: Call | Model | Layer | object) -> bool:
        """Whether the gradient is taken of the weights of a layer or model."""
        return any(part is one or _same(part, one) for one in self.trained)

    @property
    def trainings(self) -> tuple[Training, ...]:
        return ()

    @property
    def about(self) -> tuple[object, ...]:
        return self, *self.trained


def _same(part: object, other: Model | Layer) -> bool:
    """Whether both are readings of one model or layer."""
    kinds = (Model, Layer)
    return (
        isinstance(part, kinds)
        and isinstance(part, type(other))
        and part.span == other.span
        and part.name == other.name
    )


@dataclass(frozen=True, eq=False, repr=False)
class OwnFunction:
    """A loss or metric that a compile is given and that is a function of the program, read on symbolic tensors."""

    name: str
    role: Literal["loss", "metric"]
    training: Training
    span: Span
    """Its definition."""
    y_true: Tensor
    y_pred: Tensor
    result: Tensor | None
    """What it gives, with all the calls behind it; None where it gives something else, or one does not know."""
    confidence: Confidence = Confidence.INFERENCE

    @classmethod
    def of(cls, program: Program) -> Iterator[OwnFunction]:
        return iter(program.own_functions)

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,)

    @property
    def calls(self) -> tuple[Call, ...]:
        """What its result is made by."""
        return tuple(calls_behind(self.result)) if self.result is not None else ()
