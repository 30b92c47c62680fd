"""A worker whose hearing is slower than speech: somebody has to go on by key, so that the others are answered."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID, uuid4

from ivr.asterisk.audiosocket import Audio, Identified, encode
from ivr.hearing.admission import UNLIMITED, Admission
from ivr.hearing.messages import FromWorker, Load, Lost, Open, Ready
from ivr.hearing.worker import Worker, WorkerLimits
from speech.listening_events import ListenerEvent
from speech.pcm import Samples
from tests.ivr.hearing.test_ear_work import FRAME, Notebook

SLOWNESS = 0.4  # seconds of a thread for a second of sound: two callers and a half are all it can do


class Slow(Notebook):
    def feed(self, samples: Samples) -> list[ListenerEvent]:
        time.sleep(samples.size / 8000 * SLOWNESS)
        return []


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
    admission = Admission(1, UNLIMITED)
    worker = Worker(WorkerLimits(threads=1), {"ru": "m"}, Slow, clock=time.monotonic, admission=admission)
    await worker.start("127.0.0.1", 0)
    told = Told()
    worker.joined(told)
    (ready,) = told.of(Ready)
    host, port = ready.audio.split(":")
    ears = [str(uuid4()) for _ in range(5)]
    writers = []
    for ear in ears:
        worker.take(told, Open(ear))
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(encode(Identified(UUID(ear))))
        writers.append(writer)
    try:
        async with asyncio.timeout(20):
            while len(told.of(Lost)) < 3 or not _relieved(told.of(Load)[-1], 5 - len(told.of(Lost))):
                for writer in writers:
                    if not writer.is_closing():
                        writer.write(encode(Audio(FRAME, 8000)))
                await asyncio.sleep(0.02)
        lost = [one.ear for one in told.of(Lost)]
        assert {one.why for one in told.of(Lost)} == {"full"}
        assert lost == ears[: -len(lost) - 1 : -1]
        last = told.of(Load)[-1]
        assert last.ears > 0
        assert last.refused == len(lost)
    finally:
        await worker.close()
    assert {one.ear for one in told.of(Lost)} == set(ears)


def _relieved(last: Load, left: int) -> bool:
    """Said after the last loss, and those that are left are heard in time."""
    return last.ears == left and last.behind <= 0.5
