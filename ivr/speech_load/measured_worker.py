"""A speech worker of our own for a trial: a real process, watched from outside."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.hearing.client import WorkerLink
from ivr.hearing.messages import FromWorker
from ivr.hearing.worker_settings import TOKEN
from ivr.instance import PROJECT

STARTS_WITHIN = 60.0  # seconds; a large model from a cold disk


class WorkerFailed(Exception):
    """It does not start, or died under the load; the text is its own last words."""


@dataclass(frozen=True)
class MeasuredWorker:
    """Its link, and what the kernel says of its process."""

    link: WorkerLink
    pid: int

    def processor(self) -> float:
        """Seconds of processor time so far, all threads. Raises WorkerFailed when it is gone."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes resident. Raises WorkerFailed when it is gone."""
        return int(self._proc("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def _proc(self, name: str) -> str:
        try:
            return Path(f"/proc/{self.pid}/{name}").read_text()
        except (FileNotFoundError, ProcessLookupError):
            raise WorkerFailed("the speech worker died under the load") from None


@asynccontextmanager
async def measured_worker(
    threads: int, on_message: Callable[[FromWorker], None], *more: str
) -> AsyncIterator[MeasuredWorker]:
    """Start one, and end it. more: further options of ivr.speech_worker. Raises WorkerFailed."""
    token = secrets.token_urlsafe(24)
    with TemporaryDirectory(prefix="hotline-speech-") as folder, (Path(folder) / "said").open("w+b") as said:
        place = f"{folder}/speech.sock"
        command = [sys.executable, "-m", "ivr.speech_worker", "--listen", place, "--with-parent"]
        process = await asyncio.create_subprocess_exec(
            *command,
            *("--threads", str(threads), *more),
            cwd=PROJECT,
            env={**os.environ, TOKEN: token},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        well = asyncio.Event()
        link = WorkerLink(place, token, on_message, lambda up: well.set() if up else well.clear())
        try:
            await _there(process, place)
            link.start()
            await asyncio.wait_for(well.wait(), STARTS_WITHIN)
            yield MeasuredWorker(link, process.pid)
        except (TimeoutError, _Died):
            said.seek(0)
            raise WorkerFailed(said.read()[-2000:].decode(errors="replace").strip() or "it died") from None
        finally:
            await link.close()
            await _end(process)


class _Died(Exception):
    pass


async def _there(process: asyncio.subprocess.Process, place: str) -> None:
    async with asyncio.timeout(STARTS_WITHIN):
        while not os.path.exists(place):  # noqa: PTH110 - a file of another process is no event of ours
            if process.returncode is not None:
                raise _Died
            await asyncio.sleep(0.02)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5.0)
        except TimeoutError:
            process.kill()
            await process.wait()
