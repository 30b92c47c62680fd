"""One trial: so many callers at once, silent for a while, then speaking; the machine's answer in figures."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.hearing.messages import FromWorker, Load
from ivr.speech_load.clips import Clip
from ivr.speech_load.figures import Trial
from ivr.speech_load.measured_worker import MeasuredWorker, WorkerFailed, measured_worker
from ivr.speech_load.stream import FRAME, Stream
from speech.expectation import Expectation

SILENT = 3.0  # seconds in which all listen and nobody speaks
OPENS_WITHIN = 10.0


@dataclass(frozen=True)
class Plan:
    """One trial. take_all: admission is off, so that the limit itself is found."""

    streams: int
    threads: int
    seconds: float
    take_all: bool = False
    seed: int = 1


async def run_trial(plan: Plan, asked: Expectation, clips: Sequence[Clip]) -> Trial:
    """Raises WorkerFailed."""
    streams: dict[str, Stream] = {}
    loads: list[Load] = []

    def take(message: FromWorker) -> None:
        if isinstance(message, Load):
            loads.append(message)
        elif stream := streams.get(getattr(message, "ear", "")):
            stream.take(message)

    more = ("--take-all",) if plan.take_all else ()
    async with measured_worker(plan.threads, take, *more) as worker:
        for number in range(plan.streams):
            rng = random.Random(plan.seed * 1000 + number)  # noqa: S311 - no secret
            stream = Stream(worker.link, asked, clips, rng, time.monotonic)
            streams[stream.ear] = stream
        try:
            return await _measure(plan, worker, list(streams.values()), loads)
        except (OSError, TimeoutError) as fault:
            raise WorkerFailed(f"the speech worker does not answer ({fault or 'too late'})") from fault


async def _measure(plan: Plan, worker: MeasuredWorker, streams: Sequence[Stream], loads: list[Load]) -> Trial:
    resting = worker.memory()
    ready = worker.link.ready
    if ready is None:
        raise WorkerFailed("the speech worker went away")
    pacer = asyncio.create_task(_pace(streams))
    try:
        async with asyncio.timeout(OPENS_WITHIN):
            for stream in streams:
                await stream.open(ready.audio)
            for stream in streams:
                await stream.opened.wait()
        heard = max(1, sum(not stream.refused for stream in streams))
        await asyncio.sleep(0.5)
        idle = await _cost(worker, streams, SILENT)
        loads.clear()
        silent = sum(stream.sent for stream in streams)
        for stream in streams:
            stream.speak()
        speaking = await _cost(worker, streams, plan.seconds)
        memory = worker.memory()
        spoken = sum(stream.sent for stream in streams) - silent
        for stream in streams:
            stream.finish()
    finally:
        pacer.cancel()
        for stream in streams:
            stream.close()
    return Trial(
        streams=plan.streams,
        refused=sum(stream.refused for stream in streams),
        threads=plan.threads,
        seconds=plan.seconds,
        speaking=speaking,
        idle=idle,
        voiced=sum(stream.voiced for stream in streams) / max(FRAME, spoken),
        memory=max(0, memory - resting) / heard,
        resting=float(resting),
        answers=tuple(answer for stream in streams for answer in stream.answers),
        began=tuple(delay for stream in streams for delay in stream.began),
        busy=max((load.busy for load in loads), default=0.0),
        behind=max((load.behind for load in loads), default=0.0),
    )


async def _cost(worker: MeasuredWorker, streams: Sequence[Stream], seconds: float) -> float:
    """Processor seconds per second of one ear's sound."""
    before, sent = worker.processor(), sum(stream.sent for stream in streams)
    await asyncio.sleep(seconds)
    return (worker.processor() - before) / max(FRAME, sum(stream.sent for stream in streams) - sent)


async def _pace(streams: Sequence[Stream]) -> None:
    """20 ms of every stream each 20 ms; what was late is caught up, as a switch would."""
    due = time.monotonic()
    while True:
        for stream in streams:
            stream.frame()
        due += FRAME
        await asyncio.sleep(max(0.0, due - time.monotonic()))
