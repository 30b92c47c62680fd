"""Listens to recordings while they grow, to know during a call who is heard."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from softphone_sim.sentences import SLACK, TAIL, Sentences
from softphone_sim.spectrum import HOP, WINDOW, look_times, presence, read_samples, recorded
from softphone_sim.tone import RATE

LOOK_BACK = round((TAIL + 2 * SLACK) * RATE)


class Ear:
    """Follows one recording. started: the monotonic time of its first sample.

    The recorder writes a quarter of a second at a time, so what is found is 0.3-0.6 s old; its time is that
    of the sound, not of the finding.
    """

    def __init__(self, path: Path, started: float) -> None:
        self._path = path
        self._started = started
        self._position = 0
        self._known: set[str] = set()

    def last_sentence(self, known: Sentences, end: float) -> str:
        """Which of these was heard up to the monotonic time `end`; "" for none of them."""
        last = round((end - self._started) * RATE)
        skip = max(0, last - LOOK_BACK)
        return known.ended(read_samples(self._path, skip), last - skip)

    def listen(self, tones: Mapping[str, float]) -> list[tuple[str, float]]:
        """Names heard for the first time, each with its monotonic time.

        Two looks in a row must contain the chord: half a second.
        """
        names = [name for name in tones if name not in self._known]
        if not names or recorded(self._path) < self._position + WINDOW + HOP:
            return []
        samples = read_samples(self._path, self._position)
        looks = (len(samples) - WINDOW) // HOP + 1
        there = presence(samples, [tones[name] for name in names])
        twice = there[:-1] & there[1:]
        moments = look_times(looks, self._started + self._position / RATE)
        self._position += (looks - 1) * HOP
        found = [(names[column], column) for column in np.flatnonzero(twice.any(axis=0))]
        self._known |= {name for name, _ in found}
        return [(name, float(moments[np.argmax(twice[:, column])])) for name, column in found]
