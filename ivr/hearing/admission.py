"""Whether a worker takes one more ear, from what hearing has cost so far. Pure: figures in, a yes or no out."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt


@dataclass(frozen=True)
class AdmissionSettings:
    """room: share of the threads' time that may be planned for; the rest is for bursts and for the switch
    beside us. share: of his time in the menu that a caller is expected to speak, at least. late: seconds the
    oldest unheard sound may wait. easy: after a refusal, demand must fall below this share of what is allowed,
    and lateness below half of `late`, for `calm` seconds, before ears are taken again.
    idle_cost: seconds of work per second of sound; speaking_cost: what a second of speech costs beyond that;
    both believed until measured.
    memory: seconds of sound after which a measured cost has replaced two thirds of the old one.
    """

    room: float = 0.7
    share: float = 0.3
    late: float = 0.3
    easy: float = 0.9
    calm: float = 2.0
    speaking_cost: float = 0.045
    idle_cost: float = 0.01
    memory: float = 60.0


UNLIMITED = AdmissionSettings(room=inf, late=inf)
"""Takes everybody, for whoever looks for the limit."""


class Admission:
    """One worker's. threads: how many decode at once. now: seconds on any one clock."""

    def __init__(self, threads: int, settings: AdmissionSettings | None = None) -> None:
        self.settings = settings or AdmissionSettings()
        self.speaking_cost = self.settings.speaking_cost
        self.idle_cost = self.settings.idle_cost
        self._allowed = threads * self.settings.room
        self._share = self.settings.share
        self._full_until: float | None = None

    def heard(self, sound: float, work: float, *, speaking: bool) -> None:
        """So many seconds of one ear's sound took so many seconds of work: to judge it, or, speaking, to
        recognise it."""
        if sound <= 0:
            return
        weight = min(1.0, sound / self.settings.memory)
        if speaking:
            self.speaking_cost += weight * (work / sound - self.speaking_cost)
        else:
            self.idle_cost += weight * (work / sound - self.idle_cost)

    def demand(self, ears: int, speaking: int) -> float:
        """Threads these ears are expected to keep busy at their worst: not all speak at once, but more may
        than on average (two deviations of a binomial), and no fewer than do now."""
        likely = ears * self._share + 2 * sqrt(ears * self._share * (1 - self._share))
        most = min(float(ears), max(likely, float(speaking)))
        return most * self.speaking_cost + ears * self.idle_cost

    def accepts(self, ears: int, speaking: int, behind: float, now: float) -> bool:
        """Whether one more than these `ears` may be opened; a no holds until it is calm again.

        behind: seconds the oldest unheard sound waits. To be asked now and then even when nobody comes.
        """
        if self._too_much(ears, speaking, behind, 1.0):
            self._full_until = now + self.settings.calm
        elif self._full_until is not None:
            if self._too_much(ears, speaking, behind, self.settings.easy):
                self._full_until = now + self.settings.calm
            elif now >= self._full_until:
                self._full_until = None
        return self._full_until is None

    def _too_much(self, ears: int, speaking: int, behind: float, share: float) -> bool:
        late = self.settings.late * (1.0 if share == 1.0 else 0.5)
        return behind > late or self.demand(ears + 1, speaking + 1) > self._allowed * share

    def places(self) -> int:
        """How many ears it would take from none, at what hearing costs now."""
        ears = 0
        while ears < 10_000 and self.demand(ears + 1, 1) <= self._allowed:
            ears += 1
        return ears
