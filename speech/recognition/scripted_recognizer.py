"""An engine that hears what a script says. For tests of everything around an engine, and trials without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

import msgspec
import numpy as np

from speech.hypothesis import UNKNOWN, Hypothesis, Word
from speech.pcm import TELEPHONE_RATE, Samples

_AUDIBLE = 32  # of 32768: below is a quiet line, in which no engine should hear a word


class Said(msgspec.Struct, frozen=True):
    """One utterance of the script.

    text: the words. confidence: 0..1, of all of them, or one for each. word_seconds: how much sound each
    takes until it is in the partial result.
    """

    text: str
    confidence: float | tuple[float, ...] = 0.95
    word_seconds: float = 0.3

    def words(self) -> tuple[Word, ...]:
        """With times from the first sound. Raises ValueError if confidences and words differ in number."""
        texts = self.text.split()
        sure = (
            self.confidence if isinstance(self.confidence, tuple) else (float(self.confidence),) * len(texts)
        )
        return tuple(
            Word(text, confidence, round(n * self.word_seconds, 3), round((n + 1) * self.word_seconds, 3))
            for n, (text, confidence) in enumerate(zip(texts, sure, strict=True))
        )


Script = Sequence[Said | str] | Callable[[Samples], Said | str | None]


class ScriptedRecognizer:
    """Hears its script, within the grammar, as sound comes in; nothing in silence.

    script: a list, whose first entry the utterance hears that first has sound in it, and so on, and nothing
    after the last; or a function of all the sound fed so far (int16, 8 kHz) to what is said in it, None for
    nothing: for sounds that are told apart by their content. It may be called from several threads.
    vocabulary: the words its model would know; None: every word.
    grammars: those it was asked for, in order.
    """

    def __init__(
        self, script: Script = (), language: str = "ru", vocabulary: Sequence[str] | None = None
    ) -> None:
        self.grammars: list[tuple[str, ...] | None] = []
        self._script = script if callable(script) else list(script)
        self._language = language
        self._vocabulary = None if vocabulary is None else frozenset(vocabulary)
        self._lock = Lock()

    @property
    def language(self) -> str:
        return self._language

    @property
    def model(self) -> str:
        return "scripted"

    def knows(self, word: str) -> bool:
        return bool(word.strip()) and (self._vocabulary is None or word in self._vocabulary)

    def utterance(self, grammar: Sequence[str] | None) -> ScriptedUtterance:
        with self._lock:
            self.grammars.append(None if grammar is None else tuple(grammar))
        return ScriptedUtterance(self._hear, self._allowed(grammar))

    def _allowed(self, grammar: Sequence[str] | None) -> frozenset[str] | None:
        if grammar is None:
            return self._vocabulary
        heard = [phrase for phrase in grammar if all(self.knows(word) for word in phrase.split())]
        words = {word for phrase in heard for word in phrase.split()}
        return frozenset(words | ({UNKNOWN} if UNKNOWN in grammar or not words else set()))

    def _hear(self, sound: Samples, before: Said | None) -> Said | None:
        """What is said in it; a listed entry is used up by the first utterance that asks."""
        if callable(self._script):
            said = self._script(sound)
        elif before is not None:
            return before
        else:
            with self._lock:
                said = self._script.pop(0) if self._script else Said("")
        return Said(said) if isinstance(said, str) else said


class ScriptedUtterance:
    """See speech.recognizer.Utterance. Demands its manners: int16 sound, none after the end, one end."""

    def __init__(
        self, hear: Callable[[Samples, Said | None], Said | None], allowed: frozenset[str] | None
    ) -> None:
        self._hear, self._allowed = hear, allowed
        self._sound = np.zeros(0, np.int16)
        self._onset: int | None = None
        self._said: Said | None = None
        self._finished = False

    def feed(self, samples: Samples) -> None:
        self._refuse_if_finished()
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise TypeError(f"sound is one row of int16, not {samples.ndim} of {samples.dtype}")
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _AUDIBLE)
        if self._onset is None and loud.size:
            self._onset = self._sound.size + int(loud[0])
        self._sound = np.concatenate([self._sound, samples])
        if self._onset is not None:
            self._said = self._hear(self._sound, self._said)

    def partial(self) -> str:
        self._refuse_if_finished()
        if self._onset is None or self._said is None:
            return ""
        spoken = (self._sound.size - self._onset) / TELEPHONE_RATE
        so_far = [word for word in self._said.words() if word.end <= spoken]
        return Hypothesis(self._within_grammar(so_far)).text

    def finish(self) -> Hypothesis:
        self._refuse_if_finished()
        self._finished = True
        if self._onset is None or self._said is None:
            return Hypothesis()
        onset = self._onset / TELEPHONE_RATE
        shifted = [
            msgspec.structs.replace(word, begin=word.begin + onset, end=word.end + onset)
            for word in self._said.words()
        ]
        return Hypothesis(self._within_grammar(shifted))

    def _within_grammar(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Words outside become one `UNKNOWN` for each run of them; they are lost if that is not in the grammar."""
        if self._allowed is None:
            return tuple(words)
        kept: list[Word] = []
        for word in words:
            if word.text in self._allowed:
                kept.append(word)
            elif UNKNOWN in self._allowed:
                if kept and kept[-1].text == UNKNOWN:
                    kept[-1] = msgspec.structs.replace(kept[-1], end=word.end)
                else:
                    kept.append(msgspec.structs.replace(word, text=UNKNOWN))
        return tuple(kept)

    def _refuse_if_finished(self) -> None:
        if self._finished:
            raise RuntimeError("the utterance is finished")
