"""A recording is listened to while it grows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from softphone_sim.ears import Ear
from softphone_sim.tone import RATE, chord, operator_tone, write_wav

TONES = {"op1": operator_tone(0), "op2": operator_tone(1)}
PIECE = 4096


def grow(path: Path, whole: bytes) -> list[int]:
    """Sizes a recorder's file goes through: a quarter of a second at a time."""
    return [*range(44, len(whole), PIECE), len(whole)]


def test_a_voice_is_noticed_once_and_soon_after_it_began(tmp_path: Path):
    path, whole = tmp_path / "growing.wav", tmp_path / "whole.wav"
    silence = np.zeros(2 * RATE, np.int16)
    write_wav(whole, np.concatenate([silence, chord(TONES["op2"], 3.0)]))
    content = whole.read_bytes()
    path.touch()
    ear = Ear(path, started=1000.0)
    noticed: list[tuple[str, float, float]] = []
    for size in grow(path, content):
        path.write_bytes(content[:size])
        now = 1000 + (size - 44) / 2 / RATE
        noticed += [(name, at, now) for name, at in ear.listen(TONES)]
    ((name, at, now),) = noticed
    assert name == "op2"
    assert at == pytest.approx(1002.0, abs=0.25)
    assert now - 1002.0 < 1.0


def test_a_second_voice_is_noticed_after_the_first(tmp_path: Path):
    path = tmp_path / "transferred.wav"
    write_wav(path, np.concatenate([chord(TONES["op1"], 2.0), chord(TONES["op2"], 2.0)]))
    ear = Ear(path, started=0.0)
    assert [name for name, _ in ear.listen(TONES)] == ["op1", "op2"]
    assert ear.listen(TONES) == []


def test_a_recording_that_is_gone_is_an_error(tmp_path: Path):
    with pytest.raises(OSError):
        Ear(tmp_path / "gone.wav", 0.0).listen(TONES)
