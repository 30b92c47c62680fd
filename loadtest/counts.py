"""One day's outcomes as sums, for the whole and for each topic, line and half hour.

Sums and not ratios: a ratio of a quiet day must not weigh as much as that of a busy one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loadtest import record as outcome
from loadtest.distribution import Numbers
from loadtest.record import INTERVAL_S, Columns, Record
from loadtest.rules import line_names
from loadtest.scenario import Scenario

FIELDS = (
    "attempts", "blocked", "turned_away", "contained", "answered", "abandoned", "unserved", "queued",
    "answered_in_time", "abandoned_short", "wait_of_answered", "wait_of_all", "handling", "duty",
    "peak", "orbit_s", "horizon_s", "called_back", "callback_wait",
)  # fmt: skip
"""answered: by an operator, whether the caller held the line or was called back. wait_of_answered, wait_of_all:
of those who held the line; callback_wait: of those who were called back. queued: offered callers who found nobody
free. in time: within the threshold of their own topic's target."""

Column = NDArray[Any]

_OFFERED = (outcome.ANSWERED, outcome.ABANDONED, outcome.UNSERVED, outcome.CALLED_BACK)
QUEUE_STEP_S = 300.0
"""The queue is looked at every five minutes."""
BY_HALF_HOUR = ("offered", "answered", "abandoned", "answered_in_time", "abandoned_short")
"""Fields of `DayCounts.half_hours`."""
_FINEST, _COARSE = 0.01, 1.01
WAIT_EDGES: Numbers = np.concatenate([[0.0], _FINEST * _COARSE ** np.arange(1650)])
"""Waits are counted in classes 1 % wide, from 0.01 s to more than a day; the first class is no wait at all."""


@dataclass(frozen=True)
class Scopes:
    """What figures are given for; `names` in the order of the rows of `DayCounts.sums`."""

    topics: list[str]
    lines: list[str]
    intervals: int

    @property
    def size(self) -> int:
        return 1 + len(self.topics) + len(self.lines) + self.intervals

    def topic_row(self, topic: int) -> int:
        return 1 + topic

    def line_row(self, line: int) -> int:
        return 1 + len(self.topics) + line

    def interval_row(self, interval: int) -> int:
        return 1 + len(self.topics) + len(self.lines) + interval


def scopes(scenario: Scenario) -> Scopes:
    intervals = max(1, math.ceil(scenario.horizon_s / INTERVAL_S))
    return Scopes([topic.name for topic in scenario.topics], line_names(scenario), intervals)


@dataclass(frozen=True)
class DayCounts:
    """sums: (scope, field of FIELDS). waits: (scope without intervals, class of WAIT_EDGES), answered calls.

    half_hours: (topic, interval, field of BY_HALF_HOUR). queue: callers who wait, every QUEUE_STEP_S from 0 to
    the horizon; those whom a phone already rings for, and those who will be called back, are among them.
    """

    sums: Numbers
    waits: np.ndarray
    half_hours: np.ndarray
    queue: np.ndarray


def count(scenario: Scenario, record: Record) -> DayCounts:
    """A call counts in the half hour in which it asked for an operator (or was blocked)."""
    where = scopes(scenario)
    sums = np.zeros((where.size, len(FIELDS)))
    waits = np.zeros((1 + len(where.topics) + len(where.lines), len(WAIT_EDGES)), dtype=np.uint32)
    first, second = record.columns(), record.columns(second=True)
    _add_outcomes(scenario, where, first, sums, waits, lines_only=False)
    _add_outcomes(scenario, where, second, sums, waits, lines_only=True)
    _add_operators(where, record, sums)
    return DayCounts(sums, waits, _half_hours(scenario, where, first), _queue(scenario, first, second))


def _half_hours(scenario: Scenario, where: Scopes, rows: Columns) -> np.ndarray:
    shape = (len(where.topics), where.intervals, len(BY_HALF_HOUR))
    table = np.zeros(shape, np.uint32)
    fields = _fields(scenario, rows.kind, rows.topic, rows.wait, rows.queued)
    fields["offered"] = np.isin(rows.kind, _OFFERED)
    cell = rows.topic * where.intervals + _interval(where, rows.at)
    for number, name in enumerate(BY_HALF_HOUR):
        counted = np.bincount(cell, fields[name], minlength=where.intervals * len(where.topics))
        table[:, :, number] = counted.reshape(shape[:2])
    return table


