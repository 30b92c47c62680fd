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

_STEMS = (
    *("перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат"),
    *("двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат", "восемнадцат"),
    "девятнадцат",
)
_TENS = ("двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
_TENS_STEMS = (
    *("двадцат", "тридцат", "сороков", "пятидесят", "шестидесят", "семидесят", "восьмидесят", "девяност"),
)
_ROUND_YEARS = {1900: "тысяча девятисотого", 2000: "двухтысячного"}


def read_back(what: str, value: str, language: str) -> str:
    """what: as `CollectNode.what`. language: Russian words for "ru", English for any other."""
    tongue = language if language in _DIGITS else "en"
    match what:
        case "digits":
            return _grouped([_DIGITS[tongue][int(digit)] for digit in value])
        case "date":
            day = date.fromisoformat(value)
            month = _MONTHS[tongue][day.month - 1]
            if tongue == "ru":
                # Engines read "9 мая 2026 года" as "девять мая две тысячи двадцать шесть года".
                return f"{_ordinal(day.day, 'ое')} {month} {_year(day.year)} года"
            return f"{day.day} {month} {day.year}"
        case "yes_no":
            return _YES_NO[tongue][value]
        case _:
            return value


def _ordinal(number: int, ending: str) -> str:
    """Russian, 1 to 99. ending: "ое" ("девятое"), "ого" ("девятого")."""
    tens, ones = divmod(number, 10)
    if number < 20 or not ones:
        stem = _STEMS[number - 1] if number < 20 else _TENS_STEMS[tens - 2]
        return {"ое": "третье", "ого": "третьего"}[ending] if number == 3 else stem + ending
    return f"{_TENS[tens - 2]} {_ordinal(ones, ending)}"


def _year(year: int) -> str:
    """Russian, in the genitive; years that no caller names are left in digits."""
    if year in _ROUND_YEARS:
        return _ROUND_YEARS[year]
    century = {19: "тысяча девятьсот", 20: "две тысячи"}.get(year // 100)
    return f"{century} {_ordinal(year % 100, 'ого')}" if century else str(year)


def _grouped(words: list[str]) -> str:
    """By three, as people read numbers out; four by two, and no digit is left alone."""
    groups: list[list[str]] = []
    left = words
    while left:
        size = 2 if len(left) in (2, 4) else 3
        groups.append(left[:size])
        left = left[size:]
    return ", ".join(" ".join(group) for group in groups)
