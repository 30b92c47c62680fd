"""A string of digits out of words."""

from __future__ import annotations

from collections.abc import Sequence

DIGIT_WORDS = {
    "ru": {
        "ноль": "0", "нуль": "0", "один": "1", "два": "2", "три": "3", "четыре": "4",
        "пять": "5", "шесть": "6", "семь": "7", "восемь": "8", "девять": "9",
    },
    "en": {
        "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4",
        "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    },
}  # fmt: skip


def spoken_digits(words: Sequence[str], language: str) -> str | None:
    """words: folded. None if one is no digit."""
    known = DIGIT_WORDS[language]
    return "".join(known[word] for word in words) if words and all(word in known for word in words) else None
