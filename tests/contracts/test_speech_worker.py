"""What every speech worker does for its controller, the process with its model or the scripted one."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest

from ivr.hearing.messages import (
    Began,
    Close,
    Drain,
    Expect,
    FromWorker,
    Heard,
    Key,
    Load,
    Lost,
    Open,
    Opened,
    Playing,
    Ready,
    Refused,
)
from ivr.hearing.scripted_worker import ScriptedWorker
from speech.expectation import Meaning
from tests.ivr.hearing.worker_process import (
    QUESTION,
    Caller,
    Controller,
    WorkerProcess,
    call,
    clip,
    line_noise,
    worker_process,
)

SAID = "оператор"
MEANT = Meaning("command", "person", 0.99, phrase=SAID, heard=SAID)


class Stage(Protocol):
    """A worker, its controller, and callers whose sound the switch sends."""

    controller: Controller

    async def sound(self, ear: str) -> None: ...
    async def says_it(self, ear: str) -> None: ...
    async def hangs_up(self, ear: str) -> None: ...
    async def dies(self) -> None: ...


class Scripted:
    def __init__(self) -> None:
        self.controller = Controller(ScriptedWorker, "127.0.0.1:7000")

    @property
    def worker(self) -> ScriptedWorker:
        assert isinstance(self.controller.link, ScriptedWorker)
        return self.controller.link

    async def sound(self, ear: str) -> None:
        self.worker.opened(ear)

    async def says_it(self, ear: str) -> None:
        self.worker.began(ear)
        self.worker.heard(ear, MEANT)

    async def hangs_up(self, ear: str) -> None:
        self.worker.loses(ear)

    async def dies(self) -> None:
        self.worker.dies()


class Real:
    def __init__(self, worker: WorkerProcess, controller: Controller) -> None:
        self.worker, self.controller = worker, controller
        self.callers: dict[str, Caller] = {}

    async def sound(self, ear: str) -> None:
        self.callers[ear] = await call(self.controller.ready.audio, ear)
        await self.callers[ear].say(line_noise(0.2))

    async def says_it(self, ear: str) -> None:
        await self.callers[ear].say(clip(SAID), pace=0.5)

    async def hangs_up(self, ear: str) -> None:
        self.callers[ear].writer.close()

    async def dies(self) -> None:
        os.kill(self.worker.process.pid, signal.SIGKILL)


@pytest.fixture(params=["scripted", "process"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        if request.param == "scripted":
            scripted = Scripted()
            scripted.controller.link.start()
            scripted.worker.comes("ru")
            yield scripted
            assert scripted.worker.rude == []
        else:
            worker = await stack.enter_async_context(worker_process(tmp_path))
            yield Real(worker, await stack.enter_async_context(worker.controller()))


async def opened(stage: Stage, *, turn: int = 1) -> str:
    """An ear that hears a caller who was asked something."""
    ear = str(uuid4())
    assert stage.controller.link.send(Open(ear))
    assert stage.controller.link.send(Expect(ear, turn, QUESTION))
    await stage.sound(ear)
    await stage.controller.first(Opened, ear)
    return ear


def told_of(controller: Controller, ear: str) -> list[FromWorker]:
    return [one for one in controller.heard if getattr(one, "ear", None) == ear]


async def test_it_says_who_it_is_and_how_it_is_before_anything_else(stage: Stage):
    controller = stage.controller
    await controller.first(Load)
    ready, load = controller.heard[:2]
    assert isinstance(ready, Ready)
    assert isinstance(load, Load)
    assert set(ready.languages) == {"ru"}
    assert ready.audio.rpartition(":")[2].isdigit()
    assert (load.ears, load.accepting) == (0, True)
    assert controller.states == [True]
    assert controller.link.well


async def test_what_a_caller_says_is_told_with_the_turn_it_was_said_in(stage: Stage):
    controller = stage.controller
    ear = await opened(stage, turn=3)
    controller.link.send(Playing(ear, True))
    controller.link.send(Playing(ear, False))
    await stage.says_it(ear)
    heard = await controller.first(Heard, ear)
    assert [type(one) for one in told_of(controller, ear)] == [Opened, Began, Heard]
    began = await controller.first(Began, ear)
    assert (began.turn, heard.turn) == (3, 3)
    assert (heard.meaning.kind, heard.meaning.name) == ("command", "person")
    assert began.delay >= 0
    assert heard.delay >= 0
    assert heard.speech > 0


async def test_two_callers_are_two_ears(stage: Stage):
    speaking, silent = await opened(stage), await opened(stage)
    await stage.says_it(speaking)
    await stage.controller.first(Heard, speaking)
    assert [type(one) for one in told_of(stage.controller, silent)] == [Opened]


async def test_of_an_ear_that_was_closed_nothing_is_told(stage: Stage):
    ear = await opened(stage)
    stage.controller.link.send(Key(ear))
    stage.controller.link.send(Close(ear))
    other = await opened(stage)
    await stage.says_it(other)
    await stage.controller.first(Heard, other)
    assert [type(one) for one in told_of(stage.controller, ear)] == [Opened]


async def test_a_caller_whose_sound_ends_is_lost_and_nobody_is_to_blame(stage: Stage):
    ear = await opened(stage)
    await stage.hangs_up(ear)
    assert (await stage.controller.first(Lost, ear)).why == ""


async def test_while_it_is_drained_it_refuses_callers_and_hears_those_it_has(stage: Stage):
    controller = stage.controller
    kept = await opened(stage)
    controller.heard = [one for one in controller.heard if not isinstance(one, Load)]
    controller.link.send(Drain())
    assert not (await controller.first(Load)).accepting
    late = str(uuid4())
    controller.link.send(Open(late))
    assert (await controller.first(Refused, late)).why == "draining"
    await stage.says_it(kept)
    await controller.first(Heard, kept)
    controller.link.send(Drain(on=False))
    await opened(stage)


async def test_when_it_dies_its_controller_knows_and_can_tell_it_nothing(stage: Stage):
    controller = stage.controller
    await opened(stage)
    await stage.dies()
    await controller.until(lambda: controller.states == [True, False])
    assert not controller.link.well
    assert controller.link.ready is controller.link.load is None
    assert not controller.link.send(Open(str(uuid4())))
    await asyncio.sleep(0)
    assert not any(isinstance(one, Lost) for one in controller.heard), "the state says it for all ears"
