"""How long the trainings of one program may take: as many updates as fit, the same number on every side."""

from __future__ import annotations

import time

from keraslint.confirm import criteria


class Late(Exception):
    """The time is over; what was finished counts."""


class Pace:
    """The clock of one program's trainings.

    The first plan is timed, and if all of them would not fit, each makes the same share of its updates.
    """

    def __init__(self, file: int, seconds: float, plans: int) -> None:
        """The time of a file, by its number, begins now; ``plans`` counts those, too, that may be asked for later."""
        self.file = file
        self.seconds = seconds
        self._left = plans
        self._plan_started = time.monotonic()
        self._end = time.monotonic() + seconds
        self._share: float | None = None

    def next_plan(self) -> None:
        self._left = max(self._left - 1, 1)
        self._plan_started = time.monotonic()

    def check(self) -> None:
        """Raise `Late` when the time is over."""
        if time.monotonic() > self._end:
            raise Late

    def fit(self, updates: int, seeds: int, each: float) -> int:
        """How many of ``updates`` a training makes when one of them takes ``each`` seconds."""
        if self._share is None:
            now = time.monotonic()
            overhead = (self._left - 1) * (now - self._plan_started)
            free = USED * (self._end - now) - overhead
            needed = self._left * seeds * updates * each * (1 + SCORING)
            self._share = min(1.0, max(free, 0.0) / needed) if needed else 1.0
        return max(round(updates * self._share), min(updates, criteria.FEWEST_FITTED))


USED = 0.9
"""Of the time that is left: the next plans may be slower than the first."""

SCORING = 0.2
"""What the predictions for the scores take on top of the updates."""
