"""Threads that hear: ears with something to do queue up, each is worked on by one thread at a time.

When there is too much to do, those who came first are served in time and the last ones late, instead of all late.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Generic, Protocol, TypeVar

Outcome = TypeVar("Outcome")
Brought_co = TypeVar("Brought_co", covariant=True)


class Work(Protocol[Brought_co]):
    """Something with an inbox, such as an ear."""

    def work(self) -> Brought_co:
        """Do a share of what has come in. In a thread; never in two at once; may raise."""
        ...


class HearingThreads(Generic[Outcome]):
    """done: called in the loop after each share: the work, its outcome or what it raised, and the seconds of
    processor time it took. An exception is its own work's affair: the thread goes on with the next."""

    def __init__(
        self,
        threads: int,
        done: Callable[[Work[Outcome], Outcome | Exception, float], None],
    ) -> None:
        self.threads = threads
        self._done = done
        self._queue: queue.PriorityQueue[tuple[int, int, Work[Outcome] | None]] = queue.PriorityQueue()
        self._put = count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = [
            threading.Thread(target=self._run, name=f"hearing-{n}", daemon=True) for n in range(threads)
        ]

    def start(self) -> None:
        """Needs a running loop."""
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()

    def put(self, work: Work[Outcome], rank: int) -> None:
        """Queue it before what has a higher rank. The same work may be put again only when it is done."""
        self._queue.put((rank, next(self._put), work))

    def close(self) -> None:
        """What is being done is finished, nothing more begun."""
        for _ in self._threads:
            self._queue.put((-1, next(self._put), None))

    def _run(self) -> None:
        while (work := self._queue.get()[2]) is not None:
            begun = time.thread_time()  # not the clock's: what else the machine does is no cost of hearing
            try:
                outcome: Outcome | Exception = work.work()
            except Exception as error:
                outcome = error
            took = time.thread_time() - begun
            try:
                assert self._loop is not None  # noqa: S101 - set before the first thread starts
                self._loop.call_soon_threadsafe(self._done, work, outcome, took)
            except RuntimeError:
                return  # the loop has ended
