"""The engine behind the port: Vosk. Nothing else imports it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import vosk

from speech.grammar import Grammar, fit, known_spelling, words_of
from speech.hypothesis import Hypothesis, Word
from speech.model_folder import read_model_folder, unusable
from speech.pcm import TELEPHONE_RATE, Samples
from speech.upsampling import Upsampler

_SILENT = -1  # Vosk's log goes to stderr, past our logs, and quotes what a caller may say


class VoskRecognizer:
    """One model, loaded once, shared by all callers and threads; Vosk decodes outside the interpreter's lock.

    A model whose files look right but are broken inside can end the process while it loads: prove an unknown
    one first (speech.model_proof). Raises ModelUnusable.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = read_model_folder(folder)
        self._language = language
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

        A grammar costs under a millisecond and an utterance some 3 MB until it is finished; reusing a
        recogniser was measured and saves neither (benchmarks/recognizer.py).
        """
        if grammar is None or not self.folder.grammars:
            return self._begin(vosk.KaldiRecognizer(self._model, self.folder.fed), {})
        fitted = self.fitted(grammar)
        text = json.dumps(fitted.phrases, ensure_ascii=False)
        return self._begin(vosk.KaldiRecognizer(self._model, self.folder.fed, text), fitted.asked)

    def _begin(self, engine: vosk.KaldiRecognizer, asked: dict[str, str]) -> VoskUtterance:
        raised = Upsampler(self.folder.fed) if self.folder.fed != TELEPHONE_RATE else None
        return VoskUtterance(engine, asked, raised)

    def fitted(self, grammar: Sequence[str]) -> Grammar:
        """What of a grammar this model can hear, and which phrases are lost."""
        return fit(grammar, self._has)

    def _has(self, word: str) -> bool:
        return self._model.vosk_model_find_word(word) >= 0


class VoskUtterance:
    """See speech.recognizer.Utterance."""

    def __init__(
        self, engine: vosk.KaldiRecognizer, asked: dict[str, str], upsampler: Upsampler | None
    ) -> None:
        engine.SetWords(True)
        self._upsampler = upsampler
        self._engine: vosk.KaldiRecognizer | None = engine
        self._asked = asked
        self._words: list[Word] = []

    def feed(self, samples: Samples) -> None:
        engine = self._running()
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise TypeError(f"sound is one row of int16, not {samples.ndim} of {samples.dtype}")
        self._decode(engine, samples if self._upsampler is None else self._upsampler.feed(samples))

    def partial(self) -> str:
        running = json.loads(self._running().PartialResult()).get("partial", "").split()
        said = [word.text for word in self._words]
        said += [self._as_asked(word) for word in running]
        return " ".join(said)

    def finish(self) -> Hypothesis:
        engine = self._running()
        if self._upsampler is not None:
            self._decode(engine, self._upsampler.rest())
        self._words += self._read(engine.FinalResult())
        self._engine = None  # gives the memory back now, not when the caller's last reference goes
        return Hypothesis(tuple(self._words))

    def _decode(self, engine: vosk.KaldiRecognizer, samples: Samples) -> None:
        if samples.size and engine.AcceptWaveform(samples.astype("<i2", copy=False).tobytes()):
            # Vosk saw a pause and would forget the words before it; where speech ends is the endpointer's to say.
            self._words += self._read(engine.Result())

    def _read(self, result: str) -> list[Word]:
        return [
            Word(
                self._as_asked(str(word["word"])),
                min(1.0, max(0.0, float(word["conf"]))),
                float(word["start"]),
                float(word["end"]),
            )
            for word in json.loads(result).get("result", [])
        ]

    def _as_asked(self, word: str) -> str:
        """In the spelling of who asked: he compares what is heard with his phrases."""
        return self._asked.get(word, word)

    def _running(self) -> vosk.KaldiRecognizer:
        if self._engine is None:
            raise RuntimeError("the utterance is finished")
        return self._engine
