"""Runs the programs of the set-up, and ends them when it is given up."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LAST_LINES = 12
LEAVES_WITHIN = 10.0  # seconds a program has between SIGTERM and SIGKILL

# What a person has set for other projects and what would lead our programs astray.
NOT_OURS = (
    *("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT", "PIP_TARGET", "PIP_USER"),
    *("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT_ENVIRONMENT", "UV_LINK_MODE"),
)


class Failed(Exception):
    """The program ended with an error. said: its last lines. log: where all of it is."""

    def __init__(self, argv: Sequence[str], code: int, said: str, log: Path) -> None:
        super().__init__(f"{argv[0]} failed with {code}: {said}")
        self.said = said
        self.log = log


class Stopped(Exception):
    """The set-up was given up while this program ran or before it began."""


class Programs:
    """Several run at once, from several threads; `stop` ends them all.

    They are in process groups of their own: Ctrl-C reaches us alone, and dpkg is never cut off halfway.
    held: a descriptor they keep open, so that its lock lasts until the last of them has ended, even when we
    are killed.
    """

    def __init__(self, held: int | None = None) -> None:
        self._held = held
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def run(
        self,
        argv: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        to_its_end: bool = False,
    ) -> str:
        """Returns the last lines of its output. All of it goes to the end of `log`.

        Standard input is empty, so that nothing ever waits for an answer.

        to_its_end: `stop` waits for it. Such a program may leave servers behind, so it does not hold our lock.
        Raises Failed, Stopped.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            out.write(f"\n{time.strftime('%F %T')} {' '.join(argv)}\n".encode())
            out.flush()
            begin = out.tell()
            process = self._start(argv, out.fileno(), env, to_its_end, log)
            code = process.wait()
            with self._lock:
                self._running.discard(process)
        if self._stopped.is_set():
            raise Stopped
        said = _last_lines(log, begin)
        if code:
            raise Failed(argv, code, said, log)
        return said

    def _start(
        self, argv: Sequence[str], out: int, env: Mapping[str, str] | None, to_its_end: bool, log: Path
    ) -> subprocess.Popen[bytes]:
        ours = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
        held = () if to_its_end or self._held is None else (self._held,)
        with self._lock:
            if self._stopped.is_set():
                raise Stopped
            try:
                process = subprocess.Popen(
                    list(argv),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    env={**ours, **(env or {})},
                    process_group=0,
                    pass_fds=held,
                )
            except FileNotFoundError:
                raise Failed(argv, 127, f"{argv[0]} is not on this machine", log) from None
            if not to_its_end:
                self._running.add(process)
        return process

    def wait(self, seconds: float) -> None:
        """Pass time; Stopped comes at once."""
        if self._stopped.wait(seconds):
            raise Stopped

    def stop(self) -> None:
        """End what may be ended; returns at once. The threads that run programs get Stopped when those have ended."""
        with self._lock:
            self._stopped.set()
            running = list(self._running)
        for process in running:
            _signal(process, signal.SIGTERM)
        if running:
            impatience = threading.Timer(LEAVES_WITHIN, self._kill, [running])
            impatience.daemon = True
            impatience.start()

    def _kill(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        with self._lock:
            left = [process for process in processes if process in self._running]
        for process in left:
            _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To its whole group. What runs as root through sudo takes no signals from us and is waited for."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _last_lines(log: Path, begin: int) -> str:
    with log.open("rb") as file:
        file.seek(begin)
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return "\n".join(lines[-LAST_LINES:])
