"""Text as it is said: lower case, "ё" as "е", no punctuation, hyphens open, figures as words."""

from __future__ import annotations

import re

from speech.saying import numbers

_SIGNS = re.compile(r"[^\w']+|_+")
_FIGURES = re.compile(r"\d+")


def fold(word: str) -> str:
    """For comparison: half of the sources write "ё" as "е"."""
    return word.lower().replace("ё", "е")


def spoken_words(text: str, language: str) -> tuple[str, ...]:
    """The words of a phrase, for comparison: "COVID-19!" -> ("covid", "девятнадцать").

    Figures are said as one number, with a leading zero or beyond six of them digit by digit: "помощь 03"
    -> ("помощь", "ноль", "три").
    """
    return tuple(fold(word) for word in written_out(text, language))


def written_out(text: str, language: str) -> tuple[str, ...]:
    """As `spoken_words`, with "ё" kept: some models know a word only so."""
    said = _FIGURES.sub(lambda found: f" {_said(found[0], language)} ", text)
    return tuple(_SIGNS.sub(" ", said.lower()).replace("'", "").split())


def _said(figures: str, language: str) -> str:
    if language not in numbers.LANGUAGES:
        return figures
    if figures.startswith("0") or len(figures) > 6:
        return numbers.digits(figures, language)
    return numbers.cardinal(int(figures), language)
