"""A caller's ear: what it tells of sound, with a scripted engine for its manners and the real one for its hearing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.expectation import Expectation
from speech.listening.listener import Listener, ListenerSettings
from speech.listening_events import ListenerEvent, SpeechBegan, Understood
from speech.meaning.question_grammar import grammar_of
from speech.meaning.understanding import understand
from speech.pcm import Samples
from speech.recognition.scripted_recognizer import Said, ScriptedRecognizer
from speech.recognition.vosk_recognizer import VoskRecognizer
from speech.telephone.line import line
from tests.speech.sounds import KINDS, at_level, clip, echo, mixed, prompt, quiet_line, silence, sound

MODEL = Path(__file__).resolve().parents[2] / "speech" / "models" / "vosk-model-tiny-ru-8k"
TOPICS = Expectation(
    "menu",
    "ru",
    phrases={
        "medical": ("медицинская помощь", "врач"),
        "pension": ("пенсия",),
        "ambulance": ("врач скорой помощи",),
        "appointment": ("запись на приём",),
    },
    commands={"person": ("оператор",), "back": ("назад",)},
)
VOICE = "024-anna-clean"  # медицинская помощь, 1.4 s


def a_call(*parts: Samples) -> Samples:
    """The parts, with a second of quiet line around them."""
    whole = np.concatenate((silence(1), *parts, silence(1)))
    return mixed(whole, quiet_line(whole.size / 8000))


def listener(*script: Said | str, language: str = "ru", settings: ListenerSettings | None = None) -> Listener:
    engine = ScriptedRecognizer(list(script), language)
    return Listener({language: engine}, understand, grammar_of, settings)


def told(ear: Listener, samples: Samples, step: int = 160) -> list[ListenerEvent]:
    return [event for at in range(0, samples.size, step) for event in ear.feed(samples[at : at + step])]


def meanings(events: list[ListenerEvent]) -> list[tuple[str, str]]:
    return [(event.meaning.kind, event.meaning.name) for event in events if isinstance(event, Understood)]


# --- its manners ----------------------------------------------------------------------------------


def test_a_choice_is_told_as_speech_first_and_as_its_meaning_then():
    ear = listener("медицинская помощь")
    ear.expect(7, TOPICS, playing=False)
    began, understood = told(ear, a_call(clip(VOICE)))
    assert isinstance(began, SpeechBegan) and isinstance(understood, Understood)
    assert (began.turn, understood.turn) == (7, 7)
    assert understood.meaning.name == "medical" and understood.began == began.at
    assert 1.0 <= began.at < began.known < understood.ended < understood.decided


def test_a_whole_phrase_is_decided_early():
    ear = listener("медицинская помощь")
    ear.expect(1, TOPICS, playing=False)
    understood = told(ear, a_call(clip(VOICE)))[-1]
    assert isinstance(understood, Understood) and understood.early
    assert understood.decided - understood.ended <= 0.3


def test_a_phrase_that_begins_a_longer_one_is_waited_for():
    ear = listener("врач")
    ear.expect(1, TOPICS, playing=False)
    understood = told(ear, a_call(clip(VOICE)))[-1]
    assert isinstance(understood, Understood) and not understood.early
    assert understood.meaning.name == "medical" and understood.decided - understood.ended <= 0.7


def test_a_part_of_a_phrase_is_waited_for():
    ear = listener("медицинская")
    ear.expect(1, TOPICS, playing=False)
    understood = told(ear, a_call(clip(VOICE)))[-1]
    assert isinstance(understood, Understood) and not understood.early


def test_after_an_early_decision_the_rest_of_the_sentence_is_nothing_new():
    ear = listener("пенсия", "оператор")
    ear.expect(1, TOPICS, playing=False)
    two_with_a_breath = a_call(clip(VOICE), silence(0.1), clip(VOICE))
    assert len(meanings(told(ear, two_with_a_breath))) == 1


def test_dictated_digits_may_have_longer_pauses():
    ear = listener("один два три")
    ear.expect(1, Expectation("digits", "ru", digits=(1, 12)), playing=False)
    understood = told(ear, a_call(clip(VOICE), silence(0.3), clip(VOICE)))
    assert meanings(understood) == [("value", "123")]


def test_as_many_digits_as_there_can_be_are_decided_at_once():
    ear = listener("один два три")
    ear.expect(1, Expectation("digits", "ru", digits=(3, 3)), playing=False)
    understood = told(ear, a_call(clip(VOICE)))[-1]
    assert isinstance(understood, Understood) and understood.early


def test_speech_without_words_is_nothing():
    ear = listener()
    ear.expect(1, TOPICS, playing=False)
    assert meanings(told(ear, a_call(clip(VOICE)))) == [("nothing", "")]


def test_words_that_fit_nothing_are_unknown():
    ear = listener("[unk]")
    ear.expect(1, TOPICS, playing=False)
    assert meanings(told(ear, a_call(clip(VOICE)))) == [("unknown", "")]


def test_in_a_language_without_a_recogniser_nothing_is_heard():
    ear = listener("doctor")
    ear.expect(1, replace_language(TOPICS, "en"), playing=False)
    assert told(ear, a_call(clip(VOICE))) == []


def test_while_nothing_is_asked_nothing_is_heard():
    ear = listener("оператор")
    assert told(ear, a_call(clip(VOICE))) == []
    ear.expect(2, None, playing=False)
    assert told(ear, a_call(clip(VOICE))) == []


def test_what_he_began_to_say_before_a_question_answers_it_not():
    ear = listener("оператор", "пенсия")
    ear.expect(1, TOPICS, playing=False)
    speech = a_call(clip(VOICE))
    first = told(ear, speech[: round(1.8 * 8000)])
    ear.expect(2, TOPICS, playing=True)
    assert [type(event) for event in first] == [SpeechBegan]
    assert told(ear, speech[round(1.8 * 8000) :]) == []


def test_the_same_question_told_again_disturbs_nothing():
    ear = listener("медицинская помощь")
    ear.expect(1, TOPICS, playing=True)
    speech = a_call(clip(VOICE))
    told(ear, speech[: round(1.8 * 8000)])
    ear.expect(1, TOPICS, playing=False)
    assert meanings(told(ear, speech[round(1.8 * 8000) :])) == [("choice", "medical")]


def test_a_key_drops_what_is_being_heard_and_its_tone_is_no_word():
    ear = listener("оператор", "пенсия")
    ear.expect(1, TOPICS, playing=False)
    speech = a_call(clip(VOICE))
    told(ear, speech[: round(1.8 * 8000)])
    ear.key()
    assert told(ear, np.concatenate((clip(VOICE)[: round(0.28 * 8000)], silence(1)))) == []
    assert meanings(told(ear, speech)) == [("choice", "pension")]


def test_a_closed_ear_hears_nothing():
    ear = listener("оператор")
    ear.expect(1, TOPICS, playing=False)
    ear.close()
    assert ear.feed(a_call(clip(VOICE))) == []


def test_the_engine_gets_a_quiet_caller_louder_and_never_clipped():
    fed: list[Samples] = []

    def script(heard: Samples) -> str:
        fed.append(heard.copy())
        return "пенсия"

    ear = Listener({"ru": ScriptedRecognizer(script)}, understand, grammar_of)
    ear.expect(1, TOPICS, playing=False)
    told(ear, a_call(at_level(clip(VOICE), -42)))
    loudest = max(int(np.abs(heard.astype(int)).max()) for heard in fed)
    assert 4000 < loudest < 32000


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_engine_is_asked_about_a_sound_that_is_no_voice_beyond_a_moment(kind: str):
    ear = listener(*["оператор"] * 20, settings=ListenerSettings(short_word=1.01))
    ear.expect(1, TOPICS, playing=True)
    assert told(ear, mixed(quiet_line(8), sound(kind, 8, -30, seed=6))) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 5000), min_size=1, max_size=20))
def test_how_the_sound_is_cut_changes_nothing(cuts: list[int]):
    speech = a_call(clip(VOICE), silence(0.8), clip("002-aleksandr-clean"))
    whole = listener("медицинская помощь", "оператор")
    whole.expect(1, TOPICS, playing=False)
    cut = listener("медицинская помощь", "оператор")
    cut.expect(1, TOPICS, playing=False)
    events: list[ListenerEvent] = []
    at, n = 0, 0
    while at < speech.size:
        events += cut.feed(speech[at : at + cuts[n % len(cuts)]])
        at, n = at + cuts[n % len(cuts)], n + 1
    assert events == whole.feed(speech)
    assert len(events) == 4


def replace_language(expectation: Expectation, language: str) -> Expectation:
    return Expectation(expectation.kind, language, expectation.phrases, expectation.commands)


# --- with the model -------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def engine() -> VoskRecognizer:
    return VoskRecognizer(MODEL, "ru")


def real() -> Listener:
    return Listener({"ru": engine()}, understand, grammar_of)


@pytest.mark.parametrize("condition", ["clean", "g711", "noise15", "quiet20+g711"])
def test_a_topic_spoken_over_a_prompt_is_understood(condition: str):
    ear = real()
    ear.expect(1, TOPICS, playing=True)
    speech = np.concatenate((silence(2), clip(VOICE), silence(1)))
    sent = mixed(line(condition).carry(speech, np.random.default_rng(2)), quiet_line(4.4))
    events = told(ear, sent)
    assert meanings(events) == [("choice", "medical")]
    understood = events[-1]
    assert isinstance(understood, Understood) and understood.decided - understood.ended <= 0.7


def test_a_prompt_that_says_the_very_phrases_does_not_answer_itself():
    ear = real()
    words = {name: (name,) for name in ("медицинская помощь", "запись на приём", "пенсия", "оператор")}
    for turn, voice in enumerate(("anna", "irina"), 1):
        ear.expect(turn, Expectation("menu", "ru", words), playing=True)
        assert told(ear, mixed(echo(prompt(voice), 12, 0.1), quiet_line(12.2))) == []
        ear.playing(False)
        assert told(ear, quiet_line(1)) == []


def test_a_sentence_outside_the_menu_is_unknown():
    ear = real()
    ear.expect(1, TOPICS, playing=False)
    names = [path.stem for path in sorted((MODEL.parents[2] / "tests/sounds/speech").glob("08*-clean.wav"))]
    for name in names[:3]:
        events = told(ear, a_call(clip(name)))
        assert [kind for kind, _ in meanings(events)] == ["unknown"], name
