from __future__ import annotations

import msgspec

from ivr.core.events import (
    Digit,
    PromptFinished,
    Resumed,
    Silence,
    Started,
)
from ivr.core.flow import (
    Choice,
    CollectNode,
    Digits,
    EnqueueNode,
    HangupNode,
    Ladder,
    MenuNode,
    SayNode,
)
from ivr.core.playbook import Playbook, enqueue, listen, nothing, play, stop
from ivr.core.typed_ahead import LIMIT
from tests.ivr.core.calls import OPEN, OUT
from tests.ivr.core.menus import HELPLINE, flow, said


def test_a_key_during_the_greeting_cuts_it_and_counts_for_the_menu():
    (
        Playbook(HELPLINE, hours=OPEN)
        >> Started()
        << play("greeting.say")
        >> Digit("1")
        << stop()
        << enqueue("medical")
    )


def test_keys_typed_during_a_sentence_that_must_be_heard_count_for_the_menu_after_it():
    menu = HELPLINE.nodes["topic"]
    warned = flow(
        {
            **HELPLINE.nodes,
            "notice": SayNode(said("Разговор записывается."), next="topic", interruptible=False),
            "topic": menu,
        }
    )
    (
        Playbook(warned, "main.notice")
        >> Started()
        << play("notice.say", interruptible=False)
        >> Digit("1")
        << nothing()
        >> PromptFinished()
        << enqueue("medical")
    )


def test_who_types_ahead_through_two_questions_hears_nothing_between():
    book = Playbook(HELPLINE, hours=OPEN) >> Started() << play("greeting.say")
    book >> Digit("2") << stop() << play("card.ask") << listen(6)
    for key in "12345":
        book = book >> Digit(key)
        if key == "1":
            book = book << stop()
        book = book << listen(6)
    (
        book
        >> Digit("6")
        << play("to_general.say")
        >> PromptFinished()
        << enqueue("general", data={"card": "123456"})
    )


def test_sentences_between_are_left_out_for_who_has_typed_on():
    plain = Ladder(then="end")
    menus = flow(
        {
            "first": SayNode(said("Раз."), next="second", interruptible=False),
            "second": SayNode(said("Два."), next="ask"),
            "ask": MenuNode(
                ask=said("Код?"),
                choices=(Choice("one", key="1", next="code"),),
                no_input=plain,
                no_match=plain,
            ),
            "code": CollectNode(
                ask=said("Цифры?"),
                store="code",
                digits=Digits(2, 4, "#"),
                next="queue",
                no_input=plain,
                no_match=plain,
            ),
            "queue": EnqueueNode("general"),
            "end": HangupNode(),
        }
    )
    book = Playbook(menus) >> Started() << play("first.say")
    for key in "178":
        book = book >> Digit(key) << nothing()
    book >> PromptFinished() << listen(5) >> Silence() << enqueue("general", data={"code": "78"})


def test_a_wrong_key_pressed_before_the_question_was_heard_is_not_held_against_the_caller():
    book = Playbook(HELPLINE, hours=OPEN) >> Started() << play("greeting.say")
    book >> Digit("#") << stop() << play("topic.ask") << listen(5) >> Silence() << play("topic.no_input.1")


def test_a_question_that_must_be_heard_keeps_keys_until_its_end():
    menus = flow(
        {
            "ask": MenuNode(
                ask=said("Слушайте до конца. Один?"),
                choices=(Choice("one", key="1", next="queue"),),
                no_input=OUT,
                no_match=OUT,
                interruptible=False,
            ),
            "queue": EnqueueNode("general"),
            "end": HangupNode(),
        }
    )
    (
        Playbook(menus)
        >> Started()
        << play("ask.ask", interruptible=False)
        << listen(5)
        >> Digit("1")
        << nothing()
        >> PromptFinished()
        << enqueue("general")
    )


def test_a_machine_s_flood_of_keys_is_not_kept_beyond_a_number_no_person_types():
    store = CollectNode(
        ask=said("?"), store="code", digits=Digits(1, 99, None), next="queue", no_input=OUT, no_match=OUT
    )
    patient = flow(
        {
            "wait": SayNode(said("Минуту."), next="ask", interruptible=False),
            "ask": store,
            "queue": EnqueueNode("general"),
            "end": HangupNode(),
        }
    )
    book = Playbook(patient) >> Started() << play("wait.say")
    for _ in range(1000):
        book = book >> Digit("1") << nothing()
    book >> PromptFinished() << listen(5) >> Silence() << enqueue("general", data={"code": "1" * LIMIT})


def test_what_was_typed_before_a_question_is_said_anew_by_a_new_controller_is_forgotten():
    menu = HELPLINE.nodes["topic"]
    assert isinstance(menu, MenuNode)
    strict = flow(
        {**HELPLINE.nodes, "topic": msgspec.structs.replace(menu, interruptible=False)}, start="topic"
    )
    book = Playbook(strict) >> Started() << play("topic.ask") << listen(5) >> Digit("1") << nothing()
    book >> Resumed() << play("topic.ask") << listen(5) >> PromptFinished() << nothing()
