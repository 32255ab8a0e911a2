"""Answers about nodes that are worked out once in a reading."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from astroid import nodes

if TYPE_CHECKING:
    from keraslint.reader.machine.machine import Machine

R = TypeVar("R")


def remembered(work_out: Callable[[Machine, nodes.NodeNG], R]) -> Callable[[Machine, nodes.NodeNG], R]:
    """Work it out for each node once; whoever asks again gets what was found then, and pays no fuel for it."""

    @wraps(work_out)
    def known(machine: Machine, node: nodes.NodeNG) -> R:
        key = (work_out, node)
        if key not in machine.answers:
            machine.answers[key] = work_out(machine, node)
        found: R = machine.answers[key]
        return found

    return known
