"""The checker on what callers may say."""

from pathlib import Path

from ivr.site_check import check
from tests.ivr.small_site import in_menu, written

_CHOICE = 'help: {key: "1", next: card}'


def found(folder: Path, phrases: str, more: str = "") -> list[str]:
    choice = f'help: {{key: "1", next: card, phrases: {{ru: [{phrases}]}}}}{more}'
    findings = check(written(folder, in_menu("", _CHOICE, choice, "", ())))
    assert not any(one.severity == "error" for one in findings), findings
    return [one.sentence for one in findings if one.code in ("phrase-unheard", "phrases-alike")]


def test_a_phrase_with_a_word_the_model_does_not_know_is_warned_of(tmp_path: Path) -> None:
    (sentence,) = found(tmp_path, "врач, абырвалг")
    assert "'абырвалг'" in sentence


def test_known_phrases_need_no_warning(tmp_path: Path) -> None:
    assert found(tmp_path, "врач, приём, помощь 03") == []


def test_choices_that_sound_alike_are_warned_of(tmp_path: Path) -> None:
    other = "\n        like: {key: '8', next: card, phrases: {ru: [пенсии]}}"
    (sentence,) = found(tmp_path, "пенсия", other)
    assert "'пенсия'" in sentence
