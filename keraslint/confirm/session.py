"""The parent's side of the child process: starts it, sends plans, gathers what it saw, ends it in time."""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import site
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from keraslint.confirm.evidence import ConfirmError, Run, Score, Settings, Trained
from keraslint.confirm.plan import Plan

BOOTSTRAP = """\
import sys
from importlib import util
package, folder, *packages = sys.argv[1:]
spec = util.spec_from_file_location("keraslint", package + "/__init__.py", submodule_search_locations=[package])
sys.modules["keraslint"] = module = util.module_from_spec(spec)
spec.loader.exec_module(module)
from keraslint.confirm.child.__main__ import main
main(folder, packages)
"""
"""What the child runs. This very keraslint is loaded from where it lies, without its folder on the path: the user's
files may lie there, too."""

COMMAND = (sys.executable, "-I", "-c", BOOTSTRAP, str(Path(__file__).parents[1]))
"""Isolated: nothing in the current folder, beside a program, or named by a variable of Python's is imported."""

PASSED_ON = ("LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "NUMBER_OF_PROCESSORS", "PATH", "SYSTEMROOT", "WINDIR")
"""What the child gets of the environment; the rest is made for it."""

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
Item = TypeVar("Item")
Result = TypeVar("Result")

UNTRIED = "it was not tried"
"""Why a variant of which nothing has been heard yet has no runs."""

CALLED_OFF = "the training was called off"
"""Why there is nothing to hear from a session that has been closed."""


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
        self._child: _Child | None = None
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
                self._child = _Child(self.command, self.settings.backend)

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

    def _train(self, child: _Child, plans: Sequence[Plan], later: int, say: Listener) -> list[Trained]:
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
                    trained[job] = _add(trained[job], event)
            say(Progress(sum(len(t.runs) for t in trained), total, "training"))
        say(Progress(total, total, "done"))
        return trained

    def _events_of(self, child: _Child, jobs: int) -> Iterator[dict[str, Any]]:
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

    def _excess(self, child: _Child) -> str | None:
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


class Sessions:
    """Some sessions that work at the same time, each on one thing after the other."""

    def __init__(self, count: int, settings: Settings) -> None:
        self._sessions = [Session(settings) for _ in range(count)]
        self._idle: queue.SimpleQueue[Session] = queue.SimpleQueue()
        for session in self._sessions:
            self._idle.put(session)
        self._threads = ThreadPoolExecutor(count)

    def __enter__(self) -> Sessions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for session in self._sessions:
            session.close()
        self._threads.shutdown(cancel_futures=True)

    def results(self, work: Callable[[Item, Session], Result], items: Iterable[Item]) -> list[Callable[[], Result]]:
        """For each item what waits for its result, or raises what its work raised.

        One session works when it is asked, and in the thread that asks.
        """
        if len(self._sessions) == 1:
            return [partial(work, item, self._sessions[0]) for item in items]
        return [self._threads.submit(self._lend, work, item).result for item in items]

    def _lend(self, work: Callable[[Item, Session], Result], item: Item) -> Result:
        session = self._idle.get()
        try:
            return work(item, session)
        finally:
            self._idle.put(session)


class _Child:
    """One child process, with its folder, its log and what it has said so far."""

    def __init__(self, command: Sequence[str], backend: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="keraslint-", ignore_cleanup_errors=True)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._process = subprocess.Popen(
            [*command, self._folder.name, *_user_packages()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
            cwd=self._folder.name,
            env=_environment(self._folder.name, backend),
        )
        self.events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        """Its lines; None when it has ended."""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        # The stream may be closed by another thread while this one waits for a line.
        with contextlib.suppress(ValueError):
            for line in self._process.stdout or ():
                self.events.put(line)
        self.events.put(None)

    def send(self, jobs: Iterable[dict[str, Any]]) -> None:
        """Write from a thread of its own: the pipe may be full while the child is busy talking to us."""

        def write() -> None:
            stdin = self._process.stdin
            # When the child is gone, the reader of its events says why.
            with contextlib.suppress(BrokenPipeError, ValueError):
                for job in jobs:
                    if stdin:
                        stdin.write(json.dumps(job) + "\n")
                        stdin.flush()

        threading.Thread(target=write, daemon=True).start()

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def resident_mb(self) -> int:
        return _resident_mb(self._process.pid)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.kill()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                # The child may be gone before it has read everything.
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._folder.cleanup()

    def why_it_ended(self) -> str:
        code = self._process.wait()
        if self._log.closed:
            return CALLED_OFF
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


def _environment(folder: str, backend: str) -> dict[str, str]:
    """The child's variables: a home of its own, so that no configuration of Keras or Python is found."""
    own = ("HOME", "KERAS_HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP")
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return passed_on | dict.fromkeys(own, folder) | {"KERAS_BACKEND": backend}


def _user_packages() -> list[str]:
    """The place of ``pip install --user``, which an isolated Python leaves out; none that a variable names."""
    if not site.ENABLE_USER_SITE or "PYTHONUSERBASE" in os.environ:
        return []
    place = site.getusersitepackages()
    return [place] if place in sys.path else []


def _unsearched() -> str:
    return " where an isolated Python looks (PYTHONPATH is not searched)" if "PYTHONPATH" in os.environ else ""


def _resident_mb(pid: int) -> int:
    """Memory that the process occupies; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * 4096 // 2**20
