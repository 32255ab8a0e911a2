"""A conversation with the child process: sends it plans, gathers what it saw, ends it in time."""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from keraslint.confirm.evidence import ConfirmError, Settings, Trained
from keraslint.confirm.messages import UNTRIED, heard
from keraslint.confirm.plan import Plan
from keraslint.confirm.process import CALLED_OFF, COMMAND, Child

BACKENDS = ("tensorflow", "jax", "torch")
"""Those of Keras that can train."""

INSTALL = 'pip install "keraslint[confirm]"'

KERAS_ITSELF_MB = 2048
"""What the process may occupy besides the models: Keras and TensorFlow take under 1 GB once loaded."""

LOADING_SECONDS = 180.0
"""How long Keras may take to load: seconds, and minutes on a machine that is busy with other things. The time for a
file begins after that."""

GRACE_SECONDS = 5.0
"""How long past its time a child may take to stop by itself, which saves what it has seen."""

POLL_SECONDS = 0.25
"""How often time and memory are looked at."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the trainings have come."""

    done: int
    total: int
    """Both count seeds of all variants; ``total`` is 0 while Keras is still being loaded."""
    text: str


Listener = Callable[[Progress], None]


def _nothing(progress: Progress) -> None:
    """For callers who do not listen."""


class Session:
    """One child process after another: each is used for as many files as it survives.

    A child starts with ``begin``, so that Keras loads while a file is read, and ends with the session, or with the
    parent, whatever ends that.

    Raises:
        ConfirmError: there is no such backend.
    """

    def __init__(self, settings: Settings, command: Sequence[str] = COMMAND) -> None:
        if settings.backend not in BACKENDS:
            known = "tensorflow, jax or torch"
            raise ConfirmError(f"Keras has no backend {settings.backend!r} that can train: choose {known}")
        self.settings = settings
        self.command = command
        self.started = time.monotonic()
        """When the clock of one file was started: at its beginning, or once Keras was loaded for it."""
        self._file = 0
        self._ready = False
        """Whether the child has loaded Keras."""
        self.keras_version: str | None = None
        self._child: Child | None = None
        self._closed = False
        self._changing = threading.Lock()
        """A session may be closed by another thread than the one that works with it."""

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, and whatever waits for it."""
        with self._changing:
            self._closed = True
            if self._child is not None:
                self._child.close()

    def begin(self) -> None:
        """Start the clock for one file, with a child that is fit for it: the last one, or one in its place.

        Raises:
            ConfirmError: the session has ended.
        """
        self.started = time.monotonic()
        self._file += 1
        with self._changing:
            if self._closed:
                raise ConfirmError(CALLED_OFF)
            if self._child is not None and (self._child.ended or self._child.resident_mb > KERAS_ITSELF_MB):
                self._child.close()
                self._child = None
            if self._child is None:
                self._ready = False
                self._child = Child(self.command, self.settings.backend)

    def train(self, plans: Sequence[Plan], listener: Listener | None = None, later: int = 0) -> list[Trained]:
        """Train each plan from every seed; plans that are cut short say why in their ``failure``.

        What they may take is counted from the last ``begin``, or from when Keras was loaded, and enough is left for
        ``later`` more of them.

        Raises:
            ConfirmError: Keras or its backend is not installed.
        """
        if self._child is None:
            self.begin()
        assert self._child is not None
        try:
            return self._train(self._child, plans, later, listener or _nothing)
        except BaseException:
            self._child.kill()  # what it has left to say is not for the next file
            raise

    def _train(self, child: Child, plans: Sequence[Plan], later: int, say: Listener) -> list[Trained]:
        seeds = list(range(self.settings.seeds))
        trained = [Trained(failure=UNTRIED) for _ in plans]
        total = len(plans) * len(seeds)
        child.send(
            {
                "job": n,
                "plan": plan.document,
                "plans": len(plans) + later,
                "seeds": seeds,
                "seconds": self.settings.seconds,
                "file": self._file,
                "memory_mb": self.settings.memory_mb,
            }
            for n, plan in enumerate(plans)
        )
        say(Progress(0, total, "loading Keras"))
        for event in self._events_of(child, len(plans)):
            match event:
                case {"event": "stopped", "reason": reason}:
                    trained = [replace(t, failure=reason) if t.failure else t for t in trained]
                case {"event": "missing", "module": module}:
                    raise ConfirmError(f"confirm needs {module}, which is not installed{_unsearched()}: {INSTALL}")
                case {"event": "ready", "keras": version}:
                    self.keras_version = version
                    self._ready, self.started = True, time.monotonic()
                case {"job": job}:
                    trained[job] = heard(trained[job], event)
            say(Progress(sum(len(t.runs) for t in trained), total, "training"))
        say(Progress(total, total, "done"))
        return trained

    def _events_of(self, child: Child, jobs: int) -> Iterator[dict[str, Any]]:
        """Events of the child; at last ``stopped`` when it ended, or had to be ended, before all was done."""
        while jobs:
            try:
                line = child.events.get(timeout=POLL_SECONDS)
            except queue.Empty:
                line = ""
            if line is None:
                yield {"event": "stopped", "reason": child.why_it_ended()}
                return
            if line:
                event = json.loads(line)
                jobs -= event["event"] == "done"
                yield event
            reason = self._excess(child)
            if reason and jobs:
                child.kill()
                yield {"event": "stopped", "reason": reason}
                return

    def _excess(self, child: Child) -> str | None:
        """Which limit the child has passed, if any."""
        passed = time.monotonic() - self.started
        if not self._ready and passed > LOADING_SECONDS:
            return f"Keras was not loaded in {LOADING_SECONDS:g} seconds"
        if self._ready and passed > self.settings.seconds + GRACE_SECONDS:
            return f"out of time: the limit is {self.settings.seconds:g} seconds"
        used = child.resident_mb
        if used > self.settings.memory_mb + KERAS_ITSELF_MB:
            return f"too large: the training process took {used:,} MB of memory"
        return None


def _unsearched() -> str:
    return " where an isolated Python looks (PYTHONPATH is not searched)" if "PYTHONPATH" in os.environ else ""
