"""One caller's ear: sound in, what he meant out. No clock, no I/O; the time is the sound fed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from speech.expectation import Expectation
from speech.listening.answering import Answering, AnswerSettings, GrammarOf, Understand
from speech.listening.endpointer import FRAME_SAMPLES, Began, Certain, Edge, Endpointer, EndpointSettings
from speech.listening.voice_activity import SileroVoiceActivity, VoiceActivity
from speech.listening_events import ListenerEvent, SpeechBegan
from speech.pcm import Samples
from speech.recognizer import Recognizer


@dataclass(frozen=True)
class ListenerSettings(AnswerSettings):
    """Times in seconds of sound.

    endpoint: when speech begins and ends. dictation: the pause that ends dictated digits (people pause between
    groups), unless there are as many as there can be. deaf: after a key.
    """

    endpoint: EndpointSettings = field(default_factory=EndpointSettings)
    deaf: float = 0.3
    dictation: float = 0.8


class Listener:
    """Fed with one caller's sound, it tells when he begins to speak and what he meant.

    Its work is of two kinds. `hear` is light and has to keep up with the sound: whether anybody speaks, so
    that a prompt can be cut. `recognise` is heavy and may come later; it may be in another thread, by one at a
    time, while everything else goes on where `hear` is called. `feed` is both, one after the other.

    recognizers: language -> engine; in another language nothing is heard.
    A `SpeechBegan` is followed by an `Understood`, unless a key, another question or `close` comes between.
    """

    def __init__(
        self,
        recognizers: Mapping[str, Recognizer],
        understand: Understand,
        grammar_of: GrammarOf,
        settings: ListenerSettings | None = None,
        activity: VoiceActivity | None = None,
    ) -> None:
        self.settings = settings or ListenerSettings()
        self._recognizers = recognizers
        self._understand = understand
        self._grammar_of = grammar_of
        self._endpointer = Endpointer(activity or SileroVoiceActivity(), self.settings.endpoint)
        self._rest = np.zeros(0, dtype=np.int16)
        self._turn = 0
        self._expectation: Expectation | None = None
        self._playing = False
        self._deaf_until = 0.0
        self._now: Answering | None = None
        self._answers: deque[Answering] = deque()
        self._closed = False

    @property
    def now(self) -> float:
        """Seconds of sound fed and judged."""
        return self._endpointer.now

    @property
    def speaking(self) -> bool:
        """Something is being recognised: the costly state."""
        return bool(self._answers)

    @property
    def waits_from(self) -> float | None:
        """Seconds of the stream from which on `recognise` is due; None: nothing waits for it."""
        answers = self._answers
        try:
            return answers[0].waits_from
        except IndexError:
            return None

    @property
    def hurry(self) -> bool:
        """What waits for `recognise` may bring the decision."""
        answers = self._answers
        try:
            return answers[0].hurry
        except IndexError:
            return False

    def expect(self, turn: int, expectation: Expectation | None, *, playing: bool) -> None:
        """The question that is open now; None: nothing he says matters.

        What he is saying at that moment answers no question and is dropped, unless the question is the same.
        """
        if (turn, expectation) != (self._turn, self._expectation):
            self._drop()
        self._turn, self._expectation, self._playing = turn, expectation, playing

    def playing(self, on: bool) -> None:
        """A prompt began or ended: our echo may come back, or no more."""
        self._playing = on

    def key(self) -> None:
        """He pressed a key: what is heard is its tone."""
        self._drop()
        self._endpointer.forget()
        self._deaf_until = self.now + self.settings.deaf

    def close(self) -> None:
        """No more listening; what was being heard is forgotten."""
        self._closed = True
        self._drop()

    def feed(self, samples: Samples) -> list[ListenerEvent]:
        """The caller's next sound, int16 mono at 8 kHz, any length."""
        events: list[ListenerEvent] = []
        for frame in self._frames(samples):
            events += self._frame(frame)
            events += self.recognise()
        return events

    def hear(self, samples: Samples) -> list[ListenerEvent]:
        """The caller's next sound, as of `feed`; only whether somebody speaks is found out now."""
        return [event for frame in self._frames(samples) for event in self._frame(frame)]

    def recognise(self) -> list[ListenerEvent]:
        """What was meant by what has been heard."""
        answers, events = self._answers, list[ListenerEvent]()
        while answers and answers[0].waits_from is not None:
            answer = answers[0]
            told = answer.work()
            if answers is not self._answers:
                return []  # a key or another question came meanwhile
            events += told
            if not answer.over:
                break
            answers.popleft()
        return events

    def _frames(self, samples: Samples) -> list[Samples]:
        if self._closed:
            return []
        sound = np.concatenate((self._rest, samples)) if self._rest.size else samples
        whole = sound.size // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = sound[whole:].copy()
        return [sound[at : at + FRAME_SAMPLES] for at in range(0, whole, FRAME_SAMPLES)]

    def _frame(self, frame: Samples) -> list[ListenerEvent]:
        if self.now < self._deaf_until:
            frame = np.zeros_like(frame)
        edges = self._endpointer.feed(frame, playing=self._playing, pause=self._pause())
        if self._now is not None:
            self._now.add(frame, self.now, self._endpointer.pause)
        return [event for edge in edges for event in self._at(edge)]

    def _at(self, edge: Edge) -> list[ListenerEvent]:
        if isinstance(edge, Began):
            self._begin(edge)
        elif self._now is None:
            pass
        elif isinstance(edge, Certain):
            if self._now.certify():
                return [SpeechBegan(self._turn, edge.at, edge.known)]
        else:
            self._now.end(edge)
            self._now = None
        return []

    def _begin(self, edge: Began) -> None:
        expectation = self._expectation
        if expectation is None or expectation.language not in self._recognizers:
            return
        self._now = Answering(
            self._turn,
            expectation,
            edge,
            self.now,
            self._recognizers[expectation.language],
            self._understand,
            self._grammar_of,
            self.settings,
        )
        self._answers.append(self._now)

    def _drop(self) -> None:
        """`recognise` may be at it: it finds that its answers are no more the present ones."""
        self._now, self._answers = None, deque()

    def _pause(self) -> float | None:
        dictated = self._expectation is not None and self._expectation.kind == "digits"
        return self.settings.dictation if dictated else None
