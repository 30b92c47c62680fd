"""One utterance on its way to a meaning: sound comes in as it is heard, words and the decision follow later."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from speech.expectation import Expectation, Meaning
from speech.hypothesis import UNKNOWN, Hypothesis, Word
from speech.listening.endpointer import FRAME_SAMPLES, Began, Ended
from speech.listening_events import ListenerEvent, SpeechBegan, Understood
from speech.pcm import TELEPHONE_RATE, Samples, rms_dbfs
from speech.recognizer import Recognizer, Utterance

Understand = Callable[[Hypothesis, Expectation], Meaning]
GrammarOf = Callable[[Expectation, Recognizer], Sequence[str] | None]
SHORT = 0.6  # seconds: no answer longer than this escapes voice activity
_GO = 1.0  # seconds of sound in one go; then another utterance has its turn
_JOINED = 5 * FRAME_SAMPLES  # samples that go to the engine at once: fewer calls, less work


@dataclass(frozen=True)
class AnswerSettings:
    """Times in seconds of sound, levels in dBFS.

    early: so long a pause ends what is a whole phrase and has stood for `stable` seconds (the engine's words
    come a quarter of a second after the sound); 0 never does. level: speech is brought up to it, by `most` dB
    at the most. short_word: what is so short that voice activity alone is not sure of it counts from this
    confidence on, where the grammar can reject.
    """

    early: float = 0.24
    stable: float = 0.1
    level: float = -20.0
    most: float = 24.0
    short_word: float = 0.8


@dataclass(frozen=True)
class _Piece:
    """now: seconds of the stream at its end. pause: since his last voice, then."""

    sound: Samples
    now: float
    pause: float


class Answering:
    """What one caller says to one question.

    `add`, `end` and `certify` where sound is judged; `work` where there is time for it, in another thread if
    need be, by one at a time. begun: the sound so far. hurry: he may have ended, and waits for the decision.
    """

    def __init__(
        self,
        turn: int,
        expectation: Expectation,
        begun: Began,
        now: float,
        recognizer: Recognizer,
        understand: Understand,
        grammar_of: GrammarOf,
        settings: AnswerSettings,
    ) -> None:
        self.turn, self.expectation, self.began = turn, expectation, begun.at
        self.over = False
        self.hurry = False
        self._recognizer, self._understand, self._grammar_of = recognizer, understand, grammar_of
        self._settings = settings
        self._todo: deque[_Piece | Ended] = deque([_Piece(begun.sound, now, 0.0)])
        self._utterance: Utterance | None = None
        self._certain = False
        self._turning_over = Lock()
        self._gain = self._gain_for(begun.sound)
        self._grammar: frozenset[str] = frozenset()
        self._partial, self._since = "", 0.0

    @property
    def waits_from(self) -> float | None:
        """Seconds of the stream at the end of the first piece that waits for `work`; None when none does."""
        try:
            first = self._todo[0]
        except IndexError:
            return None
        return first.known if isinstance(first, Ended) else first.now

    def add(self, sound: Samples, now: float, pause: float) -> None:
        if not self.over:
            self._todo.append(_Piece(sound, now, pause))
            self.hurry = pause >= self._settings.early - 1e-9

    def end(self, edge: Ended) -> None:
        """He has paused long enough: what is heard by then is all."""
        self._todo.append(edge)
        self.hurry = True

    def certify(self) -> bool:
        """It is speech, and no cough. False when it has been decided already."""
        with self._turning_over:
            self._certain |= not self.over
            return self._certain and not self.over

    def work(self) -> list[ListenerEvent]:
        """Recognise what waits, a good second of it at most; with the decision it is `over`."""
        done = 0
        while self._todo and not self.over and done < _GO * TELEPHONE_RATE:
            if isinstance(self._todo[0], Ended):
                edge = self._todo.popleft()
                assert isinstance(edge, Ended)  # noqa: S101
                return self._decide(edge.at, edge.known, early=False)
            sound, now, pause = self._next()
            self._recognise(sound, now)
            done += sound.size
            if self._is_whole(now, pause):
                return self._decide(now - pause, now, early=True)
        return []

    def _next(self) -> tuple[Samples, float, float]:
        """The next pieces as one, while he speaks; in a pause each may decide."""
        sounds: list[Samples] = []
        size, now, pause = 0, 0.0, 0.0
        while self._todo and size < _JOINED:
            first = self._todo[0]
            if isinstance(first, Ended) or (sounds and first.pause):
                break
            self._todo.popleft()
            sounds.append(first.sound)
            size, now, pause = size + first.sound.size, first.now, first.pause
            if pause:
                break
        return sounds[0] if len(sounds) == 1 else np.concatenate(sounds), now, pause

    def _gain_for(self, sound: Samples) -> float:
        quiet = self._settings.level - rms_dbfs(sound)
        return 10 ** (min(max(quiet, 0.0), self._settings.most) / 20)

    def _recognise(self, sound: Samples, now: float) -> None:
        if self._utterance is None:
            grammar = self._grammar_of(self.expectation, self._recognizer)
            self._grammar = frozenset(grammar or ()) - {UNKNOWN}
            self._utterance = self._recognizer.utterance(grammar)
        top = float(np.abs(sound.astype(np.float64)).max(initial=1.0))
        self._gain = max(1.0, min(self._gain, 30000.0 / top))
        self._utterance.feed(np.rint(sound * self._gain).astype(np.int16))
        partial = self._utterance.partial()
        if partial != self._partial:
            self._partial, self._since = partial, now

    def _is_whole(self, now: float, pause: float) -> bool:
        """Nothing that may be said goes on from here, and nothing has for a while."""
        early, expectation = self._settings.early, self.expectation
        if not early or pause < early - 1e-9:
            return False
        if not self._partial or now - self._since < self._settings.stable - 1e-9:
            return False
        if expectation.kind == "digits":
            said = Hypothesis(tuple(Word(word, 1.0) for word in self._partial.split()))
            return len(self._understand(said, expectation).name) == expectation.digits[1]
        if expectation.kind not in ("menu", "yes_no"):
            return False
        longer = (phrase for phrase in self._grammar if phrase.startswith(self._partial + " "))
        return self._partial in self._grammar and not any(longer)

    def _decide(self, ended: float, now: float, *, early: bool) -> list[ListenerEvent]:
        with self._turning_over:
            self.over = True
        assert self._utterance is not None  # noqa: S101 - its first piece came with it
        hypothesis = self._utterance.finish()
        words = bool(hypothesis.words)
        meaning = self._understand(hypothesis, self.expectation) if words else Meaning("nothing")
        told: list[ListenerEvent] = []
        if not self._certain:
            if not self._is_short_answer(meaning, ended - self.began):
                return []
            told.append(SpeechBegan(self.turn, self.began, now))
        return [*told, Understood(self.turn, meaning, self.began, ended, now, early)]

    def _is_short_answer(self, meaning: Meaning, seconds: float) -> bool:
        """Voice activity alone was not sure of it. A prompt's echo is longer than a word."""
        answer = meaning.kind in ("choice", "command", "value")
        asked = self.expectation.kind in ("menu", "yes_no")
        return answer and asked and seconds <= SHORT and meaning.confidence >= self._settings.short_word
