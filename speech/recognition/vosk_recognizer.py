"""The engine behind the port: Vosk. Nothing else imports it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import vosk

from speech.hypothesis import Hypothesis, Word
from speech.pcm import TELEPHONE_RATE, Samples
from speech.recognition.grammar import Grammar, fit, known_spelling, words_of
from speech.recognition.idle_engines import Engine, IdleEngines
from speech.recognition.model_folder import read_model_folder, unusable
from speech.recognition.upsampling import Upsampler

_KEPT = 16  # engines that wait for the next utterance: about 50 MB
_SILENT = -1  # Vosk's log goes to stderr, past our logs, and quotes what a caller may say


class VoskRecognizer:
    """One model, loaded once, shared by all callers and threads; Vosk decodes outside the interpreter's lock.

    A model whose files look right but are broken inside can end the process while it loads: prove an unknown
    one first (speech.recognition.model_proof). Raises ModelUnusable.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = read_model_folder(folder)
        self._language = language
        self._idle = IdleEngines(_KEPT)
        vosk.SetLogLevel(_SILENT)
        try:
            self._model = vosk.Model(str(folder))
        except Exception as fault:  # Vosk raises nothing finer
            raise unusable(folder, "Vosk cannot load it") from fault

    @property
    def language(self) -> str:
        return self._language

    @property
    def model(self) -> str:
        return self.folder.name

    def knows(self, word: str) -> bool:
        words = words_of(word)
        return bool(words) and all(known_spelling(one, self._has) is not None for one in words)

    def utterance(self, grammar: Sequence[str] | None) -> VoskUtterance:
        """Begin one. A model with a fixed graph (`folder.grammars` false) listens for anything: compare what it hears.

        A grammar costs under a millisecond to make; the engine that unfolded it is used again (`idle_engines`).
        """
        if grammar is None or not self.folder.grammars:
            return VoskUtterance(self._engine(None), self._idle, {}, self.folder.fed)
        fitted = self.fitted(grammar)
        text = json.dumps(fitted.phrases, ensure_ascii=False)
        return VoskUtterance(self._engine(text), self._idle, fitted.asked, self.folder.fed)

    def _engine(self, grammar: str | None) -> Engine:
        if (waiting := self._idle.take(grammar)) is not None:
            return waiting
        more = () if grammar is None else (grammar,)
        recognizer = vosk.KaldiRecognizer(self._model, self.folder.fed, *more)
        recognizer.SetWords(True)
        return Engine(recognizer, grammar)

    def fitted(self, grammar: Sequence[str]) -> Grammar:
        """What of a grammar this model can hear, and which phrases are lost."""
        return fit(grammar, self._has)

    def _has(self, word: str) -> bool:
        return self._model.vosk_model_find_word(word) >= 0


class VoskUtterance:
    """See speech.recognizer.Utterance."""

    def __init__(self, engine: Engine, idle: IdleEngines, asked: dict[str, str], rate: int) -> None:
        self._engine: Engine | None = engine
        self._idle, self._asked, self._rate = idle, asked, rate
        self._upsampler = Upsampler(rate) if rate != TELEPHONE_RATE else None
        self._began = engine.heard
        self._words: list[Word] = []
        self._open = False  # whether Vosk has sound that it gave no result for

    def feed(self, samples: Samples) -> None:
        engine = self._running()
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise TypeError(f"sound is one row of int16, not {samples.ndim} of {samples.dtype}")
        self._decode(engine, samples if self._upsampler is None else self._upsampler.feed(samples))

    def partial(self) -> str:
        engine, words = self._running(), [word.text for word in self._words]
        if self._open:
            running = json.loads(engine.recognizer.PartialResult()).get("partial", "").split()
            words += [self._as_asked(word) for word in running]
        return " ".join(words)

    def finish(self) -> Hypothesis:
        engine = self._running()
        self._engine = None
        if self._upsampler is not None:
            self._decode(engine, self._upsampler.rest())
        if self._open:
            self._words += self._read(engine.recognizer.FinalResult())
            self._idle.give(engine)  # only after a final result Vosk begins the next utterance from nothing
        return Hypothesis(tuple(self._words))

    def _decode(self, engine: Engine, samples: Samples) -> None:
        if not samples.size:
            return
        engine.heard += samples.size
        self._open = True
        if engine.recognizer.AcceptWaveform(samples.astype("<i2", copy=False).tobytes()):
            # Vosk saw a pause and would forget the words before it; where speech ends is the endpointer's to say.
            self._words += self._read(engine.recognizer.Result())
            self._open = False

    def _read(self, result: str) -> list[Word]:
        """Vosk's times count from the first sample that its recogniser ever heard, of whatever caller."""
        before = self._began / self._rate
        return [
            Word(
                self._as_asked(str(word["word"])),
                min(1.0, max(0.0, float(word["conf"]))),
                max(0.0, float(word["start"]) - before),
                max(0.0, float(word["end"]) - before),
            )
            for word in json.loads(result).get("result", [])
        ]

    def _as_asked(self, word: str) -> str:
        """In the spelling of who asked: he compares what is heard with his phrases."""
        return self._asked.get(word, word)

    def _running(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the utterance is finished")
        return self._engine
