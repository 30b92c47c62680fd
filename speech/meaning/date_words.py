"""Words that dates are said with, besides numbers: months, days of the week, yesterday and tomorrow."""

# ruff: noqa: SIM905 - lists of words are read and kept as text

from __future__ import annotations

from functools import cache

_RU_MONTHS = {
    "январ": 1, "феврал": 2, "март": 3, "апрел": 4, "ма": 5, "июн": 6, "июл": 7, "август": 8,
    "сентябр": 9, "октябр": 10, "ноябр": 11, "декабр": 12,
}  # fmt: skip
_HARD, _MAY = (3, 8), 5
_ENDINGS = {
    "hard": ("", "а", "е", "у", "ом"),
    "soft": ("ь", "я", "е", "ю", "ем"),
    "may": ("й", "я", "е", "ю", "ем"),
}
_EN_MONTHS = "january february march april may june july august september october november december"
WEEKDAYS = {
    "ru": [
        "понедельник понедельника понедельнику",
        "вторник вторника вторнику",
        "среда среду среды среде",
        "четверг четверга четвергу",
        "пятница пятницу пятницы пятнице",
        "суббота субботу субботы субботе",
        "воскресенье воскресенья воскресенью",
    ],
    "en": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
}
RELATIVE = {
    "ru": {"сегодня": 0, "завтра": 1, "послезавтра": 2, "вчера": -1, "позавчера": -2},
    "en": {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0},
}
AFTER_NEXT = {"en": {("day", "after", "tomorrow"): 2, ("day", "before", "yesterday"): -2}, "ru": {}}
UNITS = {
    "ru": {
        "day": "день дня дней",
        "week": "неделю недели недель неделя",
        "month": "месяц месяца месяцев",
        "year": "год года лет",
    },
    "en": {"day": "day days", "week": "week weeks", "month": "month months", "year": "year years"},
}
AHEAD, AGO = {"ru": "через", "en": "in"}, {"ru": "назад", "en": "ago"}
NEXT = {"ru": "следующий следующую следующее следующего следующей".split(), "en": ["next"]}
LAST = {"ru": "прошлый прошлую прошлое прошлого прошлой прошедший прошедшую".split(), "en": ["last"]}
AROUND = {
    "ru": frozenset(
        "в во на это этот эту к числа число года год г мне можно пожалуйста давайте лучше".split()
    ),
    "en": frozenset("on the of in for this a an please day date it is year".split()),
}


@cache
def months(language: str) -> dict[str, int]:
    """Folded word, in any case -> 1..12."""
    if language != "ru":
        return {word: number for number, word in enumerate(_EN_MONTHS.split(), start=1)}
    return {
        stem + end: number
        for stem, number in _RU_MONTHS.items()
        for end in _ENDINGS["may" if number == _MAY else "hard" if number in _HARD else "soft"]
    }


@cache
def weekdays(language: str) -> dict[str, int]:
    """Folded word, in any case -> 0 (Monday) .. 6."""
    return {word: day for day, said in enumerate(WEEKDAYS[language]) for word in said.split()}


@cache
def units(language: str) -> dict[str, str]:
    return {word: unit for unit, said in UNITS[language].items() for word in said.split()}


def all_words(language: str) -> list[str]:
    """For a grammar."""
    around = (
        ("в", "через", "назад", "числа", "года") if language == "ru" else ("of", "the", "in", "ago", "on")
    )
    return [
        *months(language), *weekdays(language), *RELATIVE[language], *units(language), *around,
        *NEXT[language], *LAST[language],
    ]  # fmt: skip
