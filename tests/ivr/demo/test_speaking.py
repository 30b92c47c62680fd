"""Who speaks in the demonstration, and how they answer."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from ivr.core.own_sentences import MEANT
from ivr.demo.cast import Cast, Kind, Script, cast
from ivr.demo.speaking import MUMBLED, Manner, Part, can_speak, part, value_sentence
from ivr.demo.voices import Speaker
from softphone_sim.person import Press, Say
from speech.saying.scripted_synthesizer import ScriptedSynthesizer
from tests.ivr.demo.people import book, loaded

SPEAKER = Speaker(ScriptedSynthesizer(), "ru-one")
SECRETS = {one.endpoint: "secret" for one in loaded().site.operators}


def play(speaking: float, seed: int = 1, seconds: float = 120) -> Cast:
    script = Script(book(), (SPEAKER,), speaking=speaking)
    return cast(loaded().site, SECRETS, script, seed=seed, per_minute=24, seconds=seconds)


def acts(manner: Manner, topic: str = "medical", seed: int = 1) -> Part:
    return part(Random(seed), book(), book().item(topic), manner, Path, (5.0, 8.0))


def answers(his: Part, sentence: str) -> list[str]:
    """What he says or presses when he is told this, turn by turn."""
    found = [reply.acts for reply in his.replies if sentence in reply.to]
    assert len(found) <= 1
    return [act.keys if isinstance(act, Press) else str(act.wav) for act in (found[0] if found else ())]


def test_nobody_speaks_with_a_share_of_nothing_and_every_other_with_a_half():
    assert not any(one.part for one in play(0).arrivals)
    kinds = [one.kind for one in play(0.5).arrivals]
    assert 0 < len(kinds) - 2 * kinds.count(Kind.SPEAKS) <= 2


@pytest.mark.parametrize("speaking", [0.0, 0.5, 1.0])
def test_the_first_caller_presses_a_key_at_once(speaking: float):
    first = play(speaking).arrivals[0]
    assert first.part is None
    assert [press.after for press in first.caller.presses] == [1.0]


def test_the_same_seed_gives_the_same_play_and_another_one_another():
    assert play(0.5, seed=3) == play(0.5, seed=3)
    assert play(0.5, seed=3) != play(0.5, seed=4)


def test_a_short_play_shows_every_manner():
    parts = [one.part for one in play(1.0).arrivals if one.part]
    assert {one.manner for one in parts[: len(Manner)]} == set(Manner)


def test_without_voices_everybody_presses():
    script = Script(book(), (), speaking=0.5)
    people = cast(loaded().site, SECRETS, script, seed=1, per_minute=24, seconds=60)
    assert not any(one.part for one in people.arrivals)


def test_what_they_say_is_listed_in_the_menu():
    listed = {phrase for item in book().items for phrase in item.phrases}
    for topic in loaded().site.topics:
        his = acts(Manner.WAITS, topic)
        said = answers(his, "main.topic.ask_spoken")
        assert set(said[:2]) <= listed and said[2] == book().item(topic).key
        assert his.meant == book().item(topic).choice


def test_one_who_interrupts_begins_within_the_question():
    (first,) = acts(Manner.INTERRUPTS).does
    assert isinstance(first, Say) and 5 <= first.after <= 8
    assert acts(Manner.WAITS).does == ()


def test_he_says_yes_to_what_he_meant_and_no_to_all_else():
    his = acts(Manner.WAITS)
    assert answers(his, "main.topic.confirm.medical")[0] == "да"
    for other in set(book().choices) - {"medical"}:
        assert answers(his, f"main.topic.confirm.{other}")[0] == "нет"
    assert answers(his, MEANT["person"])[0] == "нет"
    assert answers(acts(Manner.WANTS_PERSON), MEANT["person"])[0] == "да"
    assert answers(acts(Manner.WANTS_REPEAT), MEANT["repeat"])[0] == "да"


def test_told_which_keys_to_press_he_presses():
    assert answers(acts(Manner.WAITS), "main.topic.ask") == ["1", "1"]


@pytest.mark.parametrize("manner", [Manner.MUMBLES, Manner.ENDS_BY_KEY])
def test_what_is_mumbled_is_in_no_menu(manner: Manner):
    his = acts(manner)
    first = [str(act.wav) for act in his.does if isinstance(act, Say)] or answers(
        his, "main.topic.ask_spoken"
    )
    assert first[0] in MUMBLED["ru"]
    assert not set(MUMBLED["ru"]) & {phrase for item in book().items for phrase in item.phrases}


def test_a_donor_says_his_card_and_yes_only_to_the_card_he_said():
    for seed in range(20):
        his = acts(Manner.WAITS, "donors", seed)
        said = answers(his, "main.donor_card.ask_spoken")[0]
        if his.card:
            assert len(his.card) == 6 and len(said.replace(",", "").split()) == 6
            assert answers(his, value_sentence(his.card))[0] == "да"
            assert answers(his, value_sentence("000000" if his.card != "000000" else "1")) == []
        else:
            assert said == "нет карты"


def test_nobody_speaks_a_language_we_have_no_words_for():
    assert can_speak(book("ru")) and can_speak(book("en"))
    assert not can_speak(book("kk"))
