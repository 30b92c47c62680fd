"""A date out of words: "пятого мая", "tomorrow", "в следующую среду", "через две недели", "05.09".

A day and month without a year is the one nearest to today, before or after: birthdays and appointments are
asked with the same question, and the answer is read back with its year. A day of the week is the coming one;
on a Monday, "в понедельник" is in a week. Two figures of a year lie in the hundred years up to ten from now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from speech.meaning import date_words
from speech.meaning.numerals import Number, numbers_in
from speech.meaning.said_numerals import words_of_numbers

_CENTURY_AHEAD = 10  # years


@dataclass(frozen=True)
class SaidDate:
    """strange: places of the words that have no part in it."""

    day: date
    strange: tuple[int, ...] = ()


def spoken_date(words: Sequence[str], language: str, today: date) -> SaidDate | None:
    """words: folded. None for no date, or one there is not ("тридцатое февраля")."""
    if language not in date_words.RELATIVE:
        return None
    for read in (_relative, _ahead_or_ago, _weekday, _calendar):
        found = read(words, language, today)
        if found is not None:
            return found
    return None


def _rest(words: Sequence[str], used: set[int], language: str) -> tuple[int, ...]:
    around = date_words.AROUND[language]
    return tuple(place for place, word in enumerate(words) if place not in used and word not in around)


def _relative(words: Sequence[str], language: str, today: date) -> SaidDate | None:
    for said, days in date_words.AFTER_NEXT[language].items():
        for at in range(len(words) - len(said) + 1):
            if tuple(words[at : at + len(said)]) == said:
                used = set(range(at, at + len(said)))
                return SaidDate(today + timedelta(days), _rest(words, used, language))
    known = date_words.RELATIVE[language]
    places = [place for place, word in enumerate(words) if word in known]
    if len({known[words[place]] for place in places}) != 1:
        return None
    return SaidDate(today + timedelta(known[words[places[0]]]), _rest(words, set(places), language))


def _ahead_or_ago(words: Sequence[str], language: str, today: date) -> SaidDate | None:
    """ "через две недели", "in three days", "месяц назад"."""
    units, numerals = date_words.units(language), words_of_numbers(language)
    ahead, ago = date_words.AHEAD[language] in words, date_words.AGO[language] in words
    places = [place for place, word in enumerate(words) if word in units]
    if ahead == ago or len(places) != 1:
        return None
    counted = [place for place, word in enumerate(words) if word in numerals]
    numbers = list(numbers_in(numerals[words[place]] for place in counted))
    if len(numbers) > 1 or None in numbers:
        return None
    count = numbers[0].value if numbers and numbers[0] else 1
    marks = {
        place
        for place, word in enumerate(words)
        if word in (date_words.AHEAD[language], date_words.AGO[language])
    }
    day = _moved(today, units[words[places[0]]], count if ahead else -count)
    return SaidDate(day, _rest(words, {*places, *counted, *marks}, language)) if day else None


def _moved(today: date, unit: str, count: int) -> date | None:
    if abs(count) > 2000:
        return None
    if unit in ("day", "week"):
        return today + timedelta(count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    last = next(day for day in range(today.day, 0, -1) if _date(year, month, day))
    return _date(year, month, last)


def _weekday(words: Sequence[str], language: str, today: date) -> SaidDate | None:
    known = date_words.weekdays(language)
    places = [place for place, word in enumerate(words) if word in known]
    if len(places) != 1 or any(word in words_of_numbers(language) for word in words):
        return None
    wanted = known[words[places[0]]]
    marks = {place for place, word in enumerate(words) if word in date_words.NEXT[language]}
    gone = {place for place, word in enumerate(words) if word in date_words.LAST[language]}
    if marks:  # of the next week
        day = today + timedelta(7 - today.weekday() + wanted)
    elif gone:
        day = today - timedelta((today.weekday() - wanted - 1) % 7 + 1)
    else:
        day = today + timedelta((wanted - today.weekday() - 1) % 7 + 1)
    return SaidDate(day, _rest(words, {*places, *marks, *gone}, language))


def _calendar(words: Sequence[str], language: str, today: date) -> SaidDate | None:
    months, numerals = date_words.months(language), words_of_numbers(language)
    months_at = [place for place, word in enumerate(words) if word in months]
    counted = [place for place, word in enumerate(words) if word in numerals]
    if len(months_at) > 1 or not counted:
        return None
    if months_at:
        before = _numbers(words, [place for place in counted if place < months_at[0]], language)
        after = _numbers(words, [place for place in counted if place > months_at[0]], language)
        day = _with_month(before, after, months[words[months_at[0]]], today)
    else:
        day = _in_numbers(_numbers(words, counted, language), today)
    return SaidDate(day, _rest(words, {*months_at, *counted}, language)) if day else None


def _numbers(words: Sequence[str], places: Sequence[int], language: str) -> list[Number]:
    numerals = words_of_numbers(language)
    return [one for one in numbers_in(numerals[words[place]] for place in places) if one is not None]


def _with_month(before: list[Number], after: list[Number], month: int, today: date) -> date | None:
    """ "пятого мая [двадцать шестого]"; in English also "may fifth [twenty twenty six]"."""
    if len(before) == 1:
        return _made(before[0].value, month, after, today)
    return _made(after[0].value, month, after[1:], today) if not before and after else None


def _in_numbers(numbers: list[Number], today: date) -> date | None:
    """ "пятое пятого двадцать шестого", "ноль пять ноль девять", "пятого"."""
    figures = [one for one in numbers if one.value or one is numbers[-1]]
    if not figures:
        return None
    if len(figures) == 1:
        return _nearest_month(figures[0].value, today) if figures[0].ordinal else None
    return _made(figures[0].value, figures[1].value, figures[2:], today)


def _made(day: int, month: int, years: Sequence[Number], today: date) -> date | None:
    if not years:
        found = [one for one in (_date(today.year + step, month, day) for step in range(-8, 9)) if one]
        return min(found, key=lambda one: (abs((one - today).days), one < today), default=None)
    year = _year([one.value for one in years], today)
    return _date(year, month, day) if year is not None else None


def _year(said: Sequence[int], today: date) -> int | None:
    """2026; 20 26; 19 0 5; 91, of the hundred years that end ten from now."""
    text = "".join(str(one) for one in said)
    if len(text) <= 2:
        last = today.year + _CENTURY_AHEAD
        return last - (last - int(text)) % 100
    return int(text) if len(text) == 4 else None


def _nearest_month(day: int, today: date) -> date | None:
    months = today.year * 12 + today.month - 1
    found = [_date((months + step) // 12, (months + step) % 12 + 1, day) for step in range(-2, 3)]
    return min(filter(None, found), key=lambda one: (abs((one - today).days), one < today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
