"""Phrases made fit for an engine's vocabulary."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.hypothesis import UNKNOWN
from speech.recognition.grammar import fit, folded, words_of

KNOWN = {"врач", "приём", "прием", "запись", "на", "расчет", "ещё", "кое", "что", "помощь", "d'accord"}


def knows(word: str) -> bool:
    return word in KNOWN


def test_phrases_stay_as_they_are_and_in_order():
    assert fit(["врач", "запись на приём", UNKNOWN], knows).phrases == ("врач", "запись на приём", UNKNOWN)


def test_a_phrase_with_an_unknown_word_is_lost_whole_and_named():
    fitted = fit(["помощь фельдшера", "врач", UNKNOWN], knows)
    assert fitted.phrases == ("врач", UNKNOWN)
    assert fitted.lost == ("помощь фельдшера",)


@pytest.mark.parametrize("phrases", [[], [""], ["фельдшера"], ["...", UNKNOWN], [UNKNOWN]])
def test_an_empty_grammar_rejects_everything(phrases):
    assert fit(phrases, knows).phrases == (UNKNOWN,)


def test_the_unknown_is_not_added_to_a_grammar_that_does_without():
    assert fit(["врач"], knows).phrases == ("врач",)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("Врач!", "врач"),
        ("расчёт", "расчет"),
        ("еще", "ещё"),
        ("прие\u0308м", "приём"),
        ("кое-что", "кое что"),
        ("«помощь», врач", "помощь врач"),
        ("врач\tна\u00a0приём\n", "врач на приём"),
        ("d'accord", "d'accord"),
        ("-врач-", "врач"),
    ],
)
def test_a_phrase_is_spelled_as_the_model_does(written, spelled):
    assert fit([written], knows).phrases == (spelled,)


def test_what_is_heard_can_be_told_in_the_authors_spelling():
    assert fit(["расчёт", "еще врач"], knows).asked == {"расчет": "расчёт", "ещё": "еще"}


def test_phrases_that_sound_the_same_are_one():
    assert fit(["приём", "прием", "Приём", "приём."], knows).phrases == ("приём",)


def test_the_unknown_within_a_phrase_is_a_word_like_others():
    assert fit([f"врач {UNKNOWN}"], knows).lost == (f"врач {UNKNOWN}",)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_whatever_an_author_writes_only_known_words_reach_the_engine(phrases):
    fitted = fit(phrases, lambda word: len(word) % 2 == 1)
    for phrase in fitted.phrases:
        assert phrase == UNKNOWN or all(len(word) % 2 == 1 for word in phrase.split(" "))
    assert fitted.phrases
    assert len({folded(phrase) for phrase in fitted.phrases}) == len(fitted.phrases)
    assert json.loads(json.dumps(fitted.phrases, ensure_ascii=False)) == list(fitted.phrases)


@given(st.text(max_size=40))
def test_words_have_no_quotes_brackets_spaces_or_control_characters(text):
    for word in words_of(text):
        assert word
        assert not set(word) & set('"[]{}\\ \n\t\0<>')
