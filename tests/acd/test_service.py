"""The distributor's shell: what is journaled, in which order, and what happens when something breaks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from acd.adapters.clock import ManualClock
from acd.adapters.memory_journal import MemoryJournal
from acd.core.commands import Announce, Overflow, Release, RingOperator, StopRinging
from acd.core.dispatcher import Dispatcher
from acd.core.events import (
    AnyFact,
    CallerHungUp,
    CallQueued,
    OperatorAnswered,
    OperatorReady,
    OperatorSignedIn,
    TalkEnded,
)
from acd.core.model import Line, Operator, Policy, Ring, Topic
from acd.journal_writer import JournalWriter
from acd.ports import Entry
from acd.service import Distributor

POLICY = Policy(
    version="1",
    topics={"medical": Topic("medical", "first", (Ring(0, {"medical": 1}),))},
    lines={"first": Line("first", ring_timeout=15, wrap_up=5)},
    operators={name: Operator(name, ("first",), {"medical": 2}) for name in ("anna", "boris")},
)


class Switch:
    """acd.ports.Telephony that keeps what it was asked, and how long the journal was at that moment."""

    def __init__(self, journal: MemoryJournal) -> None:
        self.asked: list[Any] = []
        self.journaled: list[list[str]] = []
        self._journal = journal

    async def _take(self, command: Any) -> None:
        self.asked.append(command)
        self.journaled.append([entry.name async for entry in self._journal.read()])

    async def ring_operator(self, command: RingOperator) -> None:
        await self._take(command)

    async def stop_ringing(self, command: StopRinging) -> None:
        await self._take(command)

    async def announce(self, command: Announce) -> None:
        await self._take(command)

    async def overflow(self, command: Overflow) -> None:
        await self._take(command)

    async def release(self, command: Release) -> None:
        await self._take(command)


class Room:
    """A distributor with a clock that stands still."""

    def __init__(self, journal: MemoryJournal | None = None) -> None:
        self.journal = journal or MemoryJournal()
        self.clock = ManualClock(start=100.0)
        self.switch = Switch(self.journal)
        self.writer = JournalWriter(self.journal, retry_after=0.0)
        self.distributor = Distributor(Dispatcher(POLICY), self.writer, self.switch, self.clock)

    async def __aenter__(self) -> Room:
        self.writer.start()
        self.distributor.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.distributor.close()
        await self.writer.close()

    async def tell(self, *facts: AnyFact) -> None:
        for fact in facts:
            self.distributor.submit(fact)
        await self.distributor.settled()

    async def entries(self) -> list[Entry]:
        return [entry async for entry in self.journal.read()]


async def test_facts_and_decisions_are_in_the_journal_before_the_phone_rings():
    async with Room() as room:
        await room.tell(OperatorSignedIn("anna"), CallQueued("c1", "medical"))
        assert [command.operator for command in room.switch.asked] == ["anna"]
        assert room.switch.journaled == [["OperatorSignedIn", "CallQueued", "RingOperator"]]


async def test_a_decision_keeps_its_reason_and_a_fact_its_time():
    async with Room() as room:
        await room.tell(OperatorSignedIn("anna"), CallQueued("c1", "medical"))
        fact, decision = (await room.entries())[1:]
        assert (fact.kind, fact.call, fact.mono) == ("fact", "c1", 100.0)
        assert decision.kind == "decision"
        assert decision.body["why"]["rule"] == "longest idle"


async def test_the_ring_timeout_comes_from_the_dispatchers_alarm():
    async with Room() as room:
        await room.tell(OperatorSignedIn("anna"), CallQueued("c1", "medical"))
        await room.tell(OperatorSignedIn("boris"))
        await room.clock.advance(15.0)
        await room.distributor.settled()
        assert [type(command).__name__ for command in room.switch.asked] == [
            "RingOperator",
            "StopRinging",
            "Release",
            "RingOperator",
        ]
        assert room.switch.asked[-1].operator == "boris"


async def test_a_tick_is_not_journaled():
    async with Room() as room:
        await room.tell(OperatorSignedIn("anna"), CallQueued("c1", "medical"), OperatorAnswered("c1", "anna"))
        await room.tell(TalkEnded("c1", "anna"))
        await room.clock.advance(5.0)
        await room.distributor.settled()
        assert "Tick" not in [entry.name for entry in await room.entries()]
        assert room.distributor.dispatcher.operator_state("anna") == "ready"


async def test_calls_go_on_while_the_journal_is_full_and_nothing_is_lost_or_doubled_afterwards():
    async with Room(MemoryJournal(room=2)) as room:
        await room.tell(OperatorSignedIn("anna"))
        await room.tell(CallQueued("c1", "medical"), CallerHungUp("c1"), CallQueued("c2", "medical"))
        assert room.switch.asked[-1].call == "c2", "a full disk does not stop the distribution"
        assert room.writer.behind > 0
        assert "full" in room.writer.failing
        room.journal.room = None
        await room.tell(OperatorReady("boris"))
        while room.writer.behind:  # the writer tries again by itself
            await asyncio.sleep(0)
        names = [entry.name for entry in await room.entries()]
        assert names.count("CallQueued") == 2
        assert [name for name in names if name.startswith("Call")] == [
            "CallQueued",
            "CallerHungUp",
            "CallQueued",
        ]


async def test_a_step_that_can_never_be_written_does_not_hold_up_what_follows():
    async with Room() as room:
        broken = Entry("step", "Broken", room.clock.utc().replace(tzinfo=None), 0.0, {})
        room.writer.put(broken)
        await room.tell(OperatorSignedIn("anna"))
        await room.tell(CallQueued("c1", "medical"))
        assert [entry.name for entry in await room.entries()][-1] == "RingOperator"
        assert room.writer.dropped > 0


async def test_a_defect_of_the_dispatcher_costs_one_fact_and_not_the_others(monkeypatch: pytest.MonkeyPatch):
    async with Room() as room:
        handle = room.distributor.dispatcher.handle

        def fail_once(fact: AnyFact, now: float) -> list[Any]:
            if isinstance(fact, CallerHungUp):
                raise RuntimeError("a defect")
            return handle(fact, now)

        monkeypatch.setattr(room.distributor.dispatcher, "handle", fail_once)
        await room.tell(OperatorSignedIn("anna"), CallerHungUp("c0"), CallQueued("c1", "medical"))
        assert room.switch.asked[-1].call == "c1"


async def test_what_was_put_last_is_written_when_it_ends():
    room = Room()
    async with room:
        room.writer.put(Entry("step", "ControllerStopped", room.clock.utc(), 0.0, {}))
    assert [entry.name for entry in await room.entries()] == ["ControllerStopped"]
