"""Russian grammar. The tables are written by hand from the grammar, not taken from the code."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.saying import numbers_ru as ru
from speech.saying.numbers_ru import CALL, DAY, HOUR, MINUTE, OPERATOR, PERSON, SECOND, Case

NOM, GEN, DAT, ACC, INS, PRE = Case


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "ноль минут"),
        (1, "одна минута"),
        (2, "две минуты"),
        (3, "три минуты"),
        (4, "четыре минуты"),
        (5, "пять минут"),
        (10, "десять минут"),
        (11, "одиннадцать минут"),
        (12, "двенадцать минут"),
        (13, "тринадцать минут"),
        (14, "четырнадцать минут"),
        (15, "пятнадцать минут"),
        (20, "двадцать минут"),
        (21, "двадцать одна минута"),
        (22, "двадцать две минуты"),
        (25, "двадцать пять минут"),
        (41, "сорок одна минута"),
        (101, "сто одна минута"),
        (111, "сто одиннадцать минут"),
        (112, "сто двенадцать минут"),
        (122, "сто двадцать две минуты"),
        (1000, "одна тысяча минут"),
        (1001, "одна тысяча одна минута"),
        (2002, "две тысячи две минуты"),
        (21000, "двадцать одна тысяча минут"),
        (1_000_000, "один миллион минут"),
        (2_000_002, "два миллиона две минуты"),
        (5_000_000, "пять миллионов минут"),
    ],
)
def test_minutes_agree_with_their_number(n, words):
    assert ru.minutes(n) == words


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (NOM, ["одна минута", "две минуты", "пять минут", "двадцать одна минута", "сорок две минуты"]),
        (GEN, ["одной минуты", "двух минут", "пяти минут", "двадцати одной минуты", "сорока двух минут"]),
        (DAT, ["одной минуте", "двум минутам", "пяти минутам", "двадцати одной минуте", "сорока двум минутам"]),
        (ACC, ["одну минуту", "две минуты", "пять минут", "двадцать одну минуту", "сорок две минуты"]),
        (INS, ["одной минутой", "двумя минутами", "пятью минутами", "двадцатью одной минутой",
               "сорока двумя минутами"]),
        (PRE, ["одной минуте", "двух минутах", "пяти минутах", "двадцати одной минуте", "сорока двух минутах"]),
    ],
)  # fmt: skip
def test_minutes_in_every_case(case, said):
    assert [ru.counted(n, MINUTE, case) for n in (1, 2, 5, 21, 42)] == said


@pytest.mark.parametrize(
    ("n", "case", "words"),
    [
        (1, ACC, "одного оператора"),
        (2, ACC, "двух операторов"),
        (4, ACC, "четырёх операторов"),
        (5, ACC, "пять операторов"),
        (21, ACC, "двадцать одного оператора"),
        (22, ACC, "двадцать два оператора"),  # only 2, 3, 4 alone are declined as living
        (102, ACC, "сто два оператора"),
        (1000, ACC, "одну тысячу операторов"),
        (2000, ACC, "две тысячи операторов"),
        (3, NOM, "три оператора"),
        (8, INS, "восемью операторами"),
    ],
)
def test_living_beings_are_counted_as_living(n, case, words):
    assert ru.counted(n, OPERATOR, case) == words


@pytest.mark.parametrize(
    ("n", "case", "words"),
    [
        (1, NOM, "один человек"),
        (3, NOM, "три человека"),
        (5, NOM, "пять человек"),
        (21, NOM, "двадцать один человек"),
        (2, GEN, "двух человек"),
        (5, GEN, "пяти человек"),
        (3, ACC, "трёх человек"),
        (2, DAT, "двум людям"),
        (5, INS, "пятью людьми"),
        (3, PRE, "трёх людях"),
    ],
)
def test_people_have_a_counting_form_of_their_own(n, case, words):
    assert ru.counted(n, PERSON, case) == words


@pytest.mark.parametrize(
    ("n", "case", "words"),
    [
        (0, DAT, "нулю звонков"),
        (1000, DAT, "одной тысяче звонков"),
        (2000, INS, "двумя тысячами звонков"),
        (1_000_000, GEN, "одного миллиона звонков"),
        (2_000_000, PRE, "двух миллионах звонков"),
        (1001, DAT, "одной тысяче одному звонку"),
    ],
)
def test_after_nought_thousands_and_millions_comes_the_genitive(n, case, words):
    assert ru.counted(n, CALL, case) == words


@pytest.mark.parametrize(
    ("n", "genitive", "instrumental"),
    [
        (40, "сорока", "сорока"),
        (50, "пятидесяти", "пятьюдесятью"),
        (80, "восьмидесяти", "восемьюдесятью"),
        (90, "девяноста", "девяноста"),
        (100, "ста", "ста"),
        (200, "двухсот", "двумястами"),
        (300, "трёхсот", "тремястами"),
        (500, "пятисот", "пятьюстами"),
        (345, "трёхсот сорока пяти", "тремястами сорока пятью"),
    ],
)
def test_both_halves_of_a_compound_number_are_declined(n, genitive, instrumental):
    assert (ru.cardinal(n, GEN), ru.cardinal(n, INS)) == (genitive, instrumental)


@pytest.mark.parametrize(
    ("n", "gender", "words"),
    [(1, "m", "один"), (1, "f", "одна"), (1, "n", "одно"), (2, "f", "две"), (2, "n", "два"),
     (31, "n", "тридцать одно")],
)  # fmt: skip
def test_one_and_two_take_the_gender_of_what_is_counted(n, gender, words):
    assert ru.cardinal(n, gender=gender) == words


def test_a_million_is_masculine_whatever_is_counted():
    assert ru.cardinal(1_000_000, gender="f") == "один миллион"
    assert ru.cardinal(1_000_000, ACC, animate=True) == "один миллион"


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "нулевой"),
        (1, "первый"),
        (2, "второй"),
        (3, "третий"),
        (4, "четвёртый"),
        (6, "шестой"),
        (7, "седьмой"),
        (8, "восьмой"),
        (11, "одиннадцатый"),
        (12, "двенадцатый"),
        (19, "девятнадцатый"),
        (20, "двадцатый"),
        (21, "двадцать первый"),
        (33, "тридцать третий"),
        (40, "сороковой"),
        (50, "пятидесятый"),
        (90, "девяностый"),
        (100, "сотый"),
        (103, "сто третий"),
        (200, "двухсотый"),
        (1000, "тысячный"),
        (2000, "двухтысячный"),
        (2026, "две тысячи двадцать шестой"),
        (1001, "тысяча первый"),
        (10000, "десятитысячный"),
        (10001, "десять тысяч первый"),
        (21000, "двадцатиоднотысячный"),
        (40100, "сорок тысяч сотый"),
        (100_000, "стотысячный"),
    ],
)
def test_ordinals(n, words):
    assert ru.ordinal(n) == words


@pytest.mark.parametrize(
    ("case", "masculine", "feminine", "neuter"),
    [
        (NOM, "третий", "третья", "третье"),
        (GEN, "третьего", "третьей", "третьего"),
        (DAT, "третьему", "третьей", "третьему"),
        (ACC, "третий", "третью", "третье"),
        (INS, "третьим", "третьей", "третьим"),
        (PRE, "третьем", "третьей", "третьем"),
    ],
)
def test_third_keeps_its_soft_sign_in_every_case(case, masculine, feminine, neuter):
    assert [ru.ordinal(3, case, gender) for gender in ("m", "f", "n")] == [masculine, feminine, neuter]


def test_only_the_last_word_of_an_ordinal_is_declined():
    assert ru.ordinal(2026, GEN) == "две тысячи двадцать шестого"
    assert ru.ordinal(21, DAT, "f") == "двадцать первой"
    assert ru.ordinal(3, ACC, animate=True) == "третьего"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(8), "восемь часов"),
        (time(8, 30), "восемь часов тридцать минут"),
        (time(1, 1), "один час одна минута"),
        (time(21, 2), "двадцать один час две минуты"),
        (time(22, 5), "двадцать два часа пять минут"),
        (time(0, 11), "ноль часов одиннадцать минут"),
    ],
)
def test_times_of_day(at, words):
    assert ru.clock(at) == words


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (time(8), time(20), "с восьми до двадцати часов"),
        (time(9, 30), time(18), "с девяти часов тридцати минут до восемнадцати часов"),
        (time(9), time(17, 45), "с девяти до семнадцати часов сорока пяти минут"),
        (time(1), time(21), "с одного часа до двадцати одного часа"),
        (time(0), time(0), "с нуля до двадцати четырёх часов"),
    ],
)
def test_opening_hours_are_in_the_genitive(begins, ends, words):
    assert ru.opening(begins, ends) == words


def test_dates_are_neuter_ordinals_and_the_month_in_the_genitive():
    assert ru.calendar_date(date(2026, 11, 21)) == "двадцать первое ноября"
    assert ru.calendar_date(date(2026, 5, 3), year=True) == "третье мая две тысячи двадцать шестого года"
    assert ru.calendar_date(date(2000, 1, 1), year=True) == "первое января двухтысячного года"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "ноль секунд"),
        (1, "одна секунда"),
        (61, "одна минута одна секунда"),
        (120, "две минуты"),
        (59.6, "одна минута"),
        (3600, "один час"),
        (7325, "два часа две минуты"),
    ],
)
def test_durations_name_only_what_there_is(seconds, words):
    assert ru.duration(seconds) == words


def test_digits_are_dictated_one_by_one():
    assert ru.digits("8 (800)-1") == "восемь восемь ноль ноль один"
    assert ru.digits("²٣") == ""  # digits only to Unicode


@pytest.mark.parametrize("n", [-1, 10**9])
def test_numbers_that_are_not_said_are_refused(n):
    with pytest.raises(ValueError, match="are said"):
        ru.cardinal(n)
    with pytest.raises(ValueError, match="are said"):
        ru.ordinal(n)


def test_a_negative_duration_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        ru.duration(-1)


ENDINGS = {"минута", "минуты", "минут"}


@given(st.integers(0, 10**6))
def test_the_noun_follows_the_last_words_of_the_number_it_is_said_with(n):
    """Checked from what is heard: the last word of the number decides, not arithmetic."""
    *_, last, noun = ru.minutes(n).split()
    if last == "одна":
        assert noun == "минута"
    elif last in {"две", "три", "четыре"}:
        assert noun == "минуты"
    else:
        assert noun == "минут"
        assert last not in {"один", "одно", "два"}


@given(st.integers(0, 10**6), st.sampled_from(list(Case)), st.sampled_from([SECOND, MINUTE, HOUR, DAY, CALL]))
def test_every_number_is_said_in_every_case_in_cyrillic_letters_only(n, case, noun):
    words = ru.counted(n, noun, case)
    assert all("а" <= c <= "я" or c in "ё " for c in words)
    assert "  " not in words
    assert words == words.strip()


@given(st.integers(1, 999_999))
def test_the_ordinal_begins_like_the_cardinal_does(n):
    *head, _ = ru.ordinal(n).split()
    said = ru.cardinal(n).split()
    assert head in (said[: len(head)], said[1 : len(head) + 1])  # "тысяча первый" leaves "одна" out
