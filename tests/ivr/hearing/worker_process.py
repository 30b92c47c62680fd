"""A real speech worker, its controller, and a switch that sends it sound."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import numpy as np

from ivr.asterisk.audiosocket import Audio, Identified, encode
from ivr.hearing.client import WorkerLink
from ivr.hearing.messages import FromWorker, Load, Ready
from ivr.hearing.pool import MakeLink
from ivr.hearing.worker_settings import TOKEN
from speech.expectation import Expectation
from speech.pcm import Samples
from speech.wav import read_wav

ROOT = Path(__file__).parents[3]
CLIPS = ROOT / "tests" / "sounds" / "speech"
QUESTION = Expectation(
    "menu", "ru", {"medical": ("врач", "скорая"), "work": ("работа",)}, {"person": ("оператор",)}
)
M = TypeVar("M")


def clip(text: str, condition: str = "clean") -> Samples:
    """A test voice that says it, with a line before and after on which nobody speaks."""
    for line in (CLIPS / "eval.tsv").read_text("utf-8").splitlines()[1:]:
        file, of, _, said, _ = line.split("\t")
        if (of, said) == (condition, text):
            return np.concatenate((line_noise(0.6), read_wav(CLIPS / file)[1], line_noise(1.2)))
    raise LookupError(text)


def line_noise(seconds: float) -> Samples:
    size = round(seconds * 8000)
    return np.rint(np.random.default_rng(1).normal(0, 26.0, size)).astype(np.int16)


class Controller:
    """A link to the worker, and what came over it."""

    def __init__(self, make_link: MakeLink, address: str) -> None:
        self.heard: list[FromWorker] = []
        self.states: list[bool] = []
        self._news = asyncio.Event()
        self.link = make_link(address, self._take, self._changed)

    def _take(self, message: FromWorker) -> None:
        self.heard.append(message)
        self._news.set()

    def _changed(self, well: bool) -> None:
        self.states.append(well)
        self._news.set()

    async def until(self, holds: Callable[[], bool], seconds: float = 15.0) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def first(self, kind: type[M], ear: str = "", seconds: float = 15.0) -> M:
        """The first message of that kind, for that ear; waits for it."""

        def found() -> list[M]:
            return [
                one for one in self.heard if isinstance(one, kind) and ear in ("", getattr(one, "ear", ""))
            ]

        await self.until(lambda: bool(found()), seconds)
        return found()[0]

    async def load(self) -> Load:
        """The next one."""
        self.heard = [one for one in self.heard if not isinstance(one, Load)]
        return await self.first(Load)

    @property
    def ready(self) -> Ready:
        assert self.link.ready
        return self.link.ready


class WorkerProcess:
    def __init__(self, process: asyncio.subprocess.Process, address: str, token: str, said: Path) -> None:
        self.process, self.address, self.token, self.said = process, address, token, said

    def _link(self, address: str, on_message: Any, on_state: Any) -> WorkerLink:
        return WorkerLink(address, self.token, on_message, on_state)

    @asynccontextmanager
    async def controller(self) -> AsyncIterator[Controller]:
        controller = Controller(self._link, self.address)
        controller.link.start()
        try:
            await controller.until(lambda: controller.link.well)
            yield controller
        finally:
            await controller.link.close()


@asynccontextmanager
async def worker_process(folder: Path, *more: str, address: str = "") -> AsyncIterator[WorkerProcess]:
    """Ready to be connected to; ended with the block."""
    token = secrets.token_urlsafe(24)
    address = address or str(folder / "speech.sock")
    said = folder / "said"
    with said.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ivr.speech_worker", "--listen", address, "--with-parent", *more),
            cwd=ROOT,
            env={**os.environ, TOKEN: token},
            stdout=out,
            stderr=out,
        )
    try:
        async with asyncio.timeout(40):
            while b"is ready" not in said.read_bytes():
                assert process.returncode is None, said.read_text()
                await asyncio.sleep(0.02)
        yield WorkerProcess(process, address, token, said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Caller:
    """The switch's end of one caller's sound."""

    def __init__(self, ear: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ear, self.reader, self.writer = ear, reader, writer

    async def say(self, sound: Samples, *, pace: float = 1.0) -> None:
        """In frames of 20 ms, in real time times `pace`."""
        begun = time.monotonic()
        for at in range(0, sound.size - 159, 160):
            self.writer.write(encode(Audio(sound[at : at + 160].tobytes(), 8000)))
            await asyncio.sleep(max(0.0, begun + at / 8000 * pace - time.monotonic()))

    async def ended(self, seconds: float = 5.0) -> bool:
        """Whether the worker ends the connection."""
        try:
            async with asyncio.timeout(seconds):
                return await self.reader.read() == b""
        except ConnectionError:
            return True


async def call(audio: str, ear: str = "") -> Caller:
    ear = ear or str(uuid4())
    host, _, port = audio.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(encode(Identified(UUID(ear))))
    return Caller(ear, reader, writer)
