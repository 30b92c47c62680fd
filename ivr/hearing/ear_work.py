"""One caller's ear in the worker: his sound is judged as it comes, its words are found when a thread has time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ivr.hearing.arrivals import Arrivals
from speech.expectation import Expectation
from speech.listening_events import ListenerEvent
from speech.pcm import TELEPHONE_RATE, Samples

_NOTHING = np.zeros(0, np.int16)


class Listening(Protocol):
    """What an ear needs of speech.listening.listener.Listener."""

    @property
    def speaking(self) -> bool: ...
    @property
    def waits_from(self) -> float | None: ...
    @property
    def hurry(self) -> bool: ...
    def expect(self, turn: int, expectation: Expectation | None, *, playing: bool) -> None: ...
    def playing(self, on: bool) -> None: ...
    def key(self) -> None: ...
    def hear(self, samples: Samples) -> list[ListenerEvent]: ...
    def recognise(self) -> list[ListenerEvent]: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Share:
    """What one go of recognition brought. sound: seconds spoken since the one before."""

    events: tuple[ListenerEvent, ...]
    sound: float


class EarWork:
    """keep: is given every piece of sound where it is judged, and every event where it is found: those of
    recognition in its thread; None keeps nothing. clock: seconds of this thread's processor time.

    `work` in a thread, by one at a time; everything else in the loop, where nothing of it takes longer than
    a tenth of a millisecond for a piece of sound.
    """

    def __init__(
        self,
        listener: Listening,
        keep: Callable[[Samples, Sequence[ListenerEvent]], None] | None = None,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._listener = listener
        self._keep = keep
        self._clock = clock
        self._spoken = 0.0
        self._judged, self._spent = 0.0, 0.0
        self.arrivals = Arrivals()
        self.last_sound = 0.0

    @property
    def speaking(self) -> bool:
        return self._listener.speaking

    @property
    def waiting(self) -> float:
        """Seconds of sound that wait for a thread."""
        begun = self._listener.waits_from
        return 0.0 if begun is None else max(0.0, self.arrivals.length - begun)

    @property
    def pending(self) -> bool:
        return self._listener.waits_from is not None

    def due(self, batch: float) -> bool:
        """Whether a thread is worth waking: for so many seconds of sound, or for what may decide."""
        return self.pending and (self._listener.hurry or self.waiting >= batch - 1e-6)

    def oldest(self) -> float | None:
        """When the oldest sound arrived that waits for a thread."""
        begun = self._listener.waits_from
        return None if begun is None else self.arrivals.of(begun)

    def put_sound(self, pcm: bytes, at: float) -> list[ListenerEvent]:
        """int16 little-endian at 8 kHz, whole samples; at: the clock when it arrived. Returns what is known
        at once: that he speaks."""
        if not pcm:
            return []
        begun = self._clock()
        samples = np.frombuffer(pcm, "<i2").astype(np.int16, copy=False)
        seconds = samples.size / TELEPHONE_RATE
        self.last_sound = at
        self.arrivals.add(seconds, at)
        told = self._listener.hear(samples)
        if self._keep:
            self._keep(samples, told)
        if self.speaking:
            self._spoken += seconds
        self._judged, self._spent = self._judged + seconds, self._spent + self._clock() - begun
        return told

    def put(self, wish: Callable[[Listening], None]) -> None:
        """Something for the listener, after the sound before it."""
        wish(self._listener)

    def drop(self) -> None:
        """What waits is not worth a thread any more."""
        self._listener.close()

    def judged(self) -> tuple[float, float]:
        """Seconds of sound judged since the last time asked, and of processor time for it."""
        told = self._judged, self._spent
        self._judged, self._spent = 0.0, 0.0
        return told

    def work(self) -> Share:
        sound, self._spoken = self._spoken, 0.0
        events = self._listener.recognise()
        if self._keep and events:
            self._keep(_NOTHING, events)
        return Share(tuple(events), sound)
