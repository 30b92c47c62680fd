"""Which of the known tones does a recording contain, and when.

A tone counts only as a whole chord: both partials stand out of the spectrum around them and are about equally loud.
Music, prompts, key tones and other people's chords, alone or mixed in, do not make one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from softphone_sim.person import Recording
from softphone_sim.tone import RATE, partials

WINDOW = 3200
"""Samples looked at together (0.4 s): its Hann main lobe ends 5 Hz from a tone, chords lie 12 Hz apart."""

HOP = 800
"""Samples from one look to the next (0.1 s)."""

FLOOR = 0.01
"""Quietest partial that counts, full scale = 1 (-40 dBFS): a tenth of what our phones send."""

STANDS_OUT = 4.0
"""How much louder a partial is than its surroundings (12 dB)."""

BALANCE = 2.5
"""How much louder one partial may be than the other (8 dB)."""

LOUDEST_SHARE = 0.1
"""A chord this much quieter than the loudest one in the same look is its smear, not a voice (20 dB)."""

_PROBES = (-30, -18, -6, 6, 18, 30)  # Hz from a partial: between the grid's chords, outside every main lobe
_HEADER = 44


@dataclass(frozen=True)
class Interval:
    """When a tone was heard. first, last: its first and last moment; seconds: how long in all between them."""

    first: float
    last: float
    seconds: float


def presence(samples: NDArray[np.int16], tones: Sequence[float]) -> NDArray[np.bool_]:
    """Rows: looks, one every HOP samples, each WINDOW long. Columns: is this tone there?"""
    if len(samples) < WINDOW or not tones:
        return np.zeros((0, len(tones)), bool)
    looks = sliding_window_view(samples, WINDOW)[::HOP]
    pairs = [partials(tone) for tone in tones]
    low, low_clear = _partial(looks, [pair[0] for pair in pairs])
    high, high_clear = _partial(looks, [pair[1] for pair in pairs])
    chord = np.minimum(low, high)
    there = low_clear & high_clear & (np.maximum(low, high) <= BALANCE * chord)
    return there & (chord >= LOUDEST_SHARE * np.max(np.where(there, chord, 0), axis=1, keepdims=True))


def _partial(looks: NDArray[np.int16], hertz: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Amplitudes at the given frequencies, and whether each stands out."""
    at = _amplitudes(looks, [float(hz) for hz in hertz])
    around = _amplitudes(looks, [float(hz + probe) for hz in hertz for probe in _PROBES])
    around = np.sort(around.reshape(len(looks), len(hertz), len(_PROBES)), axis=2)
    noise = around[:, :, len(_PROBES) // 2]
    return at, (at >= FLOOR) & (at >= STANDS_OUT * noise)


def _amplitudes(looks: NDArray[np.int16], hertz: Sequence[float]) -> NDArray[np.float32]:
    hann = np.hanning(WINDOW).astype(np.float32)
    time = np.arange(WINDOW, dtype=np.float32) / RATE
    angle = 2 * np.pi * np.outer(time, np.asarray(hertz, np.float32))
    weight = hann * (2 / hann.sum() / 32768)
    sound = looks.astype(np.float32)
    return np.hypot(sound @ (np.cos(angle) * weight[:, None]), sound @ (np.sin(angle) * weight[:, None]))


def intervals(
    samples: NDArray[np.int16], tones: Mapping[str, float], start: float = 0.0
) -> dict[str, Interval]:
    """Which names' tones the samples contain. start: the time of the first sample; names not heard are left out."""
    names = list(tones)
    there = presence(samples, [tones[name] for name in names])
    found: dict[str, Interval] = {}
    for column, name in enumerate(names):
        looks = np.flatnonzero(there[:, column])
        if len(looks):
            moments = start + (looks * HOP + WINDOW / 2) / RATE
            half = HOP / RATE / 2
            found[name] = Interval(
                float(moments[0] - half), float(moments[-1] + half), len(looks) * HOP / RATE
            )
    return found


def heard(recording: Recording, tones: Mapping[str, float]) -> dict[str, Interval]:
    """Whose tones one phone heard during one call, on the monotonic clock. Raises OSError for a missing file."""
    return intervals(read_samples(recording.path), tones, recording.answered)


def read_samples(path: Path, skip: int = 0) -> NDArray[np.int16]:
    """The samples of one of our recordings, from sample `skip` on.

    Reads what is there, not what the header says: while a call lasts, or when the phone was unplugged, the header
    still says zero.
    """
    with path.open("rb") as file:
        file.seek(_HEADER + 2 * skip)
        data = file.read()
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2")
