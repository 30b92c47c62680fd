"""Which machine speaks which language here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from speech.saying.espeak import Espeak
from speech.saying.rhvoice import RHVoice
from speech.saying.synthesizer import SynthesisFailed, Synthesizer

INSTALL = "install espeak-ng, or RHVoice for clearer voices (docs/decisions/prompts-engines.md)"


@dataclass(frozen=True)
class Choice:
    """The engine and voice for a language. remark: "" or why it is not the one that was asked for."""

    engine: Synthesizer
    voice: str
    remark: str = ""


def available() -> list[Synthesizer]:
    """The speaking machines found here, best first. May be empty."""
    found: list[Synthesizer | None] = [RHVoice.found(), Espeak.found()]
    return [engine for engine in found if engine is not None]


def choose(language: str, wanted: Sequence[str], engines: Sequence[Synthesizer]) -> Choice:
    """The first wanted voice that some engine has, or the best engine's best voice, with a remark.

    engines: best first. Raises SynthesisFailed when nobody speaks the language.
    """
    for voice in wanted:
        for engine in engines:
            if voice in engine.voices(language):
                return Choice(engine, voice)
            if voice in engine.restricted_voices(language):
                return Choice(
                    engine, voice, f"the voice {voice!r} is not free for every use: see its licence"
                )
    for engine in engines:
        if voices := engine.voices(language):
            remark = (
                f"none of the voices {', '.join(wanted)} is here; {engine.name}'s {voices[0]} speaks instead"
            )
            return Choice(engine, voices[0], remark if wanted else "")
    raise SynthesisFailed(f"nothing on this machine speaks {language!r}: {INSTALL}, or record the prompts")
