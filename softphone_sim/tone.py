"""What a softphone says instead of words: a chord of two frequencies that only this phone has.

Two partials, not one: music on hold holds single notes for seconds, but not exactly this pair, level and
steady. Both lie above every DTMF frequency (697..1633 Hz) and below the upper edge of a telephone line.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples per second of everything a phone says or records."""

FIRST, STEP, COUNT = 1700.0, 12.5, 62
OPERATORS = 16

SECOND_PARTIAL = 775
"""Hz between a chord's partials. More than the grid is wide, so that a partial belongs to one chord only."""

LEVEL = 0.1
"""Amplitude of each partial, full scale = 1: about -20 dBFS, a quiet speaker."""

LOWEST, HIGHEST = 300.0, 3400.0 - SECOND_PARTIAL


def operator_tone(index: int) -> float:
    """The tone of the operator with this index, in Hz. Sixteen differ, then they repeat."""
    return FIRST + STEP * (index % OPERATORS)


def caller_tone(index: int) -> float:
    """The tone of the caller with this index, in Hz, never an operator's. 46 differ, then they repeat."""
    return FIRST + STEP * (OPERATORS + index % (COUNT - OPERATORS))


def partials(tone: float) -> tuple[int, int]:
    """Both frequencies of a tone's chord, in whole Hz. Raises ValueError when they do not fit a telephone line."""
    if not LOWEST <= tone <= HIGHEST:
        raise ValueError(f"a tone must lie between {LOWEST:.0f} and {HIGHEST:.0f} Hz, not {tone}")
    return int(tone), int(tone) + SECOND_PARTIAL


def chord(tone: float, seconds: float, level: float = LEVEL) -> NDArray[np.int16]:
    """The chord, steady. level: amplitude of each partial, full scale = 1."""
    time = np.arange(round(seconds * RATE)) / RATE
    first, second = partials(tone)
    sound = np.sin(2 * np.pi * first * time) + np.sin(2 * np.pi * second * time)
    return (sound * level * 32767).astype(np.int16)


def write_wav(path: Path, samples: NDArray[np.int16]) -> None:
    """Write mono 16-bit samples at RATE as a WAV file, its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
