"""Tones are found in whatever a telephone line does to them, and nowhere else."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from softphone_sim.person import Recording
from softphone_sim.spectrum import heard, intervals, presence
from softphone_sim.tone import (
    COUNT,
    FIRST,
    LEVEL,
    RATE,
    STEP,
    caller_tone,
    chord,
    operator_tone,
    partials,
    write_wav,
)

Sound = NDArray[np.float64]
EVERYBODY = {f"person {index}": FIRST + STEP * index for index in range(COUNT)}
indices = st.integers(0, COUNT - 1)
KEYS = {697: 1209, 770: 1336, 852: 1477, 941: 1633}


def through_pcmu(sound: Sound) -> NDArray[np.int16]:
    """Coded and decoded with the mu-law of G.711 (in its continuous form, mu = 255, 8 bits)."""
    x = np.clip(sound, -1, 1)
    code = np.round(np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256) * 127) / 127
    return (np.sign(code) * np.expm1(np.abs(code) * np.log(256)) / 255 * 32767).astype(np.int16)


def says(index: int, seconds: float = 2.0, level: float = LEVEL) -> Sound:
    return chord(FIRST + STEP * index, seconds, level) / 32768


def music(seconds: float, rng: np.random.Generator, level: float = 0.1) -> Sound:
    """Held notes of the tempered scale with harmonics, several at once, all over the band."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros(len(time))
    for note in rng.integers(0, 60, size=(round(seconds * 4), 3)).reshape(-1):
        hertz = 65.4 * 2 ** (note / 12)
        start = rng.integers(0, len(time))
        held = slice(start, start + round(rng.uniform(0.2, 1.5) * RATE))
        for harmonic in range(1, 12):
            if hertz * harmonic < 3600:
                sound[held] += np.sin(2 * np.pi * hertz * harmonic * time[held]) / harmonic
    return sound / max(np.abs(sound).max(), 1e-9) * level * 3


def keys_pressed(seconds: float) -> Sound:
    """All the key tones one after the other, 100 ms each, as loud as a telephone makes them."""
    time = np.arange(round(seconds * RATE)) / RATE
    pairs = [(low, high) for low in KEYS for high in KEYS.values()]
    which = (time / 0.1).astype(int) % len(pairs)
    low, high = np.array(pairs, float).T
    return 0.25 * (np.sin(2 * np.pi * low[which] * time) + np.sin(2 * np.pi * high[which] * time))


def test_everybody_has_frequencies_of_his_own_that_no_key_tone_has():
    people = [operator_tone(i) for i in range(8)] + [caller_tone(i) for i in range(40)]
    lines = [hertz for tone in people for hertz in partials(tone)]
    assert len(set(lines)) == 96
    assert min(lines) > 1633 and max(lines) < 3400


@pytest.mark.parametrize("tone", [0.0, 299.0, 2700.0, 5000.0])
def test_a_tone_that_a_telephone_line_does_not_carry_is_refused(tone: float):
    with pytest.raises(ValueError, match="must lie between"):
        partials(tone)


@given(index=indices, level=st.floats(LEVEL / 5, 0.4))
@settings(deadline=None, max_examples=60)
def test_after_pcmu_a_voice_is_heard_all_the_time_and_no_other(index: int, level: float):
    found = presence(through_pcmu(says(index, level=level)), list(EVERYBODY.values()))
    assert found[:, index].all()
    assert found.sum() == len(found)


@given(index=indices, seed=st.integers(0, 2**32 - 1), gain=st.floats(0.02, 0.15))
@settings(deadline=None, max_examples=60)
def test_a_voice_is_found_in_music(index: int, seed: int, gain: float):
    mixed = through_pcmu(says(index, 4.0) + music(4.0, np.random.default_rng(seed), gain))
    assert presence(mixed, [EVERYBODY[f"person {index}"]]).mean() > 0.8


def test_music_is_hardly_ever_taken_for_somebody():
    looks = mistaken = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        there = presence(through_pcmu(music(6.0, rng, rng.uniform(0.02, 0.15))), list(EVERYBODY.values()))
        looks += there.size
        mistaken += int((there[:-1] & there[1:]).sum())
    assert mistaken / looks < 2e-4


@given(first=indices, second=indices, ratio=st.floats(0.3, 1.0))
@settings(deadline=None, max_examples=60)
def test_two_who_speak_at_once_are_both_heard_even_as_neighbours(first: int, second: int, ratio: float):
    sound = through_pcmu(says(first) + says(second, level=LEVEL * ratio))
    found = intervals(sound, EVERYBODY)
    assert set(found) == {f"person {first}", f"person {second}"}


@given(index=indices)
@settings(deadline=None, max_examples=30)
def test_key_tones_neither_hide_a_voice_nor_sound_like_one(index: int):
    found = intervals(through_pcmu(says(index, 4.0) + keys_pressed(4.0)), EVERYBODY)
    assert set(found) == {f"person {index}"}
    assert found[f"person {index}"].seconds > 3.0
    assert intervals(through_pcmu(keys_pressed(4.0)), EVERYBODY) == {}


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(2 * RATE),
        np.random.default_rng(1).normal(0, 0.1, 4 * RATE),
        np.sin(2 * np.pi * partials(operator_tone(0))[0] * np.arange(2 * RATE) / RATE) * 0.2,
    ],
    ids=["silence", "noise", "half a chord"],
)
def test_nobody_is_heard_in(sound: Sound):
    assert intervals(through_pcmu(sound), EVERYBODY) == {}


@given(before=st.floats(0.5, 2.0), lasting=st.floats(0.8, 3.0))
@settings(deadline=None, max_examples=60)
def test_it_is_known_when_a_voice_begins_and_ends(before: float, lasting: float):
    silence = np.zeros(round(before * RATE))
    sound = np.concatenate([silence, says(3, lasting), np.zeros(RATE)])
    found = intervals(through_pcmu(sound), EVERYBODY, start=100.0)["person 3"]
    assert found.first == pytest.approx(100 + before, abs=0.25)
    assert found.last == pytest.approx(100 + before + lasting, abs=0.25)
    assert found.seconds == pytest.approx(lasting, abs=0.4)


def test_twenty_milliseconds_of_lost_sound_do_not_interrupt_a_voice():
    sound = says(5, 3.0)
    sound[RATE : RATE + RATE // 50] = 0
    there = presence(through_pcmu(sound), [EVERYBODY["person 5"]])
    assert there.mean() > 0.9


def test_a_recording_whose_header_was_never_finished_is_read_to_its_end(tmp_path: Path):
    path = tmp_path / "unplugged.wav"
    write_wav(path, chord(operator_tone(2), 2.0))
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = bytes(4)
    path.write_bytes(content[:-1])
    found = heard(Recording("caller", 1, path, 50.0, 52.0), {"op2": operator_tone(2)})
    assert astuple(found["op2"]) == pytest.approx((50.15, 51.75, 1.6))
