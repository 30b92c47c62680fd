"""When a moment of a stream of sound arrived: a listener's times are the stream's, delays are the clock's."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque

KEPT = 30.0
"""Seconds of the stream. Longer than the longest utterance and its pause."""


class Arrivals:
    """One stream's. Memory is bounded: a second of it keeps as many entries as it had pieces, `KEPT` of them."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[float, float]] = deque()
        self.length = 0.0

    def add(self, seconds: float, at: float) -> None:
        """The next `seconds` of sound arrived at clock time `at`."""
        self.length += seconds
        self._pieces.append((self.length, at))
        while self._pieces[0][0] < self.length - KEPT:
            self._pieces.popleft()

    def of(self, moment: float) -> float:
        """The clock when the sound at `moment` seconds of the stream was there; of what is forgotten or was
        never, the nearest. Raises LookupError for an empty stream."""
        if not self._pieces:
            raise LookupError("nothing arrived yet")
        index = bisect_left(self._pieces, (moment - 1e-9,))
        return self._pieces[min(index, len(self._pieces) - 1)][1]
