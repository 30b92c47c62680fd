"""What was meant: the words an engine heard against what the question expects."""

from __future__ import annotations

from speech.expectation import Expectation, Meaning
from speech.hypothesis import UNKNOWN, Hypothesis
from speech.spoken_digits import spoken_digits
from speech.spoken_words import fold, spoken_words
from speech.yes_no import yes_or_no

SURE = 0.7
"""At or above: act on it. Measured, see docs."""
UNSURE = 0.4
"""At or above, below `SURE`: ask back. Below: not understood."""


def understand(hypothesis: Hypothesis, expectation: Expectation) -> Meaning:
    """The meaning of one utterance. Pure; never raises for strange words."""
    if not hypothesis.words:
        return Meaning("nothing")
    heard = hypothesis.text
    known = [word for word in hypothesis.words if word.text != UNKNOWN]
    if not known:
        return Meaning("unknown", heard=heard)
    words = tuple(fold(word.text) for word in known)
    sure = sum(word.confidence for word in known) / len(known) * len(known) / len(hypothesis.words)
    listed = [("command", expectation.commands), ("choice", expectation.phrases)]
    for kind, phrases in listed:
        for name, many in phrases.items():
            for phrase in many:
                if spoken_words(phrase, expectation.language) == words:
                    return Meaning(kind, name, sure, phrase, heard=heard)  # pyright: ignore[reportArgumentType]
    if expectation.kind == "yes_no" and (answer := yes_or_no(words, expectation.language)) is not None:
        return Meaning("value", answer[0], sure * answer[1], heard=heard)
    if expectation.kind in ("digits", "number") and (digits := spoken_digits(words, expectation.language)):
        return Meaning("value", digits, sure, heard=heard)
    return Meaning("unknown", heard=heard)
