from datetime import date, time

import pytest

from speech.saying import numbers
from speech.saying import numbers_en as en


def test_counted_things_take_an_s_except_one():
    assert [en.counted(n, "minute") for n in (0, 1, 2, 21)] == [
        "zero minutes",
        "one minute",
        "two minutes",
        "twenty-one minutes",
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(8), "eight a.m."),
        (time(8, 30), "eight thirty a.m."),
        (time(9, 5), "nine oh five a.m."),
        (time(12), "twelve noon"),
        (time(12, 15), "twelve fifteen p.m."),
        (time(0), "midnight"),
        (time(0, 1), "twelve oh one a.m."),
        (time(20), "eight p.m."),
    ],
)
def test_times_of_day(at, words):
    assert en.clock(at) == words


def test_dates_and_years():
    assert en.calendar_date(date(2026, 11, 21)) == "the twenty-first of November"
    assert en.calendar_date(date(2026, 5, 3), year=True) == "the third of May twenty twenty-six"


def test_durations_name_only_what_there_is():
    assert [en.duration(s) for s in (0, 61, 3600, 7325)] == [
        "zero seconds",
        "one minute one second",
        "one hour",
        "two hours two minutes",
    ]
    with pytest.raises(ValueError, match="not negative"):
        en.duration(-1)


@pytest.mark.parametrize("n", [-1, 10**9])
def test_numbers_that_are_not_said_are_refused(n):
    with pytest.raises(ValueError, match="are said"):
        en.cardinal(n)
    with pytest.raises(ValueError, match="are said"):
        en.ordinal(n)


@pytest.mark.parametrize("language", numbers.LANGUAGES)
def test_every_language_says_everything(language):
    said = [
        numbers.cardinal(21, language),
        numbers.ordinal(3, language),
        numbers.minutes(2, language),
        numbers.duration(90, language),
        numbers.clock(time(8, 30), language),
        numbers.opening(time(8), time(20), language),
        numbers.calendar_date(date(2026, 1, 2), language, year=True),
        numbers.digits("103", language),
    ]
    assert all(said)
    assert not any(c.isdigit() for sentence in said for c in sentence)


def test_a_language_without_numbers_is_named():
    with pytest.raises(ValueError, match="'de' yet, only in ru, en"):
        numbers.cardinal(1, "de")
