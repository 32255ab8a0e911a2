"""What `confirm` was asked, what it saw and what it concluded: plain frozen data, ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from keraslint.rules.framework import Finding, Symptom

Outcome = Literal["confirmed", "in some runs", "conditional", "not reproduced", "refuted", "inconclusive"]
"""What each means is said in docs/confirm.md."""


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


class Score(NamedTuple):
    """How well one output answers the held-back samples, by one measure for whatever loss it was trained with."""

    error: float
    """Of real values the mean squared error, of classes the log loss of the normalized probabilities; infinite
    when a prediction is not finite."""
    accuracy: float | None = None
    """Balanced over the classes; None for real values."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training from one seed: what Keras reported, and how well it answers samples that were held back.

    Tuples of scores, spreads and magnitudes have one element per output of the model.
    """

    seed: int
    updates: int
    losses: tuple[float, ...]
    """Reported by Keras, one per epoch."""
    metrics: dict[str, tuple[float, ...]]
    """Likewise."""
    start: tuple[Score | None, ...]
    """Before training; None where labels and predictions cannot be compared one by one."""
    end: tuple[Score | None, ...]
    constant: tuple[Score | None, ...]
    """Of the best predictor that ignores its input: the mean, or the shares of the classes."""
    errors: tuple[tuple[float, ...], ...]
    """Errors of the held-back samples, for each output one per epoch."""
    start_metrics: dict[str, float]
    """Computed from the predictions alone, so that nothing which Keras keeps beside them (the logits behind a
    softmax) can flatter them."""
    end_metrics: dict[str, float]
    constant_metrics: dict[str, float]
    spreads: tuple[float, ...]
    """Standard deviation of the predictions over the inputs, of the unit that varies most."""
    magnitudes: tuple[float, ...]
    """Mean absolute prediction."""
    always: tuple[float | None, ...]
    """The one value of every prediction; None where there are several."""
    moved: int
    weights: int
    """Weights that there are to train, frozen ones included; ``moved`` of them changed."""
    moved_layers: int
    layers: int
    """Likewise for the layers that have such weights: one moved when any of its weights did."""
    prints: tuple[float, ...]
    """Sums over each weight after training: equal in two runs that were trained alike, step by step."""
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
    control: Trained | None = None
    """The twin with a change that is no cure: it must not differ from the twin as the flagged model does."""
    elsewhere: Elsewhere | None = None
    """Both again where an assumption about the data is replaced by another that the source allows as well."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The flagged model and its twin on data of another kind."""

    flagged: Trained
    twin: Trained
    assumed: str
    """What the first trainings take for granted: ``your targets are real values …``."""
    other: str
    """What these do."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one finding."""

    finding: Finding
    verdict: Outcome
    reason: str
    """A sentence that one can act on."""
    symptom: Symptom | None = None
    """The one that was observed."""
    evidence: Evidence | None = None
    assumptions: tuple[str, ...] = ()
    """About the data, the sizes and what else the source does not tell."""
    source_line: str = ""
    """As it stands in the file."""
    diff: tuple[str, ...] = ()
    """What the fix changes: lines with ``-`` or ``+`` in front."""

    @property
    def symbol(self) -> str:
        """Of the rule."""
        return self.finding.rule.symbol if self.finding.rule else "finding"

    @property
    def outcome(self) -> str:
        """``confirmed (constant)``."""
        return f"{self.verdict} ({self.symptom.value})" if self.symptom else self.verdict

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
