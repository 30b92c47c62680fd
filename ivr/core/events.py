"""What happens in a conversation, past tense. `Conversation.handle(event, at)` gets the wall time."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, tag=True):
    """Something that happened to the call while the menu has it."""


class Started(Event, frozen=True):
    """The call was answered. number: as dialled. language: None takes the number's own."""

    number: str = ""
    language: str | None = None


class Digit(Event, frozen=True):
    """One key, at any moment, prompt or no prompt: 0-9, * or #."""

    digit: str


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
    """A new controller took the call over: say the present question again."""


AnyEvent = Started | Digit | PromptFinished | Silence | CallerHungUp | QueueRefused | TalkEnded | Resumed
