"""Phrases made fit for an engine: in words and spellings its model knows, each once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import msgspec

from speech.hypothesis import UNKNOWN

Knows = Callable[[str], bool]

_NOT_OF_A_WORD = re.compile(r"[^\w'-]+|_+")


class Grammar(msgspec.Struct, frozen=True):
    """phrases: as the model spells them, `UNKNOWN` among them if asked for or if nothing else is left.
    asked: the model's spelling of a word -> the author's, where they differ. lost: phrases that cannot be heard.
    """

    phrases: tuple[str, ...]
    asked: dict[str, str]
    lost: tuple[str, ...]


def fit(phrases: Sequence[str], knows: Knows) -> Grammar:
    """What of these phrases an engine can be asked to hear. knows: whether a word, as spelled, has a pronunciation.

    A phrase with an unknown word is lost whole: half of it would be heard as something its author never wrote.
    "ё" may be written "е", and a compound in parts ("кое-что", "кое что"). Phrases that differ in letters' case,
    in punctuation or in "ё" are one. When nothing is left, the grammar is `UNKNOWN` alone: everything is
    rejected, instead of anything being heard.
    """
    kept: dict[str, str] = {}
    asked: dict[str, str] = {}
    lost: list[str] = []
    for phrase in phrases:
        if phrase == UNKNOWN:
            continue
        words = words_of(phrase)
        found = [one for word in words if (one := known_spelling(word, knows)) is not None]
        if not words or len(found) < len(words):
            lost.append(phrase)
            continue
        kept.setdefault(folded(" ".join(found)), " ".join(found))
        asked.update({theirs: ours for theirs, ours in zip(found, words, strict=True) if theirs != ours})
    unknown = [UNKNOWN] if UNKNOWN in phrases or not kept else []
    return Grammar((*kept.values(), *unknown), asked, tuple(lost))


def words_of(phrase: str) -> list[str]:
    """Its words in small letters, without punctuation."""
    plain = unicodedata.normalize("NFC", phrase).lower()
    return [word for part in _NOT_OF_A_WORD.split(plain) if (word := part.strip("-'"))]


def known_spelling(word: str, knows: Knows) -> str | None:
    """The word as the model spells it (a compound may become two words); None if it does not know it."""
    for spelling in _spellings(word):
        if knows(spelling):
            return spelling
    parts = word.split("-")
    if len(parts) > 1 and all(part and knows(part) for part in parts):
        return " ".join(parts)
    return None


def _spellings(word: str) -> list[str]:
    """The word itself, with "е" for every "ё", and with "ё" for one "е": models' word lists are of either habit."""
    dotted = [word[:at] + "ё" + word[at + 1 :] for at, letter in enumerate(word) if letter == "е"]
    return [word, folded(word), *dotted]


def folded(text: str) -> str:
    return text.replace("ё", "е")
