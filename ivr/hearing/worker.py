"""A speech worker: the ears of many callers, for one controller or several."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from math import inf
from pathlib import Path
from typing import Protocol
from uuid import UUID

import structlog

from ivr.asterisk.audiosocket_server import AudioSocketServer, Source
from ivr.hearing.address import joined
from ivr.hearing.admission import Admission
from ivr.hearing.ear_work import EarWork, Listening, Share
from ivr.hearing.hearing_threads import HearingThreads, Work
from ivr.hearing.kept_sound import KeptSound
from ivr.hearing.messages import (
    Close,
    Drain,
    Expect,
    FromController,
    FromWorker,
    Hello,
    Key,
    Load,
    Lost,
    Open,
    Playing,
    Ready,
    Refused,
)
from ivr.hearing.relief import Relief
from ivr.hearing.worker_ear import WorkerEar

log = structlog.get_logger(__name__)

BEAT = 0.1  # seconds between two looks at the ears
BATCH = 0.06  # seconds of speech worth waking a thread for
TELL = 1.0  # seconds between two `Load`


class Controller(Protocol):
    """One connected controller."""

    draining: bool

    def tell(self, message: FromWorker) -> None: ...


@dataclass(frozen=True)
class WorkerLimits:
    """threads: that recognise. batch: seconds of speech worth waking one for. ears: at once, whatever they cost.
    sound_within: seconds in which the switch must send an ear's sound."""

    threads: int
    batch: float = BATCH
    ears: int = 500
    sound_within: float = 5.0


