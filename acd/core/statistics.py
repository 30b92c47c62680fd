"""Service level, speed of answer, abandonment, occupancy: defined here, once, each with its convention.

The same day gives different service levels under different conventions, and each is in use somewhere; so a
report names the one it prints, and can print them all. See N. Gans, G. Koole, A. Mandelbaum, "Telephone Call
Centers: Tutorial, Review, and Research Prospects", M&SOM 5(2), 2003, sections 2 and 4; and the alternatives
listed in B. Cleveland, "Call Center Management on Fast Forward".

Offered are the calls that asked for an operator: answered + abandoned. Calls turned away (`Overflow`) are
counted apart. Waiting runs from queueing to the operator's answer, his phone's ringing included. A share of
nothing is None, never 0 or 1: an empty quarter of an hour has no service level.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from acd.core import operator_state as ops

OF_OFFERED: Final[str] = "answered in time / offered"
WITHOUT_SHORT_ABANDONS: Final[str] = "answered in time / (offered - abandoned in time)"
OF_ANSWERED: Final[str] = "answered in time / answered"
EITHER_IN_TIME: Final[str] = "(answered in time + abandoned in time) / offered"
CONVENTIONS: Final[tuple[str, ...]] = (OF_OFFERED, WITHOUT_SHORT_ABANDONS, OF_ANSWERED, EITHER_IN_TIME)


class Tally:
    """The calls of an interval or a day. Tallies of the same threshold add up: sums, never means of ratios.

    answered_within: the threshold of "in time", seconds; a wait of exactly that long is in time.
    """

    __slots__ = (
        "abandoned", "abandoned_in_time", "answered", "answered_in_time", "answered_within",
        "turned_away", "waited_by_abandoned", "waited_by_answered",
    )  # fmt: skip

    def __init__(self, answered_within: float = 20.0) -> None:
        self.answered_within = answered_within
        self.answered = self.answered_in_time = 0
        self.abandoned = self.abandoned_in_time = 0
        self.turned_away = 0
        self.waited_by_answered = self.waited_by_abandoned = 0.0

    def add_answered(self, waited: float) -> None:
        """An operator answered after so many seconds."""
        self.answered += 1
        self.answered_in_time += waited <= self.answered_within
        self.waited_by_answered += waited

    def add_abandoned(self, waited: float) -> None:
        """The caller hung up after so many seconds without an operator."""
        self.abandoned += 1
        self.abandoned_in_time += waited <= self.answered_within
        self.waited_by_abandoned += waited

    def __add__(self, other: Tally) -> Tally:
        """Both together. Raises ValueError when they mean different things by "in time"."""
        if other.answered_within != self.answered_within:
            raise ValueError(f"in time is {self.answered_within} s here and {other.answered_within} s there")
        total = Tally(self.answered_within)
        for name in Tally.__slots__:
            if name != "answered_within":
                setattr(total, name, getattr(self, name) + getattr(other, name))
        return total

    @property
    def offered(self) -> int:
        """Calls that asked for an operator and were not turned away."""
        return self.answered + self.abandoned

    def service_level(self, convention: str = OF_OFFERED) -> float | None:
        """Share of calls served in time, in [0, 1], under one of CONVENTIONS. Raises ValueError for others.

        OF_OFFERED is the strictest: every caller who gave up counts against it. WITHOUT_SHORT_ABANDONS
        leaves out those who gave up within the threshold, whom nobody could have failed. OF_ANSWERED
        forgets all who gave up, and so looks best when things are worst. EITHER_IN_TIME counts a caller
        who gave up in time as served.
        """
        match convention:
            case "answered in time / offered":
                return _share(self.answered_in_time, self.offered)
            case "answered in time / (offered - abandoned in time)":
                return _share(self.answered_in_time, self.offered - self.abandoned_in_time)
            case "answered in time / answered":
                return _share(self.answered_in_time, self.answered)
            case "(answered in time + abandoned in time) / offered":
                return _share(self.answered_in_time + self.abandoned_in_time, self.offered)
            case _:
                raise ValueError(f"no such convention: {convention!r}; there are {CONVENTIONS}")

    def service_levels(self) -> dict[str, float | None]:
        """All conventions side by side."""
        return {convention: self.service_level(convention) for convention in CONVENTIONS}

    def average_speed_of_answer(self) -> float | None:
        """ASA, seconds: the mean wait of the answered calls. (Some packages print the mean over all calls
        under this name; that is `average_wait`.)"""
        return _share(self.waited_by_answered, self.answered)

    def average_wait(self) -> float | None:
        """Mean wait of all offered calls, seconds: in Erlang's formulas, E[W]."""
        return _share(self.waited_by_answered + self.waited_by_abandoned, self.offered)

    def abandonment(self) -> float | None:
        """Share of the offered calls whose caller gave up, in [0, 1]."""
        return _share(self.abandoned, self.offered)

    def abandonment_without_short(self) -> float | None:
        """The same, of callers who stayed longer than the threshold or were answered."""
        short = self.abandoned_in_time
        return _share(self.abandoned - short, self.offered - short)


def occupancy(seconds: Mapping[str, float]) -> float | None:
    """Share of their time on duty that operators handle calls, in [0, 1].

    seconds: operator seconds by state (names of operator_state). Handling is talking and wrapping up; on
    duty is handling, being rung and being ready. Pauses, not answering and signed-out time are not duty: that
    is shrinkage, not idleness.
    """
    handling = seconds.get(ops.TALKING, 0.0) + seconds.get(ops.WRAPPING_UP, 0.0)
    return _share(handling, handling + seconds.get(ops.READY, 0.0) + seconds.get(ops.RINGING, 0.0))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
