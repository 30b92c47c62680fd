"""What every recognition engine must do, Vosk or scripted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from speech.hypothesis import UNKNOWN
from speech.pcm import Samples
from speech.recognition.scripted_recognizer import ScriptedRecognizer
from speech.recognizer import ModelUnusable, Recognizer
from tests.speech.clips import clips, sound_of

MENU = ["медицинская помощь", "оператор", "донорам крови", "да", "нет"]
ONE = "медицинская помощь"


def spoken(text: str) -> Samples:
    """The sound of a menu phrase."""
    return sound_of(next(clip for clip in clips(kind="menu", condition="clean") if clip.text == text))


def script(sound: Samples) -> str | None:
    """The twin knows the clips by their first tenth of a second and later: whose beginning is this sound?"""
    for clip in clips(condition="clean"):
        whole = sound_of(clip)
        if sound.size >= 800 and np.array_equal(whole[: sound.size], sound[: whole.size]):
            return clip.text
    return None


@pytest.fixture(params=["scripted", "vosk"], scope="module")
def engine(request) -> Recognizer:
    vocabulary = {word for clip in clips() for word in clip.text.split()} | {"врача", "врач", "помощь"}
    if request.param == "scripted":
        return ScriptedRecognizer(script, "ru", sorted(vocabulary))
    from speech.recognition.models import default_models, find_model
    from speech.recognition.vosk_recognizer import VoskRecognizer

    try:
        return VoskRecognizer(find_model(default_models()["ru"]).path, "ru")
    except ModelUnusable as fault:
        pytest.fail(f"the model that ships is unusable: {fault}")


def heard(engine: Recognizer, sound: Samples, grammar: list[str] | None, piece: int = 160):
    utterance = engine.utterance(grammar)
    for at in range(0, sound.size, piece):
        utterance.feed(sound[at : at + piece])
    return utterance.finish()


def test_it_says_its_language_and_its_model(engine):
    assert engine.language == "ru"
    assert engine.model


@pytest.mark.parametrize("text", ["медицинская помощь", "оператор"])
def test_a_phrase_of_the_grammar_is_heard_word_for_word(engine, text):
    hypothesis = heard(engine, spoken(text), [*MENU, UNKNOWN])
    assert hypothesis.text == text
    assert all(0.5 < word.confidence <= 1 for word in hypothesis.words)


def test_words_have_times_in_order_within_the_sound(engine):
    sound = spoken(ONE)
    words = heard(engine, sound, [*MENU, UNKNOWN]).words
    times = [time for word in words for time in (word.begin, word.end)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= sound.size / 8000 + 0.05


@pytest.mark.parametrize("piece", [37, 800, 1_000_000])
def test_how_the_sound_is_cut_does_not_matter(engine, piece):
    assert heard(engine, spoken(ONE), [*MENU, UNKNOWN], piece).text == ONE


def test_partial_words_come_while_the_sound_comes_and_end_as_the_whole(engine):
    sound, seen = spoken(ONE), []
    utterance = engine.utterance([*MENU, UNKNOWN])
    for at in range(0, sound.size, 800):
        utterance.feed(sound[at : at + 800])
        seen.append(utterance.partial())
    assert seen[0] == ""
    assert ONE in seen
    assert utterance.finish().text == ONE


def test_speech_outside_the_grammar_is_unknown_and_no_choice(engine):
    taken = 0
    others = [sound_of(clip) for clip in clips(kind="other", condition="clean")][:12]
    for sound in others:
        words = [word.text for word in heard(engine, sound, [*MENU, UNKNOWN]).words]
        assert UNKNOWN in words
        taken += " ".join(words) in MENU
    assert taken == 0


@pytest.mark.parametrize(
    "grammar", [[], ["абракадабрскими"], ["абракадабрскими", UNKNOWN], ["", " "], [UNKNOWN]]
)
def test_a_grammar_with_nothing_that_can_be_heard_rejects_everything(engine, grammar):
    words = {word.text for word in heard(engine, spoken(ONE), grammar).words}
    assert words == {UNKNOWN}


def test_a_phrase_with_an_unknown_word_is_not_heard_by_half(engine):
    assert "помощь" not in heard(engine, spoken(ONE), ["абракадабрскими помощь", "оператор", UNKNOWN]).text


def test_without_a_grammar_anything_may_be_said(engine):
    assert "оператор" in heard(engine, spoken("оператор"), None).text
    assert UNKNOWN not in heard(engine, spoken("оператор"), None).text


def test_a_phrase_may_be_listed_twice(engine):
    assert heard(engine, spoken(ONE), [ONE, ONE, "оператор", UNKNOWN, UNKNOWN]).text == ONE


@pytest.mark.parametrize("seconds", [0, 0.01, 3])
def test_in_silence_nothing_is_heard(engine, seconds):
    hypothesis = heard(engine, np.zeros(round(8000 * seconds), np.int16), [*MENU, UNKNOWN])
    assert (hypothesis.words, hypothesis.text) == ((), "")


def test_an_empty_piece_changes_nothing(engine):
    utterance = engine.utterance([*MENU, UNKNOWN])
    nothing = np.zeros(0, np.int16)
    for part in (nothing, spoken(ONE), nothing):
        utterance.feed(part)
    assert utterance.finish().text == ONE


@pytest.mark.parametrize("after", ["feed", "partial", "finish"])
def test_a_finished_utterance_refuses_more(engine, after):
    utterance = engine.utterance([*MENU, UNKNOWN])
    utterance.finish()
    with pytest.raises(RuntimeError, match="finished"):
        utterance.feed(spoken(ONE)) if after == "feed" else getattr(utterance, after)()


@pytest.mark.parametrize("wrong", [np.zeros(160), np.zeros((160, 2), np.int16), np.zeros(160, np.uint8)])
def test_sound_of_another_kind_is_refused_rather_than_misheard(engine, wrong):
    with pytest.raises(TypeError, match="int16"):
        engine.utterance(None).feed(wrong)


@pytest.mark.parametrize(
    ("word", "known"), [("врача", True), ("абракадабрскими", False), ("", False), (" ", False)]
)
def test_it_tells_which_words_it_knows(engine, word, known):
    assert engine.knows(word) is known


def test_callers_do_not_hear_one_another(engine):
    texts = ["медицинская помощь", "оператор", "да", "нет"] * 4
    sounds = {text: spoken(text) for text in set(texts)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: heard(engine, sounds[text], [*MENU, UNKNOWN]).text, texts))
    assert together == texts


def test_two_utterances_may_be_fed_by_turns(engine):
    sounds = [spoken("медицинская помощь"), spoken("оператор")]
    utterances = [engine.utterance([*MENU, UNKNOWN]) for _ in sounds]
    for at in range(0, max(sound.size for sound in sounds), 160):
        for utterance, sound in zip(utterances, sounds, strict=True):
            utterance.feed(sound[at : at + 160])
    assert [utterance.finish().text for utterance in utterances] == ["медицинская помощь", "оператор"]
