"""One day on the compiled path: its draws laid out in memory, the record read back from it."""

from __future__ import annotations

import threading

import numpy as np

from loadtest import compiled_code
from loadtest import compiled_memory as c
from loadtest import record as outcome
from loadtest.compiled_kernel import run
from loadtest.compiled_layout import Layout
from loadtest.draws import Purpose, draw_all
from loadtest.record import Record
from loadtest.scenario import Scenario

MOST_ROOM = 64
"""Calls that there is ever room for, as a multiple of first attempts."""


class NotCompiled(Exception):
    """The compiled path has no room for this day; the shared router has."""


class CompiledDay:
    """As `loadtest.day.Day`: `run` gives the same record, `rings` the same trace.

    trace: keep it.
    """

    def __init__(self, scenario: Scenario, replication: int, *, trace: bool = False) -> None:
        self.scenario = scenario
        self._draws = draw_all(scenario, replication)
        self._trace = trace

    def run(self) -> Record:
        """The whole day. Raises NotCompiled when it has more calls than there is ever room for."""
        if not compiled_code.is_made():
            compiled_code.make()
        times = [one.times for one in self._draws]
        layout = _kept_layout(self.scenario, [len(one) for one in times], self._trace)
        while True:
            layout.begin(times)
            if (stopped := self._run(layout)) == c.DONE:
                self._layout = layout
                return self._record(layout)
            _kept.layout = None  # what it was in the middle of is still in it
            if layout.room >= MOST_ROOM:
                raise NotCompiled(f"more calls than there is room for ({stopped})")
            layout = layout.larger()
            _keep(layout, self._trace)

    def _run(self, layout: Layout) -> int:
        m, f = layout.m, layout.f
        for topic in range(len(self._draws)):
            self._draw(layout, topic, 0)
        while (stopped := run(m, f)) == c.MORE_DRAWS:
            topic = int(m[c.WANTED_TOPIC])
            self._draw(layout, topic, 1)
            m[layout.topics[topic] + c.T_DRAWN] = 1
        return stopped

    def rings(self) -> list[tuple[float, str, str]]:
        """(time, call, operator) of every ring, named as the shared router names them."""
        layout = self._layout
        m = layout.m
        rows = layout.rows(layout.trace, c.V_SIZE, until=int(m[c.RING_TRACE]))
        names = [
            f"group{number}-{person}"
            for number, group in enumerate(self.scenario.operators, 1)
            for person in range(group.present)
        ]
        found = []
        for at, call, operator in zip(
            rows[:, c.V_AT].view(np.float64), rows[:, c.V_CALL], rows[:, c.V_OPERATOR], strict=True
        ):
            topic = m[m[call + c.C_TOPIC] + c.T_INDEX]
            name = f"{topic}-{m[call + c.C_NUMBER]}-{m[call + c.C_ATTEMPT]}"
            found.append((float(at), name, names[(operator - m[c.OPERATOR]) // c.O_SIZE]))
        return found

    def _draw(self, layout: Layout, topic: int, attempt: int) -> None:
        address = layout.topics[topic] + c.T_COLUMN
        row = int(layout.m[c.DRAWS_ROW]) if attempt else 0
        for purpose in Purpose:
            column = int(layout.m[address + purpose])
            if column != c.NONE:
                values = self._draws[topic].row(purpose, attempt)
                layout.f[row + column : row + column + len(values)] = values

    def _record(self, layout: Layout) -> Record:
        m, f = layout.m, layout.f
        record = Record(self.scenario)
        for table, address in ((record.handling, m[c.HANDLING]), (record.duty, m[c.DUTY])):
            table[:] = f[address : address + table.size].reshape(table.shape)
        _note_unserved(layout)
        record.peak, record.orbit_s = int(m[c.PEAK]), float(f[c.ORBIT])
        first, second = (layout.outcomes(begin, int(m[end])) for begin, end in layout.record)
        record.take(first, second)
        return record


def _note_unserved(layout: Layout) -> None:
    """Whom nobody came for any more, in the order they asked."""
    m, f = layout.m, layout.f
    calls = layout.rows(int(m[c.CALLS]), c.C_SIZE, until=int(m[c.NEXT_CALL]))
    left = calls[calls[:, c.C_STATE] >= 0]
    for call in left[np.argsort(left[:, c.C_SEQ])]:
        end = c.SECOND if call[c.C_SECOND] else c.FIRST
        row = int(m[end])
        m[end] = row + c.R_SIZE
        asked = call.view(np.float64)[c.C_ASKED]
        m[row + c.R_KIND], m[row + c.R_QUEUED] = outcome.UNSERVED, call[c.C_QUEUED]
        m[row + c.R_TOPIC] = m[call[c.C_TOPIC] + c.T_INDEX]
        m[row + c.R_LINE] = m[call[c.C_LINE] + c.L_INDEX]
        f[row + c.R_AT], f[row + c.R_WAIT] = asked, f[c.NOW] - asked


class _Kept(threading.local):
    """The last scenario's memory, so that not every day asks the system for some: that is slower than the day."""

    layout: Layout | None = None


_kept = _Kept()


def _kept_layout(scenario: Scenario, calls: list[int], trace: bool) -> Layout:
    layout = _kept.layout
    if trace or layout is None or not layout.fits(scenario, calls):
        layout = Layout(scenario, [int(n * 1.05) + 64 for n in calls], trace)
        _keep(layout, trace)
    return layout


def _keep(layout: Layout, trace: bool) -> None:
    if not trace:
        _kept.layout = layout
