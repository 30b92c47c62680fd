from __future__ import annotations

from ivr.core.events import (
    Digit,
    PromptFinished,
    Started,
)
from ivr.core.interpreter import State
from ivr.core.playbook import Playbook, enqueue, hangup, listen, note, nothing, play, stop
from tests.ivr.core.calls import OPEN, at_the_topic
from tests.ivr.core.menus import HELPLINE, NEVER


def test_a_caller_hears_the_greeting_then_the_topics_and_is_queued_by_one_key():
    (
        Playbook(HELPLINE, hours=OPEN)
        >> Started()
        << play("greeting.say", language="ru")
        >> PromptFinished()
        << play("topic.ask")
        << listen(5)
        >> Digit("1")
        << stop()
        << note("menu choice", key="1", choice="medical")
        << enqueue("medical", language="ru", data={"topic": "medical"}, personal=())
    )


def test_a_key_pressed_after_the_prompt_has_nothing_to_stop():
    at_the_topic() >> PromptFinished() >> Digit("1") << enqueue("medical")


def test_outside_opening_hours_the_caller_is_told_and_the_call_ends():
    book = (
        Playbook(HELPLINE, hours={"reception": NEVER})
        >> Started()
        << play("greeting.say")
        >> PromptFinished()
        << note("branch", on="hours", case="otherwise")
        << play("closed.say", interruptible=False)
        >> PromptFinished()
        << hangup()
    )
    assert book.conversation.state is State.OVER


def test_a_key_cannot_cut_the_last_sentence_before_the_call_ends():
    (
        Playbook(HELPLINE, "main.closed")
        >> Started()
        << play("closed.say")
        >> Digit("1")
        << nothing()
        >> PromptFinished()
        << hangup()
    )


def test_a_key_cannot_cut_the_sentence_before_the_queue_and_does_not_reach_beyond_it():
    book = at_the_topic() >> Digit("0") << stop() << play("to_general.say", interruptible=False)
    book >> Digit("1") << nothing() >> PromptFinished() << enqueue("general")
    book >> Digit("2") << nothing()


def test_star_asks_the_question_again():
    at_the_topic() >> Digit("*") << stop() << play("topic.ask") << listen(5)


def test_what_was_chosen_is_kept_for_the_operator_and_for_branches():
    assert (at_the_topic() >> Digit("1") << stop() << enqueue("medical")).conversation.data == {
        "topic": "medical"
    }


def test_the_story_begins_with_the_version_of_the_menu_and_the_language():
    (
        Playbook(HELPLINE, hours=OPEN)
        >> Started()
        << note("started", version="1", language="ru")
        << play("greeting.say")
    )
