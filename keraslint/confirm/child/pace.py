"""How long the trainings of one program may take: what fits into the time, the same on every side."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from keraslint.confirm import criteria


class Late(Exception):
    """The time is over; what was finished counts."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What one plan's trainings make: updates from each seed, and scores after each of the epochs."""

    epochs: int
    updates: int
    """In all epochs together."""
    seeds: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """What was seen to be taken."""

    update: float
    scores: float

    def of(self, schedule: Schedule) -> float:
        return schedule.seeds * (schedule.updates * self.update + (schedule.epochs + 1) * self.scores)


class Pace:
    """The clock of one program's trainings.

    The first plan is timed, and if all of them would not fit, each is cut in the same way: to fewer scores on the way
    where these take long, to a share of its updates, and at last to fewer seeds.
    """

    def __init__(self, file: int, seconds: float, plans: int) -> None:
        """The time of a file, by its number, begins now; ``plans`` counts those, too, that may be asked for later."""
        self.file = file
        self.seconds = seconds
        self._left = plans
        self._plan_started = time.monotonic()
        self._end = time.monotonic() + seconds
        self._cut: Cut | None = None

    def next_plan(self) -> None:
        self._left = max(self._left - 1, 1)
        self._plan_started = time.monotonic()

    def check(self) -> None:
        """Raise `Late` when the time is over."""
        if time.monotonic() > self._end:
            raise Late

    def fit(self, asked: Schedule, taken: Seconds) -> Schedule:
        """What of ``asked`` is made, as long as it takes as long as was seen."""
        if self._cut is None:
            now = time.monotonic()
            overhead = (self._left - 1) * (now - self._plan_started)
            free = max(USED * (self._end - now) - overhead, 0.0)
            self._cut = _cut(asked, taken, free / self._left)
        return self._cut.of(asked)


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of each schedule of one program."""

    share: float = 1.0
    """Of the updates."""
    epochs: int | None = None
    seeds: int | None = None
    """At most; None for all."""

    def of(self, asked: Schedule) -> Schedule:
        fewest = min(asked.updates, criteria.FEWEST_FITTED)
        updates = max(round(asked.updates * self.share), fewest)
        epochs = min(asked.epochs, self.epochs or asked.epochs, updates)
        return Schedule(epochs, updates, min(asked.seeds, self.seeds or asked.seeds))


def _cut(asked: Schedule, taken: Seconds, free: float) -> Cut:
    """The mildest cut that fits into ``free`` seconds; else the least of everything."""
    if taken.of(asked) <= free:
        return Cut()
    epochs = None
    if asked.epochs * taken.scores > SCORING * asked.updates * taken.update:
        epochs = criteria.FEWEST_EPOCHS
        asked = replace(asked, epochs=min(asked.epochs, epochs))
    fewest = min(asked.updates, criteria.FEWEST_FITTED)
    for seeds in range(asked.seeds, 0, -1):
        scores = taken.of(replace(asked, updates=0, seeds=seeds))
        share = min(1.0, (free - scores) / (seeds * asked.updates * taken.update or 1.0))
        if asked.updates * share >= fewest:
            break
    return Cut(max(share, 0.0), epochs, seeds)


USED = 0.75
"""Of the time that is left: the next plans may be slower than the first, by a fifth as was seen."""

SCORING = 0.2
"""Scores that take more than this share of the updates are made less often when time is short."""
