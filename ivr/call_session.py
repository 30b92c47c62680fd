"""One call from ring to hang-up: the shell around its conversation, on one task of its own."""

from __future__ import annotations

import asyncio
from collections import deque

import structlog
from msgspec.structs import replace

from acd.core import commands as acd_commands
from acd.core import events as acd_facts
from acd.core.model import CallId, Language, LineId, OperatorId, Region, TopicId
from ivr.answer_time import AnswerTime
from ivr.asterisk.ami_client import AmiError
from ivr.call_delivery import CallDelivery
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
from ivr.call_parts import Parts, Place, Standing
from ivr.core import commands, events
from ivr.core.flow import FlowError
from ivr.core.interpreter import Conversation
from ivr.hearing import ear
from ivr.player import Player
from ivr.sounds import Sounds

log = structlog.get_logger()

MUSIC_AFTER = 0.05  # seconds: an operator who is free at once is rung before any music starts


class Inbox(asyncio.Queue[Input]):
    def holds(self, kind: type[Input]) -> bool:
        return any(isinstance(item, kind) for item in self._queue)  # type: ignore[attr-defined]


class CallSession:
    """Carries out what the conversation and the dispatcher ask for, and tells them what came of it.

    `put` hands in what happened; `run` works it off in order. Nothing else touches the channel.
    """

    def __init__(
        self,
        call: CallId,
        channel: str,
        conversation: Conversation,
        sounds: Sounds,
        parts: Parts,
        region: Region | None = None,
    ) -> None:
        self.call, self.channel, self.conversation, self.region = call, channel, conversation, region
        self._sounds, self._parts = sounds, parts
        self._at = Standing()
        self._inbox = Inbox()
        self._player = Player(call, channel, parts.control, sounds, lambda run: self.put(PlayerDone(run)))
        self._hearing = CallHearing(call, parts.control, parts.hearing, self.put, self._by_key_only)
        self._delivery = CallDelivery(call, channel, self._at, self._player, parts)
        self._time = AnswerTime(self.put, lambda: self._player.playing)
        self._deferred: deque[commands.Enqueue | commands.Hangup] = deque()
        self._told_hearing: tuple[str, ...] = ()
        self._question: commands.Expect | None = None

    def put(self, item: Input) -> None:
        self._inbox.put_nowait(item)

    @property
    def place(self) -> Place:
        return self._at.place

    @property
    def operator(self) -> OperatorId | None:
        """Who is rung, or talks with him."""
        return self._at.operator

    @property
    def ear(self) -> str | None:
        """The id under which his voice is sent to a speech worker; None when it is not."""
        return self._hearing.ear

    @property
    def at_switch_mercy(self) -> bool:
        """True while the channel needs our heartbeat to stay out of the fallback music."""
        return self.place in (Place.MENU, Place.QUEUED)

    def was_found(self, *, talking_with: OperatorId | None = None) -> None:
        """A controller before us had put him into the queue, or through to an operator."""
        self._at.place = Place.TALKING if talking_with else Place.QUEUED
        self._at.operator = talking_with

    async def run(self, first: events.AnyEvent | None) -> None:
        """Until the caller is gone. first: what the conversation is told when the channel is ready."""
        self._at.on_entry = first
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
            case SpeechOverdue(number=number) if self._time.is_overdue(number):
                self._time.speech_ended()
                self._listen_again()
            case PlayerDone(run=run) if self._player.is_over(run):
                await self._prompts_heard()
            case ListenOver(number=number) if self._time.is_over(number):
                await self._tell(events.Silence())
            case MusicDue() if self.place is Place.QUEUED and self._at.in_agi and not self._player.playing:
                await self._parts.control.music(self.channel, on=True)
            case acd_commands.RingOperator(operator=operator):
                await self._delivery.ring(operator)
            case acd_commands.StopRinging(operator=operator):
                await self._delivery.stop_ringing(
                    operator, lambda: self._inbox.holds(acd_commands.RingOperator)
                )
            case acd_commands.Announce():
                await self._announce(item)
            case acd_commands.Overflow(why=why):
                await self._refused(why)
            case Answered(operator=operator):
                self._delivery.answered(operator)
            case DeliveryEnded(operator=operator, status=status):
                self._delivery.ended(operator, status)
            case Transferred():
                self._delivery.transferred(item)
            case Regained():
                self._regained()
            case CallerLeft(cause=cause):
                await self._hung_up(cause)
            case _:
                pass

    # --- the channel -----------------------------------------------------------------------------

    async def _entered(self) -> None:
        self._at.in_agi = True
        if self.place is Place.QUEUED:
            await self._parts.control.music(self.channel, on=True)
        elif self.place is Place.MENU and self._at.on_entry:
            event, self._at.on_entry = self._at.on_entry, None
            await self._begin(event)

    async def _begin(self, event: events.AnyEvent) -> None:
        """The menu has the caller: from here on he is listened to, if he can be."""
        self._hearing.begin(self.conversation.language)
        if isinstance(event, events.Started | events.Resumed):
            heard = self._told_hearing = self._hearing.languages
            event = replace(event, hearing=bool(heard), heard_languages=heard)
        elif (news := self._hearing_changed()) is not None:
            await self._tell(news)
        await self._tell(event)

    def _regained(self) -> None:
        """What was being said went unheard: the question is asked again when the channel is back in AGI."""
        self._player.forget()
        self._at.in_agi = False
        if self.place is Place.MENU and self._at.on_entry is None:
            self._at.on_entry = events.Resumed()

    async def _hung_up(self, cause: str) -> None:
        self._stop_hearing()
        self._player.forget()
        self._parts.submit(acd_facts.CallerHungUp(self.call))
        self.conversation.handle(events.CallerHungUp(), self._parts.wall())
        self._at.place = Place.OVER
        self._parts.recorder.step("CallEnded", self.call, {"by": self._at.ended_by, "cause": cause})

    # --- the conversation ------------------------------------------------------------------------

    async def _tell(self, event: events.AnyEvent) -> None:
        """Tell it, and then, as long as that has changed, in which languages the caller can be heard."""
        now: events.AnyEvent | None = event
        while now is not None and self.place is Place.MENU:
            await self._obey(self.conversation.handle(now, self._parts.wall()))
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
                    self._parts.recorder.step("MenuStep", self.call, body)
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
        self._at.place = Place.QUEUED
        self._time.stop()
        self._parts.submit(
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
        if self._at.ended_by == "caller":
            self._at.ended_by = "hotline"
        await self._parts.control.hangup(self.channel)

    async def _give_to_a_person(self) -> None:
        self._stop_hearing()
        await self._stop_playing()
        self._enqueue(commands.Enqueue(self._parts.fallback_topic(), self.conversation.language))

    def _ask(self, wish: commands.Listen) -> None:
        if not (self._time.speaking and wish.speech == self._question):
            # Else it is the same question, asked while he answers it: he is let finish.
            self._time.speech_ended()
            self._question = wish.speech
            self._hearing.expect(wish.speech, playing=self._player.playing)
        self._time.begin(wish.seconds)

    # --- what he says ----------------------------------------------------------------------------

    async def _began_to_speak(self) -> None:
        self._time.speech_began()
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
        elif self._time.speech_ended():  # another worker listens now; what it did not hear he says again
            self._listen_again()

    async def _tell_of_speech(self, event: events.AnyEvent) -> None:
        """Tell what has ended his speech; when nothing new is asked thereupon, his time begins anew."""
        was_speaking, before = self._time.speech_ended(), self._time.number
        await self._tell(event)
        if was_speaking and before == self._time.number:
            self._listen_again()

    def _listen_again(self) -> None:
        if self.place is Place.MENU and not self._deferred:
            self._time.begin_anew()

    def _stop_hearing(self) -> None:
        self._hearing.close()
        self._time.leave()

    def _by_key_only(self, why: str, language: str) -> None:
        """Nobody can listen to him: for the call's story."""
        self._parts.recorder.step("KeysOnly", self.call, {"why": why, "language": language})

    # --- prompts ---------------------------------------------------------------------------------

    async def _stop_playing(self) -> None:
        self._time.prompt_stopped()
        await self._player.stop()

    async def _prompts_heard(self) -> None:
        if self.place is Place.QUEUED:
            self.put(MusicDue())
            return
        await self._do_deferred()
        self._time.prompt_over()
        await self._tell(events.PromptFinished())

    # --- the queue -------------------------------------------------------------------------------

    async def _announce(self, news: acd_commands.Announce) -> None:
        if self.place is not Place.QUEUED or self._player.playing or not self._at.in_agi:
            return
        await self._parts.control.music(self.channel, on=False)
        for prompt in self._sounds.place_in_queue(news.position, news.wait, self.conversation.language):
            self._player.play(prompt)

    async def _refused(self, why: str) -> None:
        if self.place is not Place.QUEUED:
            return
        self._at.place = Place.MENU
        await self._tell(events.QueueRefused(why))
