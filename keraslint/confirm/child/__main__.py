"""The child's loop: build plans come in on stdin, a JSON object a line; what was seen goes out on stdout."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

QUIET = {
    "ABSL_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
"""No chatter, no GPU, and one thread: sums come out the same every time, and small models gain nothing.

oneDNN stays on, as TensorFlow has it: without it a softmax of one value is 0.99999994, and Adam makes real
steps out of that rounding error.
"""


def main(folder: str, packages: Sequence[str] = ()) -> None:
    """Work until the parent says no more, in ``folder``; ``packages`` are more places to look for Keras."""
    events = _take_over_stdout()
    _die_with_parent()
    jobs = _listen(folder)
    sys.path.extend(packages)
    os.environ.update(QUIET)
    try:
        import keras

        from keraslint.confirm.child import preparing, training
        from keraslint.confirm.child.pace import Pace
    except ImportError as error:
        _send(events, {"event": "missing", "module": error.name or str(error)})
        return
    _send(events, {"event": "ready", "keras": keras.__version__, "backend": keras.backend.backend()})
    _forbid()
    limited, pace = False, None
    while True:
        job = json.loads(jobs.get())
        if not limited:
            _limit_memory(job["memory_mb"])
            limited = True
        if pace is None or pace.file != job["file"]:
            preparing.forget()
            pace = Pace(job["file"], job["seconds"], job["plans"])
        for event in training.observe(job["plan"], job["seeds"], pace):
            _send(events, {"job": job["job"], **event})


def _listen(folder: str) -> queue.SimpleQueue[str]:
    """The lines of stdin as they come. At its end, which is also the parent's, this process ends at once.

    That works on every system, whatever has killed the parent, and in the middle of a training.
    """
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            jobs.put(line)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    return jobs


def _die_with_parent() -> None:
    """On Linux the kernel sees to it as well, even while no thread of ours gets its turn.

    Its signal is answered by the C library's ``alarm``, which takes the signal's number for seconds: the listener has
    that long to clear up first.
    """
    if sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig = 1
        libc = ctypes.CDLL(None)
        libc.signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
        libc.signal(signal.SIGUSR2, ctypes.cast(libc.alarm, ctypes.c_void_p))
        libc.prctl(pr_set_pdeathsig, signal.SIGUSR2)


FORBIDDEN = ("os.exec", "os.fork", "os.posix_spawn", "os.system", "socket.", "subprocess.", "urllib.", "ftplib.")
"""Beginnings of the names of audit events: processes and connections."""


def _forbid() -> None:
    """A second lock behind the allow-list: once Keras is loaded, nothing starts a process or opens a connection."""

    def refuse(event: str, _: object) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is never needed here")

    sys.addaudithook(refuse)


def _take_over_stdout() -> TextIO:
    """A stream of our own for events; whatever else prints goes to stderr."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def _send(events: TextIO, event: Mapping[str, Any]) -> None:
    events.write(json.dumps(event) + "\n")
    events.flush()


def _limit_memory(megabytes: int) -> None:
    """Refuse allocations that are far beyond ``megabytes`` on top of what there is now.

    TensorFlow reserves gigabytes of addresses on import, so a limit set before it would have to be useless. Some of
    its kernels crash when they are refused, so what grows to the limit step by step is left to the parent, which
    watches what is really used and says so.
    """
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        return  # not Linux: the parent watches what it can
    limit = pages * resource.getpagesize() + 2 * megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
