"""One call from ring to hang-up: the shell around its conversation, on one task of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import structlog

from acd.core import commands as acd_commands
from acd.core import events as acd_facts
from acd.core.model import CallId, Language, LineId, OperatorId, Region, TopicId
from ivr.asterisk.ami_client import AmiError
from ivr.asterisk.call_control import CallControl
from ivr.call_inputs import (
    Answered,
    CallerLeft,
    DeliveryEnded,
    Entered,
    Input,
    ListenOver,
    MusicDue,
    PlayerDone,
    Pressed,
    Regained,
    Transferred,
)
from ivr.core import commands, events
from ivr.core.flow import FlowError
from ivr.core.interpreter import Conversation
from ivr.player import Player
from ivr.sounds import Sounds

log = structlog.get_logger()

MUSIC_AFTER = 0.05  # seconds: an operator who is free at once is rung before any music starts


class Place(StrEnum):
    """Where the caller is. The dispatcher has its own view; this one is about the channel."""

    MENU = "menu"
    QUEUED = "queued"
    RINGING = "ringing"
    TALKING = "talking"
    OVER = "over"


class Recorder(Protocol):
    """Writes steps of the call's story."""

    def step(self, name: str, call: str, body: Mapping[str, object]) -> None: ...


@dataclass
class Parts:
    """What every session shares."""

    control: CallControl
    submit: Callable[[acd_facts.AnyFact], None]
    recorder: Recorder
    wall: Callable[[], datetime]
    endpoint_of: Callable[[OperatorId], str]
    fallback_topic: Callable[[], TopicId]


REPORTS = {
    "NOANSWER": acd_facts.OperatorMissed,
    "BUSY": acd_facts.OperatorDeclined,
    "CHANUNAVAIL": acd_facts.OperatorUnreachable,
    "CONGESTION": acd_facts.OperatorUnreachable,
}


