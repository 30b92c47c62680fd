"""The words digits, numbers and dates are said with: the grammar of such a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from speech.said_numerals import words_of_numbers


def numeral_words(language: str, kind: Literal["digits", "number", "date"]) -> Sequence[str]:
    """The words worth a grammar's room: for digits and numbers the forms callers dictate in."""
    return list(words_of_numbers(language))
