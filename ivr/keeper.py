"""Keeps one hotline running: Asterisk and the controller side by side, each started again when it dies.

They are separate processes so that a controller that dies never takes a talk with it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import sys
from pathlib import Path

import structlog

from asterisk_conf.installation import NoAsterisk, find
from asterisk_conf.switch import StartFailed, Switch
from ivr.instance import PROJECT, PROMPTS, Instance
from ivr.logs import configure_logs
from ivr.settings import Settings
from ivr.site_loading import SiteUnusable, load_all
from ivr.switch_plan import SecretMissing, plan_for

log = structlog.get_logger()

BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the next start of what died
CALM = 60.0  # seconds of health after which the back-off begins anew
HEARING_BACKOFF = (
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
    30.0,
    60.0,
)  # the same for the speech worker, whom calls can do without
ORDERLY = 10.0  # seconds the controller has to end by itself


class AlreadyRunning(Exception):
    """Another keeper holds this folder."""


class Keeper:
    """One hotline's processes. `run` returns when it was told to stop, with everything ended."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._settings = Settings.read(instance)
        self._site = load_all(self._settings.site).site
        self._switch = Switch(instance.switch, find(PROJECT), project=PROJECT)
        self._controller: asyncio.subprocess.Process | None = None
        self._speech_worker: asyncio.subprocess.Process | None = None
        self._stop = asyncio.Event()

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> None:
        tasks = [
            asyncio.create_task(self._keep("the switch", self._run_switch)),
            asyncio.create_task(self._keep("the controller", self._run_controller)),
            asyncio.create_task(self._keep_hearing()),
        ]
        stopped = asyncio.create_task(self._stop.wait())
        try:
            done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopped}:
                task.result()
        finally:
            for task in (*tasks, stopped):
                task.cancel()
            await asyncio.wait([*tasks, stopped])
            await _end(self._controller)
            await _end(self._speech_worker)
            await self._switch.stop()

    async def _keep(self, what: str, run_once) -> None:
        """Start it again and again. The first start must succeed: a hotline that never was is no hotline."""
        failures = 0
        first = True
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                await run_once()
            except StartFailed:
                if first:
                    raise
                log.exception("a part could not be started again", part=what)
            first = False
            failures = 0 if loop.time() - begun > CALM else failures + 1
            pause = BACKOFF[min(failures, len(BACKOFF)) - 1] if failures else BACKOFF[0]
            log.error("a part died and is started again", part=what, after=pause)
            await asyncio.sleep(pause)

    async def _run_switch(self) -> None:
        """Returns when Asterisk has died. One that is there from before, with its calls, is kept."""
        if self._switch.pid is None:
            plan = plan_for(self._site, self._settings, self._instance, self._switch.installation, PROMPTS)
            await self._switch.start(plan)
            await self._switch.wait_booted(plan=plan)
        while self._switch.pid is not None:  # noqa: ASYNC110 - another process's end is no event of ours
            await asyncio.sleep(0.5)

    async def _run_controller(self) -> None:
        """Returns when the controller has died; raises StartFailed when it says that it cannot start."""
        self._controller = await self._start("ivr.app", "controller.out")
        code = await self._controller.wait()
        if code == os.EX_CONFIG:
            raise StartFailed(_last_lines(self._instance.logs / "controller.out"))

    async def _keep_hearing(self) -> None:
        """The speech worker, again and again; whatever becomes of it, calls go on by key."""
        failures = 0
        loop = asyncio.get_running_loop()
        while self._settings.speech.own:
            begun = loop.time()
            self._speech_worker = await self._start("ivr.speech_worker", "speech.out")
            code = await self._speech_worker.wait()
            if code == os.EX_CONFIG:
                why = _last_lines(self._instance.logs / "speech.out", 1)
                log.error("callers are served by key until the next start", why=why)
                break
            failures = 0 if loop.time() - begun > CALM else failures + 1
            pause = (
                HEARING_BACKOFF[min(failures, len(HEARING_BACKOFF)) - 1] if failures else HEARING_BACKOFF[0]
            )
            log.error("a part died and is started again", part="the speech worker", after=pause, code=code)
            await asyncio.sleep(pause)
        await asyncio.Event().wait()

    async def _start(self, module: str, out: str) -> asyncio.subprocess.Process:
        """One of our own processes for this instance. out: the log of what Python itself says in it."""
        with (self._instance.logs / out).open("ab") as said:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                str(self._instance.home),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )


async def _end(process: asyncio.subprocess.Process | None) -> None:
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), ORDERLY)
    except TimeoutError:
        process.kill()
        await process.wait()


def _last_lines(path: Path, count: int = 8) -> str:
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-count:])


def hold(instance: Instance) -> int:
    """Take the folder for this process; the descriptor returned keeps it. Raises AlreadyRunning."""
    descriptor = os.open(instance.pid_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(f"a hotline runs in {instance.home} already; see: ./hotline status") from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def holder(instance: Instance) -> int | None:
    """The pid of the keeper that holds this folder; None when nobody does."""
    try:
        descriptor = os.open(instance.pid_file, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.read(descriptor, 20) or 0) or None
    finally:
        os.close(descriptor)
    return None


async def _main(home: Path) -> int:
    instance = Instance(home)
    held = hold(instance)
    keeper = Keeper(instance)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, keeper.stop)
    try:
        await keeper.run()
    finally:
        instance.pid_file.unlink(missing_ok=True)
        os.close(held)
    return 0


def main() -> None:
    """python -m ivr.keeper FOLDER: what `./hotline up` leaves running."""
    configure_logs(None)
    try:
        sys.exit(asyncio.run(_main(Path(sys.argv[1]))))
    except (AlreadyRunning, StartFailed, SiteUnusable, NoAsterisk, SecretMissing) as error:
        sys.exit(f"hotline: {error}")


if __name__ == "__main__":
    main()
