"""Runs one program of the set-up and keeps what it says for the case that it fails."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

LAST_LINES = 5


class Failed(Exception):
    """The program ended with an error. said: its last lines. log: where all of it is."""

    def __init__(self, argv: Sequence[str], code: int, said: str, log: Path) -> None:
        super().__init__(f"{argv[0]} failed with {code}: {said}")
        self.said = said
        self.log = log


def run(argv: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None) -> None:
    """Output goes to the end of `log`; standard input is empty, so that nothing ever waits for an answer."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        begin = out.tell()
        try:
            code = subprocess.run(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, **(env or {})},
                check=False,
            ).returncode
        except FileNotFoundError:
            raise Failed(argv, 127, f"{argv[0]} is not on this machine", log) from None
    if code:
        with log.open("rb") as file:
            file.seek(begin)
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        raise Failed(argv, code, "\n".join(lines[-LAST_LINES:]), log)
