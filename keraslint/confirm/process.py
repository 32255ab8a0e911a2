"""The child process: how it is started, kept apart from everything of the user's, and ended."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import site
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

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

CALLED_OFF = "the training was called off"
"""Why there is nothing to hear from a session that has been closed."""


class Child:
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
        return resident_mb(self._process.pid)

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


def resident_mb(pid: int) -> int:
    """Memory that the process occupies; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * 4096 // 2**20
