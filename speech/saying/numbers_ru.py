"""Russian numbers, counted things, times and dates as words, in the case a sentence needs.

num2words makes the forms of numbers below a million; what it gets wrong beyond that and with living
things is put right here (docs/decisions/prompts-numbers.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from typing import Literal

from num2words import num2words

Gender = Literal["m", "f", "n"]
_MILLION = 1_000_000


class Case(Enum):
    """value: num2words' letter."""

    NOMINATIVE = "n"
    GENITIVE = "g"
    DATIVE = "d"
    ACCUSATIVE = "a"
    INSTRUMENTAL = "i"
    PREPOSITIONAL = "p"


_CASES = tuple(Case)


@dataclass(frozen=True)
class Noun:
    """What is counted. one, many: its singular and plural in the order of `Case`.

    after_number: the genitive plural after a number, where it has its own ("пять человек").
    """

    gender: Gender
    one: tuple[str, str, str, str, str, str]
    many: tuple[str, str, str, str, str, str]
    animate: bool = False
    after_number: str = ""


def _noun(gender: Gender, one: str, many: str, *, animate: bool = False, after_number: str = "") -> Noun:
    o1, o2, o3, o4, o5, o6 = one.split()
    m1, m2, m3, m4, m5, m6 = many.split()
    return Noun(gender, (o1, o2, o3, o4, o5, o6), (m1, m2, m3, m4, m5, m6), animate, after_number)


SECOND = _noun(
    "f",
    "секунда секунды секунде секунду секундой секунде",
    "секунды секунд секундам секунды секундами секундах",
)
MINUTE = _noun(
    "f", "минута минуты минуте минуту минутой минуте", "минуты минут минутам минуты минутами минутах"
)
HOUR = _noun("m", "час часа часу час часом часе", "часы часов часам часы часами часах")
DAY = _noun("m", "день дня дню день днём дне", "дни дней дням дни днями днях")
CALL = _noun(
    "m", "звонок звонка звонку звонок звонком звонке", "звонки звонков звонкам звонки звонками звонках"
)
PERSON = _noun(
    "m",
    "человек человека человеку человека человеком человеке",
    "люди людей людям людей людьми людях",
    animate=True,
    after_number="человек",
)
OPERATOR = _noun(
    "m",
    "оператор оператора оператору оператора оператором операторе",
    "операторы операторов операторам операторов операторами операторах",
    animate=True,
)
_MILLION_NOUN = _noun(
    "m",
    "миллион миллиона миллиону миллион миллионом миллионе",
    "миллионы миллионов миллионам миллионы миллионами миллионах",
)
_NOUGHT = dict(zip(Case, ("ноль", "нуля", "нулю", "ноль", "нулём", "нуле"), strict=True))
_MONTHS = [
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля",
    "августа", "сентября", "октября", "ноября", "декабря",
]  # fmt: skip


def plural(n: int, one: str, few: str, many: str) -> str:
    """The noun's form after a number in the nominative: 1 минута, 2 минуты, 5 минут, 11 минут, 21 минута."""
    n = abs(n)
    if n % 10 == 1 and n % 100 != 11:
        return one
    return few if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else many


def cardinal(n: int, case: Case = Case.NOMINATIVE, gender: Gender = "m", *, animate: bool = False) -> str:
    """ "двадцать одна", "двадцати одной" ... 0 <= n < 10**9; otherwise ValueError.

    gender: of what is counted. animate: it lives; matters in the accusative only.
    """
    if not 0 <= n < 1000 * _MILLION:
        raise ValueError(f"only numbers from 0 to 999999999 are said, not {n}")
    millions, rest = divmod(n, _MILLION)
    words = [counted(millions, _MILLION_NOUN, case)] if millions else []
    if rest or not millions:
        words.append(_below_a_million(rest, case, gender, animate=animate, alone=not millions))
    return " ".join(words)


def _below_a_million(n: int, case: Case, gender: Gender, *, animate: bool, alone: bool) -> str:
    """A living being is "двух", "одного" in the accusative, but "двадцать два": only 2, 3 and 4 alone are."""
    if animate and case is Case.ACCUSATIVE:
        if alone and n in (2, 3, 4):
            case = Case.GENITIVE
        elif gender == "m" and n % 10 == 1 and n % 100 != 11:
            return _num2words(n - n % 10, case, gender) + " одного" if n > 1 else "одного"
    return _num2words(n, case, gender)


