"""Several sessions that work at the same time."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import TypeVar

from keraslint.confirm.evidence import Settings
from keraslint.confirm.session import Session

Item = TypeVar("Item")

Result = TypeVar("Result")


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
