"""Logs: fixed sentences with fields, one JSON object a line; personal fields masked before anything is written."""

from __future__ import annotations

import logging
from pathlib import Path

import structlog

from acd.mask import masked


def configure_logs(file: Path | None, *, level: int = logging.INFO) -> None:
    """To a file (appended), or as plain lines to standard error when there is none."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        masked,
    ]
    if file is None:
        ending = [structlog.dev.ConsoleRenderer(colors=False)]
        factory = structlog.PrintLoggerFactory(__import__("sys").stderr)
    else:
        ending = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        factory = structlog.WriteLoggerFactory(file.open("a", buffering=1, encoding="utf-8"))
    structlog.configure(
        processors=[*shared, *ending],
        logger_factory=factory,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
