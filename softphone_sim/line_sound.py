"""Is something to be heard on the line? Told from the level, look by look. Pure."""

from __future__ import annotations

from typing import Literal

LOUD = 0.006
"""Mean amplitude, full scale = 1, above which the line sounds: -44 dBFS, far above a line's noise."""

SURE_AFTER = 0.06
"""Seconds above it until it counts: a click is shorter."""

QUIET_AFTER = 0.25
"""Seconds below it until it counts: sounds within words leave shorter gaps."""


class LineSound:
    """Follows one line from silence on."""

    def __init__(self) -> None:
        self._sounding = False
        self._first: float | None = None
        self._last = 0.0

    def look(self, level: float, now: float) -> tuple[Literal["sounds", "quiet"], float] | None:
        """Takes in the level at this moment; a change comes back with the time at which it happened.

        level: mean amplitude, full scale = 1. now: monotonic seconds.
        """
        if level >= LOUD:
            self._last = now
            if self._first is None:
                self._first = now
            if not self._sounding and now - self._first >= SURE_AFTER:
                self._sounding = True
                return "sounds", self._first
        elif self._first is not None and now - self._last >= QUIET_AFTER:
            self._first = None
            if self._sounding:
                self._sounding = False
                return "quiet", self._last
        return None
