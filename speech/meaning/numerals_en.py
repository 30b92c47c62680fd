"""Every English word a number is said with."""

# ruff: noqa: SIM905 - lists of words are read and kept as text

from __future__ import annotations

from functools import cache

from speech.meaning.numerals import Numeral

_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {100: "hundred", 1000: "thousand", 1_000_000: "million", 1_000_000_000: "billion"}
_PLURALS = "zeros ones twos threes fours fives sixes sevens eights nines".split()


@cache
def numerals() -> dict[str, Numeral]:
    """Word -> what it is worth."""
    words = {word: Numeral(value) for value, word in enumerate(_CARDINALS)}
    words |= {word: Numeral(value, ordinal=True) for value, word in enumerate(_ORDINALS)}
    for value, word in enumerate(_TENS, start=2):
        words[word] = Numeral(value * 10)
        words[word[:-1] + "ieth"] = Numeral(value * 10, ordinal=True)
    for value, word in _SCALES.items():
        words |= {word: Numeral(value, "times"), f"{word}th": Numeral(value, "times", ordinal=True)}
    words |= {word: Numeral(value, counted=True) for value, word in enumerate(_PLURALS)}
    return (
        words | dict.fromkeys(("oh", "o", "nought", "naught", "nil"), Numeral(0)) | {"zeroes": words["zeros"]}
    )
