"""Which of the known sentences did a caller hear last? People understand words; a phone compares sounds.

The switch plays a sentence as it is in its file, so what arrives is the same wave, but for the coding of the line and
a packet now and then that was late: then the wave jumps by 20 ms. Hence the tails that come near are compared in
pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from softphone_sim.spectrum import read_samples
from softphone_sim.tone import RATE

TAIL = 2.4
"""Seconds of a sentence's end that are compared: more than what questions end with in common ("... right?")."""

SLACK = 0.45
"""Seconds by which the end may lie elsewhere than expected."""

PIECE, JUMP = 0.3, 0.08
"""Seconds of a piece, and how far it may lie from where the others would have it."""

ALIKE, CLEARLY = 0.8, 0.05
"""Correlation from which it is the sentence, and by how much more than the next best. Sentences made by one voice
that differ in a word ("You said: ... Right?") are 0.6 to 0.87 alike; one with a few jumps is above 0.9 itself."""

NEAREST = 4
"""So many are compared in pieces."""

LOUD = 200
"""Amplitude from which the line counts as loud, about as the phone has it."""

_SILENT = 30.0
_COARSE = 4  # samples taken together for the first comparison

Sound = NDArray[np.float32]


class Sentences:
    """The ends of sentences, by name. sounds: 8 kHz mono 16-bit WAV files of ours. Raises OSError."""

    def __init__(self, sounds: Mapping[str, Path]) -> None:
        self._tails = {name: _tail(read_samples(path)) for name, path in sounds.items()}
        self._coarse = {name: _coarse(tail) for name, tail in self._tails.items()}

    def ended(self, samples: NDArray[np.int16], end: int) -> str:
        """The sentence whose end lies at this sample, "" for none. samples: what was heard until a bit later."""
        reach = round((TAIL + SLACK) * RATE)
        heard = np.asarray(samples[max(0, end - reach) : end + round(SLACK * RATE)], np.float32)
        first, second = [*self._nearest(heard), (0.0, ""), (0.0, "")][:2]
        return first[1] if first[0] >= ALIKE and first[0] - second[0] >= CLEARLY else ""

    def _nearest(self, heard: Sound) -> list[tuple[float, str]]:
        """(how alike, name), best first."""
        coarse = _coarse(heard)
        fits = {name: part for name, part in self._coarse.items() if 0 < len(part) <= len(coarse)}
        places = {name: _correlation(part, coarse) for name, part in fits.items()}
        near = sorted(places, key=lambda name: -float(places[name].max()))[:NEAREST]
        scores = [
            (_alike(self._tails[name], heard, _COARSE * int(np.argmax(places[name]))), name) for name in near
        ]
        return sorted(scores, reverse=True)


def _tail(samples: NDArray[np.int16]) -> Sound:
    loud = np.flatnonzero(np.abs(samples) > LOUD)
    spoken = samples[: loud[-1] + 1] if len(loud) else samples[:0]
    return np.asarray(spoken[-round(TAIL * RATE) :], np.float32)


def _coarse(sound: Sound) -> Sound:
    return sound[: len(sound) // _COARSE * _COARSE].reshape(-1, _COARSE).mean(axis=1)


def _alike(tail: Sound, heard: Sound, place: int) -> float:
    """Correlation of the pieces at their best places near that of the whole, weighted by energy."""
    step, jump = round(PIECE * RATE), round(JUMP * RATE)
    total = weight = 0.0
    for first in range(0, len(tail), step):
        piece = tail[first : first + step]
        around = heard[max(0, place + first - jump) : place + first + len(piece) + jump]
        if len(piece) <= len(around):
            energy = float(piece @ piece)
            total += energy * float(_correlation(piece, around).max())
            weight += energy
    return total / weight if weight else 0.0


def _correlation(part: Sound, whole: Sound) -> NDArray[np.float64]:
    """Normalised, for each place of the part within the whole."""
    size = 1 << (len(whole) + len(part)).bit_length()
    product = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    places = len(whole) - len(part) + 1
    energy = np.cumsum(np.concatenate(([0.0], np.square(whole, dtype=np.float64))))
    there = energy[len(part) :] - energy[:places]
    own = float(part @ part)
    least = _SILENT**2 * len(part)  # silence is like nothing
    return product[:places] / np.sqrt(np.maximum(there, least) * max(own, least))
