"""What a key, an utterance or a silence amounts to."""

from __future__ import annotations

import msgspec

from ivr.core.flow import Texts

MASK = "***"
"""Stands for every personal value that was given, whatever its length."""


class Answer(msgspec.Struct, frozen=True):
    """What a key, an utterance or a silence amounts to.

    step, detail: for the call's story, personal values masked; "" while more may come.
    failed: it fits nothing. next: where it leads; None: the question stays open.
    command: "person", "repeat" or "back" is what he wants. doubt: he is to be asked back.
    stored: the data key and value it leaves behind; personal: that value is.
    say: part and texts to be heard before the caller gets another chance; again: the question follows them.
    late: a key that may still come and then belongs to this answer.
    wait: seconds until more has to come, None for the node's own.
    """

    step: str = ""
    detail: dict[str, str] = {}
    failed: bool = False
    next: str | None = None
    command: str = ""
    doubt: Doubt | None = None
    stored: tuple[str, str] | None = None
    personal: bool = False
    say: tuple[str, Texts] | None = None
    again: bool = False
    late: str | None = None
    wait: float | None = None


class Doubt(msgspec.Struct, frozen=True):
    """What he probably said, and what comes of it if he did.

    name: of the choice or the command; "" for a value. detail: as in the story. prompt: the name of the
    sentence that asks him back, or its part; text: said when it holds a value.
    """

    name: str
    answer: Answer
    prompt: str
    texts: Texts = {}
    text: str = ""
    detail: dict[str, str] = {}


MORE = Answer()
