"""What was meant: the words an engine heard against what the question expects.

A Vosk grammar is a bigram over words, so parts of different phrases may come joined, and what lies outside
comes as `UNKNOWN`. Hence the order: the whole utterance against each phrase; then the phrase's words in any
form ("врача") among words that mean nothing here ("мне нужен ... пожалуйста"); and whatever stays
unexplained is doubt. The confidence is made to be compared with `SURE` and `UNSURE`.

Measured with the shipped Russian model: 24 phrases in a menu of 8 choices and 3 commands (56 entries with their
other forms), 37 such phrases in free sentences ("мне нужен врач"), 60 sentences outside the menu; RHVoice and
espeak-ng voices of other pitch and rate, none of the model's test voices:

    kind                     clean   10 dB pink noise, A-law
    phrase, sure              99 %   88.5 %
    phrase, asked back         1 %    8 %
    phrase, not understood     0 %    3 %
    phrase, wrong              0 %    0 %
    in a sentence, right      76 %   50 %   (three of four of them asked back)
    outside, acted on          0 %    0 %
    outside, asked back        2 %    3 %
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from speech.expectation import Expectation, Meaning
from speech.hypothesis import Hypothesis
from speech.meaning.heard_words import DOUBT, HeardWords, heard_words
from speech.meaning.said_numerals import said_numerals
from speech.meaning.said_phrase import fit
from speech.meaning.spoken_dates import spoken_date
from speech.meaning.spoken_digits import spoken_digits
from speech.meaning.spoken_numbers import spoken_number
from speech.meaning.yes_no import yes_or_no

SURE = 0.7
"""At or above: act on it."""
UNSURE = 0.4
"""At or above, below `SURE`: ask back. Below: not understood."""
_RIVAL = 0.85  # another reading with this share of the best one's confidence makes it a question


@dataclass(frozen=True)
class _Reading:
    kind: Literal["choice", "command", "value"]
    name: str
    confidence: float
    phrase: str = ""
    whole: bool = False
    words: int = 0

    @property
    def rank(self) -> tuple[bool, float, int]:
        return (self.whole, round(self.confidence, 6), self.words)


def understand(hypothesis: Hypothesis, expectation: Expectation) -> Meaning:
    """The meaning of one utterance. Pure; never raises for strange words.

    A value of the wrong length or range is returned as it is: the question judges it.
    """
    if not hypothesis.words:
        return Meaning("nothing")
    heard = heard_words(hypothesis)
    readings = sorted(_readings(heard, expectation), key=lambda one: one.rank, reverse=True)
    if not readings:
        return Meaning("unknown", heard=hypothesis.text)
    best, others = readings[0], readings[1:]
    confidence = best.confidence
    if not best.whole and any(one.confidence >= best.confidence * _RIVAL for one in others):
        confidence = min(confidence, DOUBT)
    same = tuple((one.name, one.confidence) for one in others if one.kind == best.kind)
    return Meaning(best.kind, best.name, confidence, best.phrase, same, hypothesis.text)


def _readings(heard: HeardWords, expectation: Expectation) -> Iterator[_Reading]:
    """The best of each choice and command, and the value."""
    listed: tuple[tuple[Literal["choice", "command"], dict[str, tuple[str, ...]]], ...] = (
        ("choice", expectation.phrases),
        ("command", expectation.commands),
    )
    for kind, names in listed:
        for name, phrases in names.items():
            fits = [
                _Reading(kind, name, one.confidence, phrase, one.whole, one.words)
                for phrase in phrases
                if (one := fit(phrase, heard, expectation.language)) is not None
            ]
            if fits:
                yield max(fits, key=lambda one: one.rank)
    value = _value(heard, expectation)
    if value is not None and value.confidence > 0:
        yield value


def _value(heard: HeardWords, expectation: Expectation) -> _Reading | None:
    match expectation.kind:
        case "menu":
            return None
        case "yes_no":
            answer = yes_or_no(heard.words, expectation.language)
            return _said(heard, answer[0], answer[1]) if answer else None
        case "date":
            return _date(heard, expectation)
        case "digits" | "number":
            return _numeral(heard, expectation)


def _numeral(heard: HeardWords, expectation: Expectation) -> _Reading | None:
    said = said_numerals(heard.words, expectation.language)
    if expectation.kind == "digits":
        digits = spoken_digits(said.numerals, *expectation.digits)
        return _said(heard, digits, said.strange) if digits else None
    number = spoken_number(said.numerals)
    return _said(heard, str(number[0]), said.strange, number[1]) if number else None


def _date(heard: HeardWords, expectation: Expectation) -> _Reading | None:
    today = date.fromisoformat(expectation.today) if expectation.today else None
    found = spoken_date(heard.words, expectation.language, today) if today else None
    return _said(heard, found.day.isoformat(), found.strange) if found else None


def _said(heard: HeardWords, name: str, strange: tuple[int, ...], sure: float = 1.0) -> _Reading:
    meant = [place for place in range(len(heard.words)) if place not in strange]
    confidence = heard.confidence(meant, strange) * sure
    return _Reading("value", name, confidence, whole=not strange and not heard.unknown, words=len(meant))
