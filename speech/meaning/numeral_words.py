"""The words digits, numbers and dates are said with: the grammar of such a question."""

# ruff: noqa: SIM905 - lists of words are read and kept as text

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from speech.meaning import date_words

_CARDINALS = {
    "ru": "ноль один одна одно одну два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать"
    " тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать тридцать"
    " сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста четыреста пятьсот шестьсот"
    " семьсот восемьсот девятьсот",
    "en": "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred",
}
_BIG = {
    "ru": "тысяча тысячи тысяч миллион миллиона миллионов",
    "en": "thousand million and a",
}
_DICTATED = {"ru": "тысяча тысячи тысяч", "en": "double triple thousand"}
_ORDINAL_STEMS = (
    "перв втор четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат"
    " шестнадцат семнадцат восемнадцат девятнадцат двадцат тридцат"
)
_ORDINALS = {
    "ru": [stem + end for stem in _ORDINAL_STEMS.split() for end in ("ое", "ого")] + ["третье", "третьего"],
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth".split(),
}  # fmt: skip


def numeral_words(language: str, kind: Literal["digits", "number", "date"]) -> Sequence[str]:
    """The forms callers dictate in; () for a language whose numbers are not known.

    More forms are understood than are listened for: each word more in a grammar costs answers.
    """
    if language not in _CARDINALS:
        return ()
    plain = _CARDINALS[language].split()
    if kind == "digits":
        return [*plain, *_DICTATED[language].split()]
    if kind == "number":
        half = ["полтора", "полторы"] if language == "ru" else []
        return [*plain, *_BIG[language].split(), *half]
    return list(
        dict.fromkeys(
            [*plain, *_BIG[language].split(), *_ORDINALS[language], *date_words.all_words(language)]
        )
    )
