"""The phrases a recogniser is told to expect, made of what a question expects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from speech.expectation import Expectation
from speech.hypothesis import UNKNOWN
from speech.numeral_words import numeral_words
from speech.recognizer import Recognizer
from speech.spoken_words import fold, written_out
from speech.yes_no import yes_no_phrases


def grammar_of(expectation: Expectation, recognizer: Recognizer) -> list[str] | None:
    """The run-time grammar of a question; None if the model knows none of it (then: open vocabulary).

    Menus and yes/no questions have `UNKNOWN` in it, which rejects other speech. Digits, numbers and dates
    have not: there it swallows digits (model card).
    """
    said = [*_answers(expectation), *(one for many in expectation.commands.values() for one in many)]
    phrases = list(
        dict.fromkeys(filter(None, (_as_known(one, expectation.language, recognizer) for one in said)))
    )
    if not phrases:
        return None
    return [*phrases, UNKNOWN] if expectation.kind in ("menu", "yes_no") else phrases


def unknown_words(phrases: Iterable[str], recognizer: Recognizer) -> dict[str, tuple[str, ...]]:
    """phrase -> its words the model has no pronunciation for; phrases it knows whole are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        words = written_out(phrase, recognizer.language)
        lost = tuple(word for word in words if _known_spelling(word, recognizer) is None)
        if lost:
            found[phrase] = lost
    return found


def _answers(expectation: Expectation) -> Sequence[str]:
    choices = [one for many in expectation.phrases.values() for one in many]
    match expectation.kind:
        case "menu":
            return choices
        case "yes_no":
            return [*yes_no_phrases(expectation.language), *choices]
        case "digits" | "number" | "date" as kind:
            return [*numeral_words(expectation.language, kind), *choices]


def _as_known(phrase: str, language: str, recognizer: Recognizer) -> str | None:
    """A phrase in the model's spelling; None if a word is missing: the engine would take the rest for it."""
    words = [_known_spelling(word, recognizer) for word in written_out(phrase, language)]
    return " ".join(word for word in words if word) if words and all(words) else None


def _known_spelling(word: str, recognizer: Recognizer) -> str | None:
    return next((one for one in (word, fold(word)) if recognizer.knows(one)), None)
