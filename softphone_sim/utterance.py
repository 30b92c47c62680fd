"""What a person says into a call: sound files that a telephone can say as they are."""

from __future__ import annotations

import wave
from pathlib import Path

from softphone_sim.tone import RATE


def seconds_of(path: Path) -> float:
    """How long the utterance lasts. Raises ValueError, naming the file, for what is no 8 kHz mono 16-bit WAV."""
    try:
        with wave.open(str(path), "rb") as file:
            layout = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.getnframes()
    except (OSError, EOFError, wave.Error) as fault:
        raise ValueError(f"{path} cannot be said: {fault}") from fault
    if layout != (RATE, 1, 2) or not frames:
        raise ValueError(f"{path} cannot be said: a phone says 8 kHz mono 16-bit WAV")
    return frames / RATE
