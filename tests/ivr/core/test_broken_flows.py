from __future__ import annotations

from datetime import datetime

import pytest

from ivr.core.events import (
    Digit,
    PromptFinished,
    QueueRefused,
    Started,
    TalkEnded,
)
from ivr.core.flow import (
    Choice,
    EnqueueNode,
    FlowError,
    GotoNode,
    HangupNode,
    LanguageNode,
    MenuNode,
    SayNode,
)
from ivr.core.interpreter import State
from ivr.core.playbook import Playbook, enqueue, hangup, listen, nothing, play, stop
from tests.ivr.core.calls import OUT
from tests.ivr.core.menus import DEPARTMENTS, HELPLINE, flow, said


@pytest.mark.parametrize("start", ["departments.loop", "departments.lost"])
def test_a_flow_that_leads_nowhere_or_round_and_round_is_named_and_the_conversation_given_up(start: str):
    book = Playbook([DEPARTMENTS, HELPLINE], start)
    with pytest.raises(FlowError, match="menu 'departments', node") as failure:
        book >> Started()
    assert failure.value.flow == "departments" and failure.value.node in {"loop", "round", "lost"}
    assert book.conversation.state is State.GIVEN_UP
    book >> Digit("1") << nothing()


@pytest.mark.parametrize("event", [TalkEnded(), QueueRefused()])
def test_a_caller_whose_flow_failed_is_not_left_in_silence_after_the_person_he_was_given_to(event: TalkEnded):
    book = Playbook([DEPARTMENTS, HELPLINE], "departments.loop")
    with pytest.raises(FlowError):
        book >> Started()
    book >> event << hangup() >> event << nothing()


@pytest.mark.parametrize(("start", "why"), [("absent", "no such menu"), ("main.absent", "no such node")])
def test_a_number_whose_menu_is_not_there_is_refused_at_once(start: str, why: str):
    with pytest.raises(FlowError, match=why):
        Playbook(HELPLINE, start)


def test_opening_hours_that_do_not_exist_are_an_error_and_not_a_closed_door():
    with pytest.raises(FlowError, match="opening hours 'reception'"):
        Playbook(HELPLINE, "main.hours") >> Started()


def test_a_choice_that_leads_nowhere_names_the_menu_it_stands_in():
    broken = flow(
        {
            "ask": MenuNode(ask=said("?"), choices=(Choice("x", "gone", "1"),), no_input=OUT, no_match=OUT),
            "end": HangupNode(),
        }
    )
    with pytest.raises(FlowError, match=r"node 'ask': leads to 'gone'"):
        Playbook(broken) >> Started() << play("ask.ask") << listen(5) >> Digit("1")


def test_a_sentence_without_any_text_is_passed_over_and_a_question_without_one_still_listens():
    mute = flow(
        {
            "hush": SayNode({}, next="language"),
            "language": LanguageNode("en", next="ask"),
            "ask": MenuNode(ask={"ru": ""}, choices=(Choice("x", "end", "1"),), no_input=OUT, no_match=OUT),
            "end": HangupNode(),
        }
    )
    Playbook(mute) >> Started() << listen(5) >> Digit("1") << hangup()


def test_after_a_sentence_a_question_without_text_leaves_nothing_to_stop():
    menu = MenuNode(ask={}, choices=(Choice("x", "end", "1"),), no_input=OUT, no_match=OUT)
    mute = flow({"hello": SayNode(said("Да."), next="ask"), "ask": menu, "end": HangupNode()})
    (
        Playbook(mute)
        >> Started()
        << play("hello.say")
        >> PromptFinished()
        << listen(5)
        >> Digit("1")
        << hangup()
    )
    (
        Playbook(mute)
        >> Started()
        << play("hello.say")
        >> Digit("7")
        << stop()
        << listen(5)
        >> Digit("1")
        << hangup()
    )


def test_sentences_in_a_circle_are_not_told_to_the_caller_for_ever():
    round_trip = flow(
        {"a": SayNode(said("A."), next="b"), "b": SayNode(said("B."), next="c"), "c": GotoNode("a")}
    )
    book = Playbook(round_trip) >> Started() << play("a.say", interruptible=False)
    with pytest.raises(FlowError, match="round and round"):
        for _ in range(100):
            book.conversation.handle(PromptFinished(), book.at)


def test_a_queue_that_refuses_is_not_asked_for_ever():
    again = flow({"queue": EnqueueNode("general", when_full="queue")})
    book = Playbook(again) >> Started() << enqueue("general")
    for _ in range(10):
        book = book >> QueueRefused() << enqueue("general")
    with pytest.raises(FlowError, match="round and round"):
        for _ in range(100):
            book.conversation.handle(QueueRefused(), book.at)


def test_talks_may_follow_one_another_without_end():
    again = flow({"queue": EnqueueNode("general", next="queue")})
    book = Playbook(again) >> Started() << enqueue("general")
    for _ in range(100):
        book = book >> TalkEnded() << enqueue("general")


def test_a_time_without_a_timezone_is_refused():
    with pytest.raises(ValueError, match="no timezone"):
        Playbook(HELPLINE, at=datetime(2026, 3, 2, 9)) >> Started()


def test_a_circle_ahead_of_a_sentence_does_not_hold_up_the_sentence():
    ahead = flow(
        {"hello": SayNode(said("Да."), next="loop"), "loop": GotoNode("round"), "round": GotoNode("loop")}
    )
    book = Playbook(ahead) >> Started() << play("hello.say", interruptible=False)
    with pytest.raises(FlowError, match="round and round"):
        book >> PromptFinished()
