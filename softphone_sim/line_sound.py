"""When does something begin to be heard on the line, and when does it end? Told look by look. Pure."""

from __future__ import annotations

from typing import Literal

SURE_AFTER = 0.06
"""Seconds of sound until it counts: a click is shorter."""

QUIET_AFTER = 0.25
"""Seconds of silence until it counts: within words the gaps are shorter."""


class LineSound:
    """Follows one line from silence on."""

    def __init__(self) -> None:
        self._sounding = False
        self._first: float | None = None
        self._last = 0.0

    def look(self, loud: bool, now: float) -> tuple[Literal["sounds", "quiet"], float] | None:
        """Takes in what is heard at this moment; a change comes back with the time at which it happened.

        loud: above the line's noise. now: monotonic seconds.
        """
        if loud:
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
