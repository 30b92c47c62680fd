"""What a recogniser is told to listen for, made of what a question expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from speech.expectation import Expectation
from speech.hypothesis import UNKNOWN
from speech.meaning.inflections import inflections
from speech.meaning.numeral_words import numeral_words
from speech.meaning.sounding import sounds
from speech.meaning.spoken_words import written_out
from speech.meaning.yes_no import yes_no_phrases
from speech.recognition.grammar import known_spelling, words_of
from speech.recognizer import Recognizer


def grammar_of(expectation: Expectation, recognizer: Recognizer) -> list[str] | None:
    """The run-time grammar of a question; None if the model knows no phrase of it: anything is listened for.

    Each phrase, figures in it as words, and its other forms ("врача"), as far as the model has their words.
    Menus and yes/no questions have `UNKNOWN` in it, which rejects other speech. Digits, numbers and dates have
    not: there it swallows digits (model card).
    """
    said = [*_values(expectation), *_listed(expectation)]
    plain = [" ".join(written_out(one, expectation.language)) for one in said]
    kept = [one for one in dict.fromkeys(plain) if one and not lost_words(one, recognizer)]
    if not kept:
        return None
    if expectation.kind not in ("menu", "yes_no"):
        return kept
    return [*kept, *_other_forms(_listed(expectation), kept, recognizer), UNKNOWN]


def unknown_words(phrases: Iterable[str], recognizer: Recognizer) -> dict[str, tuple[str, ...]]:
    """phrase -> its words the model has no pronunciation for; phrases it knows whole are left out."""
    lost = {one: lost_words(" ".join(written_out(one, recognizer.language)), recognizer) for one in phrases}
    return {phrase: words for phrase, words in lost.items() if words}


def lost_words(phrase: str, recognizer: Recognizer) -> tuple[str, ...]:
    """The words of one phrase that the model cannot hear."""
    return tuple(word for word in words_of(phrase) if known_spelling(word, recognizer.knows) is None)


def _values(expectation: Expectation) -> Iterable[str]:
    match expectation.kind:
        case "menu":
            return ()
        case "yes_no":
            return yes_no_phrases(expectation.language)
        case "digits" | "number" | "date" as kind:
            return numeral_words(expectation.language, kind)


def _listed(expectation: Expectation) -> list[str]:
    """Commands come last: a choice's phrase wins over the same one of a command."""
    return [
        one
        for names in (expectation.phrases, expectation.commands)
        for many in names.values()
        for one in many
    ]


def _other_forms(listed: Iterable[str], kept: list[str], recognizer: Recognizer) -> Iterator[str]:
    """Forms that sound like nothing that is listed: an engine would be sure of neither."""
    language = recognizer.language
    taken = {sounds(one, language) for one in kept}
    for phrase in listed:
        for form in inflections(phrase, language):
            if sounds(form, language) not in taken and not lost_words(form, recognizer):
                taken.add(sounds(form, language))
                yield form
