from __future__ import annotations

from itertools import product
from zoneinfo import ZoneInfo

import pytest

from ivr.core.commands import Play
from ivr.core.events import (
    CallerHungUp,
    Digit,
    PromptFinished,
    QueueRefused,
    Resumed,
    Silence,
    Started,
    TalkEnded,
)
from ivr.core.flow import FlowError
from ivr.core.interpreter import Conversation, State
from ivr.core.playbook import A_MONDAY, Playbook, enqueue, hangup, listen, note, nothing, play, stop
from tests.ivr.core.calls import OPEN, at_the_card, at_the_topic, queued
from tests.ivr.core.menus import DEPARTMENTS, HELPLINE
from tests.ivr.core.speaking import in_doubt

# The queue and after


def test_a_full_queue_sends_the_caller_where_the_menu_says():
    book = queued() >> QueueRefused("queue full") << note("queue refused", why="queue full")
    book << play("all_busy.say") >> PromptFinished() << hangup()


def test_a_full_queue_nobody_thought_of_ends_the_call():
    at_the_topic() >> Digit("1") << stop() << enqueue("medical") >> QueueRefused() << hangup()


def test_after_the_talk_the_caller_goes_on_where_the_menu_says():
    queued() >> TalkEnded() << note("talk ended") << play("goodbye.say") >> PromptFinished() << hangup()


def test_after_the_talk_the_call_ends_if_nothing_is_said_about_it():
    at_the_topic() >> Digit("1") << stop() << enqueue("medical") >> TalkEnded() << hangup()


# A new controller


def test_resumed_in_the_greeting_says_it_again():
    book = Playbook(HELPLINE, hours=OPEN) >> Started() << play("greeting.say") >> Resumed() << note("resumed")
    book << play("greeting.say") << nothing()


def test_resumed_in_a_question_asks_it_again_and_forgets_half_an_entry_but_not_the_failures():
    book = at_the_card() >> Digit("*") << stop() << play("card.no_match.1") << play("card.ask") << listen(6)
    book >> Digit("1") << stop() << listen(6) >> Resumed() << play("card.ask") << listen(6)
    book >> Digit("*") << stop() << play("to_general.say")


def test_resumed_in_the_queue_asks_for_it_again():
    queued() >> Resumed() << enqueue("general")


def test_a_new_controller_can_begin_at_the_node_where_the_old_one_was():
    book = (
        Playbook(HELPLINE, "main.card", data={"topic": "card"}) >> Resumed() << play("card.ask") << listen(6)
    )
    assert book.conversation.data == {"topic": "card"}


def taken_over(node: str) -> Conversation:
    options = {"hours": OPEN, "timezone": ZoneInfo("UTC"), "language": "ru"}
    return Conversation({"main": HELPLINE}, node, **options, state=State.QUEUED)


def test_a_new_controller_can_take_over_a_caller_who_waits_or_talks():
    (said,) = [
        one for one in taken_over("main.to_general").handle(TalkEnded(), A_MONDAY) if isinstance(one, Play)
    ]
    assert said.prompt == "main.goodbye.say"


def test_nobody_waits_for_an_operator_in_a_menu():
    with pytest.raises(FlowError, match="no place to wait"):
        taken_over("main.topic")


@pytest.mark.parametrize("event", [TalkEnded(), QueueRefused()])
def test_a_caller_taken_over_without_a_place_is_not_left_in_silence_after_the_talk(event: TalkEnded):
    Playbook(HELPLINE) >> event << hangup()


# Leaving, and events that cross our commands on their way

AFTERMATH = [
    Started(),
    Digit("1"),
    PromptFinished(),
    Silence(),
    QueueRefused(),
    TalkEnded(),
    Resumed(),
    CallerHungUp(),
]


def given_up() -> Playbook:
    book = Playbook(DEPARTMENTS, "departments.lost")
    with pytest.raises(FlowError):
        book >> Started()
    return book


def begun(state: State) -> Playbook:
    makers = {
        State.NEW: lambda: Playbook(HELPLINE, hours=OPEN),
        State.SAYING: lambda: Playbook(HELPLINE, hours=OPEN) >> Started() << play("greeting.say"),
        State.ASKING: at_the_topic,
        State.CONFIRMING: in_doubt,
        State.QUEUED: queued,
        State.GIVEN_UP: given_up,
        State.OVER: lambda: queued() >> CallerHungUp() << note("caller hung up"),
    }
    book = makers[state]()
    assert book.conversation.state is state
    return book


@pytest.mark.parametrize("state", [one for one in State if one is not State.OVER])
def test_the_caller_may_hang_up_at_any_moment(state: State):
    book = begun(state) >> CallerHungUp() << note("caller hung up") << nothing()
    assert book.conversation.state is State.OVER


@pytest.mark.parametrize("event", AFTERMATH, ids=lambda event: type(event).__name__)
def test_after_the_end_nothing_is_done_any_more(event: Started):
    begun(State.OVER) >> event << nothing()


@pytest.mark.parametrize(
    ("state", "event"),
    [pair for pair in product(State, AFTERMATH) if type(pair[1]) not in Conversation.TABLE[pair[0]]],
    ids=lambda one: one.value if isinstance(one, State) else type(one).__name__,
)
def test_an_event_that_comes_too_late_changes_nothing(state: State, event: Started):
    book = begun(state)
    before = (book.conversation.node, book.conversation.data.copy())
    assert book.conversation.handle(event, book.at) == []
    assert (book.conversation.node, book.conversation.data, book.conversation.state) == (*before, state)
