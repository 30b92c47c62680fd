"""What happens in a conversation, past tense. `Conversation.handle(event, at)` gets the wall time."""

from __future__ import annotations

from typing import Literal

import msgspec


class Event(msgspec.Struct, frozen=True, tag=True):
    """Something that happened to the call while the menu has it."""


class Started(Event, frozen=True):
    """The call was answered. number: as dialled. language: None takes the number's own.

    hearing: the caller can be understood by voice. heard_languages: those that have a model; None: any.
    """

    number: str = ""
    language: str | None = None
    hearing: bool = False
    heard_languages: tuple[str, ...] | None = None


class Digit(Event, frozen=True):
    """One key, at any moment, prompt or no prompt: 0-9, * or #."""

    digit: str


class SpeechStarted(Event, frozen=True):
    """The caller began to speak, prompt or no prompt; `Spoken` follows when he has ended."""


class Spoken(Event, frozen=True):
    """What the caller said meant this, of what the last `Listen` expected.

    kind: "choice", "command" ("person", "repeat", "back"), "value" (digits "0123", a number "250", a date
    "2026-05-09", "yes", "no"), "unknown" (speech that fits nothing), "nothing" (no speech after all).
    confidence: 0..1. phrase: the listed phrase that fitted. alternatives: other (name, confidence), best
    first. heard: his words, personal.
    """

    kind: Literal["choice", "command", "value", "unknown", "nothing"]
    name: str = ""
    confidence: float = 0.0
    phrase: str = ""
    alternatives: tuple[tuple[str, float], ...] = ()
    heard: str = ""


class HearingChanged(Event, frozen=True):
    """The caller can, or can no longer, be understood by voice: the worker died, is full, or is back.

    heard_languages: those that have a model; None: any.
    """

    on: bool
    heard_languages: tuple[str, ...] | None = None


class PromptFinished(Event, frozen=True):
    """Everything asked for by `Play` so far has been heard to its end (never sent after StopPlaying)."""


class Silence(Event, frozen=True):
    """Nothing came during the seconds of the last `Listen`, counted from the prompt's end or the last key."""


class CallerHungUp(Event, frozen=True):
    pass


class QueueRefused(Event, frozen=True):
    """The queue is full or its topic closed."""

    why: str = ""


class TalkEnded(Event, frozen=True):
    """The operator hung up and the caller is still there."""


class Resumed(Event, frozen=True):
    """A new controller took the call over: say the present question again.

    hearing, heard_languages: as `Started`; hearing None: as it was.
    """

    hearing: bool | None = None
    heard_languages: tuple[str, ...] | None = None


AnyEvent = (
    Started
    | Digit
    | SpeechStarted
    | Spoken
    | HearingChanged
    | PromptFinished
    | Silence
    | CallerHungUp
    | QueueRefused
    | TalkEnded
    | Resumed
)
