from __future__ import annotations

from datetime import timedelta

from ivr.core.commands import Enqueue, Note
from ivr.core.events import (
    Digit,
    PromptFinished,
    Silence,
    Started,
)
from ivr.core.flow import (
    CollectNode,
    Digits,
    Ladder,
    SayNode,
)
from ivr.core.playbook import Playbook, enqueue, hangup, listen, note, nothing, play, stop
from tests.ivr.core.calls import OPEN, OUT, TWO_CODES, at_the_card
from tests.ivr.core.menus import HELPLINE, flow, said


def test_an_entry_ends_at_its_end_key():
    book = at_the_card() >> Digit("1") << stop() << listen(6) >> Digit("2") << listen(6) >> Digit("#")
    (
        book
        << play("to_general.say")
        >> PromptFinished()
        << enqueue("general", data={"card": "12"}, personal=("card",))
    )


def test_an_entry_ends_when_it_is_full_and_the_habitual_end_key_is_swallowed():
    book = at_the_card() >> Digit("1") << stop() << listen(6)
    for key in "2345":
        book = book >> Digit(key) << listen(6)
    book >> Digit("6") << play("to_general.say") >> Digit("#") << nothing()
    assert book.conversation.data["card"] == "123456"


def first_code_given() -> Playbook:
    book = (
        Playbook(TWO_CODES)
        >> Started()
        << play("first.ask")
        << listen(5)
        >> Digit("1")
        << stop()
        << listen(5)
    )
    return book >> Digit("2") << play("second.ask") << listen(5)


def test_the_late_end_key_of_one_entry_does_not_end_the_next():
    first_code_given() >> Digit("#") << nothing() >> Digit("#") << stop() << hangup()


def test_an_end_key_that_comes_much_later_was_meant_for_the_second_entry():
    first_code_given() >> timedelta(seconds=4) >> Digit("#") << stop() << hangup()


def test_an_end_key_typed_ahead_after_a_full_entry_is_swallowed_too():
    menus = flow(
        {**TWO_CODES.nodes, "notice": SayNode(said("Минуту."), next="first", interruptible=False)},
        start="notice",
    )
    book = Playbook(menus) >> Started() << play("notice.say")
    for key in "12#3":
        book = book >> Digit(key) << nothing()
    book >> PromptFinished() << listen(5) >> Silence() << hangup()
    assert book.conversation.data == {"first": "12", "second": "3"}


def test_a_caller_without_a_card_presses_hash_alone():
    book = at_the_card() >> Digit("#") << stop() << note("entered", card="") << play("to_general.say")
    assert book.conversation.data["card"] == ""


def test_digits_followed_by_silence_are_taken_as_the_whole_entry():
    book = at_the_card() >> Digit("4") << stop() << listen(6) >> Silence() << play("to_general.say")
    assert book.conversation.data["card"] == "4"


def test_silence_in_an_entry_is_no_input_even_if_an_empty_one_would_do():
    at_the_card() >> Silence() << note("no input", time="1") << play("to_general.say")


def test_too_short_an_entry_is_wrong_whether_ended_by_key_or_by_silence():
    codes = flow({**TWO_CODES.nodes, "first": CollectNode(
        ask=said("Код?"), store="first", digits=Digits(3, 4, "#"), next="end", personal=False,
        no_input=OUT, no_match=Ladder(then="end", say=(said("Коротко."), said("Снова коротко."))),
    )})  # fmt: skip
    book = Playbook(codes) >> Started() << play("first.ask") << listen(5) >> Digit("1") << stop() << listen(5)
    book >> Digit("#") << note("no match", entered="1", time="1") << play("first.no_match.1") << listen(5)
    (
        book
        >> Digit("2")
        << stop()
        << listen(5)
        >> Silence()
        << note("no match", entered="2")
        << play("first.no_match.2")
    )


def test_an_entry_may_have_no_end_key():
    fixed = flow({**TWO_CODES.nodes, "first": CollectNode(
        ask=said("Код?"), store="first", digits=Digits(2, 2, None), next="second", no_input=OUT, no_match=OUT,
    )})  # fmt: skip
    book = Playbook(fixed) >> Started() << play("first.ask") << listen(5) >> Digit("1") << stop() << listen(5)
    book >> Digit("2") << play("second.ask") << listen(5) >> Digit("#") << stop() << hangup()


def test_a_personal_value_reaches_the_operator_but_not_the_story():
    events = [
        Started(),
        Digit("2"),
        *(Digit(key) for key in "123*"),
        *(Digit(key) for key in "654321"),
        PromptFinished(),
    ]
    book = Playbook(HELPLINE, "main.topic", hours=OPEN)
    commands = [one for event in events for one in book.conversation.handle(event, book.at)]
    story = " ".join(str(one) for one in commands if isinstance(one, Note))
    assert "123" not in story and "654321" not in story and "***" in story
    (given,) = [one for one in commands if isinstance(one, Enqueue)]
    assert given.data["card"] == "654321" and given.personal == ("card",)


def test_a_value_that_is_not_personal_is_told_in_the_story():
    region = CollectNode(
        ask=said("Регион?"),
        store="region",
        digits=Digits(2, 2),
        next="end",
        personal=False,
        no_input=OUT,
        no_match=OUT,
    )
    open_code = flow({**TWO_CODES.nodes, "first": region})
    book = (
        Playbook(open_code)
        >> Started()
        << play("first.ask")
        << listen(5)
        >> Digit("7")
        << stop()
        << listen(5)
    )
    book >> Digit("7") << note("entered", region="77") << hangup()
    assert book.conversation.personal == set()
