"""A string of digits out of words: "ноль пять", "двенадцать тридцать четыре", "double four"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from speech.meaning.numerals import Number, Numeral, numbers_in

_READINGS = 10  # numbers that may be taken apart; beyond, a string has too many readings to tell


def spoken_digits(numerals: Sequence[Numeral], least: int = 1, most: int = 40) -> str | None:
    """The digits said, None if there are none.

    "двадцать пять" is 25, unless so many digits cannot be and "20" "5" fits alone: people dictate by the
    number, and the grammar of their language hides where one ended. A string that fits in no way is
    returned as it stands, for the question to judge.
    """
    numbers = list(numbers_in(numerals))
    if not numbers or any(one is None for one in numbers):
        return None
    said = [one for one in numbers if one is not None]
    plain = "".join(str(one.value) for one in said)
    if least <= len(plain) <= most:
        return plain
    fitting = {text for text in _readings(said) if least <= len(text) <= most}
    return fitting.pop() if len(fitting) == 1 else plain


def _readings(numbers: Sequence[Number]) -> set[str]:
    if len(numbers) > _READINGS:
        return set()
    return {"".join(parts) for parts in product(*(_taken_apart(one) for one in numbers))}


def _taken_apart(number: Number) -> list[str]:
    """ "125" as one, "100" "25", "120" "5", "100" "20" "5"; what holds a thousand stays whole."""
    parts = number.parts
    if len(parts) == 1 or sum(parts) != number.value:
        return [str(number.value)]
    cuts = product((False, True), repeat=len(parts) - 1)
    return [_joined(parts, cut) for cut in cuts]


def _joined(parts: Sequence[int], cut: Sequence[bool]) -> str:
    sums = [parts[0]]
    for part, apart in zip(parts[1:], cut, strict=True):
        if apart:
            sums.append(part)
        else:
            sums[-1] += part
    return "".join(str(one) for one in sums)
