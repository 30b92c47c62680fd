from __future__ import annotations

import pytest

from ivr.core.events import (
    Digit,
    Silence,
    Started,
)
from ivr.core.playbook import Playbook, listen, note, play, stop
from ivr.core.walk import VISIT_LIMIT
from tests.ivr.core.calls import at_the_topic
from tests.ivr.core.menus import HELPLINE, flow


def test_a_caller_who_says_nothing_is_asked_twice_and_then_given_to_a_person():
    (
        at_the_topic()
        >> Silence()
        << note("no input", time="1")
        << play("topic.no_input.1")
        << listen(5)
        >> Silence()
        << play("topic.no_input.2")
        << listen(5)
        >> Silence()
        << note("no input", time="3")
        << play("to_general.say")
    )


def test_wrong_keys_have_their_own_texts_and_their_own_end():
    (
        at_the_topic()
        >> Digit("7")
        << stop()
        << note("no match", key="7", time="1")
        << play("topic.no_match.1")
        << listen(5)
        >> Digit("8")
        << stop()
        << play("topic.no_match.2")
        << listen(5)
        >> Digit("7")
        << stop()
        << play("to_general.say")
    )


def test_whoever_is_silent_and_wrong_by_turns_gets_no_more_chances():
    (
        at_the_topic()
        >> Silence()
        << play("topic.no_input.1")
        << listen(5)
        >> Digit("7")
        << stop()
        << play("topic.no_match.1")
        << listen(5)
        >> Silence()
        << play("to_general.say")
    )


def test_a_letter_key_of_an_old_military_phone_is_a_wrong_key():
    at_the_topic() >> Digit("A") << stop() << play("topic.no_match.1") << listen(5)


def test_what_was_typed_after_a_wrong_key_is_forgotten():
    menus = flow({**HELPLINE.nodes, "topic": HELPLINE.nodes["card"]}, start="topic")
    book = Playbook(menus) >> Started() << play("topic.ask") << listen(6)
    book >> Digit("*") << stop() << play("topic.no_match.1") << play("topic.ask") << listen(6)
    book >> Digit("5") << stop() << listen(6) >> Digit("#") << play("to_general.say")
    assert book.conversation.data == {"card": "5"}


@pytest.mark.parametrize("key", ["*", "9"])
def test_a_machine_that_comes_back_to_a_question_for_ever_is_given_to_a_person(key: str):
    book = at_the_topic()
    for _ in range(VISIT_LIMIT - 1):
        book = book >> Digit(key) << stop() << play("topic.ask") << listen(5)
    book >> Digit(key) << stop() << note("asked too often") << play("to_general.say")
