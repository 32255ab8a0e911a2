"""The journal: what was overwritten, so that an arm of a branch can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from keraslint.reader.machine.values import MISSING, Stateful, Value

COPIED_FOR_ONE = 128
"""The same for copying a list as it is."""


Place = tuple[int, Hashable]


Changes = dict[Place, tuple[Any, Hashable, Value]]
"""Places and what they were changed to."""


class Journal:
    """Remembers what is overwritten, so that one arm of a branch can be taken back before the other is read."""

    def __init__(self, burn: Callable[[int], None]) -> None:
        self._burn = burn
        self._log: list[tuple[Any, Hashable, Value]] = []
        """Places and what they held before they were changed, oldest first."""
        self._begun: list[int] = []
        """How long the log was at each `begin` that is open."""
        self._copied: dict[int, int] = {}
        """Where in the log a list was copied last, by its id."""

    def set(self, mapping: dict[Any, Value] | Stateful, key: Hashable, value: Value) -> None:
        if self._begun:
            self._log.append((mapping, key, mapping.get(key, MISSING)))
        mapping[key] = value

    def delete(self, mapping: dict[Any, Value] | Stateful, key: Hashable) -> None:
        if key in mapping:
            if self._begun:
                self._log.append((mapping, key, mapping[key]))
            del mapping[key]

    def touch(self, items: list[Value]) -> None:
        """Call before changing a list in place."""
        if not self._begun:
            return
        log, at = self._log, self._copied.get(id(items), -1)
        if self._begun[-1] <= at < len(log) and log[at][0] is items:
            return
        self._burn(len(items) // COPIED_FOR_ONE)
        self._copied[id(items)] = len(log)
        log.append((items, None, list(items)))

    @property
    def is_open(self) -> bool:
        return bool(self._begun)

    def begin(self) -> None:
        self._begun.append(len(self._log))

    def commit(self) -> None:
        """Keep what was changed since `begin`."""
        self._begun.pop()
        if not self._begun:
            self._log.clear()
            self._copied.clear()

    def undo(self) -> Changes:
        """Take back what was changed since `begin`; returns what it was changed to."""
        start = self._begun.pop()
        before: Changes = {}
        for record in self._log[start:]:
            before.setdefault((id(record[0]), record[1]), record)  # the oldest record of a place
        del self._log[start:]
        after: Changes = {}
        for place, (container, key, old) in before.items():
            if isinstance(container, list):
                after[place] = (container, None, list(container))
                container[:] = old
            else:
                after[place] = (container, key, container.get(key, MISSING))
                if old is MISSING:
                    container.pop(key, None)
                else:
                    container[key] = old
        return after

    def write(self, container: Any, key: Hashable, value: Value) -> None:
        """Set a place as found in the result of `undo`."""
        if isinstance(container, list):
            self.touch(container)
            container[:] = value
        elif value is MISSING:
            self.delete(container, key)
        else:
            self.set(container, key, value)
