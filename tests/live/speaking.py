"""What the tests of speech share: utterances, when they begin, and when a prompt fell silent."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from softphone_sim.person import PhoneEvent, Recording
from softphone_sim.spectrum import read_samples
from speech.wav import read_wav

SPEECH = Path(__file__).parents[1] / "sounds" / "speech"
MEDICAL_HELP = SPEECH / "024-anna-clean.wav"
NONSENSE = (SPEECH / "068-irina-clean.wav", SPEECH / "060-anna-clean.wav", SPEECH / "069-elena-clean.wav")
RATE = 8000
WINDOW = 80  # samples: 10 ms
SOUND = 60.0  # mean amplitude above which something is heard
PAUSE = 0.5  # seconds: a prompt's own pauses are shorter


def onset(wav: Path) -> float:
    """Seconds of silence before the words of a file."""
    return _windows(read_wav(wav)[1]).argmax() * WINDOW / RATE


def end(wav: Path) -> float:
    """Seconds until the words of a file are over."""
    heard = _windows(read_wav(wav)[1])
    return (len(heard) - heard[::-1].argmax()) * WINDOW / RATE


def spoken_at(events: list[PhoneEvent], phone: str) -> list[float]:
    """When each of his utterances reached his telephone's microphone; monotonic seconds."""
    return [
        event.at + onset(Path(event.detail))
        for event in events
        if (event.phone, event.kind) == (phone, "says")
    ]


def ends_at(events: list[PhoneEvent], phone: str) -> list[float]:
    """When the last word of each of his utterances was over; monotonic seconds."""
    return [
        event.at + end(Path(event.detail)) for event in events if (event.phone, event.kind) == (phone, "says")
    ]


def silent_from(recording: Recording, after: float) -> float:
    """The first moment past `after` from which nothing is heard for a while; monotonic seconds."""
    heard = _windows(read_samples(recording.path))
    first = max(0, int((after - recording.answered) * RATE / WINDOW))
    need = int(PAUSE * RATE / WINDOW)
    for start in range(first, len(heard)):
        if not heard[start : start + need].any():
            return recording.answered + start * WINDOW / RATE
    return recording.ended


def is_heard(recording: Recording, at: float) -> bool:
    """Whether something sounds around that moment."""
    heard = _windows(read_samples(recording.path))
    middle = int((at - recording.answered) * RATE / WINDOW)
    return bool(heard[max(0, middle - 30) : middle + 1].any())


def _windows(samples: np.ndarray) -> np.ndarray:
    whole = samples[: len(samples) // WINDOW * WINDOW].astype(np.float64).reshape(-1, WINDOW)
    return np.abs(whole).mean(axis=1) > SOUND
