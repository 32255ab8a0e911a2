"""The child's loop: build plans come in on stdin, a JSON object a line; what was seen goes out on stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
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


def main() -> None:
    events = _take_over_stdout()
    os.environ.update(QUIET)
    try:
        import keras

        from keraslint.confirm.child import training
        from keraslint.confirm.child.pace import Pace
    except ImportError as error:
        _send(events, {"event": "missing", "module": error.name or str(error)})
        return
    _send(events, {"event": "ready", "keras": keras.__version__, "backend": keras.backend.backend()})
    limited = False
    for line in sys.stdin:
        job = json.loads(line)
        if not limited:
            _limit_memory(job["memory_mb"])
            limited = True
        if job["job"] == 0:
            training.forget()
            pace = Pace(job["seconds"], job["plans"])
        for event in training.observe(job["plan"], job["seeds"], pace):
            _send(events, {"job": job["job"], **event})


def _take_over_stdout() -> TextIO:
    """A stream of our own for events; whatever else prints goes to stderr."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def _send(events: TextIO, event: Mapping[str, Any]) -> None:
    events.write(json.dumps(event) + "\n")
    events.flush()


def _limit_memory(megabytes: int) -> None:
    """Refuse allocations beyond ``megabytes`` on top of what there is now.

    TensorFlow reserves gigabytes of addresses on import, so a limit set before it would have to be useless.
    """
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        return  # not Linux: the parent watches what it can
    limit = pages * resource.getpagesize() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
