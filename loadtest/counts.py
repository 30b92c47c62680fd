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

KINDS = 7
_IS_OFFERED = np.isin(
    np.arange(KINDS), (outcome.ANSWERED, outcome.ABANDONED, outcome.UNSERVED, outcome.CALLED_BACK)
)
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
    router: who decided, "shared" or "compiled".
    """

    sums: Numbers
    waits: np.ndarray
    half_hours: np.ndarray
    queue: np.ndarray
    router: str = "shared"


def count(scenario: Scenario, record: Record, router: str = "shared") -> DayCounts:
    """A call counts in the half hour in which it asked for an operator (or was blocked)."""
    where = scopes(scenario)
    first, second = record.columns(), record.columns(second=True)
    cells = _cells(scenario, where, first)
    sums = np.zeros((where.size, len(FIELDS)))
    sums[0] = cells.sum(axis=(0, 1))
    sums[where.topic_row(0) : where.line_row(0)] = cells.sum(axis=1)
    sums[where.interval_row(0) :] = cells.sum(axis=0)
    waits = np.zeros((1 + len(where.topics) + len(where.lines), len(WAIT_EDGES)), dtype=np.uint32)
    waits[where.topic_row(0) : where.line_row(0)] = by_topic = _wait_classes(where, first)
    waits[0] = by_topic.sum(axis=0)
    by_line = waits[where.line_row(0) :]
    _add_lines(where, _lines(scenario), cells, by_topic, sums, by_line)
    if len(second.kind):  # counted once already; it is a further call of its second line only
        _add_lines(
            where,
            _lines(scenario, second=True),
            _cells(scenario, where, second),
            _wait_classes(where, second),
            sums,
            by_line,
        )
    _add_operators(where, record, sums)
    return DayCounts(sums, waits, _half_hours(cells), _queue(scenario, first, second), router)


def _half_hours(cells: Numbers) -> np.ndarray:
    asked = {name: cells[:, :, number] for number, name in enumerate(FIELDS)}
    asked["offered"] = asked["answered"] + asked["abandoned"] + asked["unserved"]
    return np.stack([asked[name] for name in BY_HALF_HOUR], axis=2).astype(np.uint32)


def _lines(scenario: Scenario, *, second: bool = False) -> list[int | None]:
    """Where each topic's calls ask, or those that are transferred: the number of the line."""
    names = line_names(scenario)
    if not second:
        return [names.index(topic.line) for topic in scenario.topics]
    return [names.index(topic.transfer.to_line) if topic.transfer else None for topic in scenario.topics]


def _cells(scenario: Scenario, where: Scopes, rows: Columns) -> Numbers:
    """(topic, interval, field): what the outcomes are in `FIELDS`; operators' fields are left at 0."""
    kind, topic, _, at, wait, queued = rows
    cell = topic * where.intervals + _interval(where, at)
    shape = (len(where.topics), where.intervals)
    size = shape[0] * shape[1]

    def tally(which: Column) -> Column:
        return np.bincount(cell[which], minlength=size).reshape(shape)

    code = cell * KINDS + kind
    by_kind = np.bincount(code, minlength=size * KINDS).reshape(*shape, KINDS)
    waited = np.bincount(code, wait, minlength=size * KINDS).reshape(*shape, KINDS)
    answered = (kind == outcome.ANSWERED) | (kind == outcome.CALLED_BACK)
    abandoned = kind == outcome.ABANDONED
    threshold = np.array([one.judged_by.answered_within_s for one in scenario.topics])[topic]
    short = np.array([one.judged_by.short_abandon_s for one in scenario.topics])[topic]
    promised = by_kind[:, :, outcome.CALLED_BACK]
    table = np.zeros((*shape, len(FIELDS)))
    for name, values in {
        "attempts": by_kind.sum(axis=2),
        "blocked": by_kind[:, :, outcome.BLOCKED],
        "turned_away": by_kind[:, :, outcome.TURNED_AWAY],
        "contained": by_kind[:, :, outcome.CONTAINED],
        "answered": by_kind[:, :, outcome.ANSWERED] + promised,
        "abandoned": by_kind[:, :, outcome.ABANDONED],
        "unserved": by_kind[:, :, outcome.UNSERVED],
        "called_back": promised,
        "queued": tally((queued != 0) & _offered(kind)),
        "answered_in_time": tally(answered & (wait <= threshold)),
        "abandoned_short": tally(abandoned & (wait <= short)),
        "wait_of_answered": waited[:, :, outcome.ANSWERED],
        "wait_of_all": waited[:, :, [outcome.ANSWERED, outcome.ABANDONED, outcome.UNSERVED]].sum(axis=2),
        "callback_wait": waited[:, :, outcome.CALLED_BACK],
    }.items():
        table[:, :, FIELDS.index(name)] = values
    return table


def _offered(kind: Column) -> Column:
    return _IS_OFFERED[kind]


def _interval(where: Scopes, at: Column) -> Column:
    return np.minimum((at / INTERVAL_S).astype(np.int64), where.intervals - 1)


def _wait_classes(where: Scopes, rows: Columns) -> np.ndarray:
    """(topic, class of WAIT_EDGES): answered calls."""
    held = rows.kind == outcome.ANSWERED
    code = rows.topic[held] * len(WAIT_EDGES) + wait_class(rows.wait[held])
    return np.bincount(code, minlength=len(where.topics) * len(WAIT_EDGES)).reshape(-1, len(WAIT_EDGES))


def wait_class(wait: Numbers) -> NDArray[np.int64]:
    """The first class whose edge is not below the wait; the last for all beyond. The logarithm says nearly which."""
    last = len(WAIT_EDGES) - 1
    guess = np.log(np.maximum(wait, _FINEST) / _FINEST) / math.log(_COARSE) + 1e-6  # one or two below it
    found = np.minimum(guess.astype(np.int64), last - 1)
    for _ in range(2):
        found += WAIT_EDGES[found] < wait
        found = np.minimum(found, last)
    return found


def _add_lines(
    where: Scopes,
    lines: list[int | None],
    cells: Numbers,
    by_topic: np.ndarray,
    sums: Numbers,
    by_line: np.ndarray,
) -> None:
    """Every topic's calls to its line."""
    for topic, line in enumerate(lines):
        if line is not None:
            sums[where.line_row(line)] += cells[topic].sum(axis=0)
            by_line[line] += by_topic[topic].astype(np.uint32)


def _queue(scenario: Scenario, *both: Columns) -> np.ndarray:
    """From when each waiting caller came and went; nobody has to be asked while the day goes on."""
    moments = np.arange(0.0, scenario.horizon_s + 1e-6, QUEUE_STEP_S)
    waiting = np.zeros(len(moments), np.int64)
    for rows in both:
        queued = (rows.queued != 0) & _offered(rows.kind)
        came = rows.at[queued]
        gone = np.sort(came + rows.wait[queued])
        waiting += np.searchsorted(np.sort(came), moments, "right") - np.searchsorted(gone, moments, "right")
    return waiting.astype(np.uint32)


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
