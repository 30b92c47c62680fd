"""What a conversation asks for, imperative. The shell carries them out in order, and decides nothing."""

from __future__ import annotations

from typing import Literal

import msgspec


class Command(msgspec.Struct, frozen=True, tag=True):
    """Something to be done for the caller."""


class Play(Command, frozen=True):
    """Play this prompt after those already asked for.

    prompt: its name, e.g. "main.topic.ask"; sound and text are found by it and `language`.
    text: said when it is not a fixed prompt (numbers, times): synthesised when needed, "" otherwise.
    interruptible: a key ends it.
    """

    prompt: str
    language: str
    text: str = ""
    interruptible: bool = True


class StopPlaying(Command, frozen=True):
    """End what is being played and drop what was to follow."""


class Expect(msgspec.Struct, frozen=True):
    """What the caller may say: as `speech.expectation.Expectation`, which the shell makes of it.

    kind: of answer. phrases: choice -> what may be said for it. commands: "person", "repeat", "back" -> what
    may be said for it. digits: least and most. today: ISO date, for kind "date".
    """

    kind: Literal["menu", "digits", "number", "date", "yes_no"]
    language: str
    phrases: dict[str, tuple[str, ...]] = {}
    commands: dict[str, tuple[str, ...]] = {}
    digits: tuple[int, int] = (1, 40)
    today: str = ""


class Listen(Command, frozen=True):
    """Wait for keys and speech for `seconds` after the prompt's end; then send `Silence`.

    A new Listen replaces it. Speech that has begun is let finish first. speech: None listens for keys only.
    """

    seconds: float
    speech: Expect | None = None


class Enqueue(Command, frozen=True):
    """Give the call to the distributor. data: what the menu learned, for the operator.

    personal: the keys of `data` whose values are masked wherever they are written down.
    """

    topic: str
    language: str
    line: str | None = None
    priority: int | None = None
    data: dict[str, str] = {}
    personal: tuple[str, ...] = ()


class Note(Command, frozen=True):
    """One step of the call's story, for the journal. Personal values are masked already."""

    step: str
    node: str
    detail: dict[str, str] = {}


class Hangup(Command, frozen=True):
    pass


AnyCommand = Play | StopPlaying | Listen | Enqueue | Note | Hangup
