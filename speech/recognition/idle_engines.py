"""Vosk's recognisers kept warm between utterances.

Vosk unfolds the graph of a grammar as speech walks through it, anew in every recogniser: the first utterance
of one took 1.5 to 2.2 times the processor time of a later one. So one that has finished waits here for the
next caller who is asked the same.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Any


@dataclass(eq=False)
class Engine:
    """recognizer: Vosk's. grammar: what it was made for. heard: samples it was fed in its life; its times count on."""

    recognizer: Any
    grammar: str | None
    heard: int = 0


class IdleEngines:
    """At most `most` of them, those used last; each takes 2 to 3 MB. Safe from many threads."""

    def __init__(self, most: int) -> None:
        self._idle: deque[Engine] = deque(maxlen=most)
        self._lock = Lock()

    def take(self, grammar: str | None) -> Engine | None:
        """One made for this grammar, which is the taker's alone; None if there is none."""
        with self._lock:
            for engine in reversed(self._idle):
                if engine.grammar == grammar:
                    self._idle.remove(engine)
                    return engine
        return None

    def give(self, engine: Engine) -> None:
        with self._lock:
            self._idle.append(engine)
