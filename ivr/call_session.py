"""One call from ring to hang-up: the shell around its conversation, on one task of its own."""

from __future__ import annotations

import asyncio

import structlog

from acd.core import commands as acd_commands
from acd.core import events as acd_facts
from acd.core.model import CallId, OperatorId, Region
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
from ivr.call_menu import CallMenu
from ivr.call_parts import Parts, Place, Standing
from ivr.core import events
from ivr.core.flow import FlowError
from ivr.core.interpreter import Conversation
from ivr.hearing import ear
from ivr.player import Player
from ivr.sounds import Sounds

log = structlog.get_logger()


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
        self.call, self.channel, self.conversation = call, channel, conversation
        self._sounds, self._parts = sounds, parts
        self._at = Standing()
        self._inbox = Inbox()
        self._player = Player(call, channel, parts.control, sounds, lambda run: self.put(PlayerDone(run)))
        self._hearing = CallHearing(call, parts.control, parts.hearing, self.put, self._by_key_only)
        self._delivery = CallDelivery(call, channel, self._at, self._player, parts)
        self._time = AnswerTime(self.put, lambda: self._player.playing)
        self._menu = CallMenu(
            call,
            channel,
            conversation,
            standing=self._at,
            player=self._player,
            hearing=self._hearing,
            time=self._time,
            parts=parts,
            put=self.put,
            region=region,
        )

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
                await self._menu.give_to_a_person()

    async def _on(self, item: Input) -> None:  # noqa: PLR0912 - one arm an input
        match item:
            case Entered():
                await self._entered()
            case Pressed(digit=digit):
                await self._menu.pressed(digit)
            case ear.Began(ear=id) if self._hearing.is_present(id):
                await self._menu.began_to_speak()
            case ear.Heard(ear=id) if self._hearing.is_present(id):
                await self._menu.heard(item)
            case ear.EarGone() if self._hearing.lost(item):
                await self._menu.ear_lost()
            case SpeechOverdue(number=number) if self._time.is_overdue(number):
                self._menu.speech_overdue()
            case PlayerDone(run=run) if self._player.is_over(run):
                await self._prompts_heard()
            case ListenOver(number=number) if self._time.is_over(number):
                await self._menu.silent()
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
            await self._menu.begin(event)

    def _regained(self) -> None:
        """What was being said went unheard: the question is asked again when the channel is back in AGI."""
        self._player.forget()
        self._at.in_agi = False
        if self.place is Place.MENU and self._at.on_entry is None:
            self._at.on_entry = events.Resumed()

    async def _hung_up(self, cause: str) -> None:
        self._menu.leave()
        self._player.forget()
        self._parts.submit(acd_facts.CallerHungUp(self.call))
        self.conversation.handle(events.CallerHungUp(), self._parts.wall())
        self._at.place = Place.OVER
        self._parts.recorder.step("CallEnded", self.call, {"by": self._at.ended_by, "cause": cause})

    async def _prompts_heard(self) -> None:
        if self.place is Place.QUEUED:
            self.put(MusicDue())
        else:
            await self._menu.prompts_heard()

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
        await self._menu.tell(events.QueueRefused(why))

    def _by_key_only(self, why: str, language: str) -> None:
        """Nobody can listen to him: for the call's story."""
        self._parts.recorder.step("KeysOnly", self.call, {"why": why, "language": language})
