"""Logs: fixed sentences with fields, one JSON object a line; personal fields masked before anything is written."""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path
from typing import IO, Protocol

import structlog

from acd.mask import masked


class _Bytes(Protocol):
    def write(self, data: bytes, /) -> int | None: ...


class _Lines:
    """Where lines go. One that cannot be written, on a full disk, is lost: no call must fail for a log's sake."""

    def __init__(self, file: _Bytes) -> None:
        self._file = file

    def write(self, line: str) -> int:
        """Without a buffer: what did not fit is not tried again at the next line."""
        with contextlib.suppress(OSError):
            self._file.write(line.encode("utf-8", "replace"))
        return len(line)

    def flush(self) -> None:
        pass


class _Screen:
    """Standard error, which is a file on the same disk when the keeper has it."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, line: str) -> int:
        with contextlib.suppress(OSError):
            self._file.write(line)
        return len(line)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()


def configure_logs(file: Path | None, *, level: int = logging.INFO) -> None:
    """To a file (appended), or as plain lines to standard error when there is none."""
    if file is None:
        # The exception is text already, and plain: frames with their local variables would show numbers.
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
        factory = structlog.PrintLoggerFactory(_Screen(sys.stderr))  # pyright: ignore[reportArgumentType]
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
        factory = structlog.WriteLoggerFactory(_Lines(file.open("ab", buffering=0)))  # pyright: ignore[reportArgumentType]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # before the mask: a traceback quotes what went wrong
            masked,
            renderer,
        ],
        logger_factory=factory,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
