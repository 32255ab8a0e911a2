"""What was read and is worth keeping: models, calls, compiles and fits, in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from keraslint.graph import (
    Argument,
    Call,
    Confidence,
    FileCall,
    KerasObject,
    Layer,
    Model,
    Span,
    Unknown,
)
from keraslint.reader.machine.values import ModelValue, Value


@dataclass(eq=False, repr=False)
class CompileEvent:
    """One reading of a call of compile."""

    owner: Value
    compiled: KerasObject
    model: Model
    worlds: dict[Unknown, bool]
    confidence: Confidence
    fits_before: int
    """How many fits, of any model, were read before it."""
    replaces: bool = False
    """No call of compile, but a change of what the one before had set."""


@dataclass(eq=False, repr=False)
class FitEvent:
    """One reading of a call of fit and the like."""

    owner: Value
    method: str
    arguments: tuple[Argument, ...]
    model: Model
    span: Span
    worlds: dict[Unknown, bool]
    confidence: Confidence
    assumed: bool = False
    """It was read by defaults that nobody may use, or where the program expects an error."""


@dataclass(eq=False, repr=False)
class Record:
    """Everything worth keeping, in the order in which it was read. Only ever appended to."""

    models: list[ModelValue] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    objects: list[KerasObject] = field(default_factory=list)
    compiles: list[CompileEvent] = field(default_factory=list)
    fits: list[FitEvent] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)
    observations: list[Any] = field(default_factory=list)
    """What `keras.observing` noted."""
    steps: list[Any] = field(default_factory=list)
    """Gradients that the program takes for itself, as `keras.own_steps` has them."""
    files: list[FileCall] = field(default_factory=list)

    def lists(self) -> tuple[list[Any], ...]:
        own = (self.models, self.calls, self.layers, self.objects, self.compiles, self.fits, self.unknowns)
        return (*own, self.observations, self.steps, self.files)

    def mark(self) -> tuple[int, ...]:
        return (
            len(self.models),
            len(self.calls),
            len(self.layers),
            len(self.objects),
            len(self.compiles),
            len(self.fits),
            len(self.unknowns),
            len(self.observations),
            len(self.steps),
            len(self.files),
        )

    def keep_new_places(self, mark: tuple[int, ...]) -> None:
        """Of what was recorded since ``mark``, keep what stands where nothing of its kind was recorded before."""
        for entries, length in zip(self.lists(), mark, strict=True):
            known = {_place_of(entry) for entry in entries[:length]}
            entries[length:] = [entry for entry in entries[length:] if _place_of(entry) not in known]

    def rewind(self, mark: tuple[int, ...]) -> None:
        """Forget what was recorded since ``mark``: it will be read again."""
        for entries, length in zip(self.lists(), mark, strict=True):
            del entries[length:]


def _place_of(entry: Any) -> Span | None:
    return entry.compiled.span if isinstance(entry, CompileEvent) else entry.span
