"""The twin of a recognition engine: it says what its script says."""

from __future__ import annotations

import numpy as np
import pytest

from speech.hypothesis import UNKNOWN
from speech.recognition.scripted_recognizer import Said, ScriptedRecognizer

LOUD = np.full(8000, 1000, np.int16)
QUIET = np.zeros(8000, np.int16)


def test_each_utterance_with_sound_hears_the_next_entry():
    engine = ScriptedRecognizer(["врач", Said("да", 0.4)])
    heard = []
    for sound in (LOUD, QUIET, LOUD, LOUD):
        utterance = engine.utterance(None)
        utterance.feed(sound)
        heard.append([(word.text, word.confidence) for word in utterance.finish().words])
    assert heard == [[("врач", 0.95)], [], [("да", 0.4)], []]


def test_words_come_one_by_one_as_sound_is_fed():
    utterance = ScriptedRecognizer([Said("запись на приём", word_seconds=0.5)]).utterance(None)
    seen = []
    for _ in range(4):
        utterance.feed(LOUD[:4000])
        seen.append(utterance.partial())
    assert seen == ["запись", "запись на", "запись на приём", "запись на приём"]


def test_words_have_the_times_of_the_sound_they_are_in():
    utterance = ScriptedRecognizer([Said("да нет", word_seconds=0.2)]).utterance(None)
    utterance.feed(QUIET)
    utterance.feed(LOUD)
    assert [(word.begin, word.end) for word in utterance.finish().words] == [
        pytest.approx((1.0, 1.2)),
        pytest.approx((1.2, 1.4)),
    ]


def test_each_word_may_have_a_confidence_of_its_own():
    utterance = ScriptedRecognizer([Said("да нет", (0.9, 0.1))]).utterance(None)
    utterance.feed(LOUD)
    assert [word.confidence for word in utterance.finish().words] == [0.9, 0.1]


def test_a_script_whose_confidences_do_not_fit_its_words_is_refused():
    with pytest.raises(ValueError, match="argument"):
        Said("да нет", (0.9,)).words()


def test_words_outside_the_grammar_are_one_unknown_for_each_run_of_them():
    engine = ScriptedRecognizer(["я хочу врач завтра"])
    utterance = engine.utterance(["врач", UNKNOWN])
    utterance.feed(LOUD[:4800])
    assert utterance.partial() == UNKNOWN
    utterance.feed(LOUD)
    assert utterance.finish().text == f"{UNKNOWN} врач {UNKNOWN}"
    assert engine.grammars == [("врач", UNKNOWN)]


def test_without_the_unknown_in_the_grammar_they_are_not_heard():
    utterance = ScriptedRecognizer(["я хочу врач"]).utterance(["врач"])
    utterance.feed(LOUD)
    assert utterance.finish().text == "врач"


def test_a_script_may_go_by_what_the_sound_is():
    engine = ScriptedRecognizer(lambda sound: "врач" if sound.max() > 2000 else None)
    heard = []
    for sound in (LOUD, LOUD * 3):
        utterance = engine.utterance(None)
        utterance.feed(sound)
        heard.append(utterance.finish().text)
    assert heard == ["", "врач"]
