"""The port to a recognition engine. Vosk stands behind it, and the scripted twin; another engine may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from speech.hypothesis import Hypothesis
from speech.pcm import Samples


class ModelUnusable(Exception):
    """The model is missing or broken; the text names it and the way out. Menus go on by key."""


class Utterance(Protocol):
    """One stretch of a caller's speech on its way through the engine. One thread at a time."""

    def feed(self, samples: Samples) -> None:
        """The next sound, int16 mono at 8 kHz, any length; decoded before it returns."""
        ...

    def partial(self) -> str:
        """The words so far; they may still change. "" for none."""
        ...

    def finish(self) -> Hypothesis:
        """The final words. Nothing may be fed afterwards."""
        ...


class Recognizer(Protocol):
    """An engine with one language's model loaded, shared by all callers. Safe from many threads."""

    @property
    def language(self) -> str: ...

    @property
    def model(self) -> str:
        """The model's name, for people."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the model has a pronunciation for this word; a grammar silently loses the others."""
        ...

    def utterance(self, grammar: Sequence[str] | None) -> Utterance:
        """Begin one. grammar: the phrases that may be said, `UNKNOWN` if rejection is wanted; None: anything."""
        ...
