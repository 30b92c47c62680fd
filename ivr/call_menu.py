"""The menu's part of a call: the conversation is told what the caller does, and what it says is done."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from msgspec.structs import replace

from acd.core import events as acd_facts
from acd.core.model import CallId, Language, LineId, Region, TopicId
from ivr.answer_time import AnswerTime
from ivr.call_hearing import CallHearing
from ivr.call_inputs import MusicDue
from ivr.call_parts import Parts, Place, Standing
from ivr.core import commands, events
from ivr.core.interpreter import Conversation
from ivr.hearing import ear
from ivr.player import Player

MUSIC_AFTER = 0.05  # seconds: an operator who is free at once is rung before any music starts


class CallMenu:
    """Raises AmiError when the switch does not do it, FlowError when the menu leads nowhere.

    standing, player, hearing, time: the session's. put: what is to happen to the call later.
    """

    def __init__(
        self,
        call: CallId,
        channel: str,
        conversation: Conversation,
        *,
        standing: Standing,
        player: Player,
        hearing: CallHearing,
        time: AnswerTime,
        parts: Parts,
        put: Callable[[MusicDue], None],
        region: Region | None,
    ) -> None:
        self._call, self._channel, self._conversation, self._region = call, channel, conversation, region
        self._at, self._player, self._hearing, self._time = standing, player, hearing, time
        self._parts, self._put = parts, put
        self._deferred: deque[commands.Enqueue | commands.Hangup] = deque()
        self._told_hearing: tuple[str, ...] = ()
        self._question: commands.Expect | None = None

    async def begin(self, event: events.AnyEvent) -> None:
        """The menu has the caller: from here on he is listened to, if he can be."""
        self._hearing.begin(self._conversation.language)
        if isinstance(event, events.Started | events.Resumed):
            heard = self._told_hearing = self._hearing.languages
            event = replace(event, hearing=bool(heard), heard_languages=heard)
        elif (news := self._hearing_changed()) is not None:
            await self.tell(news)
        await self.tell(event)

    async def tell(self, event: events.AnyEvent) -> None:
        """Tell it, and then, as long as that has changed, in which languages the caller can be heard."""
        now: events.AnyEvent | None = event
        while now is not None and self._at.place is Place.MENU:
            await self._obey(self._conversation.handle(now, self._parts.wall()))
            now = self._hearing_changed()

    def _hearing_changed(self) -> events.HearingChanged | None:
        if self._deferred or self._at.place is not Place.MENU:
            return None
        self._hearing.follow(self._conversation.language, playing=self._player.playing)
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
                    self._parts.recorder.step("MenuStep", self._call, body)
                case commands.Enqueue() | commands.Hangup():
                    # Said first, done afterwards: "connecting you" is heard to its end.
                    self._deferred.append(command)
                    self.leave()
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
                call=self._call,
                topic=TopicId(wish.topic),
                language=Language(wish.language),
                region=self._region,
                line=None if wish.line is None else LineId(wish.line),
                priority=wish.priority,
            )
        )
        asyncio.get_running_loop().call_later(MUSIC_AFTER, self._put, MusicDue())

    async def _hang_up(self) -> None:
        if self._at.ended_by == "caller":
            self._at.ended_by = "hotline"
        await self._parts.control.hangup(self._channel)

    def _ask(self, wish: commands.Listen) -> None:
        if not (self._time.speaking and wish.speech == self._question):
            # Else it is the same question, asked while he answers it: he is let finish.
            self._time.speech_ended()
            self._question = wish.speech
            self._hearing.expect(wish.speech, playing=self._player.playing)
        self._time.begin(wish.seconds)

    async def began_to_speak(self) -> None:
        self._time.speech_began()
        await self.tell(events.SpeechStarted())

    async def heard(self, news: ear.Heard) -> None:
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

    async def pressed(self, digit: str) -> None:
        self._hearing.key()
        await self._tell_of_speech(events.Digit(digit))

    async def ear_lost(self) -> None:
        now = self._hearing_changed()
        if now is not None:
            await self._tell_of_speech(now)
        elif self._time.speech_ended():  # another worker listens now; what it did not hear he says again
            self._listen_again()

    async def _tell_of_speech(self, event: events.AnyEvent) -> None:
        """Tell what has ended his speech; when nothing new is asked thereupon, his time begins anew."""
        was_speaking, before = self._time.speech_ended(), self._time.number
        await self.tell(event)
        if was_speaking and before == self._time.number:
            self._listen_again()

    async def silent(self) -> None:
        await self.tell(events.Silence())

    def speech_overdue(self) -> None:
        """The worker will say no more of what he began."""
        self._time.speech_ended()
        self._listen_again()

    def _listen_again(self) -> None:
        if self._at.place is Place.MENU and not self._deferred:
            self._time.begin_anew()

    def leave(self) -> None:
        """The menu has him no more."""
        self._hearing.close()
        self._time.leave()

    async def _stop_playing(self) -> None:
        self._time.prompt_stopped()
        await self._player.stop()

    async def prompts_heard(self) -> None:
        await self._do_deferred()
        self._time.prompt_over()
        await self.tell(events.PromptFinished())

    async def give_to_a_person(self) -> None:
        """The conversation has failed."""
        self.leave()
        await self._stop_playing()
        self._enqueue(commands.Enqueue(self._parts.fallback_topic(), self._conversation.language))
