"""Orders that are drawn at random: which of them are surely the same, and which surely are not."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Value


@dataclass(eq=False)
class Draws:
    """What is remembered of a source of random numbers."""

    seed: Hashable = "from the system"
    """What it was told last; None where that is not known."""
    since: int = 0
    """How many orders were drawn from it since."""

    def told(self, seed: Value) -> None:
        """It was given a seed."""
        self.seed = seed if type(seed) is int else None
        self.since = 0

    def next(self) -> Hashable:
        """The order that it gives now; None where one cannot tell."""
        self.since += 1
        return None if self.seed is None else (self.seed, self.since)


@dataclass(eq=False)
class Counted:
    """How many orders were drawn by functions that have a source of their own."""

    count: int = 0


def order_of(machine: Machine, arguments: Arguments) -> Hashable:
    """The order that a function of scikit-learn draws: that of its ``random_state``, else one that never comes again.

    What is not an integer may be a source that goes on, or one that was set elsewhere.
    """
    state = machine.need(arguments.get(None, "random_state"))
    if type(state) is int:
        return ("random_state", state)
    if state is not None or arguments.open_ended:
        return None
    return drawn(machine)


def drawn(machine: Machine) -> Hashable:
    """An order that is like no other."""
    counted = machine.memory(Counted)
    counted.count += 1
    return ("drawn", counted.count)
