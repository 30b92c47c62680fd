"""What one simulated day leaves behind: an outcome for each call, and the operators' time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loadtest.distribution import Numbers
from loadtest.rules import line_names
from loadtest.scenario import Scenario

INTERVAL_S = 1800.0
"""Figures by time of day are given for half hours, as the trade plans."""

BLOCKED, TURNED_AWAY, CONTAINED, ANSWERED, ABANDONED, UNSERVED, CALLED_BACK = range(7)


class Outcome(NamedTuple):
    """How one attempt of one caller to be served on one line ended.

    topic, line: numbers in the scenario's order. at: when it asked (joined the queue, or was blocked), seconds.
    wait: seconds until the operator answered or the caller gave up; of one who is called back, until an operator
    took his call. queued: nobody was free at once.
    """

    kind: int
    topic: int
    line: int
    at: float
    wait: float
    queued: bool


class Columns(NamedTuple):
    """Many outcomes, a column for each field of `Outcome`; shape (outcomes,)."""

    kind: NDArray[np.int64]
    topic: NDArray[np.int64]
    line: NDArray[np.int64]
    at: Numbers
    wait: Numbers
    queued: NDArray[np.int64]


class Record:
    """first: outcomes of calls. second: outcomes of what was transferred, for the second line's figures only.

    handling, duty: operator seconds within the horizon, by line and interval. peak: most calls at once.
    orbit_s: seconds that callers spent waiting to call again, within the horizon.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.horizon_s = scenario.horizon_s
        self.intervals = max(1, int(-(-self.horizon_s // INTERVAL_S)))
        shape = (len(line_names(scenario)), self.intervals)
        self.handling: Numbers = np.zeros(shape)
        self.duty: Numbers = np.zeros(shape)
        self.first: list[Outcome] = []
        self.second: list[Outcome] = []
        self.peak = 0
        self.orbit_s = 0.0
        self._taken: tuple[Columns, Columns] | None = None

    def take(self, first: Columns, second: Columns) -> None:
        """The outcomes as columns, from who has them so; `first` and `second` stay empty."""
        self._taken = first, second

    def columns(self, *, second: bool = False) -> Columns:
        """The outcomes of calls, or of what was transferred."""
        if self._taken is not None:
            return self._taken[second]
        rows = self.second if second else self.first
        kind, topic, line, at, wait, queued = zip(*rows, strict=True) if rows else ((),) * 6
        whole, real = np.int64, np.float64
        return Columns(
            np.array(kind, whole),
            np.array(topic, whole),
            np.array(line, whole),
            np.array(at, real),
            np.array(wait, real),
            np.array(queued, whole),
        )

    def worked(self, line: int, begin: float, end: float) -> None:
        """An operator talked or wrote up."""
        self._span(self.handling, line, begin, end)

    def on_duty(self, line: int, begin: float, end: float) -> None:
        """An operator was signed in and not on a break."""
        self._span(self.duty, line, begin, end)

    def _span(self, table: Numbers, line: int, begin: float, end: float) -> None:
        end = min(end, self.horizon_s)
        interval = int(begin // INTERVAL_S)
        if begin < end <= (interval + 1) * INTERVAL_S:  # nearly always
            table[line, interval] += end - begin
            return
        while begin < end:
            interval = int(begin // INTERVAL_S)
            until = min(end, (interval + 1) * INTERVAL_S)
            table[line, interval] += until - begin
            begin = until
