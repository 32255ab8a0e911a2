"""The parent's side of the child process: starts it, sends plans, gathers what it saw, ends it in time."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import math
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from keraslint.confirm.evidence import ConfirmError, Run, Score, Settings, Trained
from keraslint.confirm.plan import Plan

COMMAND = (sys.executable, "-m", "keraslint.confirm.child")

INSTALL = 'pip install "keraslint[confirm]"'

KERAS_ITSELF_MB = 2048
"""What the process may occupy besides the models: Keras and TensorFlow take under 1 GB once loaded."""

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

UNTRIED = "it was not tried"
"""Why a variant of which nothing has been heard yet has no runs."""


def _nothing(progress: Progress) -> None:
    """For callers who do not listen."""


class Session:
    """A child process for one report. It starts at once, so that Keras loads while the source is read."""

    def __init__(self, settings: Settings, command: Sequence[str] = COMMAND) -> None:
        _require(settings.backend)
        self.settings = settings
        self.started = time.monotonic()
        self.keras_version: str | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by __exit__)
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
            env=os.environ | {"KERAS_BACKEND": settings.backend, "PYTHONPATH": _path_to_here()},
        )
        self._events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout, self._log):
            if stream is not None:
                # The child may be gone before it has read everything.
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def _listen(self) -> None:
        for line in self._child.stdout or ():
            self._events.put(line)
        self._events.put(None)

    def train(self, plans: Sequence[Plan], listener: Listener | None = None) -> list[Trained]:
        """Train each plan from every seed; plans that are cut short say why in their ``failure``.

        Raises:
            ConfirmError: Keras or its backend is not installed.
        """
        seeds = list(range(self.settings.seeds))
        trained = [Trained(failure=UNTRIED) for _ in plans]
        total = len(plans) * len(seeds)
        self._send(
            {
                "job": n,
                "plan": plan.document,
                "plans": len(plans),
                "seeds": seeds,
                "seconds": self.settings.seconds - (time.monotonic() - self.started),
                "memory_mb": self.settings.memory_mb,
            }
            for n, plan in enumerate(plans)
        )
        say = listener or _nothing
        say(Progress(0, total, "loading Keras"))
        for event in self._events_of(len(plans)):
            match event:
                case {"event": "stopped", "reason": reason}:
                    trained = [replace(t, failure=reason) if t.failure else t for t in trained]
                case {"event": "missing", "module": module}:
                    raise ConfirmError(f"confirm needs {module}, which is not installed: {INSTALL}")
                case {"event": "ready", "keras": version}:
                    self.keras_version = version
                case {"job": job}:
                    trained[job] = _add(trained[job], event)
            say(Progress(sum(len(t.runs) for t in trained), total, "training"))
        say(Progress(total, total, "done"))
        return trained

    def _send(self, jobs: Iterable[dict[str, Any]]) -> None:
        """Write from a thread of its own: the pipe may be full while the child is busy talking to us."""

        def write() -> None:
            stdin = self._child.stdin
            # When the child is gone, the reader of its events says why.
            with contextlib.suppress(BrokenPipeError, ValueError):
                for job in jobs:
                    if stdin:
                        stdin.write(json.dumps(job) + "\n")
                        stdin.flush()

        threading.Thread(target=write, daemon=True).start()

    def _events_of(self, jobs: int) -> Iterator[dict[str, Any]]:
        """Events of the child; at last ``stopped`` when it ended, or had to be ended, before all was done."""
        while jobs:
            try:
                line = self._events.get(timeout=POLL_SECONDS)
            except queue.Empty:
                line = ""
            if line is None:
                yield {"event": "stopped", "reason": self._why_it_ended()}
                return
            if line:
                event = json.loads(line)
                jobs -= event["event"] == "done"
                yield event
            reason = self._excess()
            if reason and jobs:
                self._child.kill()
                yield {"event": "stopped", "reason": reason}
                return

    def _excess(self) -> str | None:
        """Which limit the child has passed, if any."""
        if time.monotonic() - self.started > self.settings.seconds:
            return f"out of time: the limit is {self.settings.seconds:g} seconds"
        used = _resident_mb(self._child.pid)
        if used > self.settings.memory_mb + KERAS_ITSELF_MB:
            return f"too large: the training process took {used:,} MB of memory"
        return None

    def _why_it_ended(self) -> str:
        code = self._child.wait()
        self._log.seek(0)
        lines = [line for line in self._log.read().decode(errors="replace").splitlines() if line.strip()]
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return f"the training process {how}" + (f": {lines[-1].strip()}" if lines and code > 0 else "")


def _add(seen: Trained, event: dict[str, Any]) -> Trained:
    """What is known of a variant after one more event."""
    match event:
        case {"event": "run"}:
            return replace(seen, runs=(*seen.runs, _run(event)))
        case {"event": "error", "error": error, "phase": phase}:
            return replace(seen, error=error, phase=phase)
        case {"event": "failure", "reason": reason}:
            return Trained(failure=reason, runs=seen.runs)
        case {"event": "done", "warnings": warnings}:
            failure = None if seen.failure == UNTRIED else seen.failure
            return replace(seen, warnings=tuple(warnings), failure=failure)
    return seen


def _run(event: dict[str, Any]) -> Run:
    values = {name: event[name] for name in Run.__slots__}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    curves = {name: tuple(curve) for name, curve in event["metrics"].items()}
    scores = {name: tuple(map(_score, event[name])) for name in ("start", "end", "constant")}
    errors = tuple(tuple(_number(error) for error in curve) for curve in event["errors"])
    return Run(**values | lists | scores | {"metrics": curves, "errors": errors})


def _score(written: Sequence[float | None] | None) -> Score | None:
    return None if written is None else Score(_number(written[0]), written[1])


def _number(written: float | None) -> float:
    """The error of a prediction that is not finite is infinite."""
    return math.inf if written is None else written


def _require(backend: str) -> None:
    """Look for Keras and its backend without loading them."""
    for module in ("keras", {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}.get(backend)):
        if module is None:
            raise ConfirmError(f"Keras has no backend {backend!r} that can train: choose tensorflow, jax or torch")
        if importlib.util.find_spec(module) is None:
            raise ConfirmError(f"confirm needs {module}, which is not installed: {INSTALL}")


def _path_to_here() -> str:
    """Where the child finds this very keraslint, followed by what it would search anyway."""
    here = str(Path(__file__).parents[2])
    return os.pathsep.join(path for path in (here, os.environ.get("PYTHONPATH", "")) if path)


def _resident_mb(pid: int) -> int:
    """Memory that the process occupies; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * 4096 // 2**20
