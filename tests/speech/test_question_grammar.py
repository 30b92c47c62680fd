"""What a recogniser is told to listen for, and what the real model makes of it."""

import csv
import wave
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from speech.expectation import Expectation
from speech.hypothesis import UNKNOWN
from speech.meaning.question_grammar import grammar_of, unknown_words
from speech.meaning.understanding import SURE, UNSURE, understand
from speech.recognition.model_words import VocabularyUnreadable, model_words
from speech.recognition.models import find_model
from speech.recognition.vosk_recognizer import VoskRecognizer

CLIPS = Path(__file__).parents[1] / "sounds/speech"
PERSON = {"person": ("оператор",)}


@pytest.fixture(scope="module")
def russian() -> VoskRecognizer:
    return VoskRecognizer(find_model("vosk-model-tiny-ru-8k").path, "ru")


def test_a_menu_has_its_phrases_their_other_forms_and_room_for_other_speech(russian: VoskRecognizer) -> None:
    grammar = grammar_of(Expectation("menu", "ru", {"a": ("Врач!", "помощь 03")}, PERSON), russian)
    assert grammar is not None
    assert {"врач", "врача", "врачом", "помощь ноль три", "оператор", "оператора", UNKNOWN} <= set(grammar)


def test_forms_that_sound_the_same_are_left_out(russian: VoskRecognizer) -> None:
    grammar = grammar_of(Expectation("menu", "ru", {"a": ("трудоустройство",)}), russian)
    assert grammar is not None
    assert "трудоустройства" not in grammar, "the engine would be half sure of each"


@pytest.mark.parametrize("kind", ["digits", "number", "date"])
def test_dictation_has_no_room_for_other_speech_which_swallows_digits(
    kind: str, russian: VoskRecognizer
) -> None:
    grammar = grammar_of(Expectation(kind, "ru", commands=PERSON), russian)  # pyright: ignore[reportArgumentType]
    assert grammar is not None
    assert {"пять", "двадцать", "оператор"} <= set(grammar)
    assert UNKNOWN not in grammar


def test_words_the_model_does_not_know_are_named_and_their_phrases_left_out(russian: VoskRecognizer) -> None:
    phrases = ("врач", "абырвалг врача", "Приём")
    assert unknown_words(phrases, russian) == {"абырвалг врача": ("абырвалг",)}
    grammar = grammar_of(Expectation("menu", "ru", {"a": phrases}), russian)
    assert grammar is not None
    assert not any("абырвалг" in one for one in grammar)


def test_without_any_phrase_known_anything_is_listened_for(russian: VoskRecognizer) -> None:
    assert grammar_of(Expectation("menu", "ru", {"a": ("абырвалг",)}), russian) is None


def test_the_words_of_a_model_are_read_without_the_engine(russian: VoskRecognizer) -> None:
    words = model_words(russian.folder.path)
    for word in ("врач", "приём", "оператор", "абырвалг", UNKNOWN):
        assert (word in words) == russian.knows(word) or word == UNKNOWN


@pytest.mark.parametrize("size", [0, 3, 70, 1000])
def test_a_cut_word_list_is_told(size: int, tmp_path: Path, russian: VoskRecognizer) -> None:
    (tmp_path / "graph").mkdir()
    whole = (russian.folder.path / "graph/Gr.fst").read_bytes()
    (tmp_path / "graph/Gr.fst").write_bytes(whole[:size])
    with pytest.raises(VocabularyUnreadable):
        model_words(tmp_path)


def test_the_test_sound_is_understood_as_well_as_the_hotline_promises(russian: VoskRecognizer) -> None:
    """Other voices do worse: see the model's card."""
    with (CLIPS / "eval.tsv").open(encoding="utf-8") as file:
        rows = [one for one in csv.DictReader(file, delimiter="\t") if one["kind"] in ("menu", "other")]
    phrases = {one["text"]: (one["text"],) for one in rows if one["kind"] == "menu"}
    asked = Expectation("menu", "ru", phrases)
    grammar, told = grammar_of(asked, russian), Counter[tuple[str, str]]()
    for row in rows:
        if row["condition"] == "babble10":
            continue
        utterance = russian.utterance(grammar)
        utterance.feed(_padded(CLIPS / row["file"]))
        meaning = understand(utterance.finish(), asked)
        accepted = meaning.confidence >= UNSURE
        told[row["kind"], "all"] += 1
        told[row["kind"], "right"] += accepted and meaning.name == row["text"]
        told[row["kind"], "wrong"] += meaning.confidence >= SURE and meaning.name != row["text"]
    assert told["menu", "right"] >= 0.97 * told["menu", "all"]
    assert told["menu", "wrong"] == 0
    assert told["other", "wrong"] <= 0.05 * told["other", "all"]


def _padded(path: Path) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    with wave.open(str(path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return np.pad(sound, 2400)
