"""The callers' voices: what they say, synthesised with others than the hotline's own, and kept for the next demo."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from speech.pcm import for_telephone
from speech.saying.espeak import Espeak
from speech.saying.rhvoice import RHVoice
from speech.saying.sound_cache import SoundCache
from speech.saying.synthesis import choose
from speech.saying.synthesizer import SynthesisFailed, Synthesizer
from speech.telephone.line import line

MAKING = "1"  # raise it when the same utterance gives another sound

RATES = ((88, 95), (100, 100), (112, 106))
"""Rate and pitch of RHVoice's voices, per cent: slow and low, as it is, quick and high."""

SPEEDS = ((130, 40), (150, 55), (170, 70))
"""Words per minute and pitch of espeak-ng, which has one voice for each language."""


@dataclass(frozen=True)
class Speaker:
    """Somebody's voice. engine: as he speaks, rate and pitch included."""

    engine: Synthesizer
    voice: str

    @property
    def sound(self) -> str:
        """Changes whenever the same words would sound otherwise."""
        return self.engine.fingerprint(self.voice)


@dataclass(frozen=True)
class Utterance:
    """text: as said. condition: a word of `speech.telephone.line`, what the line and the room do to it."""

    text: str
    language: str
    speaker: Speaker
    condition: str = "clean"


def speakers(language: str, hotline: Sequence[str], engines: Sequence[Synthesizer]) -> tuple[Speaker, ...]:
    """Voices for the callers. hotline: the voices that the site wants for itself; its own is left to it.

    () when nobody speaks the language here. engines: best first.
    """
    try:
        own = choose(language, hotline, engines)
    except SynthesisFailed:
        return ()
    found: list[Speaker] = []
    for engine in engines:
        if isinstance(engine, RHVoice):
            others = [one for one in engine.voices(language) if one != own.voice or own.engine is not engine]
            found += [
                Speaker(replace(engine, rate=rate, pitch=pitch), voice)
                for voice in others
                for rate, pitch in RATES
            ]
        elif isinstance(engine, Espeak) and not found:
            found += [
                Speaker(replace(engine, speed=speed, pitch=pitch), voice)
                for voice in engine.voices(language)
                for speed, pitch in SPEEDS
            ]
    return tuple(found)


class Voices:
    """Makes utterances, several at once. folder: the cache, shared by all demos."""

    def __init__(self, folder: Path, workers: int | None = None) -> None:
        self._cache = SoundCache(folder)
        self._pool = ThreadPoolExecutor(workers or os.cpu_count() or 1, thread_name_prefix="voices")
        self._making: dict[Path, Future[None]] = {}

    def place(self, said: Utterance) -> Path:
        """Where its sound is, or will be: 8 kHz WAV."""
        return self._cache.place(said.language, MAKING, said.speaker.sound, said.condition, said.text)

    def begin(self, utterances: Iterable[Utterance]) -> Mapping[Path, Future[None]]:
        """Have these made, in this order, those that are missing. A future raises SynthesisFailed, CacheUnwritable."""
        for said in utterances:
            place = self.place(said)
            if place not in self._making and not self._cache.has(place):
                self._making[place] = self._pool.submit(self._make, said, place)
        return self._making

    def ready(self, places: Iterable[Path]) -> list[Future[None]]:
        """What has still to be made for these."""
        return [self._making[place] for place in places if place in self._making]

    def _make(self, said: Utterance, place: Path) -> None:
        rate, samples = said.speaker.engine.speak(said.text, said.language, said.speaker.voice)
        seed = np.frombuffer(place.stem.encode(), np.uint8)  # the same words sound the same next time
        sound = line(said.condition).carry(for_telephone(samples, rate), np.random.default_rng(seed))
        self._cache.store(place, sound)

    def close(self) -> None:
        """Nothing more is made."""
        self._pool.shutdown(wait=False, cancel_futures=True)
