"""Callers' utterances as WAV files, where a site asks for it; otherwise nothing of a voice is kept."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
import structlog

from speech.listening_events import ListenerEvent, Understood
from speech.pcm import TELEPHONE_RATE, Samples
from speech.wav import wav_bytes

log = structlog.get_logger(__name__)

LONGEST = 20.0  # seconds of sound remembered
AROUND = 0.3  # seconds before and after the speech that are kept with it


class KeptSound:
    """One ear's. folder: made if it is missing, for its owner only; a file's name is the ear's and a number."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._pieces: deque[tuple[float, Samples]] = deque()
        self._length = 0.0
        self._at_pieces = Lock()
        self._count = 0
        self._failed = False

    def take(self, samples: Samples, events: Sequence[ListenerEvent]) -> None:
        """The next sound, and what a listener made of it. A full disk is logged once and stops nothing.

        What is made of it may come later than the sound, and from another thread; it is what writes.
        """
        with self._at_pieces:
            self._pieces.append((self._length, samples))
            self._length += samples.size / TELEPHONE_RATE
            while self._pieces[0][0] < self._length - LONGEST:
                self._pieces.popleft()
        for event in events:
            if isinstance(event, Understood) and not self._failed:
                self._write(self._between(event.began - AROUND, event.ended + AROUND))

    def _between(self, begin: float, end: float) -> Samples:
        with self._at_pieces:
            start = self._pieces[0][0]
            sound = np.concatenate([samples for _, samples in self._pieces])
        first = max(0, round((begin - start) * TELEPHONE_RATE))
        return sound[first : max(first, round((end - start) * TELEPHONE_RATE))]

    def _write(self, sound: Samples) -> None:
        self._count += 1
        path = self._folder / f"{self._name}-{self._count:03d}.wav"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
                file.write(wav_bytes(sound, TELEPHONE_RATE))
        except OSError as fault:
            self._failed = True
            log.error("a caller's utterances cannot be kept", folder=str(self._folder), why=fault.strerror)
