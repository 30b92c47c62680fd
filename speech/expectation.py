"""What a caller may say now, and what he turned out to mean: the two sides of understanding."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["menu", "digits", "number", "date", "yes_no"]


class Expectation(msgspec.Struct, frozen=True):
    """One question, as the ear needs it.

    kind: what sort of answer. phrases: choice -> what may be said for it (kind "menu", and beside a yes/no
    question the menu's own, for "no, the doctor"). commands: "person", "repeat", "back" -> what may be said
    for it, at any question. digits: least and most of them, for kind "digits". today: ISO date that
    "tomorrow" and a date without a year are counted from, for kind "date".
    """

    kind: Kind
    language: str
    phrases: dict[str, tuple[str, ...]] = {}
    commands: dict[str, tuple[str, ...]] = {}
    digits: tuple[int, int] = (1, 40)
    today: str = ""


class Meaning(msgspec.Struct, frozen=True):
    """What was meant.

    kind: "choice" (name: of `phrases`), "command" (name: of `commands`), "value" (name: digits "0123", a
    number "250", a date "2026-05-09", "yes" or "no"), "unknown" (speech that fits nothing), "nothing" (no
    speech after all).
    confidence: 0..1 that `name` is meant. phrase: the listed phrase that fitted best, for a choice or command.
    alternatives: other (name, confidence) of the same kind, best first. heard: the words, personal.
    """

    kind: Literal["choice", "command", "value", "unknown", "nothing"]
    name: str = ""
    confidence: float = 0.0
    phrase: str = ""
    alternatives: tuple[tuple[str, float], ...] = ()
    heard: str = ""
