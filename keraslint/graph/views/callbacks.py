"""Callbacks: what each watches and writes, and the fits that it is given to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Confidence, Fact, Span
from keraslint.graph.objects import KerasObject
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.training import Training
from keraslint.graph.views.runs import Run, runs_of

FILES = ("filepath", "filename", "log_dir", "backup_dir")
"""The arguments by which callbacks are told where to write."""


@dataclass(frozen=True, eq=False, repr=False)
class Callback:
    """A callback that was made, or given to a fit."""

    instance: KerasObject
    runs: tuple[Run, ...] = ()
    """The fits that it is given to; empty when it is given to none in sight."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Callback]:
        return iter(callbacks_of(program))

    @property
    def kind(self) -> str:
        """``EarlyStopping``."""
        return self.instance.kind

    @property
    def span(self) -> Span:
        return self.instance.span

    @property
    def confidence(self) -> Confidence:
        return self.instance.confidence

    @property
    def about(self) -> tuple[Any, ...]:
        return self, self.instance

    @property
    def trainings(self) -> tuple[Training, ...]:
        found = {id(run.training): run.training for run in self.runs if run.training is not None}
        return tuple(found.values())

    def is_a(self, *kinds: str) -> bool:
        """Whether it is one of Keras's callbacks ``kinds``."""
        return not self.instance.in_file and self.kind in kinds

    def setting(self, name: str) -> Fact[Any]:
        """The value of an argument, as given or as Keras's default."""
        return self.instance.argument(name)

    @property
    def monitor(self) -> Fact[Any]:
        return self.setting("monitor")

    @property
    def mode(self) -> Fact[Any]:
        return self.setting("mode")

    @property
    def file(self) -> Fact[Any] | None:
        """The file or folder that it writes, as given; None when it is told none."""
        return next((given.value for given in map(self.instance.given, FILES) if given is not None), None)


@once
def callbacks_of(program: Program) -> tuple[Callback, ...]:
    """Each once, in the order in which they are made; those of the file's own classes where a fit is given them."""
    runs: dict[int, list[Run]] = {}
    objects = {id(made): made for made in program.objects if _is_callback(made)}
    for run in runs_of(program):
        for fact in run.fit.callbacks or ():
            if isinstance(fact.value, KerasObject):
                objects.setdefault(id(fact.value), fact.value)
                runs.setdefault(id(fact.value), []).append(run)
    return tuple(Callback(made, tuple(runs.get(key, ()))) for key, made in objects.items())


def _is_callback(made: KerasObject) -> bool:
    symbol = None if made.in_file else keras_api.symbol(made.class_name)
    return symbol is not None and symbol.category == "callback"
