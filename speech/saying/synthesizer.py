"""What a prompt needs from a machine that speaks: the port, and what may go wrong at it."""

from __future__ import annotations

from typing import Protocol

from speech.pcm import Samples


class SynthesisFailed(Exception):
    """The engine did not give sound. The message names the engine, says why, and the way out."""


class Synthesizer(Protocol):
    """A machine that speaks. Safe to be used by several threads at once."""

    @property
    def name(self) -> str:
        """Engine name, e.g. "espeak-ng"."""
        ...

    def voices(self, language: str) -> tuple[str, ...]:
        """Voices anybody may use, for a language ("ru", "en"), best first; empty when it cannot speak it."""
        ...

    def restricted_voices(self, language: str) -> tuple[str, ...]:
        """Voices that are not free for every use: they speak only when a site names them."""
        ...

    def fingerprint(self, voice: str) -> str:
        """Changes whenever the sound of a text may change: engine, version, voice, settings."""
        ...

    def speak(self, text: str, language: str, voice: str) -> tuple[int, Samples]:
        """The text as sound: rate in Hz and int16 mono samples, as the engine made them.

        Raises SynthesisFailed: nothing to say, no such language or voice, the engine broke or hung.
        """
        ...
