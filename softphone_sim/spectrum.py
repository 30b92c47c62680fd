"""Which of the known tones does a recording contain, and when.

A tone counts only as a whole chord: both partials stand out of the spectrum around them and are about
equally loud. Music, prompts, key tones and other people's chords, alone or mixed in, do not make one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from softphone_sim.person import Recording
from softphone_sim.tone import LEVEL, RATE, partials

WINDOW = 3200
"""Samples looked at together (0.4 s). Bins are 2.5 Hz wide, a pure tone fills two to each side (Hann)."""

HOP = 800
"""Samples from one look to the next (0.1 s)."""

FLOOR = LEVEL / 10
"""Quietest partial that counts, full scale = 1: a tenth of what our phones send (-20 dB)."""

STANDS_OUT = 4.0
"""How much louder a partial is than its surroundings (12 dB)."""

BALANCE = 1.6
"""How much louder one partial may be than the other (4 dB): music seldom holds two notes so alike."""

LOUDEST_SHARE = 0.1
"""A chord this much quieter than the loudest one in the same look is its smear, not a voice (-20 dB)."""

_AROUND = np.array([-12, -7, -3, 3, 7, 12])
"""Bins from a partial to what surrounds it: two bins or more from every chord of the grid (each five bins)."""

_HANN = np.hanning(WINDOW).astype(np.float32)
_HANN *= 2 / _HANN.sum() / 32768

_HEADER = 44
_AT_ONCE = 512


@dataclass(frozen=True)
class Interval:
    """When a tone was heard. first, last: its first and last moment, 0.2 s or better; seconds: how long in all."""

    first: float
    last: float
    seconds: float


def presence(samples: NDArray[np.int16], tones: Sequence[float]) -> NDArray[np.bool_]:
    """Rows: looks, one every HOP samples, each WINDOW long. Columns: is this tone there?"""
    if len(samples) < WINDOW or not tones:
        return np.zeros((0, len(tones)), bool)
    looks = sliding_window_view(samples, WINDOW)[::HOP]
    pieces = [_present(looks[i : i + _AT_ONCE], tones) for i in range(0, len(looks), _AT_ONCE)]
    return np.concatenate(pieces)


def _present(looks: NDArray[np.int16], tones: Sequence[float]) -> NDArray[np.bool_]:
    spectrum = np.abs(np.fft.rfft(looks * _HANN))
    bins = np.round(np.array([partials(tone) for tone in tones]) * WINDOW / RATE).astype(int)
    partial = spectrum[:, bins]  # look, tone, partial
    around = np.median(spectrum[:, bins[:, :, None] + _AROUND], axis=3)
    stands_out = ((partial >= FLOOR) & (partial >= STANDS_OUT * around)).all(axis=2)
    weaker, stronger = partial.min(axis=2), partial.max(axis=2)
    chord = np.where(stands_out & (stronger <= BALANCE * weaker), weaker, 0)
    return (chord > 0) & (chord >= LOUDEST_SHARE * chord.max(axis=1, keepdims=True))


def intervals(
    samples: NDArray[np.int16], tones: Mapping[str, float], start: float = 0.0
) -> dict[str, Interval]:
    """Whose tones the samples contain; names not heard are left out. start: the time of the first sample."""
    there = presence(samples, list(tones.values()))
    moments = look_times(len(there), start)
    half = HOP / RATE / 2
    found: dict[str, Interval] = {}
    for name, column in zip(tones, there.T, strict=True):
        if column.any():
            first, last = moments[column][[0, -1]]
            found[name] = Interval(float(first - half), float(last + half), int(column.sum()) * HOP / RATE)
    return found


def look_times(count: int, start: float) -> NDArray[np.float64]:
    """The middle of each look, in seconds."""
    return start + (np.arange(count) * HOP + WINDOW / 2) / RATE


def heard(recording: Recording, tones: Mapping[str, float]) -> dict[str, Interval]:
    """Whose tones one phone heard during one call, on the monotonic clock. Raises OSError for a missing file."""
    return intervals(read_samples(recording.path), tones, recording.answered)


def recorded(path: Path) -> int:
    """How many samples a recording has by now. Raises OSError for a missing file."""
    return max(0, path.stat().st_size - _HEADER) // 2


def read_samples(path: Path, skip: int = 0) -> NDArray[np.int16]:
    """The samples of one of our recordings, from sample `skip` on. Raises OSError for a missing file.

    Reads what is there, not what the header says: while a call lasts, or when the phone was unplugged, the
    header still says zero.
    """
    with path.open("rb") as file:
        file.seek(_HEADER + 2 * skip)
        data = file.read()
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2")
