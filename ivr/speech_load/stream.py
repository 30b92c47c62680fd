"""One caller of a trial: says phrases one after the other, with pauses, as AudioSocket; notes what comes back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from math import inf
from uuid import UUID, uuid4

from ivr.asterisk.audiosocket import Audio, Identified, encode
from ivr.hearing.client import WorkerLink
from ivr.hearing.messages import Began, Close, Expect, FromWorker, Heard, Lost, Open, Opened, Refused
from ivr.speech_load.clips import Clip, line_noise
from ivr.speech_load.figures import Answer
from speech.expectation import Expectation
from speech.pcm import TELEPHONE_RATE

FRAME = 0.02
_BYTES = round(FRAME * TELEPHONE_RATE) * 2
PAUSE = 1.6  # seconds after each phrase: a decision that takes longer does not count


class Stream:
    """`frame` is called each 20 ms; `take` with each message of its ear. clock: monotonic, seconds.

    rng: the order of its phrases, and when it begins.
    """

    def __init__(
        self,
        link: WorkerLink,
        asked: Expectation,
        clips: Sequence[Clip],
        rng: random.Random,
        clock: Callable[[], float],
    ) -> None:
        self.ear = str(uuid4())
        self.answers: list[Answer] = []
        self.began: list[float] = []
        self.voiced = 0.0
        self.sent = 0.0
        self.refused = False
        self.opened = asyncio.Event()
        self._link, self._asked, self._clips = link, asked, clips
        self._rng, self._clock = rng, clock
        self._noise = line_noise(PAUSE + FRAME, rng.randrange(1 << 30)).tobytes()
        self._writer: asyncio.StreamWriter | None = None
        self._sound, self._at = b"", 0
        self._speaking = False
        self._turn = 0
        self._clip: Clip | None = None
        self._spoken = inf  # when its last sample was sent

    async def open(self, audio: str) -> None:
        """Ask for an ear and connect. audio: "host:port" of the worker. Raises OSError."""
        self._link.send(Open(self.ear))
        host, _, port = audio.rpartition(":")
        _, self._writer = await asyncio.open_connection(host, int(port))
        self._writer.write(encode(Identified(UUID(self.ear))))

    def close(self) -> None:
        self._link.send(Close(self.ear))
        if self._writer:
            self._writer.close()

    def speak(self) -> None:
        """From now on phrases; the first after a while, so that callers do not speak in step."""
        self._speaking = True
        self._at = self._rng.randrange(0, len(self._noise) // _BYTES) * _BYTES

    def frame(self) -> None:
        """Send the next 20 ms."""
        if self._writer is None or self.refused or self._writer.is_closing():
            return
        if self._at >= len(self._sound):
            self._next()
        piece = self._sound[self._at : self._at + _BYTES]
        self._at += _BYTES
        self._writer.write(encode(Audio(piece, TELEPHONE_RATE)))
        self.sent += FRAME
        if self._clip and self._spoken == inf and self._at >= 2 * self._clip.sound.size:
            self._spoken = self._clock()

    def take(self, message: FromWorker) -> None:
        now = self._clock()
        match message:
            case Opened():
                self.opened.set()
            case Refused() | Lost():
                self._clip = None
                self.refused = True
                self.opened.set()
            case Began(_, turn, delay) if turn == self._turn:
                self.began.append(delay)
            case Heard(_, turn, meaning) if turn == self._turn and self._clip:
                # A phrase decided in its own inner pause, before its end, is decided at once.
                delay = max(0.0, now - self._spoken) if self._spoken < inf else 0.0
                self.answers.append(Answer(meaning.name == self._clip.choice, delay))
                self._clip = None
            case _:
                pass

    def finish(self) -> None:
        """What it is saying now does not count."""
        self._clip = None

    def _next(self) -> None:
        if self._clip:
            self.answers.append(Answer(False, inf))
            self._clip = None
        self._at = 0
        if not self._speaking:
            self._sound = self._noise
            return
        clip = self._rng.choice(self._clips)
        self._turn += 1
        self._link.send(Expect(self.ear, self._turn, self._asked))
        speech = clip.sound.tobytes()
        speech += bytes(-len(speech) % _BYTES)
        self._sound = speech + self._noise
        self._clip, self._spoken = clip, inf
        self.voiced += clip.seconds
