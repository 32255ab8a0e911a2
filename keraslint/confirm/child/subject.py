"""What is trained: a compiled model with its data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras

Json = Any

Array = Any


@dataclass
class Subject:
    """A compiled model with its data, ready to be trained again and again."""

    model: keras.Model
    weights: list[Any]
    """To be trained; those of frozen layers included."""
    inputs: list[Array]
    labels: list[Array]
    """One array per input and output: batches along the first axis, samples along the second."""
    held: list[Array]
    """The inputs that were held back."""
    truth: list[Array]
    """Their labels, one array per output."""
    reading: Sequence[Mapping[str, Json]]
    """How labels are to be read, from the plan."""
    at_once: int
    """How many samples are predicted together."""
    fresh: list[Array] = field(default_factory=list)
    """The optimizer's state before the first step."""
    constant: list[Array] = field(default_factory=list)
    """What a predictor says that ignores its input, one array per output."""
    many: Callable[[int, int], Any] = field(init=False)
    """TensorFlow's compiled loop, which is made at the first step."""

    @property
    def rate(self) -> float:
        """The learning rate that the optimizer had when it was made."""
        variables = self.model.optimizer.variables
        return float(next(v for v, known in zip(self.fresh, variables, strict=True) if known is self._rate))

    @property
    def _rate(self) -> Any:
        return self.model.optimizer._learning_rate
