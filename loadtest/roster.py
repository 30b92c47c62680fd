"""Operators come, have their breaks and go: their facts for the dispatcher, and their time on duty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from acd.core import events
from acd.core import operator_state as ops
from acd.core.events import AnyFact
from acd.core.model import OperatorId
from loadtest.engine import Engine
from loadtest.record import Record
from loadtest.rules import line_names, staff
from loadtest.scenario import Scenario

DAY = 86_400.0
BREAK = "break"
GOES = 0.0
"""In place of a break's length: he goes home."""


@dataclass(frozen=True)
class Group:
    ids: list[OperatorId]
    breaks: list[tuple[float, float]]  # seconds after the shift's start, length in seconds


class Roster:
    """Who is there. tell: the dispatcher's way in; state_of: what it takes an operator to be."""

    def __init__(
        self,
        scenario: Scenario,
        engine: Engine,
        record: Record,
        tell: Callable[[AnyFact], None],
        state_of: Callable[[OperatorId], str | None],
    ) -> None:
        self._engine, self._record, self._tell, self._state_of = engine, record, tell, state_of
        self._horizon = scenario.horizon_s
        self._since: dict[OperatorId, float] = {}
        self._after_talk: dict[OperatorId, float] = {}
        self._on_break: set[OperatorId] = set()
        self._wrapping: dict[OperatorId, float] = {}
        lines = line_names(scenario)
        self.line_of: dict[OperatorId, int] = {}
        self._groups: list[tuple[Group, tuple[float, float] | None]] = []
        for entry, ids in zip(scenario.operators, staff(scenario), strict=True):
            self.line_of.update(dict.fromkeys(ids, lines.index(entry.line)))
            breaks = [(one.after_h * 3600, one.length_min * 60) for one in entry.breaks]
            self._groups.append((Group(ids, breaks), entry.shift_s))

    def begin(self) -> None:
        """Ask the engine for every shift that touches the horizon. One that reaches its end lasts to the last call."""
        for group, shift in self._groups:
            start, end = shift if shift is not None else (0.0, self._horizon)
            for day in range(-1, int(self._horizon // DAY) + 1) if shift is not None else range(1):
                self._shift(group, start + day * DAY, end + day * DAY)

    def _shift(self, group: Group, start: float, end: float) -> None:
        if end <= 0 or start >= self._horizon:
            return
        at = self._engine.at
        at(max(start, 0.0), self._come, group)
        for after, length in group.breaks:
            if 0 <= start + after < min(end, self._horizon):
                at(start + after, self._rest, (group, length))
        if end < self._horizon:
            at(end, self._go, group)

    def _come(self, group: Group) -> None:
        now = self._engine.now
        for id in group.ids:
            self._after_talk.pop(id, None)
            self._since.setdefault(id, now)
            self._tell(events.OperatorSignedIn(id))

    def _go(self, group: Group) -> None:
        for id in group.ids:
            self._on_break.discard(id)
            self._away(id, events.OperatorSignedOut(id), GOES)

    def _rest(self, what: tuple[Group, float]) -> None:
        group, length = what
        for id in group.ids:
            if id in self._since and id not in self._after_talk:
                self._away(id, events.OperatorPaused(id, BREAK), length)

    def _away(self, id: OperatorId, fact: AnyFact, length: float) -> None:
        if self._state_of(id) == ops.TALKING:
            self._after_talk[id] = length
            self._tell(fact)
        else:
            self._leaves(id, length)
            self._tell(fact)

    def _leaves(self, id: OperatorId, length: float) -> None:
        now = self._engine.now
        since = self._since.pop(id, None)
        if since is not None:
            self._record.on_duty(self.line_of[id], since, now)
        self._stop_wrapping(id)
        if length:
            self._on_break.add(id)
            self._engine.at(now + length, self._back, id)

    def _back(self, id: OperatorId) -> None:
        if id in self._on_break:
            self._on_break.discard(id)
            self._since[id] = self._engine.now
            self._tell(events.OperatorReady(id))

    # talks

    def talked(self, id: OperatorId, begin: float, wrap_up: float | None) -> None:
        """His talk ended just now (the dispatcher knows). wrap_up: seconds he will write up, None for nothing."""
        now = self._engine.now
        self._record.worked(self.line_of[id], begin, now)
        length = self._after_talk.pop(id, None)
        if length is not None:
            self._leaves(id, length)
        elif wrap_up is not None:
            self._wrapping[id] = now
            self._engine.at(now + wrap_up, self._written_up, (id, now))

    def _written_up(self, what: tuple[OperatorId, float]) -> None:
        id, begin = what
        if self._wrapping.get(id) == begin:  # else a break or the shift's end cut it short
            self._stop_wrapping(id)
            self._tell(events.WrapUpFinished(id))

    def _stop_wrapping(self, id: OperatorId) -> None:
        begin = self._wrapping.pop(id, None)
        if begin is not None:
            self._record.worked(self.line_of[id], begin, self._engine.now)

    def end(self) -> None:
        """Everybody still there has been there until now; in the roster's order, so that the sum is always the same."""
        for id in self.line_of:
            if id in self._since:
                until = max(self._engine.now, self._horizon)
                self._record.on_duty(self.line_of[id], self._since[id], until)
