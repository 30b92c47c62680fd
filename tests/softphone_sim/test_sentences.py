"""Which sentence was heard: real prompts, as they are and as a line leaves them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from softphone_sim.sentences import Sentences
from softphone_sim.spectrum import read_samples
from softphone_sim.tone import RATE

SOUNDS = Path(__file__).parents[1] / "sounds" / "speech"
KNOWN = {path.stem: path for path in sorted(SOUNDS.glob("*-clean.wav"))[:12]}
STRANGE = sorted(SOUNDS.glob("*-clean.wav"))[20]


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    return Sentences(KNOWN)


def end_of(samples: NDArray[np.int16]) -> int:
    return int(np.flatnonzero(np.abs(samples) > 200)[-1])


def on_the_line(samples: NDArray[np.int16], before: float = 3.0) -> NDArray[np.int16]:
    silence = np.zeros(round(before * RATE), np.int16)
    return np.concatenate([silence, samples, silence[: RATE // 2]])


@pytest.mark.parametrize("name", KNOWN)
def test_a_sentence_is_known_again(sentences: Sentences, name: str):
    heard = on_the_line(read_samples(KNOWN[name]))
    assert sentences.ended(heard, end_of(heard) - 900) == name


@pytest.mark.parametrize("name", KNOWN)
def test_also_with_a_packet_lost_and_one_repeated_and_some_noise(sentences: Sentences, name: str):
    sound = read_samples(KNOWN[name])
    a, b = len(sound) // 3, 2 * len(sound) // 3
    torn = np.concatenate([sound[:a], sound[a + 160 : b], sound[b - 160 : b], sound[b:]])
    noise = np.random.default_rng(1).normal(0, 30, len(torn))
    heard = on_the_line((torn + noise).astype(np.int16))
    assert sentences.ended(heard, end_of(on_the_line(torn))) in (name, ""), "doubt is allowed, error is not"


def test_most_survive_that(sentences: Sentences):
    known = 0
    for name, path in KNOWN.items():
        sound = read_samples(path)
        heard = on_the_line(np.delete(sound, slice(len(sound) // 2, len(sound) // 2 + 160)))
        known += sentences.ended(heard, end_of(heard)) == name
    assert known >= len(KNOWN) - 2


def test_a_strange_sentence_the_beginning_of_one_silence_and_noise_are_none(sentences: Sentences):
    strange = on_the_line(read_samples(STRANGE))
    assert sentences.ended(strange, end_of(strange)) == ""
    half = max((read_samples(path) for path in KNOWN.values()), key=len)
    half = on_the_line(half[: len(half) * 3 // 10])
    assert sentences.ended(half, end_of(half)) == ""
    assert sentences.ended(np.zeros(RATE * 4, np.int16), RATE * 3) == ""
    noise = np.random.default_rng(1).normal(0, 2000, RATE * 4).astype(np.int16)
    assert sentences.ended(noise, RATE * 3) == ""


def test_it_is_known_at_the_very_beginning_of_a_recording(sentences: Sentences):
    name = next(iter(KNOWN))
    heard = on_the_line(read_samples(KNOWN[name]), before=0.1)
    assert sentences.ended(heard, end_of(heard)) == name


def test_who_knows_no_sentence_understands_nothing():
    heard = on_the_line(read_samples(STRANGE))
    assert Sentences({}).ended(heard, end_of(heard)) == ""
