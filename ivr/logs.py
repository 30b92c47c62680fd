"""Logs: fixed sentences with fields, one JSON object a line; personal fields masked before anything is written."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import structlog

from acd.mask import masked


def configure_logs(file: Path | None, *, level: int = logging.INFO) -> None:
    """To a file (appended), or as plain lines to standard error when there is none."""
    if file is None:
        # The exception is text already, and plain: frames with their local variables would show numbers.
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
        factory = structlog.PrintLoggerFactory(sys.stderr)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
        factory = structlog.WriteLoggerFactory(file.open("a", buffering=1, encoding="utf-8"))
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
