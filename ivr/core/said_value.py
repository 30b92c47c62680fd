"""A value as it is read back to the caller: words where an engine might stumble."""

from __future__ import annotations

from datetime import date

_DIGITS = {
    "ru": ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
_YES_NO = {"ru": {"yes": "да", "no": "нет"}, "en": {"yes": "yes", "no": "no"}}
_MONTHS = {
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def read_back(what: str, value: str, language: str) -> str:
    """what: as `CollectNode.what`. language: Russian words for "ru", English for any other."""
    tongue = language if language in _DIGITS else "en"
    match what:
        case "digits":
            return _grouped([_DIGITS[tongue][int(digit)] for digit in value])
        case "date":
            day = date.fromisoformat(value)
            month = _MONTHS[tongue][day.month - 1]
            return f"{day.day} {month} {day.year} года" if tongue == "ru" else f"{day.day} {month} {day.year}"
        case "yes_no":
            return _YES_NO[tongue][value]
        case _:
            return value


def _grouped(words: list[str]) -> str:
    """By three, as people read numbers out; four by two, and no digit is left alone."""
    groups: list[list[str]] = []
    left = words
    while left:
        size = 2 if len(left) in (2, 4) else 3
        groups.append(left[:size])
        left = left[size:]
    return ", ".join(" ".join(group) for group in groups)
