"""A whole number out of words: "двести пятьдесят тысяч", "полторы тысячи", "the third"."""

from __future__ import annotations

from collections.abc import Sequence

from speech.meaning.numerals import Numeral, numbers_in


def spoken_number(numerals: Sequence[Numeral]) -> tuple[int, float] | None:
    """(number, 0..1 that it is what was said); None for no number, several, or no whole one ("полтора").

    Digits said one by one ("два пять ноль") are joined, with some doubt: 250 is meant, or three numbers.
    """
    numbers = list(numbers_in(numerals))
    if not numbers or any(one is None for one in numbers):
        return None
    values = [one.value for one in numbers if one is not None]
    if len(values) == 1:
        return values[0], 1.0
    if all(value <= 9 for value in values) and values[0]:
        return int("".join(str(value) for value in values)), DICTATED
    return None


DICTATED = 0.65
"""Below sure: a number that was dictated by the digit is read back."""
