"""Paths as text: `os.path.join`."""

from __future__ import annotations

import posixpath

from astroid import nodes

from keraslint.graph import Ended
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Value


def _join(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``os.path.join(folder, "best.h5")``: of a folder that is not known one knows how the path ends."""
    parts = [machine.need(given.value) for given in arguments.positional]
    if parts and all(isinstance(part, str) for part in parts) and not arguments.open_ended:
        return posixpath.join(*parts)
    unknown = machine.unknown("result of os.path.join", node)
    last = parts[-1] if parts and not arguments.open_ended else None
    if isinstance(last, str):
        return machine.ended(unknown, f"/{last}" if last else "")
    return machine.ended(unknown, last.end) if isinstance(last, Ended) else unknown


known("plain", {"os.path.join": _join})
