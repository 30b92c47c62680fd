"""Typed words as speech: what a caller would be taken to mean who says them."""

from __future__ import annotations

import re

import msgspec

from ivr.core.commands import Expect
from ivr.core.events import Spoken
from speech.expectation import Expectation
from speech.hypothesis import Hypothesis, Word
from speech.meaning.understanding import understand

_DOUBT = re.compile(r"^(?P<words>.*?)\s*\?\s*(?P<confidence>[01](?:\.\d+)?)$")


def is_speech(line: str) -> bool:
    """Whether a typed line is something said: letters, and neither keys nor digits but those of its doubt."""
    doubt = _DOUBT.match(line)
    words = doubt["words"] if doubt else line
    return any(sign.isalpha() for sign in words) and not any(sign.isdigit() or sign in "*#" for sign in words)


def spoken(line: str, expected: Expect) -> Spoken:
    """line: "the doctor", or "the doctor ?0.5" for words that were heard with this confidence, 0..1, only."""
    doubt = _DOUBT.match(line)
    words, confidence = (doubt["words"], float(doubt["confidence"])) if doubt else (line, 1.0)
    heard = Hypothesis(
        tuple(Word(word, min(1.0, confidence)) for word in re.findall(r"[\w'-]+", words.lower()))
    )
    meaning = understand(heard, expectation(expected))
    return Spoken(**msgspec.structs.asdict(meaning))


def expectation(expected: Expect) -> Expectation:
    """The ear's words for what the menu expects."""
    return Expectation(**msgspec.structs.asdict(expected))
