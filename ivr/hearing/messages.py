"""What a controller and a speech worker say to each other: one JSON object on each line, each way.

The caller's sound does not pass here: the switch sends it to the worker itself, as AudioSocket, under the
ear's id. An ear is one caller being listened to; its id is a random UUID, which only its controller, the
switch and the worker know.
"""

from __future__ import annotations

import msgspec

from speech.expectation import Expectation, Meaning


class Message(msgspec.Struct, frozen=True, tag=True):
    pass


# --- controller -> worker -------------------------------------------------------------------------


class Hello(Message, frozen=True):
    """The first line. token: the secret both were given; a wrong one closes the connection."""

    token: str


class Open(Message, frozen=True):
    """Listen to a caller; answered by `Opened` when his sound arrives, or `Refused`.

    keep_in: folder where his utterances are kept as WAV; "" (the default) keeps nothing.
    """

    ear: str
    keep_in: str = ""


class Expect(Message, frozen=True):
    """The question that is open now; None: nothing he says matters. playing: a prompt is being heard."""

    ear: str
    turn: int
    expectation: Expectation | None
    playing: bool = False


class Playing(Message, frozen=True):
    """The prompt began or ended; while it plays, our own echo may come back."""

    ear: str
    on: bool


class Key(Message, frozen=True):
    """He pressed a key: what is being heard now is the key's tone, not words."""

    ear: str


class Close(Message, frozen=True):
    """No more listening: the caller left the menu."""

    ear: str


class Drain(Message, frozen=True):
    """Take no more ears; those there are go on. on=False ends it."""

    on: bool = True


# --- worker -> controller -------------------------------------------------------------------------


class Ready(Message, frozen=True):
    """Answers `Hello`. languages: language -> model's name. audio: "host:port" for AudioSocket."""

    pid: int
    languages: dict[str, str]
    audio: str


class Opened(Message, frozen=True):
    """The caller's sound arrives."""

    ear: str


class Refused(Message, frozen=True):
    """No ear for this caller. why: "full", "draining", "silent switch" (no sound came in time)."""

    ear: str
    why: str


class Began(Message, frozen=True):
    """He speaks. delay: seconds from the onset of his speech, as its sound reached the worker, until now."""

    ear: str
    turn: int
    delay: float


class Heard(Message, frozen=True):
    """He said something. speech: seconds of it. delay: from its end, as it reached the worker, until now."""

    ear: str
    turn: int
    meaning: Meaning
    speech: float
    delay: float


class Lost(Message, frozen=True):
    """An ear has ended although it was not closed.

    why: "" when its sound ended (the caller left, the spy died) or it failed; "full" when it was given up
    because the machine hears more than it can.
    """

    ear: str
    why: str = ""


class Load(Message, frozen=True):
    """Once a second. ears: open; speaking: of them now; busy: share of the worker's threads in use, 0..1;
    behind: seconds the oldest unheard sound waits; accepting: whether a further ear would be taken.
    refused: ears refused since the start because the machine is full."""

    ears: int
    speaking: int
    busy: float
    behind: float
    accepting: bool
    refused: int


FromController = Hello | Open | Expect | Playing | Key | Close | Drain
FromWorker = Ready | Opened | Refused | Began | Heard | Lost | Load