def _num2words(n: int, case: Case, gender: Gender) -> str:
    if n == 0:
        return _NOUGHT[case]
    return str(num2words(n, lang="ru", case=case.value, gender=gender, animate=False))


def ordinal(n: int, case: Case = Case.NOMINATIVE, gender: Gender = "m", *, animate: bool = False) -> str:
    """ "третий", "двадцать первого" ... 0 <= n < 10**6; otherwise ValueError."""
    if not 0 <= n < _MILLION:
        raise ValueError(f"only ordinals from 0 to 999999 are said, not {n}")
    if animate and case is Case.ACCUSATIVE and gender == "m":
        case = Case.GENITIVE
    thousands, rest = n - n % 1000, n % 1000
    head = [] if not (thousands and rest) else ["тысяча" if thousands == 1000 else cardinal(thousands)]
    tail = num2words(rest or n, lang="ru", to="ordinal", case=case.value, gender=gender, animate=False)
    return " ".join([*head, str(tail)])


def counted(n: int, noun: Noun, case: Case = Case.NOMINATIVE) -> str:
    """Number and noun agreed: "две минуты", "двадцать одну минуту", "пяти минут", "двух операторов"."""
    return f"{cardinal(n, case, noun.gender, animate=noun.animate)} {_form(n, noun, case)}"


def _form(n: int, noun: Noun, case: Case) -> str:
    """Nought, thousands and millions are nouns themselves: what follows them stays in the genitive."""
    singular, many = noun.one, noun.many
    genitive = _CASES.index(Case.GENITIVE)
    amount = noun.after_number or many[genitive]
    if n % 1000 == 0:
        return amount
    if case is Case.GENITIVE or (noun.animate and case is Case.ACCUSATIVE and n in (2, 3, 4)):
        return plural(n, singular[genitive], amount, amount)
    at = _CASES.index(case)
    if case in (Case.NOMINATIVE, Case.ACCUSATIVE):
        return plural(n, singular[at], singular[genitive], amount)
    return plural(n, singular[at], many[at], many[at])


def minutes(n: int) -> str:
    """ "одна минута", "две минуты", "пять минут"."""
    return counted(n, MINUTE)


def duration(seconds: float, case: Case = Case.NOMINATIVE) -> str:
    """ "одна минута тридцать секунд", "два часа пять минут"; hours leave the seconds out. seconds >= 0."""
    if seconds < 0:
        raise ValueError(f"a duration is not negative: {seconds}")
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [(hours, HOUR), (minutes, MINUTE), (0 if hours else rest, SECOND)]
    words = [counted(n, noun, case) for n, noun in parts if n]
    return " ".join(words) or counted(0, SECOND, case)


def clock(at: time, case: Case = Case.NOMINATIVE) -> str:
    """ "восемь часов тридцать минут", "двадцать один час" """
    words = counted(at.hour, HOUR, case)
    return f"{words} {counted(at.minute, MINUTE, case)}" if at.minute else words


def opening(begins: time, ends: time) -> str:
    """ "с восьми до двадцати часов", "с девяти часов тридцати минут до восемнадцати часов".

    ends: midnight is "до двадцати четырёх часов".
    """
    closes = counted(24, HOUR, Case.GENITIVE) if ends == time(0) else clock(ends, Case.GENITIVE)
    # "с часа дня" is the only hour that is not said by its number alone.
    short = not begins.minute and begins.hour != 1
    opens = cardinal(begins.hour, Case.GENITIVE) if short else clock(begins, Case.GENITIVE)
    return f"с {opens} до {closes}"


def calendar_date(day: date, *, year: bool = False) -> str:
    """ "двадцать первое ноября", with the year "... две тысячи двадцать шестого года"."""
    words = f"{ordinal(day.day, gender='n')} {_MONTHS[day.month - 1]}"
    return f"{words} {ordinal(day.year, Case.GENITIVE)} года" if year else words


def digits(text: str) -> str:
    """Each digit by itself, as a number is dictated: "один ноль три". Other signs are left out."""
    return " ".join(cardinal(int(c)) for c in text if c in "0123456789")
