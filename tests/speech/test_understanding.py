"""What was meant by the words that an engine heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.core import flow
from speech.expectation import Expectation, Kind, Meaning
from speech.hypothesis import UNKNOWN, Hypothesis, Word
from speech.meaning.lemmas import analyzer, warm
from speech.meaning.understanding import SURE, UNSURE, understand

MENU = Expectation(
    "menu",
    "ru",
    {
        "medical": ("врач", "медицинская помощь"),
        "psychology": ("психолог", "психологическая помощь"),
        "pension": ("пенсия",),
        "broken": ("не работает телефон",),
        "sick": ("больничный лист",),
    },
    {"person": ("оператор", "живой человек"), "repeat": ("повторите", "что"), "back": ("назад",)},
)
ENGLISH = Expectation(
    "menu", "en", {"jobs": ("jobs",), "billing": ("billing questions",)}, {"person": ("operator",)}
)


def heard(text: str, confidence: float = 1.0) -> Hypothesis:
    return Hypothesis(tuple(Word(word, confidence) for word in text.split()))


def meant(text: str, expectation: Expectation = MENU, confidence: float = 1.0) -> Meaning:
    return understand(heard(text, confidence), expectation)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("врач", "medical"),
        ("врача", "medical"),
        ("мне нужен врач", "medical"),
        ("с врачом соедините", "medical"),
        ("медицинскую помощь пожалуйста", "medical"),
        ("психологическая помощь", "psychology"),
        ("вопрос по пенсии", "pension"),
        ("не работает телефон", "broken"),
        ("оператора", "person"),
        ("дайте мне живого человека", "person"),
        ("хочу поговорить с оператором", "person"),
        ("что", "repeat"),
        ("назад пожалуйста", "back"),
    ],
)
def test_a_phrase_is_found_in_any_form_among_words_that_mean_nothing_here(text: str, name: str) -> None:
    found = meant(text)
    assert found.name == name
    assert found.confidence >= SURE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{UNKNOWN} врач", "medical"),
        ("мой сосед врач", "medical"),
        ("больничный", "sick"),
        ("врач пенсия", "pension"),
    ],
)
def test_what_stays_unexplained_is_doubt_and_is_asked_back(text: str, name: str) -> None:
    found = meant(text)
    assert found.name == name
    assert UNSURE <= found.confidence < SURE


@pytest.mark.parametrize(
    "text", [UNKNOWN, "не врач", "мне не нужен врач", "собака лает", "что нового", "мне нужно"]
)
def test_other_speech_is_not_understood(text: str) -> None:
    assert meant(text).confidence < UNSURE


def test_no_words_are_no_speech() -> None:
    assert understand(Hypothesis(), MENU) == Meaning("nothing")


def test_a_word_the_engine_is_not_sure_of_is_asked_back() -> None:
    assert UNSURE <= meant("врач", confidence=0.55).confidence < SURE


def test_a_piece_that_two_choices_share_names_the_other_as_alternative() -> None:
    found = meant("помощь")
    assert {found.name, *(name for name, _ in found.alternatives)} == {"medical", "psychology"}
    assert found.confidence < SURE


def test_after_not_this_the_other_is_meant() -> None:
    assert meant("не врач а психолог").name == "psychology"


def test_english_words_are_found_without_their_endings() -> None:
    assert meant("i need a job please", ENGLISH).name == "jobs"
    assert meant("a billing question", ENGLISH).confidence >= SURE


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("digits", "двенадцать тридцать четыре", "1234"),
        ("number", "двести пятьдесят", "250"),
        ("date", "пятого мая", "2027-05-05"),
        ("yes_no", "да", "yes"),
        ("yes_no", "нет", "no"),
    ],
)
def test_values(kind: Kind, text: str, value: str) -> None:
    found = meant(text, Expectation(kind, "ru", today="2026-11-22"))
    assert (found.kind, found.name) == ("value", value)
    assert found.confidence >= SURE


def test_a_command_is_heard_at_any_question() -> None:
    found = meant("оператор", Expectation("digits", "ru", commands=MENU.commands))
    assert (found.kind, found.name) == ("command", "person")


def test_no_the_doctor_is_the_doctor() -> None:
    found = meant("нет врача", Expectation("yes_no", "ru", MENU.phrases))
    assert (found.kind, found.name) == ("choice", "medical")
    assert found.confidence >= SURE


def test_yes_and_no_at_once_is_asked_again() -> None:
    assert meant("да нет", Expectation("yes_no", "ru")).kind == "unknown"


WORDS = st.sampled_from(
    [
        "врач",
        "врача",
        "не",
        "помощь",
        "да",
        "нет",
        "пять",
        "двадцать",
        "мая",
        "завтра",
        "что",
        UNKNOWN,
        "x",
        "-",
        "'",
    ]
)


@given(
    st.lists(st.builds(Word, WORDS, st.floats(0, 1)), max_size=6),
    st.sampled_from(["menu", "digits", "number", "date", "yes_no"]),
    st.sampled_from(["ru", "en", "kk"]),
)
def test_whatever_is_heard_has_a_meaning_with_a_confidence_between_0_and_1(
    words: list[Word], kind: Kind, language: str
) -> None:
    asked = Expectation(kind, language, MENU.phrases, MENU.commands, today="2026-11-22")
    found = understand(Hypothesis(tuple(words)), asked)
    assert 0 <= found.confidence <= 1
    assert (found.name == "") == (found.kind in ("unknown", "nothing"))


def test_menus_weigh_a_confidence_as_it_is_meant():
    assert (flow.SURE, flow.UNSURE) == (SURE, UNSURE)


def test_a_dictionary_is_read_before_the_first_caller_needs_it():
    analyzer.cache_clear()
    warm("en")
    assert analyzer.cache_info().currsize == 0
    warm("ru")
    assert analyzer.cache_info().currsize == 1
