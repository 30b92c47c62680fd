"""Which phrases sound alike."""

import pytest

from speech.meaning.sounding import distance, sound_alike, sounds


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("пенсия", "пенсии", "ru"),
        ("код", "кот", "ru"),
        ("молоко", "малако", "ru"),
        ("сдача", "здача", "ru"),
        ("лестница", "лесница", "ru"),
        ("right", "write", "en"),
    ],
)
def test_what_sounds_the_same_is_the_same(one: str, other: str, language: str) -> None:
    assert sounds(one, language) == sounds(other, language)


@pytest.mark.parametrize(
    ("one", "other"), [("врач", "грач"), ("пятнадцать", "девятнадцать"), ("выписка", "выписки")]
)
def test_near_phrases_of_different_choices_are_told(one: str, other: str) -> None:
    (found,) = sound_alike({"a": (one,), "b": (other,)}, "ru")
    assert (found.choice, found.phrase, found.other_choice, found.other_phrase) == ("a", one, "b", other)


def test_far_phrases_and_those_of_one_choice_are_not() -> None:
    assert sound_alike({"a": ("врач", "врача"), "b": ("пенсия",), "c": ("работа",)}, "ru") == []


def test_a_distance_is_0_for_the_same_and_1_for_nothing_in_common() -> None:
    assert distance("врач", "врач") == 0
    assert distance("кот", "") == 1
    assert distance("кот", "кат") == distance("кат", "кот") > 0
