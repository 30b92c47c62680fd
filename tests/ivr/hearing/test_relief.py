"""Who is given up when hearing falls behind, and that a worker then does so; no test waits for a machine to be slow."""

from __future__ import annotations

import asyncio
import threading
from uuid import UUID, uuid4

from ivr.asterisk.audiosocket import Audio, Identified, encode
from ivr.hearing.admission import UNLIMITED, Admission
from ivr.hearing.messages import FromWorker, Load, Lost, Open, Opened, Ready
from ivr.hearing.relief import OVERLOAD, PAUSE, Relief
from ivr.hearing.worker import Worker, WorkerLimits
from speech.listening_events import ListenerEvent
from tests.ivr.hearing.notebook import FRAME, Notebook

CALLERS = 5


def test_whoever_is_behind_for_a_moment_loses_nobody():
    relief = Relief()
    assert [relief.give_up(40, OVERLOAD * 0.9, now * 0.1) for now in range(50)] == [0] * 50


def test_a_tenth_is_given_up_and_then_it_is_seen_whether_that_was_enough():
    relief = Relief()
    assert relief.give_up(40, OVERLOAD, 10.0) == 4
    assert relief.give_up(36, OVERLOAD + 1, 10.0 + PAUSE / 2) == 0
    assert relief.give_up(36, OVERLOAD + 2, 10.0 + PAUSE) == 4


def test_while_it_catches_up_nobody_more_is_given_up():
    relief = Relief()
    relief.give_up(40, OVERLOAD + 2, 10.0)
    assert relief.give_up(36, OVERLOAD + 1, 10.0 + PAUSE) == 0


def test_one_caller_alone_who_is_too_much_is_given_up():
    assert Relief().give_up(1, OVERLOAD, 10.0) == 1


class Told:
    """A controller that writes down what it is told."""

    def __init__(self) -> None:
        self.draining = False
        self.messages: list[FromWorker] = []

    def tell(self, message: FromWorker) -> None:
        self.messages.append(message)

    def of(self, kind: type) -> list:
        return [one for one in self.messages if isinstance(one, kind)]


async def test_the_last_who_came_are_given_up_until_the_others_can_be_served():
    now, enough_time = 100.0, threading.Event()

    class Slow(Notebook):
        """His words are not found before there is time."""

        def __init__(self) -> None:
            super().__init__()
            self.speaking = True

        def recognise(self) -> list[ListenerEvent]:
            enough_time.wait()
            self.speaking = False
            return super().recognise()

    worker = Worker(
        WorkerLimits(threads=1),
        {"ru": "m"},
        Slow,
        clock=lambda: now,
        admission=Admission(1, UNLIMITED),
    )
    await worker.start("127.0.0.1", 0)
    told = Told()
    worker.joined(told)
    (ready,) = told.of(Ready)
    host, port = ready.audio.split(":")
    ears = [str(uuid4()) for _ in range(CALLERS)]
    writers = []
    try:
        async with asyncio.timeout(60):
            for ear in ears:
                worker.take(told, Open(ear))
                _, writer = await asyncio.open_connection(host, int(port))
                writer.write(encode(Identified(UUID(ear))) + encode(Audio(4 * FRAME, 8000)))
                writers.append(writer)
            while len(told.of(Opened)) < CALLERS:
                await asyncio.sleep(0.01)
            for count in (1, 2):
                now += OVERLOAD + PAUSE
                while len(told.of(Lost)) < count:
                    await asyncio.sleep(0.01)
            enough_time.set()
            while worker.load().behind:
                await asyncio.sleep(0.01)
            loads = len(told.of(Load))
            while len(told.of(Load)) < loads + 2:
                now += 0.02
                await asyncio.sleep(0.01)
        assert [one.ear for one in told.of(Lost)] == [ears[4], ears[3]]
        last = told.of(Load)[-1]
        assert (last.ears, last.refused) == (CALLERS - 2, 2)
    finally:
        enough_time.set()
        await worker.close()
    assert {one.ear for one in told.of(Lost)} == set(ears)
