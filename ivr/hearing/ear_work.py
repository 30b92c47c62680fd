"""One caller's ear in the worker: sound and words of its controller wait in order until a thread has time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ivr.hearing.arrivals import Arrivals
from speech.expectation import Expectation
from speech.listening_events import ListenerEvent
from speech.pcm import TELEPHONE_RATE, Samples

SHARE = 1.0
"""Seconds of sound heard in one go; then other ears have their turn."""


class Listening(Protocol):
    """What an ear needs of speech.listening.listener.Listener."""

    @property
    def speaking(self) -> bool: ...
    def expect(self, turn: int, expectation: Expectation | None, *, playing: bool) -> None: ...
    def playing(self, on: bool) -> None: ...
    def key(self) -> None: ...
    def feed(self, samples: Samples) -> list[ListenerEvent]: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Share:
    """What one go brought. sound: seconds heard. speaking: whether it was speech, the costly kind."""

    events: tuple[ListenerEvent, ...]
    sound: float
    speaking: bool


@dataclass(frozen=True)
class _Sound:
    pcm: bytes
    at: float

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / TELEPHONE_RATE


class EarWork:
    """listener: makes the listener, in the thread that first needs it. keep: is given every piece of sound
    and every event of it, in order, in that thread, too; None keeps nothing.

    `put_*` in the loop, `work` in a thread. What is put is done in the order it was put.
    """

    def __init__(
        self,
        listener: Callable[[], Listening],
        keep: Callable[[Samples, list[ListenerEvent]], None] | None = None,
    ) -> None:
        self._make = listener
        self._keep = keep
        self._listener: Listening | None = None
        self._inbox: deque[_Sound | Callable[[Listening], None]] = deque()
        self._put = 0.0
        self._heard = 0.0
        self.arrivals = Arrivals()
        self.speaking = False
        self.last_sound = 0.0

    @property
    def waiting(self) -> float:
        """Seconds of sound not heard yet."""
        return self._put - self._heard

    @property
    def pending(self) -> bool:
        return bool(self._inbox)

    def oldest(self) -> float | None:
        """When the oldest unheard sound arrived."""
        try:
            first = self._inbox[0]
        except IndexError:
            return None
        return first.at if isinstance(first, _Sound) else None

    def put_sound(self, pcm: bytes, at: float) -> None:
        """int16 little-endian at 8 kHz, whole samples; at: the clock when it arrived."""
        if not pcm:
            return
        sound = _Sound(pcm, at)
        self.last_sound = at
        self._put += sound.seconds
        self.arrivals.add(sound.seconds, at)
        self._inbox.append(sound)

    def put_silence(self, seconds: float, at: float) -> None:
        """What the switch did not send."""
        self.put_sound(bytes(2 * round(seconds * TELEPHONE_RATE)), at)

    def put(self, wish: Callable[[Listening], None]) -> None:
        """Something for the listener, after the sound before it."""
        self._inbox.append(wish)

    def drop(self) -> None:
        """What waits is not worth a thread any more; a share being worked on may fail over it."""
        self._inbox.clear()

    def work(self) -> Share:
        listener = self._listener = self._listener or self._make()
        events: list[ListenerEvent] = []
        before, heard = listener.speaking, 0.0
        while self._inbox and heard < SHARE:
            if isinstance(self._inbox[0], _Sound):
                pcm = self._next_sound()
                samples = np.frombuffer(pcm, "<i2").astype(np.int16, copy=False)
                told = listener.feed(samples)
                events += told
                if self._keep:
                    self._keep(samples, told)
                heard += samples.size / TELEPHONE_RATE
                self._heard += samples.size / TELEPHONE_RATE
            else:
                wish = self._inbox.popleft()
                assert not isinstance(wish, _Sound)  # noqa: S101
                wish(listener)
        self.speaking = listener.speaking
        return Share(tuple(events), heard, before or self.speaking or bool(events))

    def _next_sound(self) -> bytes:
        """The pieces up to the next wish, as one: a call for each would cost more than it hears."""
        pieces: list[bytes] = []
        size = 0
        while self._inbox and size < SHARE * 2 * TELEPHONE_RATE:
            first = self._inbox[0]
            if not isinstance(first, _Sound):
                break
            pieces.append(first.pcm)
            size += len(first.pcm)
            self._inbox.popleft()
        return b"".join(pieces)
