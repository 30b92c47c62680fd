"""Telephone sound for an engine that wants a higher rate, piece by piece as it comes in."""

from __future__ import annotations

import numpy as np

from speech.pcm import TELEPHONE_RATE, Samples, resample

_AROUND = 32  # samples the filter looks at on each side, and a few more: 4 ms


class Upsampler:
    """8 kHz to a whole multiple of it. Pieces of any length give the same sound as the whole at once,
    4 ms late; `rest` is what is still held back. Raises ValueError for any other rate."""

    def __init__(self, to: int) -> None:
        if to <= 0 or to % TELEPHONE_RATE:
            raise ValueError(f"{to} Hz is no whole multiple of {TELEPHONE_RATE}")
        self._to = to
        self._held = np.zeros(_AROUND, np.int16)

    def feed(self, samples: Samples) -> Samples:
        self._held = np.concatenate([self._held, samples])
        if self._held.size <= 2 * _AROUND:
            return np.zeros(0, np.int16)
        times = self._to // TELEPHONE_RATE
        raised = resample(self._held, TELEPHONE_RATE, self._to)[_AROUND * times : -_AROUND * times]
        self._held = self._held[-2 * _AROUND :]
        return raised

    def rest(self) -> Samples:
        return self.feed(np.zeros(_AROUND, np.int16))
