"""Data: the arrays that reach a fit, in which role, and how they came to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from keraslint.graph.facts import Confidence, Span
from keraslint.graph.objects import Array, Step, StepKind, Tensor
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.training import Fit, Training
from keraslint.graph.views.heads import Head, heads_of
from keraslint.graph.views.runs import Run, runs_of

Role = Literal["x", "y", "sample_weight"]


@dataclass(frozen=True, eq=False, repr=False)
class Data:
    """One array that a fit, evaluate or predict is given."""

    array: Array
    run: Run
    role: Role
    index: int = 0
    """For which input or output, in the order of the model's."""
    validates: bool = False
    """It is given as ``validation_data``."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Data]:
        return iter(data_of(program))

    @property
    def span(self) -> Span:
        """The argument, or the fit where it comes with a data set."""
        fit = self.source
        given = fit.argument(self.role)
        return given.span if given is not None else fit.span

    @property
    def source(self) -> Fit:
        """The fit, or the part of it that is told by ``validation_data``."""
        return (self.run.fit.validation if self.validates else None) or self.run.fit

    @property
    def about(self) -> tuple[Any, ...]:
        return self, self.array, self.run.fit

    @property
    def trainings(self) -> tuple[Training, ...]:
        return self.run.trainings

    @property
    def confidence(self) -> Confidence:
        return self.run.confidence

    @property
    def input(self) -> Tensor | None:
        """The model's input that it goes to."""
        inputs = self.run.fit.model.inputs
        return inputs[self.index] if self.role == "x" and self.index < len(inputs) else None

    @property
    def head(self) -> Head | None:
        """The output whose labels or weights it holds."""
        if self.role == "x" or self.run.training is None:
            return None
        heads = heads_of(self.run.training)
        return heads[self.index] if self.index < len(heads) else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """How it came to be, first things first."""
        return self.array.steps

    def steps_of(self, *kinds: StepKind) -> tuple[Step, ...]:
        """Those of its steps that are of these kinds."""
        return tuple(step for step in self.steps if step.kind in kinds)


@once
def data_of(program: Program) -> tuple[Data, ...]:
    """Every array that is known, run by run: inputs, labels, weights, then those of ``validation_data``."""
    found: list[Data] = []
    for run in runs_of(program):
        found += _given(run.fit, run, validates=False)
        if (validation := run.fit.validation) is not None:
            found += _given(validation, run, validates=True)
    return tuple(found)


def _given(fit: Fit, run: Run, *, validates: bool) -> Iterator[Data]:
    outputs = run.training.output_names if run.training else None
    weights = fit.sample_weight.value if fit.sample_weight is not None else None
    for role, arrays in (
        ("x", fit.inputs),
        ("y", fit.labels(outputs)),
        ("sample_weight", (weights if isinstance(weights, Array) else None,)),
    ):
        for index, array in enumerate(arrays):
            if array is not None:
                yield Data(array, run, role, index, validates)  # type: ignore[arg-type]
