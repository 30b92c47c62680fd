"""What a database driver says, in our words. The one place that knows its codes."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from acd.records.errors import JournalError, JournalFull, JournalUnavailable

_POSTGRES_FULL = {"53100"}  # disk_full
_SQLITE_FULL = sqlite3.SQLITE_FULL


def journal_error(error: Exception, where: str) -> JournalError:
    """The error to raise for what a driver raised. where: for the message."""
    if isinstance(error, JournalError):
        return error
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if _is_full(original):
        return JournalFull(
            f"No room left for the database {where}: make room on its disk; the last batch was not written."
        )
    return JournalUnavailable(f"The database {where} does not answer ({said(original)}).")


def said(error: BaseException) -> str:
    """The driver's first line: no statement, no parameters, which may be personal."""
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__


def _is_full(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF == _SQLITE_FULL
    return getattr(error, "sqlstate", None) in _POSTGRES_FULL
