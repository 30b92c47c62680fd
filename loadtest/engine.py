"""Two clocks for one simulation: SimPy with callbacks, and a plain loop that does the same and is faster.

Both run what is due by (time, order of asking). Without the second part calls due at one moment would change
places with the engine, and so would the results.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any, Protocol

import simpy
from simpy.events import NORMAL

Act = Callable[[Any], None]


class Engine(Protocol):
    """Time goes from one act to the next."""

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        ...

    def at(self, when: float, do: Act, about: Any) -> None:
        """Call do(about) at `when` >= now; what was asked for first comes first among equals."""
        ...

    def run(self) -> None:
        """Until nothing is due any more."""
        ...


class PlainLoop:
    """A heap of (time, number, act, argument)."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Act, Any]] = []
        self._number = 0

    def at(self, when: float, do: Act, about: Any) -> None:
        self._number += 1
        heapq.heappush(self._due, (when, self._number, do, about))

    def run(self) -> None:
        due, pop = self._due, heapq.heappop
        while due:
            self.now, _, do, about = pop(due)
            do(about)


class SimpyLoop:
    """SimPy's environment, an event per act; no processes."""

    def __init__(self) -> None:
        self.environment = simpy.Environment()

    @property
    def now(self) -> float:
        return self.environment.now

    def at(self, when: float, do: Act, about: Any) -> None:
        environment = self.environment
        event = environment.event()
        event._ok, event._value = True, about
        event.callbacks.append(lambda done: do(done.value))
        # At an absolute time: SimPy itself offers delays only, and now + (when - now) is not always when.
        heapq.heappush(environment._queue, (when, NORMAL, next(environment._eid), event))

    def run(self) -> None:
        self.environment.run()


ENGINES: dict[str, Callable[[], Engine]] = {"plain": PlainLoop, "simpy": SimpyLoop}
