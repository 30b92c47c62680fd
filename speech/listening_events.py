"""What a listener tells while it is fed. Times are seconds of the stream fed to it, from its first sample."""

from __future__ import annotations

import msgspec

from speech.expectation import Meaning


class SpeechBegan(msgspec.Struct, frozen=True, tag=True):
    """The caller began to speak: a prompt gives way. turn: of the question. at: when his speech set in;
    known: when we were sure of it."""

    turn: int
    at: float
    known: float


class Understood(msgspec.Struct, frozen=True, tag=True):
    """He said something, and this is what he meant. began, ended: of his speech; decided: when we knew.

    early: decided on a whole phrase before his pause was long enough.
    """

    turn: int
    meaning: Meaning
    began: float
    ended: float
    decided: float
    early: bool = False


ListenerEvent = SpeechBegan | Understood
