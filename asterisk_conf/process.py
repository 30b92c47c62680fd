"""Finding an instance's process again, and being sure that it is that one: pids are used again."""

from __future__ import annotations

from pathlib import Path

import psutil


class Instance:
    """pid_file: ours, not Asterisk's own. mark: the command-line argument only this instance has."""

    def __init__(self, pid_file: Path, mark: str) -> None:
        self._pid_file = pid_file
        self._mark = mark

    def remember(self, pid: int) -> None:
        self._pid_file.write_text(f"{pid}\n", encoding="ascii")

    def forget(self) -> None:
        self._pid_file.unlink(missing_ok=True)

    def find(self, pid: int | None = None) -> psutil.Process | None:
        """The living process: the one given, or remembered, or (its file lost) found by its command line."""
        if pid is not None:
            return self._ours(pid)
        try:
            remembered = int(self._pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            remembered = None
        if remembered is not None and (process := self._ours(remembered)):
            return process
        return next((found for pid in psutil.pids() if (found := self._ours(pid))), None)

    def _ours(self, pid: int) -> psutil.Process | None:
        try:
            process = psutil.Process(pid)
            argv = process.cmdline()
            if self._mark in argv and "-f" in argv and process.status() != psutil.STATUS_ZOMBIE:
                return process
        except (psutil.Error, ValueError):
            pass
        return None
