"""The dictionary form of a word, so that "врача" finds "врач"."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from speech.meaning.spoken_words import fold

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

_LIKELY = 0.05  # readings of a word below this probability are left out
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))
_CONSONANTS_TWICE = re.compile(r"([bdfgmnprt])\1$")


@cache
def analyzer() -> MorphAnalyzer:
    """pymorphy3's dictionary: 0.2 s and 30 MB at the first call, and only for Russian."""
    import pymorphy3  # noqa: PLC0415 - a hotline that hears nothing does not pay for it

    return pymorphy3.MorphAnalyzer(lang="ru")


def warm(language: str) -> None:
    """Read the language's dictionary now, so that no caller waits for it."""
    if language == "ru":
        analyzer()


@lru_cache(20_000)
def lemmas(word: str, language: str) -> frozenset[str]:
    """The dictionary forms a folded word may have, folded; never empty.

    Russian by pymorphy3. English by cutting endings ("-s", "-es", "-ies", "-ed", "-ing"): no irregular
    forms, and the stem that is left need not be a word. Other languages: the word itself.
    """
    if language == "ru":
        readings: list[Any] = analyzer().parse(word)
        likely = [one.normal_form for one in readings if one.score >= _LIKELY] or [word]
        return frozenset(fold(one) for one in likely) | {word}
    return frozenset({word, _stem(word)}) if language == "en" else frozenset({word})


def _stem(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word[: -len(ending)] + instead
            return _CONSONANTS_TWICE.sub(r"\1", cut).removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word
