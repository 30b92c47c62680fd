"""What an engine heard in one utterance: words, their times, how sure it is."""

from __future__ import annotations

import msgspec

UNKNOWN = "[unk]"
"""Stands, in a grammar and in what is heard, for any speech outside the grammar."""


class Word(msgspec.Struct, frozen=True):
    """confidence: 0..1, the engine's own. begin, end: seconds from the utterance's first sample."""

    text: str
    confidence: float
    begin: float = 0.0
    end: float = 0.0


class Hypothesis(msgspec.Struct, frozen=True):
    """words: in order, `UNKNOWN` among them; () when nothing was made out."""

    words: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """Personal: what a caller said."""
        return " ".join(word.text for word in self.words)
