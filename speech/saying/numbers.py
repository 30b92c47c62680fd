"""Numbers, times and dates as words of a language the hotline speaks.

The languages have more of their own: cases and genders in `numbers_ru`.
"""

from __future__ import annotations

from datetime import date, time
from typing import Protocol

from speech.saying import numbers_en, numbers_ru


class _Grammar(Protocol):
    """What a language's module must say."""

    def cardinal(self, n: int) -> str: ...
    def ordinal(self, n: int) -> str: ...
    def minutes(self, n: int) -> str: ...
    def duration(self, seconds: float) -> str: ...
    def clock(self, at: time) -> str: ...
    def opening(self, begins: time, ends: time) -> str: ...
    def calendar_date(self, day: date, *, year: bool = False) -> str: ...
    def digits(self, text: str) -> str: ...


_BY_LANGUAGE: dict[str, _Grammar] = {"ru": numbers_ru, "en": numbers_en}
LANGUAGES = tuple(_BY_LANGUAGE)


def cardinal(n: int, language: str) -> str:
    """ "двадцать один", "twenty-one". 0 <= n < 10**9; otherwise ValueError."""
    return _grammar(language).cardinal(n)


def ordinal(n: int, language: str) -> str:
    """ "третий", "third". 0 <= n < 10**6; otherwise ValueError."""
    return _grammar(language).ordinal(n)


def minutes(n: int, language: str) -> str:
    """ "двадцать одна минута", "twenty-one minutes"."""
    return _grammar(language).minutes(n)


def duration(seconds: float, language: str) -> str:
    """ "одна минута тридцать секунд". seconds >= 0; otherwise ValueError."""
    return _grammar(language).duration(seconds)


def clock(at: time, language: str) -> str:
    """ "восемь часов тридцать минут", "eight thirty a.m."."""
    return _grammar(language).clock(at)


def opening(begins: time, ends: time, language: str) -> str:
    """ "с восьми до двадцати часов", "from eight a.m. to eight p.m."."""
    return _grammar(language).opening(begins, ends)


def calendar_date(day: date, language: str, *, year: bool = False) -> str:
    """ "двадцать первое ноября", "the twenty-first of November"."""
    return _grammar(language).calendar_date(day, year=year)


def digits(text: str, language: str) -> str:
    """Each digit by itself, as a number is dictated."""
    return _grammar(language).digits(text)


def _grammar(language: str) -> _Grammar:
    if language not in _BY_LANGUAGE:
        raise ValueError(f"numbers are not said in {language!r} yet, only in {', '.join(LANGUAGES)}")
    return _BY_LANGUAGE[language]
