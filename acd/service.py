"""The distributor at work: one task, one inbox, facts journaled before they are acted on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import structlog

from acd.core.commands import (
    Announce,
    AnyCommand,
    Overflow,
    Release,
    RingOperator,
    StopRinging,
    WakeAt,
)
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact, Tick
from acd.journal_writer import JournalWriter
from acd.ports import Clock, Entry, Telephony

log = structlog.get_logger()


class Distributor:
    """Feeds the dispatcher in order and carries out what it says.

    The dispatcher decides in memory first, then facts and decisions go to the journal in one transaction,
    then the telephone rings: nothing is acted on that is not written.
    """

    def __init__(
        self, dispatcher: Dispatcher, writer: JournalWriter, telephony: Telephony, clock: Clock
    ) -> None:
        self.dispatcher = dispatcher
        self._writer = writer
        self._telephony = telephony
        self._clock = clock
        self._inbox: asyncio.Queue[AnyFact] = asyncio.Queue()
        self._alarm: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None

    def submit(self, fact: AnyFact) -> None:
        """Hand in a fact; never waits."""
        self._inbox.put_nowait(fact)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="distributor")

    async def close(self) -> None:
        running = [task for task in (self._task, self._alarm) if task]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until every fact handed in so far has been handled (for start-up and orderly ends)."""
        await self._inbox.join()

    async def _run(self) -> None:
        while True:
            facts = [await self._inbox.get()]
            while not self._inbox.empty():
                facts.append(self._inbox.get_nowait())
            await self._handle(facts)
            for _ in facts:
                self._inbox.task_done()

    def _wake_at(self, at: float) -> None:
        """One alarm at a time: a later one replaces it."""
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.create_task(self._ring_alarm(at), name="distributor's alarm")

    async def _ring_alarm(self, at: float) -> None:
        await self._clock.sleep_until(at)
        self.submit(Tick())

    async def _handle(self, facts: Sequence[AnyFact]) -> None:
        entries: list[Entry] = []
        commands: list[AnyCommand] = []
        for fact in facts:
            now = self._clock.monotonic()
            if not isinstance(fact, Tick):
                entries.append(self._entry("fact", fact, now))
            for command in self._decide(fact, now):
                commands.append(command)
                if not isinstance(command, WakeAt):
                    entries.append(self._entry("decision", command, now))
        if entries:
            await self._writer.append(entries)
        for command in commands:
            await self._carry_out(command)

    def _decide(self, fact: AnyFact, now: float) -> list[AnyCommand]:
        try:
            return self.dispatcher.handle(fact, now)
        except Exception:  # a defect of ours: it costs this fact, never the calls of everybody else
            log.exception("the dispatcher failed on a fact", fact=type(fact).__name__)
            return []

    def _entry(self, kind: str, subject: AnyFact | AnyCommand, now: float) -> Entry:
        body = msgspec.to_builtins(subject)
        body.pop("type", None)
        return Entry(
            kind=kind,
            name=type(subject).__name__,
            at=self._clock.utc(),
            mono=now,
            body=body,
            call=getattr(subject, "call", None),
            operator=getattr(subject, "operator", None),
        )

    async def _carry_out(self, command: AnyCommand) -> None:
        match command:
            case WakeAt(at=at):
                self._wake_at(at)
            case RingOperator():
                await self._telephony.ring_operator(command)
            case StopRinging():
                await self._telephony.stop_ringing(command)
            case Announce():
                await self._telephony.announce(command)
            case Overflow():
                await self._telephony.overflow(command)
            case Release():
                await self._telephony.release(command)
