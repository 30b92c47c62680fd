"""The network judges real sound: voices, and what on a line is none."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.listening.voice_activity import SileroVoiceActivity
from speech.pcm import Samples
from tests.speech.sounds import KINDS, at_level, clip, mixed, quiet_line, silence, sound

VOICES = ("002-aleksandr-clean", "024-anna-clean", "004-irina-clean", "011-elena-clean")


def judged(samples: Samples, step: int = 160) -> list[float]:
    activity = SileroVoiceActivity()
    return [activity.feed(samples[at : at + step]) for at in range(0, samples.size, step)]


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("level", [-15, -25, -40])
def test_a_voice_is_a_voice_whether_near_or_far(name: str, level: float):
    assert max(judged(at_level(clip(name), level))) > 0.85


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_other_sounds_are_hardly_ever_taken_for_a_voice(kind: str):
    surest = judged(mixed(quiet_line(8), sound(kind, 8, -25)))
    assert np.mean(np.array(surest) > 0.5) < 0.05


def test_after_a_reset_it_judges_as_if_new():
    voice, activity = clip(VOICES[0]), SileroVoiceActivity()
    activity.feed(clip(VOICES[1])[:3001])
    activity.reset()
    assert [activity.feed(voice[at : at + 160]) for at in range(0, voice.size, 160)] == judged(voice)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=12))
def test_how_the_sound_is_cut_does_not_matter(cuts: list[int]):
    voice, activity = clip(VOICES[1])[:6000], SileroVoiceActivity()
    at = last = 0
    for cut in [*cuts, voice.size]:
        last = activity.feed(voice[at : at + cut])
        at += cut
        if at >= voice.size:
            break
    assert last == judged(voice, voice.size)[-1]


def test_silence_is_nobody():
    assert max(judged(silence(3))) < 0.3


def test_the_threads_of_nobody_else_are_limited_by_loading_it():
    told = "import os, speech.listening.voice_activity; print(os.environ.get('OMP_THREAD_LIMIT'))"
    environment = {name: value for name, value in os.environ.items() if name != "OMP_THREAD_LIMIT"}
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "None"
    environment["OMP_THREAD_LIMIT"] = "7"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "7"
