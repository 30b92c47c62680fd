"""`./hotline listen`: what it says of a sound file is what a call would do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ivr.cli import EXAMPLE
from ivr.listen_command import run_listen
from ivr.open_question import QuestionUnknown, open_question
from speech.expectation import Meaning
from speech.pcm import TELEPHONE_RATE, resample
from speech.wav import read_wav, wav_bytes

SOUNDS = Path(__file__).parents[1] / "sounds" / "speech"
MENU = EXAMPLE.parent / "menus" / "main.yaml"


def clip(text: str, nth: int = 0):
    rows = [line.split("\t") for line in (SOUNDS / "eval.tsv").read_text(encoding="utf-8").splitlines()]
    names = [row[0] for row in rows if row[1:4] == ["clean", "menu", text]]
    return read_wav(SOUNDS / names[nth])[1]


def file_of(folder: Path, *sounds, rate: int = TELEPHONE_RATE) -> Path:
    pause = np.zeros(2 * rate, np.int16)
    path = folder / "said.wav"
    path.write_bytes(wav_bytes(np.concatenate([part for one in sounds for part in (one, pause)]), rate))
    return path


def listened(capsys, path: Path, menu: str = "main:topic", language: str | None = None) -> list[dict]:
    code = run_listen(path, menu=menu, site=EXAMPLE, language=language, model=None, json=True)
    assert code == 0
    return json.loads(capsys.readouterr().out)["utterances"]


def test_a_topic_leads_to_its_queue_and_each_word_has_a_score_and_a_time(tmp_path: Path, capsys) -> None:
    (said,) = listened(capsys, file_of(tmp_path, clip("медицинская помощь")))
    assert [word["text"] for word in said["words"]] == ["медицинская", "помощь"]
    assert all(0 < word["confidence"] <= 1 and word["begin"] < word["end"] for word in said["words"])
    assert said["verdict"] == "sure"
    assert (said["meaning"]["name"], said["leads_to"]["topic"]) == ("medical", "medical")
    assert 0 <= said["began"] < said["ended"] < said["decided"]


def test_each_utterance_of_a_file_is_shown_in_turn(tmp_path: Path, capsys) -> None:
    sounds = clip("медицинская помощь"), clip("донорство плазмы"), clip("оператор")
    said = listened(capsys, file_of(tmp_path, *sounds))
    assert [one["meaning"]["name"] for one in said] == ["medical", "donors", "person"]
    assert [one["asked"] for one in said] == ["main.topic", "main.topic", "main.donor_card"]


def test_a_sound_of_a_studio_s_rate_is_brought_to_the_line_s(tmp_path: Path, capsys) -> None:
    wide = resample(clip("медицинская помощь"), TELEPHONE_RATE, 16000)
    (said,) = listened(capsys, file_of(tmp_path, wide, rate=16000))
    assert said["meaning"]["name"] == "medical"


def test_the_screen_says_the_choice_and_where_the_call_goes(tmp_path: Path, capsys) -> None:
    path = file_of(tmp_path, clip("медицинская помощь"))
    assert run_listen(path, menu=f"{MENU}:topic", site=EXAMPLE, language=None, model=None, json=False) == 0
    shown = capsys.readouterr().out
    assert "sure: choice medical (медицинская помощь)" in shown
    assert "the call goes to the queue of medical" in shown


def test_silence_is_told_as_such(tmp_path: Path, capsys) -> None:
    path = file_of(tmp_path, np.zeros(8000, np.int16))
    assert run_listen(path, menu="main:topic", site=EXAMPLE, language=None, model=None, json=False) == 0
    assert "no speech in it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("menu", "says"),
    [
        ("mian:topic", "there are main"),
        ("main:topik", "it asks at topic"),
        ("main:greeting", "it asks at topic"),
        ("nowhere.yaml:topic", "nowhere.yaml"),
    ],
)
def test_a_question_that_is_not_there_is_refused_with_those_there_are(menu: str, says: str) -> None:
    with pytest.raises(QuestionUnknown, match=says):
        open_question(menu, EXAMPLE)


def test_a_file_that_is_no_sound_ends_the_command_with_a_sentence(tmp_path: Path, capsys) -> None:
    path = tmp_path / "text.wav"
    path.write_text("words")
    assert run_listen(path, menu="main:topic", site=EXAMPLE, language=None, model=None, json=False) == 1
    assert "not a WAV file" in capsys.readouterr().err


def test_without_a_node_the_call_comes_to_the_menu_s_first_question() -> None:
    question = open_question("main", EXAMPLE)
    assert question.node == "main.topic"
    assert "medical" in question.expectation.phrases
    question.said(Meaning("choice", "donors", 1.0, "плазма"))
    assert question.node == "main.donor_card"
    assert question.expectation.kind == "digits"


def test_a_call_that_was_doubted_is_asked_back_at_the_same_question() -> None:
    question = open_question("main:topic", EXAMPLE)
    question.said(Meaning("choice", "medical", 0.5, "врач"))
    assert question.asking
    assert question.expectation.kind == "yes_no"
    question.said(Meaning("value", "yes", 1.0))
    assert not question.asking
    assert question.node == "main.to_medical"
