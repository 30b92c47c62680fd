"""Roughly: are processors and memory enough for the expected calls.

The figures were measured with Asterisk 22.10 on 2 cores (docs/doctor.md says how); on another machine they
differ, by a factor rather than by orders of magnitude.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Machine"
CORE_PER_WAITING_CALL = 0.0028  # music on hold, the dearest thing a caller does
MB_ASTERISK = 58
MB_OURS = 200  # keeper and controller
MB_PER_CALL = 1.2  # 0.6 for each of its two legs
BUSY = 0.5  # of the cores: the rest is for the talks, the controller and the disk

CPU_SHORT = Trouble(
    "cpu-short", AREA, "processors", "warning",
    "{expected} callers hearing music at once take about {needed:.1f} cores, here are {cores}",
    "more cores, or expect fewer calls: telephony.expected_calls",
    "0.28 % of a core per waiting caller; sound breaks up before calls fail.",
)  # fmt: skip
MEMORY_SHORT = Trouble(
    "memory-short", AREA, "memory", "warning",
    "{available} MB are available, {expected} calls take about {needed} MB",
    "end other programs, or more memory",
    "The kernel ends a program when memory runs out, and it may be Asterisk.",
)  # fmt: skip
AS_ROOT = Trouble(
    "running-as-root", AREA, "user", "warning",
    "the controller runs as root ({asterisk})",
    "give the project to a user of its own: adduser --system hotline; chown -R hotline {project}; start as 'hotline'",
    "It needs no right that an ordinary user does not have.",
)  # fmt: skip
TROUBLES = (CPU_SHORT, MEMORY_SHORT, AS_ROOT)


@dataclass(frozen=True)
class CapacityFacts:
    """cores: those this process may use. available: MB that new programs can have.

    running: the hotline runs, so what it takes is no longer among the available. as_root: the controller
    runs, or would run, as root; asterisk: a word on whom Asterisk runs as.
    """

    expected_calls: int
    cores: int
    available: int
    running: bool
    as_root: bool
    asterisk: str = ""
    project: str = ""


def judge(seen: CapacityFacts) -> Iterator[Finding]:
    cores = seen.expected_calls * CORE_PER_WAITING_CALL
    if cores > seen.cores * BUSY:
        yield CPU_SHORT(expected=seen.expected_calls, needed=cores, cores=seen.cores)
    else:
        share = cores / seen.cores
        sentence = (
            f"{seen.cores}; {seen.expected_calls} callers waiting at once take about {share:.0%} of them"
        )
        yield well(AREA, "processors", sentence)
    needed = round(seen.expected_calls * MB_PER_CALL + (0 if seen.running else MB_ASTERISK + MB_OURS))
    if needed > seen.available:
        yield MEMORY_SHORT(available=seen.available, expected=seen.expected_calls, needed=needed)
    else:
        sentence = f"{seen.available:,} MB available, {seen.expected_calls} calls take about {needed:,} MB"
        yield well(AREA, "memory", sentence)
    if seen.as_root:
        yield AS_ROOT(asterisk=seen.asterisk, project=seen.project)
