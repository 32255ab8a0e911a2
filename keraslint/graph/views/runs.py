"""Runs: each fit, evaluate or predict with the training that it belongs to, the callbacks and logs that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keraslint.graph.facts import Confidence, Span
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.training import Fit, Training
from keraslint.graph.views.logs import Logs, metric_counts


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """One call of fit and the like, for one training; what it is given says `Fit` itself."""

    fit: Fit
    training: Training | None
    """The compile that it trains with; None when the model was never compiled in sight."""
    logs: Logs
    """What it writes down of each epoch."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Run]:
        return iter(runs_of(program))

    @property
    def span(self) -> Span:
        return self.fit.span

    @property
    def about(self) -> tuple[object, ...]:
        return self, self.fit

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,) if self.training is not None else ()

    @property
    def confidence(self) -> Confidence:
        return min(self.fit.confidence, self.training.confidence) if self.training else self.fit.confidence


@once
def runs_of(program: Program) -> tuple[Run, ...]:
    """Those of the trainings, in the order of these, then the fits that belong to none."""
    counts = metric_counts(program)
    runs = [Run(fit, training, Logs(fit, training, counts)) for training in program.trainings for fit in training.fits]
    known = {id(run.fit) for run in runs}
    return (*runs, *(Run(fit, None, Logs(fit, None, counts)) for fit in program.fits if id(fit) not in known))