def _queue(scenario: Scenario, *both: Columns) -> np.ndarray:
    """From when each waiting caller came and went; nobody has to be asked while the day goes on."""
    moments = np.arange(0.0, scenario.horizon_s + 1e-6, QUEUE_STEP_S)
    waiting = np.zeros(len(moments), np.int64)
    for rows in both:
        queued = (rows.queued != 0) & np.isin(rows.kind, _OFFERED)
        came, gone = np.sort(rows.at[queued]), np.sort(rows.at[queued] + rows.wait[queued])
        waiting += np.searchsorted(came, moments, "right") - np.searchsorted(gone, moments, "right")
    return waiting.astype(np.uint32)


def _interval(where: Scopes, at: Column) -> Column:
    return np.minimum(at // INTERVAL_S, where.intervals - 1).astype(int)


def _add_outcomes(
    scenario: Scenario,
    where: Scopes,
    rows: Columns,
    sums: Numbers,
    waits: np.ndarray,
    *,
    lines_only: bool,
) -> None:
    """lines_only: what was transferred has been counted once; it is a further call of its second line only."""
    kind, topic, line, at, wait, queued = rows
    if not len(kind):
        return
    fields = _fields(scenario, kind, topic, wait, queued)
    groups = [where.line_row(0) + line]
    if not lines_only:
        interval = where.interval_row(0) + _interval(where, at)
        groups += [np.zeros_like(line), where.topic_row(0) + topic, interval]
    answered = kind == outcome.ANSWERED
    classes = np.searchsorted(WAIT_EDGES, wait[answered], side="left").clip(max=len(WAIT_EDGES) - 1)
    for rows_of in groups:
        for field, values in fields.items():
            sums[:, FIELDS.index(field)] += np.bincount(rows_of, values, minlength=where.size)
        inside = rows_of[answered] < len(waits)
        np.add.at(waits, (rows_of[answered][inside], classes[inside]), 1)


def _fields(
    scenario: Scenario, kind: Column, topic: Column, wait: Column, queued: Column
) -> dict[str, Column]:
    threshold = np.array([one.judged_by.answered_within_s for one in scenario.topics])[topic]
    short = np.array([one.judged_by.short_abandon_s for one in scenario.topics])[topic]
    offered, held, promised = np.isin(kind, _OFFERED), kind == outcome.ANSWERED, kind == outcome.CALLED_BACK
    answered = held | promised
    return {
        "attempts": np.ones(len(kind)),
        "blocked": kind == outcome.BLOCKED,
        "turned_away": kind == outcome.TURNED_AWAY,
        "contained": kind == outcome.CONTAINED,
        "answered": answered,
        "abandoned": kind == outcome.ABANDONED,
        "unserved": kind == outcome.UNSERVED,
        "queued": (queued != 0) & offered,
        "answered_in_time": answered & (wait <= threshold),
        "abandoned_short": (kind == outcome.ABANDONED) & (wait <= short),
        "wait_of_answered": wait * held,
        "wait_of_all": wait * (offered & ~promised),
        "called_back": promised,
        "callback_wait": wait * promised,
    }


def _add_operators(where: Scopes, record: Record, sums: Numbers) -> None:
    for field, table in (("handling", record.handling), ("duty", record.duty)):
        column = sums[:, FIELDS.index(field)]
        column[0] += table.sum()
        for line in range(len(where.lines)):
            column[where.line_row(line)] += table[line].sum()
        for interval in range(where.intervals):
            column[where.interval_row(interval)] += table[:, interval].sum()
    sums[0, FIELDS.index("peak")] = record.peak
    sums[0, FIELDS.index("orbit_s")] = record.orbit_s
    sums[0, FIELDS.index("horizon_s")] = record.horizon_s
