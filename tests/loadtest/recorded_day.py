"""Days of the simulator, written into a real journal as a controller would write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from acd.adapters.sql_journal import SqlJournal
from acd.core.commands import AnyCommand, Command, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact, Fact, PolicyChanged, Tick
from acd.core.model import Policy
from acd.ports import Entry
from acd.records.entries import entry_of
from acd.records.steps import CallEnded, CallStarted, ControllerStarted, Step
from loadtest import record as outcome
from loadtest.day import Caller, Day, Trace
from loadtest.rules import policy
from loadtest.scenario import Scenario

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
NEVER = 1e6
"""A journal is JSON, which has no infinity: rings and wrap-ups that never end by themselves last so long."""


def finite(rules: Policy) -> Policy:
    lines = {
        id: msgspec.structs.replace(line, ring_timeout=NEVER, wrap_up=min(line.wrap_up, NEVER))
        for id, line in rules.lines.items()
    }
    return msgspec.structs.replace(rules, lines=lines)


class _Written(Trace):
    """A trace that hands every moment on."""

    def __init__(self, day: JournaledDay) -> None:
        self._day = day

    def append(self, moment: tuple[float, AnyFact, list[AnyCommand]]) -> None:
        _, fact, commands = moment
        if not isinstance(fact, Tick):
            self._day.write(fact)
        for command in commands:
            if not isinstance(command, WakeAt):
                self._day.write(command)


class JournaledDay(Day):
    """entries: facts, decisions and the steps that frame a call. Callers keep their pseudonym when they call again."""

    def __init__(self, scenario: Scenario, number: int) -> None:
        super().__init__(scenario, number)
        self.number = number
        self.entries: list[Entry] = []
        rules = finite(policy(scenario))
        self.dispatcher = Dispatcher(rules)
        self.roster._state_of = self.dispatcher.operator_state
        self.trace = _Written(self)
        self.write(ControllerStarted())
        self.tell(PolicyChanged(rules))

    def write(self, what: Fact | Command | Step, call: str | None = None) -> None:
        now = self.engine.now
        call = call or getattr(what, "call", None)
        if call is not None:
            call = f"day{self.number}-{call}"
            if not isinstance(what, Step):
                what = msgspec.structs.replace(what, call=call)
        at = MIDNIGHT + timedelta(days=self.number, seconds=now)
        self.entries.append(entry_of(what, at=at, mono=now, call=call))

    def _arrives(self, caller: Caller) -> None:
        who = f"p-{self.number}-{caller.topic}-{caller.number}"
        self.write(CallStarted("100", who), caller.id)
        super()._arrives(caller)

    def _note(self, kind: int, caller: Caller, wait: float) -> None:
        super()._note(kind, caller, wait)
        if kind in (outcome.CONTAINED, outcome.TURNED_AWAY):
            self.write(CallEnded("hotline"), caller.id)

    def _leaves(self, caller: Caller) -> None:
        super()._leaves(caller)
        self.write(CallEnded("caller"), caller.id)


async def write_days(scenario: Scenario, days: int, file: Path) -> Path:
    """The journal of so many days, by the production's own writer."""
    journal = await SqlJournal.open(f"sqlite:///{file}")
    try:
        for number in range(days):
            day = JournaledDay(scenario, number)
            day.run()
            for begin in range(0, len(day.entries), 5_000):
                await journal.append(day.entries[begin : begin + 5_000])
    finally:
        await journal.close()
    return file
