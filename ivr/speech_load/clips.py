"""Test speech: the example menu's phrases, spoken by this machine's voices, kept for the next time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivr.core.flow import MenuNode
from ivr.site_loading import load_all
from speech.expectation import Expectation
from speech.pcm import TELEPHONE_RATE, Samples, for_telephone, trimmed
from speech.saying.sound_cache import SoundCache
from speech.saying.synthesis import INSTALL, available
from speech.saying.synthesizer import SynthesisFailed, Synthesizer
from speech.wav import read_wav

FEWEST = 3  # phrases that make a menu worth a test


@dataclass(frozen=True)
class Clip:
    """One phrase in one voice. sound: from the first sample of the speech to its last. choice: it means."""

    choice: str
    sound: Samples

    @property
    def seconds(self) -> float:
        return self.sound.size / TELEPHONE_RATE


def question(site: Path, language: str) -> Expectation:
    """The site's menu with most phrases, as an ear is asked about it. Raises ValueError if none has enough."""
    menus = [
        node
        for flow in load_all(site).flows.values()
        for node in flow.nodes.values()
        if isinstance(node, MenuNode)
    ]
    said = [
        {c.name: tuple(c.phrases[language]) for c in menu.choices if language in c.phrases} for menu in menus
    ]
    most = max(said, key=_count, default={})
    if _count(most) < FEWEST:
        raise ValueError(f"{site}: no menu lists phrases in {language!r}")
    return Expectation("menu", language, most)


def clips(asked: Expectation, folder: Path, engines: Sequence[Synthesizer] | None = None) -> list[Clip]:
    """Each of its phrases in each voice. Raises SynthesisFailed, CacheUnwritable, SoundUnreadable."""
    cache = SoundCache(folder)
    voices = list(_voices(available() if engines is None else engines, asked.language))
    if not voices:
        raise SynthesisFailed(f"nothing here speaks {asked.language!r} for the test: {INSTALL}")
    made: list[Clip] = []
    for choice, phrases in asked.phrases.items():
        for phrase in phrases:
            for engine, voice in voices:
                made.append(Clip(choice, _spoken(cache, engine, voice, asked.language, phrase)))
    return made


def line_noise(seconds: float, seed: int) -> Samples:
    """A line on which nobody speaks, at -62 dBFS: never digital silence."""
    size = round(seconds * TELEPHONE_RATE)
    return np.rint(np.random.default_rng(seed).normal(0, 26.0, size)).astype(np.int16)


def _spoken(cache: SoundCache, engine: Synthesizer, voice: str, language: str, phrase: str) -> Samples:
    place = cache.place(language, engine.fingerprint(voice), phrase)
    if not cache.has(place):
        rate, samples = engine.speak(phrase, language, voice)
        cache.store(place, for_telephone(samples, rate))
    rate, samples = read_wav(place)
    return trimmed(samples, rate, before=0.0, after=0.0)


def _voices(engines: Sequence[Synthesizer], language: str) -> Iterator[tuple[Synthesizer, str]]:
    for engine in engines:
        for voice in engine.voices(language):
            yield engine, voice


def _count(said: dict[str, tuple[str, ...]]) -> int:
    return sum(map(len, said.values()))
