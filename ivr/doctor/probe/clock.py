"""What the kernel knows of its own clock."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from datetime import datetime

from ivr.doctor.finding import Finding
from ivr.doctor.judge import clock
from ivr.doctor.judge.clock import ClockFacts
from ivr.doctor.subject import Subject

STA_UNSYNC = 0x0040
TIME_ERROR = 5


class _Timex(ctypes.Structure):
    """The beginning of the kernel's struct timex (adjtimex(2)), with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def examine(subject: Subject) -> Iterator[Finding]:
    synced, possible_error = kernel_clock()
    written, file = _written_last(subject)
    now = time.time()
    yield from clock.judge(
        ClockFacts(synced, possible_error, max(0.0, written - now), _words(now), _words(written), file)
    )


def kernel_clock() -> tuple[bool | None, float]:
    """(in step with a time server, seconds it may be wrong by); None where the kernel does not tell us."""
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None, 0.0
    asked = _Timex()  # modes 0: only asking, which anybody may
    state = adjtimex(ctypes.byref(asked))
    if state < 0:
        return None, 0.0
    return state != TIME_ERROR and not asked.status & STA_UNSYNC, asked.maxerror / 1e6


def _written_last(subject: Subject) -> tuple[float, str]:
    """(when, which) of the hotline's files."""
    newest, which = 0.0, ""
    for folder in (subject.instance.home, subject.instance.logs):
        if not os.access(folder, os.R_OK | os.X_OK):
            continue
        for file in folder.iterdir():
            if file.is_file() and file.stat().st_mtime > newest:
                newest, which = file.stat().st_mtime, str(file)
    return newest, which


def _words(moment: float) -> str:
    return datetime.fromtimestamp(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
