"""The callers' voices: others than the hotline's, the same sound for the same words, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.demo.voices import Speaker, Utterance, Voices, speakers
from softphone_sim.utterance import seconds_of
from speech.saying.rhvoice import RHVoice
from speech.saying.scripted_synthesizer import ScriptedSynthesizer
from speech.saying.synthesis import available
from speech.saying.synthesizer import SynthesisFailed


def utterance(
    text: str = "врач", condition: str = "clean", engine: ScriptedSynthesizer | None = None
) -> Utterance:
    return Utterance(text, "ru", Speaker(engine or ScriptedSynthesizer(), "hum"), condition)


def made(voices: Voices, *said: Utterance) -> list[Path]:
    voices.begin(said)
    places = [voices.place(one) for one in said]
    for future in voices.ready(places):
        future.result(20)
    return places


def test_an_utterance_is_made_once_for_all_demos(tmp_path: Path):
    engine = ScriptedSynthesizer()
    said = utterance(engine=engine)
    (place,) = made(Voices(tmp_path), said)
    assert seconds_of(place) > 0.2
    other = Voices(tmp_path)
    assert made(other, said) == [place]
    assert other.ready([place]) == [] and engine.spoken == ["врач"]


def test_another_line_sounds_otherwise_and_the_same_one_alike(tmp_path: Path):
    clean, noisy = made(Voices(tmp_path / "a"), utterance(), utterance(condition="noise15"))
    again = made(Voices(tmp_path / "b"), utterance(condition="noise15"))[0]
    assert clean.read_bytes() != noisy.read_bytes()
    assert noisy.read_bytes() == again.read_bytes()


def test_what_cannot_be_said_is_told_to_whoever_waits_for_it(tmp_path: Path):
    said = utterance(engine=ScriptedSynthesizer(failures={"врач": "the engine broke"}))
    with pytest.raises(SynthesisFailed, match="broke"):
        made(Voices(tmp_path), said)


def test_callers_do_not_have_the_hotlines_voice():
    engines = available()
    if not any(isinstance(engine, RHVoice) and len(engine.voices("ru")) > 1 for engine in engines):
        pytest.skip("this machine has no second Russian voice")
    callers = {one.voice for one in speakers("ru", ["anna"], engines)}
    assert callers and "anna" not in callers
    assert "elena" not in {one.voice for one in speakers("ru", ["elena", "anna"], engines)}


def test_where_nobody_speaks_the_language_there_is_no_speaker():
    assert speakers("kk", [], available()) == ()
    assert speakers("ru", [], []) == ()
