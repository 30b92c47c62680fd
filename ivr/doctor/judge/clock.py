"""Is the machine's time right: opening hours, records and waits depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Machine"
MUCH = 1.0  # seconds of possible error that somebody will notice
SAME_TIME = 60.0  # seconds; a younger file is no proof of anything

UNSYNCED = Trouble(
    "clock-unsynced", AREA, "clock", "warning",
    "the kernel's clock is not kept in step with any time server",
    "apt-get install systemd-timesyncd, or chrony; in a virtual machine or container its host may see to it",
    "Opening hours and the records' times follow the clock wherever it drifts.",
)  # fmt: skip
LOOSE = Trouble(
    "clock-loose", AREA, "clock", "warning",
    "the clock may be wrong by {seconds:.1f} s",
    "see: chronyc tracking, or timedatectl timesync-status",
    "The time server is far away, or has not been heard for long.",
)  # fmt: skip
BEHIND = Trouble(
    "clock-behind", AREA, "clock", "error",
    "the clock says {now}, but {file} was written at {written}",
    "set the clock: apt-get install systemd-timesyncd, or date -s",
    "The clock was ahead, or is behind: opening hours are wrong at one of the two times.",
)  # fmt: skip
TROUBLES = (UNSYNCED, LOOSE, BEHIND)


@dataclass(frozen=True)
class ClockFacts:
    """synced: None where the kernel does not tell. possible_error: seconds.

    ahead: seconds by which the file written last is in the future; now, written: as people read them.
    """

    synced: bool | None
    possible_error: float = 0.0
    ahead: float = 0.0
    now: str = ""
    written: str = ""
    file: str = ""


def judge(seen: ClockFacts) -> Iterator[Finding]:
    if seen.ahead > SAME_TIME:
        yield BEHIND(now=seen.now, written=seen.written, file=seen.file)
    if seen.synced is False:
        yield UNSYNCED()
    elif seen.synced and seen.possible_error > MUCH:
        yield LOOSE(seconds=seen.possible_error)
    elif seen.synced and seen.ahead <= SAME_TIME:
        yield well(AREA, "clock", f"in step with a time server, wrong by {seen.possible_error:.2f} s at most")
