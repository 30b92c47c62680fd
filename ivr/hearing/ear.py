"""One caller being listened to by a speech worker: what the controller tells of him, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.hearing import messages
from ivr.hearing.messages import FromController, FromWorker
from speech.expectation import Expectation, Meaning


@dataclass(frozen=True)
class SoundArrives:
    """The caller's voice reaches the worker."""

    ear: str


@dataclass(frozen=True)
class EarGone:
    """He is no longer listened to, or never was.

    why: "full", "draining", "silent switch" (as `Refused` says; "full" as `Lost` says, too), "lost" (his sound
    ended), "worker gone", "switch" (it did not send his sound).
    """

    ear: str
    why: str


@dataclass(frozen=True)
class Began:
    """He began to speak to the present question. delay: seconds since the onset reached the worker."""

    ear: str
    delay: float


@dataclass(frozen=True)
class Heard:
    """He has said something to the present question. meaning: personal. speech, delay: seconds."""

    ear: str
    meaning: Meaning
    speech: float
    delay: float


News = SoundArrives | EarGone | Began | Heard


class Ear:
    """From opening until `close` or `EarGone`, whichever is first; after that it does and tells nothing.

    Every question is a turn of its own: what the worker says of an earlier one comes too late and is void.
    worker: its address. audio: where it takes the caller's sound, "host:port". languages: it has models for.
    send: False when the worker is not there. on_news: told in the worker's order. on_end: told once.
    """

    def __init__(
        self,
        id: str,
        *,
        worker: str,
        audio: str,
        languages: frozenset[str],
        send: Callable[[FromController], bool],
        on_news: Callable[[News], None],
        on_end: Callable[[Ear], None],
    ) -> None:
        self.id, self.worker, self.audio, self.languages = id, worker, audio, languages
        self._send, self._on_news, self._on_end = send, on_news, on_end
        self._turn = 0
        self._playing = False
        self.alive = True
        self.speaking = False

    def expect(self, expectation: Expectation | None, *, playing: bool) -> None:
        """A new question; None: nothing he says matters. What was being said to the last one is dropped."""
        self._turn += 1
        self._playing, self.speaking = playing, False
        if expectation is not None and expectation.language not in self.languages:
            expectation = None
        self._tell(messages.Expect(self.id, self._turn, expectation, playing))

    def playing(self, on: bool) -> None:
        """The prompt began or ended; told once for each change."""
        if on != self._playing:
            self._playing = on
            self._tell(messages.Playing(self.id, on))

    def key(self) -> None:
        """He pressed a key: what was taken for speech was its tone."""
        self.speaking = False
        self._tell(messages.Key(self.id))

    def close(self) -> None:
        """Listen no more."""
        if self.alive:
            self._tell(messages.Close(self.id))
            self._end()

    def take(self, message: FromWorker) -> None:
        """What the worker says of this ear."""
        match message:
            case _ if not self.alive:
                pass
            case messages.Opened():
                self._on_news(SoundArrives(self.id))
            case messages.Refused(why=why):
                self.gone(why)
            case messages.Lost(why=why):
                self.gone(why or "lost")
            case messages.Began(turn=turn, delay=delay) if turn == self._turn:
                self.speaking = True
                self._on_news(Began(self.id, delay))
            case messages.Heard(turn=turn) if turn == self._turn:
                self.speaking = False
                self._on_news(Heard(self.id, message.meaning, message.speech, message.delay))
            case _:
                pass

    def gone(self, why: str) -> None:
        """The worker refused or lost the caller, or is lost itself."""
        if self.alive:
            self._end()
            self._on_news(EarGone(self.id, why))

    def _end(self) -> None:
        self.alive = self.speaking = False
        self._on_end(self)

    def _tell(self, message: FromController) -> None:
        if self.alive:
            self._send(message)
