"""The words digits, numbers and dates are said with: the grammar of such a question."""

from __future__ import annotations

from collections.abc import Sequence

from speech.spoken_digits import DIGIT_WORDS


def numeral_words(language: str, kind: str) -> Sequence[str]:
    return list(DIGIT_WORDS[language])
