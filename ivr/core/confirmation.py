"""Asking back: "You said: the doctor. Is that right?" and what the caller makes of it."""

from __future__ import annotations

from enum import Enum

from ivr.core.answer import Doubt
from ivr.core.entry import NO_KEY, YES_KEY
from ivr.core.events import Spoken
from ivr.core.flow import Speech

REMINDERS = 1
"""Times he is told how to say yes or no; after that silence is a no."""


class Reply(Enum):
    """What he answers."""

    YES = "yes"
    NO = "no"
    REPEAT = "say that again"
    OTHER = "something else is wanted"
    UNCLEAR = "neither yes nor no"


class Confirmation:
    def __init__(self, doubt: Doubt) -> None:
        self.doubt = doubt
        self._unclear = 0

    def key(self, key: str) -> Reply:
        return {YES_KEY: Reply.YES, NO_KEY: Reply.NO}.get(key, Reply.UNCLEAR)

    def heard(self, said: Spoken, speech: Speech) -> Reply:
        """A plain yes or no needs less certainty than "no, the psychologist", which leads elsewhere at once."""
        if said.confidence < speech.unsure:
            return Reply.UNCLEAR
        if said.kind == "value":
            return {"yes": Reply.YES, "no": Reply.NO}.get(said.name, Reply.UNCLEAR)
        if said.name and said.name == self.doubt.name:
            return Reply.YES
        if said.kind == "command" and said.name == "repeat":
            return Reply.REPEAT
        if said.kind in ("choice", "command") and said.confidence >= speech.sure:
            return Reply.OTHER
        return Reply.UNCLEAR

    def unclear(self) -> bool:
        """He answered neither yes nor no. Returns whether he gets another chance."""
        self._unclear += 1
        return self._unclear <= REMINDERS
