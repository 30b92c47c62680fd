"""One open ear: its controller, its sound, what becomes of it. In the worker's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

import structlog

from ivr.asterisk.audiosocket_server import Source
from ivr.hearing.ear_work import EarWork, Share
from ivr.hearing.messages import Began, FromWorker, Heard, Lost, Opened, Refused
from speech.listening_events import ListenerEvent, SpeechBegan
from speech.pcm import TELEPHONE_RATE

log = structlog.get_logger(__name__)

TOO_LATE = 4.0  # seconds of unheard sound after which an ear is given up: what it would decide helps nobody
GAP = 0.4  # seconds without sound, while he speaks, that count as silence: a phone may send none in pauses


class Controller(Protocol):
    """Who asked for the ear."""

    def tell(self, message: FromWorker) -> None: ...


class WorkerEar:
    """Opened by its controller, fed by the switch (a `Sink`), ended by either or by a fault.

    queue: put its work among the threads'. over: told once, when it has ended. batch: seconds of sound worth
    waking a thread for. clock: monotonic, seconds.
    """

    def __init__(
        self,
        id: UUID,
        name: str,
        controller: Controller,
        work: EarWork,
        *,
        queue: Callable[[EarWork], None],
        over: Callable[[WorkerEar], None],
        batch: float,
        clock: Callable[[], float],
    ) -> None:
        self.id, self.name = id, name
        self.controller = controller
        self.work = work
        self.ended_already = False
        self._queue, self._over = queue, over
        self._batch, self._clock = batch, clock
        self._source: Source | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._queued = False
        self._arrived = False

    @property
    def fed(self) -> bool:
        """A connection of the switch belongs to it."""
        return self._source is not None

    def wait_for_sound(self, seconds: float) -> None:
        """Refuse it when the switch sends nothing within so long."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(seconds, self._silent_switch)

    def attach(self, source: Source) -> None:
        self._source = source

    # --- from the switch ---------------------------------------------------------------------------

    def sound(self, pcm: bytes, rate: int) -> None:
        if self.ended_already:
            return  # what came in one piece with the end
        if rate != TELEPHONE_RATE:
            log.error(
                "the switch sends sound of a rate nobody asked for; originate with Codecs: slin", rate=rate
            )
            self.end(tell=self._gone())
            return
        if not self._arrived and pcm:
            self._arrived = True
            if self._deadline:
                self._deadline.cancel()
            self.controller.tell(Opened(self.name))
        self._judge(pcm)
        if self.work.waiting > TOO_LATE and not self.ended_already:
            log.error("an ear cannot keep up and is given up", waiting=round(self.work.waiting, 1))
            self.end(tell=Lost(self.name, "full"))
        else:
            self._wake()

    def _judge(self, pcm: bytes) -> None:
        """Whether he speaks is told before anything is made of what he says."""
        try:
            self._tell(self.work.put_sound(pcm, self._clock()))
        except Exception as error:
            self._failed(error)

    def digit(self) -> None:
        """The spy passes none on; should the switch do it one day, it is a key."""
        self.wish_key()

    def ended(self, why: str) -> None:
        self._source = None
        if not self.ended_already:
            log.info("a caller's sound ended", ear=self.name, why=why)
            self.end(tell=self._gone())

    # --- from the controller -----------------------------------------------------------------------

    def wish_key(self) -> None:
        self.work.put(lambda listener: listener.key())

    def wish(self, what: Callable[..., None]) -> None:
        self.work.put(what)

    def end(self, tell: FromWorker | None = None) -> None:
        """No more listening; once. tell: what its controller is told."""
        if self.ended_already:
            return
        self.ended_already = True
        if self._deadline:
            self._deadline.cancel()
        if tell:
            self.controller.tell(tell)
        self._over(self)
        self.work.drop()
        source, self._source = self._source, None
        if source:
            source.close()

    # --- from the threads --------------------------------------------------------------------------

    def done(self, outcome: Share | Exception) -> None:
        """A share of its work came back."""
        self._queued = False
        if self.ended_already:
            return
        if isinstance(outcome, Exception):
            self._failed(outcome)
            return
        self._tell(outcome.events)
        self._wake()

    def beat(self, now: float) -> None:
        """Now and then: hear what no further sound will complete to a batch, and fill a gap in the sound of
        somebody who speaks, or his pause would never end."""
        missing = now - self.work.last_sound
        if self.work.pending and missing > self._batch:
            self._wake(now=True)
        elif self.work.speaking and missing > GAP and not self._queued:
            self._judge(bytes(2 * round(missing * TELEPHONE_RATE)))
            self._wake()

    def _failed(self, error: Exception) -> None:
        log.error("an ear failed", ear=self.name, exc_info=error)
        self.end(tell=Lost(self.name))

    def _tell(self, events: Iterable[ListenerEvent]) -> None:
        for event in events:
            self.controller.tell(self._message(event))

    def _message(self, event: ListenerEvent) -> FromWorker:
        now, arrivals = self._clock(), self.work.arrivals
        if isinstance(event, SpeechBegan):
            return Began(self.name, event.turn, max(0.0, now - arrivals.of(event.at)))
        speech = max(0.0, event.ended - event.began)
        return Heard(self.name, event.turn, event.meaning, speech, max(0.0, now - arrivals.of(event.ended)))

    def _wake(self, *, now: bool = False) -> None:
        if not self._queued and self.work.pending and (now or self.work.due(self._batch)):
            self._queued = True
            self._queue(self.work)

    def _silent_switch(self) -> None:
        log.warning("the switch sends no sound for an ear", ear=self.name)
        self.end(tell=Refused(self.name, "silent switch"))

    def _gone(self) -> FromWorker:
        return Lost(self.name) if self._arrived else Refused(self.name, "silent switch")
