"""Is there room for the records and logs, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Machine"
MB = 1_000_000
TALK = 180.0  # seconds a call lasts, for the estimate: what public hotlines report
BYTES_PER_CALL = 6_000
"""Journal, key table and logs: 42 calls through menu, queue and talk left 230 kB. The journal's own figure is
taken once it has CALLS_THAT_TELL calls."""
CALLS_THAT_TELL = 200
FEW_DAYS, ENOUGH_DAYS = 3, 30
FULL_MB, LOW_MB = 200, 1000
FULL_INODES, LOW_INODES = 1_000, 20_000

FULL = Trouble(
    "disk-full", AREA, "disk", "error",
    "{free} MB are free at {folder}: {days} days with {expected} calls at once round the clock",
    "make room on that disk, or move the project to a larger one",
    "Without room nothing is recorded, and sentences for callers cannot be made.",
)  # fmt: skip
LOW = Trouble(
    "disk-low", AREA, "disk", "warning",
    "{free} MB are free at {folder}: {days} days with {expected} calls at once round the clock",
    "make room on that disk, or move the project to a larger one",
    "Counted for the worst case: all expected calls at once, day and night, 3 minutes each.",
)  # fmt: skip
INODES_GONE = Trouble(
    "inodes-gone", AREA, "disk", "error",
    "{inodes} more files can be made at {folder}",
    "remove files that are not needed: df -i {folder}",
    "A disk without free inodes is full, however many bytes it has.",
)  # fmt: skip
INODES_LOW = Trouble(
    "inodes-low", AREA, "disk", "warning",
    "{inodes} more files can be made at {folder}",
    "remove files that are not needed: df -i {folder}",
    "Every sentence made for a caller is a file.",
)  # fmt: skip
READ_ONLY = Trouble(
    "disk-read-only", AREA, "disk", "error",
    "user '{user}' cannot write in {folder}",
    "chown {user} {folder}, or mount that disk for writing",
    "Records, logs and prompts lie there.",
)  # fmt: skip
TROUBLES = (FULL, LOW, INODES_GONE, INODES_LOW, READ_ONLY)


@dataclass(frozen=True)
class DiskFacts:
    """free: bytes this user may take. inodes: None where the file system has no limit.

    calls, bytes_of_calls: in the journal so far, and its size; 0 when there is none to look at.
    """

    folder: str
    user: str
    writable: bool
    free: int
    inodes: int | None
    expected_calls: int
    calls: int = 0
    bytes_of_calls: int = 0


def bytes_per_call(seen: DiskFacts) -> float:
    return seen.bytes_of_calls / seen.calls if seen.calls >= CALLS_THAT_TELL else BYTES_PER_CALL


def days_left(seen: DiskFacts) -> float:
    """With all expected calls going on round the clock, TALK seconds each."""
    calls_per_day = seen.expected_calls * 86_400 / TALK
    return seen.free / (calls_per_day * bytes_per_call(seen))


def judge(seen: DiskFacts) -> Iterator[Finding]:
    days = days_left(seen)
    free, told = seen.free // MB, f"{days:,.0f}" if days >= 10 else f"{days:.1f}"
    room = {"free": f"{free:,}", "days": told, "expected": seen.expected_calls, "folder": seen.folder}
    if not seen.writable:
        yield READ_ONLY(user=seen.user, folder=seen.folder)
    if free < FULL_MB or days < FEW_DAYS:
        yield FULL(**room)
    elif free < LOW_MB or days < ENOUGH_DAYS:
        yield LOW(**room)
    else:
        sentence = (
            f"{free:,} MB free: {told} days or more with {seen.expected_calls} calls at once round the clock"
        )
        yield well(AREA, "disk", sentence)
    if seen.inodes is not None and seen.inodes < LOW_INODES:
        trouble = INODES_GONE if seen.inodes < FULL_INODES else INODES_LOW
        yield trouble(inodes=f"{seen.inodes:,}", folder=seen.folder)
