"""One caller's ear: sound in, what he meant out. No clock, no I/O; the time is the sound fed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from speech.expectation import Expectation, Meaning
from speech.hypothesis import UNKNOWN, Hypothesis, Word
from speech.listening.endpointer import FRAME_SAMPLES, Began, Certain, Edge, Endpointer, EndpointSettings
from speech.listening.voice_activity import SileroVoiceActivity, VoiceActivity
from speech.listening_events import ListenerEvent, SpeechBegan, Understood
from speech.pcm import Samples, rms_dbfs
from speech.recognizer import Recognizer, Utterance

Understand = Callable[[Hypothesis, Expectation], Meaning]
GrammarOf = Callable[[Expectation, Recognizer], Sequence[str] | None]
_SHORT = 0.6  # seconds: no answer longer than this escapes voice activity


@dataclass(frozen=True)
class ListenerSettings:
    """Times in seconds of sound, levels in dBFS.

    endpoint: when speech begins and ends. early: so long a pause ends what is a whole phrase and has stood
    for `stable` seconds (the engine's words come a quarter of a second after the sound); 0 never does.
    dictation: the pause that ends dictated digits (people pause between groups), unless there are as many
    as there can be. deaf: after a key.
    level: speech is brought up to it, by `most` dB at the most. short_word: what is so short that voice
    activity alone is not sure of it counts from this confidence on, where the grammar can reject.
    """

    endpoint: EndpointSettings = field(default_factory=EndpointSettings)
    early: float = 0.24
    stable: float = 0.1
    deaf: float = 0.3
    level: float = -20.0
    most: float = 24.0
    dictation: float = 0.8
    short_word: float = 0.8


@dataclass
class _Heard:
    began: Began
    utterance: Utterance
    gain: float
    grammar: frozenset[str]
    certain: bool = False
    partial: str = ""
    since: float = 0.0


class Listener:
    """Fed with one caller's sound, it tells when he begins to speak and what he meant.

    recognizers: language -> engine; in another language nothing is heard. One thread at a time.
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
        self._heard: _Heard | None = None
        self._closed = False

    @property
    def now(self) -> float:
        """Seconds of sound fed and judged."""
        return self._endpointer.now

    @property
    def speaking(self) -> bool:
        """Something is being recognised: the costly state."""
        return self._heard is not None

    def expect(self, turn: int, expectation: Expectation | None, *, playing: bool) -> None:
        """The question that is open now; None: nothing he says matters.

        What he is saying at that moment answers no question and is dropped, unless the question is the same.
        """
        if (turn, expectation) != (self._turn, self._expectation):
            self._heard = None
        self._turn, self._expectation, self._playing = turn, expectation, playing

    def playing(self, on: bool) -> None:
        """A prompt began or ended: our echo may come back, or no more."""
        self._playing = on

    def key(self) -> None:
        """He pressed a key: what is heard is its tone."""
        self._heard = None
        self._endpointer.forget()
        self._deaf_until = self.now + self.settings.deaf

    def feed(self, samples: Samples) -> list[ListenerEvent]:
        """The caller's next sound, int16 mono at 8 kHz, any length."""
        if self._closed:
            return []
        sound = np.concatenate((self._rest, samples)) if self._rest.size else samples
        whole = sound.size // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = sound[whole:].copy()
        events: list[ListenerEvent] = []
        for at in range(0, whole, FRAME_SAMPLES):
            events += self._frame(sound[at : at + FRAME_SAMPLES])
        return events

    def close(self) -> None:
        """No more listening; what was being heard is forgotten."""
        self._closed, self._heard = True, None

    def _frame(self, frame: Samples) -> list[ListenerEvent]:
        if self.now < self._deaf_until:
            frame = np.zeros_like(frame)
        events: list[ListenerEvent] = []
        edges = self._endpointer.feed(frame, playing=self._playing, pause=self._pause())
        if self._heard is not None:
            self._recognise(self._heard, frame)
        for edge in edges:
            events += self._at(edge)
        if self._heard is not None and self._is_whole(self._heard):
            events += self._decide(self._heard, self.now - self._endpointer.pause, early=True)
        return events

    def _at(self, edge: Edge) -> list[ListenerEvent]:
        if isinstance(edge, Began):
            self._begin(edge)
            return []
        if self._heard is None:
            return []
        if isinstance(edge, Certain):
            self._heard.certain = True
            return [SpeechBegan(self._turn, edge.at, edge.known)]
        return self._decide(self._heard, edge.at, early=False)

    def _begin(self, edge: Began) -> None:
        expectation = self._expectation
        if expectation is None or expectation.language not in self._recognizers:
            return
        recognizer = self._recognizers[expectation.language]
        grammar = self._grammar_of(expectation, recognizer)
        utterance = recognizer.utterance(grammar)
        self._heard = _Heard(
            edge, utterance, self._gain_for(edge.sound), frozenset(grammar or ()) - {UNKNOWN}
        )
        self._recognise(self._heard, edge.sound)

    def _gain_for(self, sound: Samples) -> float:
        quiet = self.settings.level - rms_dbfs(sound)
        return 10 ** (min(max(quiet, 0.0), self.settings.most) / 20)

    def _recognise(self, heard: _Heard, sound: Samples) -> None:
        top = float(np.abs(sound.astype(np.float64)).max(initial=1.0))
        heard.gain = max(1.0, min(heard.gain, 30000.0 / top))
        heard.utterance.feed(np.rint(sound * heard.gain).astype(np.int16))
        partial = heard.utterance.partial()
        if partial != heard.partial:
            heard.partial, heard.since = partial, self.now

    def _pause(self) -> float | None:
        dictated = self._expectation is not None and self._expectation.kind == "digits"
        return self.settings.dictation if dictated else None

    def _is_whole(self, heard: _Heard) -> bool:
        """Nothing that may be said goes on from here, and nothing has for a while."""
        early, expectation = self.settings.early, self._expectation
        if not early or expectation is None or self._endpointer.pause < early - 1e-9:
            return False
        if not heard.partial or self.now - heard.since < self.settings.stable - 1e-9:
            return False
        if expectation.kind == "digits":
            said = Hypothesis(tuple(Word(word, 1.0) for word in heard.partial.split()))
            return len(self._understand(said, expectation).name) == expectation.digits[1]
        if expectation.kind not in ("menu", "yes_no"):
            return False
        longer = (phrase for phrase in heard.grammar if phrase.startswith(heard.partial + " "))
        return heard.partial in heard.grammar and not any(longer)

    def _decide(self, heard: _Heard, ended: float, *, early: bool) -> list[ListenerEvent]:
        self._heard = None
        hypothesis = heard.utterance.finish()
        expectation = self._expectation
        assert expectation is not None  # noqa: S101 - an utterance begins with one
        meaning = self._understand(hypothesis, expectation) if hypothesis.words else Meaning("nothing")
        events: list[ListenerEvent] = []
        if not heard.certain:
            if not self._is_short_answer(meaning, expectation, ended - heard.began.at):
                return []
            events.append(SpeechBegan(self._turn, heard.began.at, self.now))
        events.append(Understood(self._turn, meaning, heard.began.at, ended, self.now, early))
        return events

    def _is_short_answer(self, meaning: Meaning, expectation: Expectation, seconds: float) -> bool:
        """Voice activity alone was not sure of it. A prompt's echo is longer than a word."""
        answer = meaning.kind in ("choice", "command", "value") and expectation.kind in ("menu", "yes_no")
        return answer and seconds <= _SHORT and meaning.confidence >= self.settings.short_word
