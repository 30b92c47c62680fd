"""What a conversation asks for, imperative. The shell carries them out in order, and decides nothing."""

from __future__ import annotations

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


class Listen(Command, frozen=True):
    """Wait for keys for `seconds` after the prompt's end; then send `Silence`. A new Listen replaces it."""

    seconds: float


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