class Worker:
    """languages: language -> model's name. listener: a new one, for one caller."""

    def __init__(
        self,
        limits: WorkerLimits,
        languages: Mapping[str, str],
        listener: Callable[[], Listening],
        *,
        clock: Callable[[], float],
        admission: Admission | None = None,
    ) -> None:
        self._limits = limits
        self._languages = dict(languages)
        self._listener = listener
        self._clock = clock
        self._admission = admission or Admission(limits.threads)
        self._threads: HearingThreads[Share] = HearingThreads(limits.threads, self._done)
        self._audio = AudioSocketServer(self._claim, connections=limits.ears + 50)
        self._address = ""
        self._ears: dict[UUID, WorkerEar] = {}
        self._by_work: dict[EarWork, WorkerEar] = {}
        self._controllers: set[Controller] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._opened = count()
        self._refused = 0
        self._relief = Relief()
        self._busy = 0.0
        self._worked = 0.0
        self._loop_late = 0.0

    async def start(self, host: str, port: int, public: str = "") -> None:
        """Take sound. public: where the switch finds us, when it is not `host`. Raises OSError."""
        await self._audio.start(host, port)
        self._address = joined(public or host, self._audio.port)
        self._threads.start()
        self._ticking = asyncio.get_running_loop().create_task(self._tick())

    async def close(self) -> None:
        """Every ear's controller is told that it is lost."""
        if self._ticking:
            self._ticking.cancel()
        for ear in list(self._ears.values()):
            ear.end(tell=Lost(ear.name))
        await self._audio.close()
        self._threads.close()

    # --- controllers -------------------------------------------------------------------------------

    def joined(self, controller: Controller) -> None:
        self._controllers.add(controller)
        controller.tell(Ready(os.getpid(), self._languages, self._address))
        controller.tell(self.load())

    def left(self, controller: Controller) -> None:
        """Its callers go on by key; it will open new ears when it is back."""
        self._controllers.discard(controller)
        for ear in [one for one in self._ears.values() if one.controller is controller]:
            ear.end()

    def take(self, controller: Controller, message: FromController) -> None:
        """A message after `Hello`. Raises ValueError for one that makes no sense."""
        match message:
            case Open():
                self._open(controller, message)
            case Drain(on):
                if on != controller.draining:
                    controller.draining = on
                    log.info("a controller drains the worker" if on else "the worker is drained no more")
                controller.tell(self.load())
            case Expect() | Playing() | Key() | Close():
                ear = self._ears.get(_uuid(message.ear))
                if ear and ear.controller is controller:
                    _pass_on(ear, message)
            case Hello():
                raise ValueError("a second hello")

    def load(self) -> Load:
        now = self._clock()
        speaking, behind = self._speaking(), self._behind(now)
        return Load(
            ears=len(self._ears),
            speaking=speaking,
            busy=round(self._busy, 3),
            behind=round(behind, 3),
            accepting=not self._why_not(now),
            refused=self._refused,
        )

    def _open(self, controller: Controller, wish: Open) -> None:
        id = _uuid(wish.ear)
        if id in self._ears:
            raise ValueError("an ear that is open already")
        if why := self._why_not(self._clock()):
            if why == "full":
                self._refused += 1
            controller.tell(Refused(wish.ear, why))
            return
        keep = KeptSound(Path(wish.keep_in), wish.ear) if wish.keep_in else None
        work = EarWork(self._listener(), keep.take if keep else None)
        rank = next(self._opened)
        ear = WorkerEar(
            id,
            wish.ear,
            controller,
            work,
            queue=lambda work: self._threads.put(work, rank),
            over=self._over,
            batch=self._limits.batch,
            clock=self._clock,
        )
        self._ears[id] = self._by_work[work] = ear
        ear.wait_for_sound(self._limits.sound_within)

    def _why_not(self, now: float) -> str:
        """ "" when a further ear may be opened."""
        if any(controller.draining for controller in self._controllers):
            return "draining"
        ears = len(self._ears)
        if ears >= self._limits.ears:
            return "full"
        return "" if self._admission.accepts(ears, self._speaking(), self._behind(now), now) else "full"

    # --- the switch --------------------------------------------------------------------------------

    def _claim(self, id: UUID, source: Source) -> WorkerEar | None:
        ear = self._ears.get(id)
        if ear is None or ear.fed:
            return None
        ear.attach(source)
        return ear

    # --- the threads -------------------------------------------------------------------------------

    def _done(self, work: Work[Share], outcome: Share | Exception, took: float) -> None:
        self._worked += took
        if isinstance(outcome, Share):
            self._admission.heard(outcome.sound, took, speaking=True)
        assert isinstance(work, EarWork)  # noqa: S101 - nothing else is put
        ear = self._by_work.get(work)
        if ear:
            ear.done(outcome)

    def _over(self, ear: WorkerEar) -> None:
        self._ears.pop(ear.id, None)
        self._by_work.pop(ear.work, None)

    async def _tick(self) -> None:
        told = self._clock()
        while True:
            due = self._clock() + BEAT
            await asyncio.sleep(BEAT)
            now = self._clock()
            self._loop_late = max(0.0, now - due)
            for ear in list(self._ears.values()):
                ear.beat(now)
                sound, spent = ear.work.judged()
                self._worked += spent
                self._admission.heard(sound, spent, speaking=False)
            self._relieve(now)
            if now - told >= TELL:
                self._busy = min(1.0, self._worked / (now - told) / self._limits.threads)
                self._worked, told = 0.0, now
                load = self.load()
                for controller in list(self._controllers):
                    controller.tell(load)

    def _relieve(self, now: float) -> None:
        """Overloaded all the same, all would be answered too late: the last who came go on by key."""
        heard = [ear for ear in self._ears.values() if ear.fed]
        lost = self._relief.give_up(len(heard), self._behind(now), now)
        if not lost:
            return
        log.warning("too much speech at once; some callers go on by key", ears=len(heard), lost=lost)
        self._refused += lost
        self._admission.accepts(len(heard), len(heard), inf, now)
        for ear in heard[-lost:]:
            ear.end(tell=Lost(ear.name))

    def _speaking(self) -> int:
        return sum(ear.work.speaking for ear in self._ears.values())

    def _behind(self, now: float) -> float:
        """Seconds the oldest unheard sound waits; what a batch still collects counts, too, and what the loop
        has not read yet."""
        oldest = [at for ear in self._ears.values() if (at := ear.work.oldest()) is not None]
        return max(self._loop_late, now - min(oldest)) if oldest else self._loop_late


def _uuid(text: str) -> UUID:
    """Raises ValueError; an ear's name becomes a file's name and must be no path."""
    return UUID(text)


def _pass_on(ear: WorkerEar, message: Expect | Playing | Key | Close) -> None:
    match message:
        case Expect(_, turn, expectation, playing):
            ear.wish(lambda listener: listener.expect(turn, expectation, playing=playing))
        case Playing(_, on):
            ear.wish(lambda listener: listener.playing(on))
        case Key():
            ear.wish_key()
        case Close():
            ear.end()
