"""How much of a set of test sound is understood: each clip through the very listener of a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from speech.expectation import Expectation, Meaning
from speech.hypothesis import Hypothesis, Word
from speech.listening.listener import Listener
from speech.listening_events import Understood
from speech.meaning.spoken_words import spoken_words
from speech.meaning.understanding import UNSURE, understand
from speech.pcm import SILENCE, TELEPHONE_RATE, Samples, rms_dbfs
from speech.trial.evaluation_set import Clip, Kind

_FRAME = 160  # samples: 20 ms
LEAD = 0.6
"""Seconds of the line's own sound that are put before a clip."""
_TAIL = 1.6  # and after it
_QUIETEST = -66.0  # dBFS; no line is digitally silent


@dataclass(frozen=True)
class Outcome:
    """One clip, heard under one condition.

    wanted: the choice, digits or number that was said; "" for other speech. meant: what a call would act on,
    None when nothing was heard. wait: seconds from the end of his speech, as the listener took it, to the
    decision.
    """

    clip: Clip
    condition: str
    wanted: str
    meant: Meaning | None
    wait: float = 0.0

    def leads(self, unsure: float = UNSURE) -> bool:
        """The call would go somewhere by it, asked back first or not."""
        found = self.meant
        return (
            found is not None
            and found.kind in ("choice", "command", "value")
            and (found.confidence >= unsure)
        )

    def right(self, unsure: float = UNSURE) -> bool:
        """What was said is what would be done."""
        return self.leads(unsure) and self.meant is not None and self.meant.name == self.wanted


def expectations(
    clips: Sequence[Clip], language: str, menu: Expectation | None = None
) -> dict[Kind, Expectation]:
    """What is expected of each kind of clip.

    menu: a real question; without it, every distinct text of kind menu is a choice. Other speech is heard
    by the same question.
    """
    if menu is None:
        texts = dict.fromkeys(clip.text for clip in clips if clip.kind == "menu")
        menu = Expectation("menu", language, phrases={text: (text,) for text in texts})
    return {
        "menu": menu,
        "other": menu,
        "digits": Expectation("digits", language),
        "number": Expectation("number", language),
    }


def wanted(clip: Clip, expectation: Expectation) -> str | None:
    """What a listener with perfect ears would make of the clip; "" for other speech.

    None: the clip is said to fit, and fits nothing of this question.
    """
    if clip.kind == "other":
        return ""
    if clip.text in expectation.phrases:
        return clip.text
    words = tuple(Word(word, 1.0) for word in spoken_words(clip.text, expectation.language))
    meaning = understand(Hypothesis(words), expectation)
    return meaning.name if meaning.kind in ("choice", "command", "value") else None


def hear(listener: Listener, expectation: Expectation, sound: Samples) -> list[Understood]:
    """Everything a caller says in `sound`, which is fed as it would arrive, in 20 ms."""
    listener.expect(1, expectation, playing=False)
    events = []
    for at in range(0, sound.size, _FRAME):
        events += listener.feed(sound[at : at + _FRAME])
    return [event for event in events if isinstance(event, Understood)]


def decided(heard: Sequence[Understood]) -> Understood | None:
    """What a call acts on: the first that was speech at all."""
    return next((one for one in heard if one.meaning.kind != "nothing"), None)


def outcome(
    clip: Clip, condition: str, sound: Samples, expectation: Expectation, listener: Listener
) -> Outcome | None:
    """One clip through a listener of its own. None: see `wanted`.

    sound: with the line's sound around it, see `with_line_around`.
    """
    name = wanted(clip, expectation)
    if name is None:
        return None
    found = decided(hear(listener, expectation, sound))
    if found is None:
        return Outcome(clip, condition, name, None)
    return Outcome(clip, condition, name, found.meaning, found.decided - found.ended)


def with_line_around(sound: Samples, rng: np.random.Generator) -> Samples:
    """A call does not begin with the first word: the noise of a clip's own line before and after it.

    It is noise with the spectrum of the clip's quietest tenth, so a noisy clip does not stand out of silence.
    """
    noise = _own_noise(sound, round((LEAD + _TAIL) * TELEPHONE_RATE), rng)
    lead = round(LEAD * TELEPHONE_RATE)
    return np.concatenate([noise[:lead], sound, noise[lead:]])


def _own_noise(sound: Samples, size: int, rng: np.random.Generator) -> Samples:
    window = 2 * _FRAME
    frames = sound[: sound.size // window * window].reshape(-1, window).astype(np.float64)
    frames = frames[np.square(frames).sum(axis=1) > 0]
    level, shape = _QUIETEST, np.ones(_FRAME + 1)
    if len(frames):
        power = np.square(np.abs(np.fft.rfft(frames * np.hanning(window), axis=1)))
        quietest = np.argsort(power.sum(axis=1))[: max(2, len(frames) // 10)]
        shape = np.sqrt(power[quietest].mean(axis=0))
        level = max(_QUIETEST, min(rms_dbfs(frames[one].astype(np.int16)) for one in quietest))
    spectrum = np.fft.rfft(rng.standard_normal(size))
    along = np.linspace(0, 1, spectrum.size)
    noise = np.fft.irfft(spectrum * np.interp(along, np.linspace(0, 1, shape.size), shape), size)
    now = 10 * np.log10(np.mean(np.square(noise)) / 32768.0**2) if noise.any() else SILENCE
    return np.rint(noise * 10 ** ((level - now) / 20)).astype(np.int16)
