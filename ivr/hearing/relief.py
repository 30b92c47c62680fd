"""How many callers a worker gives up when hearing has fallen behind, so that the others are answered. Pure."""

from __future__ import annotations

from math import ceil

OVERLOAD = 2.0  # seconds the oldest unheard sound waits: a burst of speech is made up for sooner
PAUSE = 1.0  # seconds until it is seen whether what was done was enough
SHARE = 0.1  # of the callers, each time


class Relief:
    """One worker's. To be asked now and then; now: seconds on any one clock."""

    def __init__(self) -> None:
        self._until = float("-inf")
        self._behind = 0.0

    def give_up(self, ears: int, behind: float, now: float) -> int:
        """How many of these ears; 0 nearly always, and while it is catching up.

        behind: seconds the oldest unheard sound waits.
        """
        if now < self._until:
            return 0
        before, self._behind = self._behind, behind
        if behind < OVERLOAD or not ears:
            return 0
        self._until = now + PAUSE
        return 0 if behind < before else ceil(ears * SHARE)