@dataclass
class CallSession:
    """Carries out what the conversation and the dispatcher ask for, and tells them what came of it.

    `put` hands in what happened; `run` works it off in order. Nothing else touches the channel.
    """

    call: CallId
    channel: str
    conversation: Conversation
    sounds: Sounds
    parts: Parts
    region: Region | None = None
    place: Place = Place.MENU
    operator: OperatorId | None = None
    ended_by: str = "caller"
    _inbox: asyncio.Queue[Input] = field(default_factory=asyncio.Queue)
    _deferred: deque[commands.Enqueue | commands.Hangup] = field(default_factory=deque)
    _listening: int = 0
    _listen_seconds: float | None = None
    _in_agi: bool = False
    _on_entry: events.AnyEvent | None = None

    def __post_init__(self) -> None:
        self._player = Player(
            self.call, self.channel, self.parts.control, self.sounds, lambda run: self.put(PlayerDone(run))
        )

    def put(self, item: Input) -> None:
        self._inbox.put_nowait(item)

    @property
    def at_switch_mercy(self) -> bool:
        """True while the channel needs our heartbeat to stay out of the fallback music."""
        return self.place in (Place.MENU, Place.QUEUED)

    async def run(self, first: events.AnyEvent | None) -> None:
        """Until the caller is gone. first: what the conversation is told when the channel is ready."""
        self._on_entry = first
        while self.place is not Place.OVER:
            item = await self._inbox.get()
            try:
                await self._on(item)
            except AmiError as error:
                # The channel went away under our hands, or the link is down: Hangup or a resync tells.
                log.info("the switch did not do it", call=self.call, what=type(item).__name__, why=str(error))
            except FlowError as error:
                log.error("the menu failed; the caller goes to a person", call=self.call, why=str(error))
                await self._give_to_a_person()

    async def _on(self, item: Input) -> None:  # noqa: PLR0912 - one arm an input
        match item:
            case Entered():
                await self._entered()
            case Pressed(digit=digit):
                await self._tell(events.Digit(digit))
            case PlayerDone(run=run) if self._player.is_over(run):
                await self._prompts_heard()
            case ListenOver(number=number) if number == self._listening:
                await self._tell(events.Silence())
            case MusicDue() if self.place is Place.QUEUED and self._in_agi and not self._player.playing:
                await self.parts.control.music(self.channel, on=True)
            case acd_commands.RingOperator(operator=operator):
                await self._ring(operator)
            case acd_commands.StopRinging(operator=operator):
                await self._stop_ringing(operator)
            case acd_commands.Announce():
                await self._announce(item)
            case acd_commands.Overflow(why=why):
                await self._refused(why)
            case Answered(operator=operator):
                self._answered(operator)
            case DeliveryEnded(operator=operator, status=status):
                self._delivery_ended(operator, status)
            case Transferred():
                self._transferred(item)
            case Regained():
                self._regained()
            case CallerLeft(cause=cause):
                await self._hung_up(cause)
            case _:
                pass

    # --- the channel -----------------------------------------------------------------------------

    async def _entered(self) -> None:
        self._in_agi = True
        if self.place is Place.QUEUED:
            await self.parts.control.music(self.channel, on=True)
        elif self.place is Place.MENU and self._on_entry:
            event, self._on_entry = self._on_entry, None
            await self._tell(event)

    def _regained(self) -> None:
        """What was being said went unheard: the question is asked again when the channel is back in AGI."""
        self._player.forget()
        self._in_agi = False
        if self.place is Place.MENU and self._on_entry is None:
            self._on_entry = events.Resumed()

    async def _hung_up(self, cause: str) -> None:
        self._player.forget()
        self.parts.submit(acd_facts.CallerHungUp(self.call))
        self.conversation.handle(events.CallerHungUp(), self.parts.wall())
        self.place = Place.OVER
        self.parts.recorder.step("CallEnded", self.call, {"by": self.ended_by, "cause": cause})

    # --- the conversation ------------------------------------------------------------------------

    async def _tell(self, event: events.AnyEvent) -> None:
        if self.place is not Place.MENU:
            return
        await self._obey(self.conversation.handle(event, self.parts.wall()))

    async def _obey(self, given: list[commands.AnyCommand]) -> None:
        for command in given:
            match command:
                case commands.Play():
                    self._player.play(command)
                case commands.StopPlaying():
                    await self._stop_playing()
                case commands.Listen(seconds=seconds):
                    self._listen(seconds)
                case commands.Note(step=step, node=node, detail=detail):
                    body = {"step": step, "node": node, "detail": detail}
                    self.parts.recorder.step("MenuStep", self.call, body)
                case commands.Enqueue() | commands.Hangup():
                    # Said first, done afterwards: "connecting you" is heard to its end.
                    self._deferred.append(command)
        if not self._player.playing:
            await self._do_deferred()

    async def _do_deferred(self) -> None:
        while self._deferred:
            command = self._deferred.popleft()
            if isinstance(command, commands.Enqueue):
                self._enqueue(command)
            else:
                await self._hang_up()

    def _enqueue(self, wish: commands.Enqueue) -> None:
        self.place = Place.QUEUED
        self._listening += 1
        self.parts.submit(
            acd_facts.CallQueued(
                call=self.call,
                topic=TopicId(wish.topic),
                language=Language(wish.language),
                region=self.region,
                line=None if wish.line is None else LineId(wish.line),
                priority=wish.priority,
            )
        )
        asyncio.get_running_loop().call_later(MUSIC_AFTER, self.put, MusicDue())

    async def _hang_up(self) -> None:
        if self.ended_by == "caller":
            self.ended_by = "hotline"
        await self.parts.control.hangup(self.channel)

    async def _give_to_a_person(self) -> None:
        await self._stop_playing()
        self._enqueue(commands.Enqueue(self.parts.fallback_topic(), self.conversation.language))

    # --- prompts and silence ---------------------------------------------------------------------

    async def _stop_playing(self) -> None:
        self._listen_seconds = None
        await self._player.stop()

    async def _prompts_heard(self) -> None:
        if self.place is Place.QUEUED:
            self.put(MusicDue())
            return
        await self._do_deferred()
        if self._listen_seconds is not None:
            self._listen(self._listen_seconds)
        await self._tell(events.PromptFinished())

    def _listen(self, seconds: float) -> None:
        """Start the caller's time when the prompt is over; a prompt that still plays starts it at its end."""
        self._listening += 1
        if self._player.playing:
            self._listen_seconds = seconds
            return
        self._listen_seconds = None
        asyncio.get_running_loop().call_later(seconds, self.put, ListenOver(self._listening))

    # --- the dispatcher --------------------------------------------------------------------------

    async def _ring(self, operator: OperatorId) -> None:
        if self.place not in (Place.QUEUED, Place.RINGING):
            return
        self._player.forget()
        self.place, self.operator, self._in_agi = Place.RINGING, operator, False
        await self.parts.control.deliver(self.channel, self.parts.endpoint_of(operator))

    async def _stop_ringing(self, operator: OperatorId) -> None:
        if self.place is not Place.RINGING or self.operator != operator:
            return
        self.place, self.operator = Place.QUEUED, None
        await asyncio.sleep(0)  # the next operator's ring stands in the same batch of commands
        if not self._next_is_ring():
            await self.parts.control.retrieve(self.channel)

    def _next_is_ring(self) -> bool:
        waiting = self._inbox._queue  # type: ignore[attr-defined]
        return any(isinstance(item, acd_commands.RingOperator) for item in waiting)

    async def _announce(self, news: acd_commands.Announce) -> None:
        if self.place is not Place.QUEUED or self._player.playing or not self._in_agi:
            return
        await self.parts.control.music(self.channel, on=False)
        for prompt in self.sounds.place_in_queue(news.position, news.wait, self.conversation.language):
            self._player.play(prompt)

    async def _refused(self, why: str) -> None:
        if self.place is not Place.QUEUED:
            return
        self.place = Place.MENU
        await self._tell(events.QueueRefused(why))

    def _answered(self, operator: OperatorId) -> None:
        if self.place is not Place.RINGING or self.operator != operator:
            # He picked up in the instant we took the call away: the redirect has won, his phone is quiet.
            return
        self.place = Place.TALKING
        self.parts.submit(acd_facts.OperatorAnswered(self.call, operator))

    def _delivery_ended(self, operator: OperatorId, status: str) -> None:
        self._in_agi = False
        if self.operator != operator:
            return
        self.operator = None
        if self.place is Place.TALKING:
            self.place, self.ended_by = Place.MENU, "operator"
            self._on_entry = events.TalkEnded()
            self.parts.submit(acd_facts.TalkEnded(self.call, operator))
        elif self.place is Place.RINGING:
            self.place = Place.QUEUED
            report = REPORTS.get(status, acd_facts.OperatorMissed)
            self.parts.submit(report(self.call, operator))

    def _transferred(self, wish: Transferred) -> None:
        self.place, self.operator, self._in_agi = Place.QUEUED, None, False
        topic = TopicId(wish.to) if wish.kind == "topic" else None
        line = LineId(wish.to) if wish.kind == "line" else None
        self.parts.submit(acd_facts.TransferAsked(self.call, wish.operator, topic=topic, line=line))
