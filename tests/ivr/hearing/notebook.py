"""A listener that writes down what it is given, and a stretch of sound for it."""

from __future__ import annotations

from collections.abc import Sequence

from speech.expectation import Expectation
from speech.listening_events import ListenerEvent
from speech.pcm import TELEPHONE_RATE, Samples

FRAME = bytes(320)


class Notebook:
    """While `speaking`, everything it hears waits to be recognised. hints: what `hear` tells next; events: what
    `recognise` does. It wants nothing after it was closed."""

    def __init__(self) -> None:
        self.pages: list[object] = []
        self.speaking = self.hurry = self.closed = self.broken = False
        self.hints: Sequence[ListenerEvent] = ()
        self.events: Sequence[ListenerEvent] = ()
        self.heard = self.recognised = 0.0

    @property
    def waits_from(self) -> float | None:
        return self.recognised if self.heard > self.recognised else None

    def hear(self, samples: Samples) -> list[ListenerEvent]:
        assert not self.closed
        if self.broken:
            raise ValueError("out of order")
        self.pages.append(samples.tolist())
        self.heard += samples.size / TELEPHONE_RATE
        if not self.speaking:
            self.recognised = self.heard
        hints, self.hints = self.hints, ()
        return list(hints)

    def recognise(self) -> list[ListenerEvent]:
        self.recognised = self.heard
        events, self.events = self.events, ()
        return list(events)

    def expect(self, turn: int, expectation: Expectation | None, *, playing: bool) -> None:
        self.pages.append(("expect", turn, playing))

    def playing(self, on: bool) -> None:
        self.pages.append(("playing", on))

    def key(self) -> None:
        self.pages.append("key")

    def close(self) -> None:
        self.closed = True
        self.recognised = self.heard
