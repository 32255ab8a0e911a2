"""What `confirm` was asked, what it saw and what it concluded: plain frozen data, ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from keraslint.rules.framework import Finding, Symptom

Outcome = Literal["confirmed", "not reproduced", "inconclusive"]


class ConfirmError(Exception):
    """`confirm` cannot work at all; the text says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How much to train, and what it may cost."""

    seeds: int = 3
    steps: int | None = None
    """Updates in all; None takes what the program makes, within limits."""
    seconds: float = 60.0
    """Wall-clock limit for the child process."""
    memory_mb: int = 4096
    """Limit for what the child process allocates, on top of Keras itself."""
    backend: str = "tensorflow"
    plot: str | Path | None = None
    """A file for the loss curves (needs matplotlib)."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training from one seed: what it reported, and what its predictions really are.

    "Recomputed" values come from the predictions alone, so that nothing which Keras keeps beside them (the
    logits behind a softmax) can flatter them. Lists have one element per output of the model.
    """

    seed: int
    losses: tuple[float, ...]
    """Reported by Keras, one per epoch."""
    metrics: dict[str, tuple[float, ...]]
    """Likewise."""
    start_loss: float
    """Recomputed from the predictions before training."""
    end_loss: float
    """Recomputed from the predictions after training."""
    constant_loss: float
    """The loss of the best constant predictor."""
    start_metrics: dict[str, float]
    end_metrics: dict[str, float]
    constant_metrics: dict[str, float]
    spreads: tuple[float, ...]
    """Standard deviation of the predictions over the inputs, of the unit that varies most, per output."""
    magnitudes: tuple[float, ...]
    """Mean absolute prediction, per output."""
    moved: int
    weights: int
    """Weights that there are to train, frozen ones included; ``moved`` of them changed."""
    finite: bool
    """No loss, weight or prediction became NaN or infinite."""

    @property
    def first(self) -> float:
        return self.losses[0]

    @property
    def last(self) -> float:
        return self.losses[-1]


@dataclass(frozen=True, slots=True)
class Trained:
    """What was seen of one variant: its runs, or the error that Keras raised, or why it never ran."""

    runs: tuple[Run, ...] = ()
    error: str | None = None
    """Keras raised this while building, compiling or in the first step."""
    phase: str | None = None
    """Where it raised: ``building``, ``compiling`` or ``training``."""
    failure: str | None = None
    """It could not be tried, and why: out of time, too large, killed."""
    warnings: tuple[str, ...] = ()
    """Keras's own."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The flagged model beside its fixed twin: same data, seeds and steps."""

    flagged: Trained
    twin: Trained | None
    """None when the finding has no fix."""
    head: int | None = None
    """The output that the finding is about; None for all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one finding."""

    finding: Finding
    verdict: Outcome
    reason: str
    symptom: Symptom | None = None
    """The one that was observed."""
    evidence: Evidence | None = None
    assumptions: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What Keras itself said about the flagged model."""
        return self.evidence.flagged.warnings if self.evidence else ()


@dataclass(frozen=True, slots=True)
class Report:
    """One file's findings, judged."""

    path: str
    verdicts: tuple[Verdict, ...]
    seconds: float
    keras_version: str | None = None
    """None when nothing had to be trained."""
    backend: str | None = None
    settings: Settings = field(default_factory=Settings)
