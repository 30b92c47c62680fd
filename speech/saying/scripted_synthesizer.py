"""A machine that hums instead of speaking: the same text gives the same hum. For trials without engines."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from speech.pcm import Samples
from speech.saying.synthesizer import SynthesisFailed


@dataclass
class ScriptedSynthesizer:
    """One tone per letter, 60 ms each, with half a second of silence around, as engines leave it.

    rate: Hz. failures: text -> what goes wrong with it. spoken: every text it was asked for, in order.
    """

    languages: tuple[str, ...] = ("ru", "en")
    rate: int = 16000
    version: str = "1"
    failures: dict[str, str] = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return "scripted"

    def voices(self, language: str) -> tuple[str, ...]:
        return ("hum", "low-hum") if language in self.languages else ()

    def restricted_voices(self, language: str) -> tuple[str, ...]:
        return ("borrowed-hum",) if language in self.languages else ()

    def fingerprint(self, voice: str) -> str:
        return f"scripted {self.version} {voice}"

    def speak(self, text: str, language: str, voice: str) -> tuple[int, Samples]:
        self.spoken.append(text)
        if voice not in self.voices(language) + self.restricted_voices(language):
            raise SynthesisFailed(f"scripted has no voice {voice!r} for {language!r}")
        if text in self.failures:
            raise SynthesisFailed(f"scripted: {self.failures[text]}")
        letters = [c for c in text if c.isalnum()]
        if not letters:
            raise SynthesisFailed("scripted: nothing to say; give the prompt some words")
        return self.rate, self._hum(letters, voice)

    def _hum(self, letters: list[str], voice: str) -> Samples:
        t = np.arange(round(self.rate * 0.06)) / self.rate
        pitches = [300 + 4 * sha256(f"{voice} {letter}".encode()).digest()[0] for letter in letters]
        tones = [8000 * np.sin(2 * np.pi * hz * t) for hz in pitches]
        silence = np.zeros(self.rate // 2)
        return np.concatenate([silence, *tones, silence]).astype(np.int16)
