"""Digits, numbers, dates and yes or no out of words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from speech.meaning.said_numerals import said_numerals
from speech.meaning.spoken_dates import spoken_date
from speech.meaning.spoken_digits import spoken_digits
from speech.meaning.spoken_numbers import spoken_number
from speech.meaning.spoken_words import spoken_words
from speech.meaning.yes_no import yes_no_phrases, yes_or_no
from speech.saying import numbers
from speech.saying.numbers_ru import Case, ordinal

TODAY = date(2026, 11, 22)  # a Sunday
LANGUAGES = st.sampled_from(["ru", "en"])


def digits(text: str, language: str, least: int = 1, most: int = 40) -> str | None:
    return spoken_digits(said_numerals(spoken_words(text, language), language).numerals, least, most)


def number(text: str, language: str) -> int | None:
    found = spoken_number(said_numerals(spoken_words(text, language), language).numerals)
    return found[0] if found else None


def day(text: str, language: str = "ru") -> date | None:
    found = spoken_date(spoken_words(text, language), language, TODAY)
    return found.day if found else None


@given(st.text("0123456789", min_size=1, max_size=20), LANGUAGES)
def test_digits_said_one_by_one_are_those_digits(text: str, language: str) -> None:
    assert digits(numbers.digits(text, language), language) == text


@given(st.lists(st.integers(10, 99), min_size=1, max_size=8), LANGUAGES)
def test_digits_said_in_pairs_are_those_digits(pairs: list[int], language: str) -> None:
    said = " ".join(numbers.cardinal(one, language) for one in pairs)
    assert digits(said, language) == "".join(map(str, pairs))


@given(st.lists(st.integers(100, 999), min_size=1, max_size=5))
def test_digits_said_in_threes_are_those_digits(threes: list[int]) -> None:
    """Not in English, where "one hundred" after "one hundred and twenty" hides where that one ended."""
    said = " ".join(numbers.cardinal(one, "ru") for one in threes)
    assert digits(said, "ru") == "".join(map(str, threes))


@given(st.integers(0, 999_999), LANGUAGES)
def test_every_number_in_words_is_that_number(n: int, language: str) -> None:
    assert number(num2words(n, lang=language), language) == n


@given(st.integers(0, 999_999), st.sampled_from(Case))
def test_every_russian_case_of_a_number_is_that_number(n: int, case: Case) -> None:
    assert number(num2words(n, lang="ru", case=case.value), "ru") == n


@given(st.integers(0, 999), st.sampled_from(Case))
def test_every_case_of_an_ordinal_is_its_number(n: int, case: Case) -> None:
    assert number(ordinal(n, case), "ru") == n


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_date_of_three_years_is_that_date(language: str) -> None:
    for step in range(3 * 365 + 1):
        said = date(2025, 1, 1) + timedelta(step)
        assert day(numbers.calendar_date(said, language, year=True), language) == said


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("двенадцать тридцать четыре", "ru", "1234"),
        ("ноль пять", "ru", "05"),
        ("две тысячи двадцать шестой", "ru", "2026"),
        ("сто двадцать три", "ru", "123"),
        ("двадцать ноль пять", "ru", "2005"),
        ("пять два ноля", "ru", "500"),
        ("три семёрки", "ru", "777"),
        ("мой номер ноль три", "ru", "03"),
        ("oh five", "en", "05"),
        ("double four one", "en", "441"),
        ("nineteen oh five", "en", "1905"),
        ("врача", "ru", None),
    ],
)
def test_digits_as_people_dictate_them(text: str, language: str, expected: str | None) -> None:
    assert digits(text, language) == expected


def test_a_string_that_is_too_short_is_read_as_it_could_fit() -> None:
    assert digits("двадцать пять восемь", "ru", 4, 4) == "2058"
    assert digits("двадцать пять восемь", "ru", 3, 3) == "258"
    assert digits("пять восемь", "ru", 4, 4) == "58", "nothing fits: the question judges it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("двести пятьдесят тысяч", 250_000),
        ("полторы тысячи", 1500),
        ("тысяча", 1000),
        ("первый", 1),
        ("одну", 1),
        ("двух", 2),
        ("миллион двести тысяч", 1_200_000),
        ("полтора", None),
        ("двадцать тридцать", None),
        ("ноль пять", None),
    ],
)
def test_numbers_as_people_say_them(text: str, expected: int | None) -> None:
    assert number(text, "ru") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("сегодня", "2026-11-22"),
        ("завтра", "2026-11-23"),
        ("послезавтра", "2026-11-24"),
        ("вчера", "2026-11-21"),
        ("в понедельник", "2026-11-23"),
        ("в воскресенье", "2026-11-29"),
        ("в следующую среду", "2026-11-25"),
        ("в прошлую пятницу", "2026-11-20"),
        ("через неделю", "2026-11-29"),
        ("через две недели", "2026-12-06"),
        ("три дня назад", "2026-11-19"),
        ("через месяц", "2026-12-22"),
        ("пятого мая две тысячи двадцать шестого года", "2026-05-05"),
        ("пятое мая", "2027-05-05"),
        ("первое октября", "2026-10-01"),
        ("пятое пятого двадцать шестого", "2026-05-05"),
        ("ноль пять ноль девять", "2026-09-05"),
        ("05.09", "2026-09-05"),
        ("двадцать первого декабря девяносто первого года", "1991-12-21"),
        ("двадцать девятое февраля", "2028-02-29"),
        ("пятого числа", "2026-12-05"),
        ("тридцатое февраля", None),
        ("завтра или послезавтра", None),
        ("не помню", None),
    ],
)
def test_dates_as_people_say_them(text: str, expected: str | None) -> None:
    assert day(text) == (date.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("may fifth", "2027-05-05"),
        ("the fifth of May twenty twenty six", "2026-05-05"),
        ("day after tomorrow", "2026-11-24"),
        ("on Monday", "2026-11-23"),
        ("in three days", "2026-11-25"),
        ("a week ago", "2026-11-15"),
    ],
)
def test_english_dates(text: str, expected: str) -> None:
    assert day(text, "en") == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("да", "yes"),
        ("ага", "yes"),
        ("всё верно", "yes"),
        ("да, конечно", "yes"),
        ("нет", "no"),
        ("не надо", "no"),
        ("неверно", "no"),
        ("нет, неверно", "no"),
        ("конечно нет", "no"),
        ("ни в коем случае", "no"),
        ("да нет", None),
        ("не знаю", None),
        ("врача", None),
    ],
)
def test_yes_and_no(text: str, expected: str | None) -> None:
    found = yes_or_no(spoken_words(text, "ru"), "ru")
    assert (found[0] if found else None) == expected


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_phrase_of_the_grammar_of_yes_and_no_is_an_answer_and_none_hides_a_longer_yes(
    language: str,
) -> None:
    for phrase in yes_no_phrases(language):
        assert yes_or_no(spoken_words(phrase, language), language) is not None, phrase
        assert not phrase.startswith(("да ", "нет ", "yes ")), (
            "the short word could not be decided on at once"
        )
