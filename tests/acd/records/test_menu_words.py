# ruff: noqa: E501 - a table, one step in each row

from __future__ import annotations

import pytest

from acd.records.menu_words import sentence


@pytest.mark.parametrize(
    ("step", "detail", "told"),
    [
        ("menu choice", {"key": "1", "choice": "medical"}, "the caller chose medical."),
        (
            "menu choice",
            {"by": "speech", "choice": "medical", "confidence": "0.93", "phrase": "врач"},
            "the caller said medical (heard: врач, confidence 0.93).",
        ),
        (
            "asked back",
            {"by": "speech", "choice": "medical", "confidence": "0.50", "phrase": "врач"},
            "not sure of what was said (0.50), it asks back: medical?",
        ),
        ("confirmed", {"choice": "medical", "answer": "key"}, "the caller confirmed medical (key)."),
        ("denied", {"command": "person", "answer": "silence"}, "misheard, the caller did not mean person (silence)."),
        ("confirmed", {"card": "***", "answer": "speech"}, "the caller confirmed card *** (speech)."),
        ("entered", {"card": "***"}, "the caller entered card ***."),
        ("entered", {"by": "speech", "card": "***", "confidence": "0.90"}, "the caller said card *** (confidence 0.90)."),
        ("no match", {"by": "speech", "heard": "***", "confidence": "0.00", "time": "2"}, "the caller was not understood, time 2."),
        ("no match", {"by": "denied", "time": "1"}, "asks again, time 1."),
        ("no match", {"key": "8", "time": "1"}, "an answer it does not know, time 1."),
        ("person asked", {"by": "speech", "confidence": "0.90", "phrase": "оператор"}, "the caller asked for a person."),
        ("hearing lost", {}, "the caller can no longer be understood by voice, it goes on by keys."),
        ("danced", {"how": "well"}, "danced (how well)."),
        ("menu choice", {"by": "speech"}, "menu choice (by speech)."),
    ],
)  # fmt: skip
def test_a_step_of_the_menu_is_told_in_a_sentence(step: str, detail: dict[str, str], told: str):
    assert sentence(step, "main.topic", detail) == f'Menu "main.topic": {told}'
