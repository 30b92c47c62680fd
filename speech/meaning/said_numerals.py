"""Which of the words heard are parts of a number, which only stand around it, and which are neither."""

# ruff: noqa: SIM905 - lists of words are read and kept as text

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from speech.meaning import numerals_en, numerals_ru
from speech.meaning.numerals import Numeral

_KNOWN = {"ru": numerals_ru.numerals, "en": numerals_en.numerals}
_AROUND = {
    "ru": frozenset(
        "и э эм ну так значит вот мой моя мое номер код это будет цифра цифры число пожалуйста запишите"
        " пишите потом затем дальше тире пробел мне лет год года рублей рубля рубль штук штуки человек".split()
    ),
    "en": frozenset(
        "and a um uh er the my is its it number code then dash please so well i am years year old dollars".split()
    ),
}
_REPEATS = {"en": {"double": 2, "triple": 3}, "ru": {"дважды": 2, "трижды": 3}}


@dataclass(frozen=True)
class SaidNumerals:
    """numerals: in order. used: the places of their words. strange: the places of words that fit no number."""

    numerals: tuple[Numeral, ...]
    used: tuple[int, ...]
    strange: tuple[int, ...]


def languages() -> tuple[str, ...]:
    return tuple(_KNOWN)


def words_of_numbers(language: str) -> dict[str, Numeral]:
    """Folded word -> Numeral; {} for a language whose numbers are not known."""
    return _KNOWN[language]() if language in _KNOWN else {}


def said_numerals(words: Sequence[str], language: str) -> SaidNumerals:
    """words: folded. "double four" and "два ноля" are written out: 4 4, 0 0."""
    known, around = words_of_numbers(language), _AROUND.get(language, frozenset[str]())
    found = [(place, known[word]) for place, word in enumerate(words) if word in known]
    repeats = {
        place: _REPEATS[language][word]
        for place, word in enumerate(words)
        if word in _REPEATS.get(language, {}) and place + 1 < len(words) and words[place + 1] in known
    }
    strange = [
        place
        for place, word in enumerate(words)
        if word not in known and word not in around and place not in repeats
    ]
    return SaidNumerals(
        tuple(_written_out(found, repeats)),
        tuple(sorted([*(one[0] for one in found), *repeats])),
        tuple(strange),
    )


def _written_out(found: Sequence[tuple[int, Numeral]], repeats: dict[int, int]) -> Iterator[Numeral]:
    at = 0
    while at < len(found):
        place, one = found[at]
        after = found[at + 1] if at + 1 < len(found) else None
        counted = after is not None and after[1].counted and after[0] == place + 1
        if counted and after is not None and 2 <= one.value <= 9 and not one.counted and not one.ordinal:
            yield from [Numeral(after[1].value)] * int(one.value)
            at += 2
            continue
        yield from [one] * repeats.get(place - 1, 1)
        at += 1
