"""A number typed key by key: when it is complete, and when it is wrong."""

from __future__ import annotations

from enum import Enum

from ivr.core.flow import Digits


class Verdict(Enum):
    """What the keys so far amount to."""

    MORE = "more may come"
    DONE = "complete"
    WRONG = "cannot become an entry"
    NOTHING = "nothing was typed"


def add_key(rule: Digits, entered: str, key: str) -> tuple[str, Verdict]:
    """The entry with one more key, and what it amounts to."""
    if key == rule.end:
        return entered, Verdict.DONE if len(entered) >= rule.min else Verdict.WRONG
    if key not in "0123456789":
        return entered, Verdict.WRONG
    entered += key
    return entered, Verdict.DONE if len(entered) >= rule.max else Verdict.MORE


def at_silence(rule: Digits, entered: str) -> Verdict:
    """No further key came: whoever has typed enough and waits means "that is all"."""
    if not entered:
        return Verdict.NOTHING
    return Verdict.DONE if len(entered) >= rule.min else Verdict.WRONG
