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
from msgspec.structs import replace

from acd.core import commands as acd_commands
from acd.core import events as acd_facts
from acd.core.model import CallId, Language, LineId, OperatorId, Region, TopicId
from ivr.asterisk.ami_client import AmiError
from ivr.asterisk.call_control import CallControl
from ivr.call_hearing import CallHearing
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
    SpeechOverdue,
    Transferred,
)
from ivr.core import commands, events
from ivr.core.flow import FlowError
from ivr.core.interpreter import Conversation
from ivr.hearing import ear
from ivr.hearing.pool import WorkerPool
from ivr.player import Player
from ivr.sounds import Sounds

log = structlog.get_logger()

MUSIC_AFTER = 0.05  # seconds: an operator who is free at once is rung before any music starts
LONGEST_SPEECH = (
    20.0  # seconds from its beginning after which a worker that says no more of it is not waited for
)


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
    """What every session shares. hearing: the speech workers, None when the site listens to nobody."""

    control: CallControl
    submit: Callable[[acd_facts.AnyFact], None]
    recorder: Recorder
    wall: Callable[[], datetime]
    endpoint_of: Callable[[OperatorId], str]
    fallback_topic: Callable[[], TopicId]
    hearing: WorkerPool | None = None


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
    _wait: float | None = None
    _speech: int = 0
    _speaking: bool = False
    _told_hearing: tuple[str, ...] = ()
    _question: commands.Expect | None = None
    _in_agi: bool = False
    _on_entry: events.AnyEvent | None = None

    def __post_init__(self) -> None:
        self._player = Player(
            self.call, self.channel, self.parts.control, self.sounds, lambda run: self.put(PlayerDone(run))
        )
        self._hearing = CallHearing(self.call, self.parts.control, self.parts.hearing, self.put)

    def put(self, item: Input) -> None:
        self._inbox.put_nowait(item)

    @property
    def ear(self) -> str | None:
        """The id under which his voice is sent to a speech worker; None when it is not."""
        return self._hearing.ear

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
                self._hearing.playing(self._player.playing)
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
                await self._pressed(digit)
            case ear.Began(ear=id) if self._hearing.is_present(id):
                await self._began_to_speak()
            case ear.Heard(ear=id) if self._hearing.is_present(id):
                await self._heard(item)
            case ear.EarGone() if self._hearing.lost(item):
                await self._ear_lost()
            case SpeechOverdue(number=number) if number == self._speech and self._speaking:
                self._speaking = False
                self._listen_again()
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
            await self._begin(event)

    async def _begin(self, event: events.AnyEvent) -> None:
        """The menu has the caller: from here on he is listened to, if he can be."""
        self._hearing.begin(self.conversation.language)
        if isinstance(event, events.Started):
            heard = self._told_hearing = self._hearing.languages
            event = replace(event, hearing=bool(heard), heard_languages=heard)
        elif (news := self._hearing_changed()) is not None:
            await self._tell(news)
        await self._tell(event)

    def _regained(self) -> None:
        """What was being said went unheard: the question is asked again when the channel is back in AGI."""
        self._player.forget()
        self._in_agi = False
        if self.place is Place.MENU and self._on_entry is None:
            self._on_entry = events.Resumed()

    async def _hung_up(self, cause: str) -> None:
        self._stop_hearing()
        self._player.forget()
        self.parts.submit(acd_facts.CallerHungUp(self.call))
        self.conversation.handle(events.CallerHungUp(), self.parts.wall())
        self.place = Place.OVER
        self.parts.recorder.step("CallEnded", self.call, {"by": self.ended_by, "cause": cause})

    # --- the conversation ------------------------------------------------------------------------

    async def _tell(self, event: events.AnyEvent) -> None:
        """Tell it, and then, as long as that has changed, in which languages the caller can be heard."""
        now: events.AnyEvent | None = event
        while now is not None and self.place is Place.MENU:
            await self._obey(self.conversation.handle(now, self.parts.wall()))
            now = self._hearing_changed()

    def _hearing_changed(self) -> events.HearingChanged | None:
        if self._deferred or self.place is not Place.MENU:
            return None
        self._hearing.follow(self.conversation.language, playing=self._player.playing)
        heard = self._hearing.languages
        if heard == self._told_hearing:
            return None
        self._told_hearing = heard
        return events.HearingChanged(bool(heard), heard)

    async def _obey(self, given: list[commands.AnyCommand]) -> None:
        for command in given:
            match command:
                case commands.Play():
                    self._player.play(command)
                case commands.StopPlaying():
                    await self._stop_playing()
                case commands.Listen():
                    self._ask(command)
                case commands.Note(step=step, node=node, detail=detail):
                    body = {"step": step, "node": node, "detail": detail}
                    self.parts.recorder.step("MenuStep", self.call, body)
                case commands.Enqueue() | commands.Hangup():
                    # Said first, done afterwards: "connecting you" is heard to its end.
                    self._deferred.append(command)
                    self._stop_hearing()
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
        self._stop_hearing()
        await self._stop_playing()
        self._enqueue(commands.Enqueue(self.parts.fallback_topic(), self.conversation.language))

    def _ask(self, wish: commands.Listen) -> None:
        if not (self._speaking and wish.speech == self._question):
            # Else it is the same question, asked while he answers it: he is let finish.
            self._speaking, self._question = False, wish.speech
            self._hearing.expect(wish.speech, playing=self._player.playing)
        self._listen(wish.seconds)

    # --- what he says ----------------------------------------------------------------------------

    async def _began_to_speak(self) -> None:
        """His time to answer stands still until he has ended, or for as long as anybody may speak."""
        self._speaking = True
        self._speech += 1
        self._listening += 1
        asyncio.get_running_loop().call_later(LONGEST_SPEECH, self.put, SpeechOverdue(self._speech))
        await self._tell(events.SpeechStarted())

    async def _heard(self, news: ear.Heard) -> None:
        meaning = news.meaning
        spoken = events.Spoken(
            kind=meaning.kind,
            name=meaning.name,
            confidence=meaning.confidence,
            phrase=meaning.phrase,
            alternatives=meaning.alternatives,
            heard=meaning.heard,
        )
        await self._tell_of_speech(spoken)

    async def _pressed(self, digit: str) -> None:
        self._hearing.key()
        await self._tell_of_speech(events.Digit(digit))

    async def _ear_lost(self) -> None:
        now = self._hearing_changed()
        if now is not None:
            await self._tell_of_speech(now)
        elif self._speaking:  # another worker listens now; what it did not hear he says again
            self._speaking = False
            self._listen_again()

    async def _tell_of_speech(self, event: events.AnyEvent) -> None:
        """Tell what has ended his speech; when nothing new is asked thereupon, his time begins anew."""
        was_speaking, self._speaking = self._speaking, False
        before = self._listening
        await self._tell(event)
        if was_speaking and before == self._listening:
            self._listen_again()

    def _listen_again(self) -> None:
        if self._wait is not None and self.place is Place.MENU and not self._deferred:
            self._listen(self._wait)

    def _stop_hearing(self) -> None:
        self._hearing.close()
        self._speaking, self._wait = False, None

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
        self._wait = seconds
        if self._player.playing:
            self._listen_seconds = seconds
            return
        self._listen_seconds = None
        if self._speaking:
            return
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
