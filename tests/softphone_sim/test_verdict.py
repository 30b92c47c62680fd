"""Verdicts about talks, from recordings made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from softphone_sim.person import Recording
from softphone_sim.tone import RATE, caller_tone, chord, operator_tone, write_wav
from softphone_sim.verdict import Talk, Verdict, check_audio

TONES = {"op1": operator_tone(0), "op2": operator_tone(1), "Anna": caller_tone(0), "Boris": caller_tone(1)}
TALK = Talk("Anna", "op1", started=102.0, ended=112.0)


class Tapes:
    """Recordings that begin at 100 s; silence where nobody speaks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recordings: list[Recording] = []

    def add(self, phone: str, *spoken: tuple[str, float, float], length: float = 14.0) -> None:
        sound = np.zeros(round(length * RATE), np.int16)
        for name, start, end in spoken:
            first = round((start - 100) * RATE)
            voice = chord(TONES[name], end - start)
            sound[first : first + len(voice)] += voice
        path = self.folder / f"{phone}-{len(self.recordings)}.wav"
        write_wav(path, sound)
        self.recordings.append(Recording(phone, len(self.recordings), path, 100.0, 100.0 + length))

    def verdict(self, talk: Talk = TALK) -> Verdict:
        (verdict,) = check_audio([talk], self.recordings, TONES)
        return verdict


@pytest.fixture
def tapes(tmp_path: Path) -> Tapes:
    return Tapes(tmp_path)


def test_two_who_hear_each_other_from_beginning_to_end_are_fine(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 112))
    tapes.add("op1", ("Anna", 102, 112))
    verdict = tapes.verdict()
    assert (verdict.ok, verdict.judged, verdict.why) == (True, True, "")
    assert verdict.caller_heard == verdict.operator_heard == 1.0


def test_one_way_audio_is_found_and_says_which_way(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 112))
    tapes.add("op1")
    verdict = tapes.verdict()
    assert not verdict.ok
    assert verdict.why == "op1 heard Anna only 0% of the talk"


def test_sound_that_breaks_off_half_way_is_found(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 107))
    tapes.add("op1", ("Anna", 102, 112))
    verdict = tapes.verdict()
    assert not verdict.ok and verdict.caller_heard == pytest.approx(0.5, abs=0.06)


def test_a_third_voice_in_the_talk_is_found(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 112), ("op2", 105, 107))
    tapes.add("op1", ("Anna", 102, 112))
    verdict = tapes.verdict()
    assert not verdict.ok and verdict.strangers == ("op2",)
    assert verdict.why == "also heard: op2"


def test_whom_the_caller_heard_before_the_talk_is_no_stranger(tapes: Tapes):
    tapes.add("Anna", ("op2", 100, 101.5), ("op1", 102, 112))
    tapes.add("op1", ("Anna", 102, 112))
    assert tapes.verdict().ok


def test_somebody_who_has_the_same_tone_is_no_stranger(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 112))
    tapes.add("op1", ("Anna", 102, 112))
    (verdict,) = check_audio([TALK], tapes.recordings, {**TONES, "twin of op1": TONES["op1"]})
    assert verdict.ok


def test_a_recording_that_ends_too_early_counts_as_silence(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 105), length=5)
    tapes.add("op1", ("Anna", 102, 112))
    assert not tapes.verdict().ok


def test_a_missing_recording_is_a_fault(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 112))
    verdict = tapes.verdict()
    assert not verdict.ok and verdict.why == "there is no recording of op1"


def test_of_several_recordings_the_one_of_the_talk_is_taken(tapes: Tapes):
    tapes.add("Anna", ("op1", 102, 112))
    tapes.add("op1", length=3)
    tapes.add("op1", ("Anna", 102, 112))
    assert tapes.verdict().ok


def test_a_talk_of_a_second_is_not_judged(tapes: Tapes):
    verdict = tapes.verdict(Talk("Anna", "op1", 102.0, 103.0))
    assert verdict.ok and not verdict.judged
