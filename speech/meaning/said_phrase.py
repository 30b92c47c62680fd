"""Whether what was heard is one of the listed phrases, in other forms and among other words too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from speech.meaning.heard_words import DOUBT, HeardWords
from speech.meaning.lemmas import lemmas
from speech.meaning.small_words import is_not, is_small
from speech.meaning.spoken_words import spoken_words

_PART = 0.6
"""A reading that rests on a part of a phrase ("больничный" for "больничный лист") is asked back."""
_PART_LEAST = 0.5  # share of the phrase's own words
_PART_LETTERS = 5  # a shorter word is no part to go by
_ALONE_LETTERS = 3  # so short a phrase ("что") must be all that was said


@dataclass(frozen=True)
class Fit:
    """confidence: 0..1. whole: every word of the phrase, and no other, was heard. words: how many fitted."""

    confidence: float
    whole: bool
    words: int


def fit(phrase: str, heard: HeardWords, language: str) -> Fit | None:
    """None when it does not fit, or only with a "not" before it."""
    words = _spoken(phrase, language)
    if words and words == heard.words:
        return Fit(heard.confidence(range(len(words)), ()), whole=True, words=len(words))
    own = [word for word in words if not is_small(word, language)]
    if sum(map(len, own)) <= _ALONE_LETTERS:
        return None
    places = _places(own, heard.words, language)
    share = len(places) / len(own)
    if share < _PART_LEAST or _negated(places, heard.words, language):
        return None
    around = frozenset(words)
    strange = [
        place
        for place, word in enumerate(heard.words)
        if place not in places and not is_small(word, language) and word not in around
    ]
    confidence = heard.confidence(places, strange)
    if share == 1:
        return Fit(confidence, whole=False, words=len(places))
    if max(len(heard.words[place]) for place in places) < _PART_LETTERS:
        return None
    return Fit(min(confidence, DOUBT) * _PART / DOUBT, whole=False, words=len(places))


@lru_cache(4096)
def _spoken(phrase: str, language: str) -> tuple[str, ...]:
    return spoken_words(phrase, language)


def _places(own: Sequence[str], heard: Sequence[str], language: str) -> list[int]:
    """Where the phrase's words were heard, in any form and order."""
    found: list[int] = []
    for word in own:
        wanted = lemmas(word, language)
        for place, other in enumerate(heard):
            if place not in found and (word == other or wanted & lemmas(other, language)):
                found.append(place)
                break
    return found


def _negated(places: Sequence[int], heard: Sequence[str], language: str) -> bool:
    """ "не врач", "врач не нужен", "я не хочу к врачу": a "not" with nothing but small words between."""
    first, last = min(places), max(places)
    before = first - 1
    while before >= 0 and is_small(heard[before], language) and not is_not(heard[before], language):
        before -= 1
    after = heard[last + 1 : last + 2]
    return (before >= 0 and is_not(heard[before], language) and heard[before] != "no") or any(
        is_not(word, language) for word in after if language == "ru" and len(heard) > last + 2
    )
