from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.core.events import (
    Digit,
    Silence,
    Started,
)
from ivr.core.flow import (
    BranchNode,
    EnqueueNode,
    HangupNode,
    SayNode,
)
from ivr.core.playbook import Playbook, enqueue, listen, note, play, stop
from tests.ivr.core.calls import OPEN, TWO_CODES, at_the_topic
from tests.ivr.core.menus import ALWAYS, DEPARTMENTS, HELPLINE, NEVER, flow


def test_the_number_s_own_language_gives_way_to_the_one_the_call_came_with():
    Playbook(HELPLINE, hours=OPEN) >> Started(language="en") << play("greeting.say", language="en")


def test_a_language_chosen_holds_for_prompts_and_for_the_operator():
    book = (
        at_the_topic()
        >> Digit("9")
        << stop()
        << note("language", language="en")
        << play("topic.ask", language="en")
    )
    book << listen(5) >> Digit("1") << stop() << enqueue("medical", language="en")
    assert book.conversation.language == "en"


def test_a_text_that_lacks_the_language_is_said_in_the_first_one_rather_than_not_at_all():
    (
        at_the_topic()
        >> Digit("9")
        << stop()
        << play("topic.ask", language="en")
        << listen(5)
        >> Silence()
        << play("topic.no_input.1", language="ru")
    )


def test_a_text_in_neither_language_is_said_in_any_it_has():
    strange = flow({"hello": SayNode({"de": "Guten Tag"}, next="end"), "end": HangupNode()})
    Playbook(strange) >> Started() << play("hello.say", language="de")


@pytest.mark.parametrize(
    ("branch", "case", "topic"),
    [
        (BranchNode(on="language", cases={"ru": "a"}, otherwise="b"), "ru", "a"),
        (BranchNode(on="language", cases={"en": "a"}, otherwise="b"), "otherwise", "b"),
        (BranchNode(on="data", key="region", cases={"77": "a"}, otherwise="b"), "77", "a"),
        (BranchNode(on="data", key="region", cases={"78": "a"}, otherwise="b"), "otherwise", "b"),
        (BranchNode(on="data", key="card", cases={"": "a"}, otherwise="b"), "", "a"),
        (BranchNode(on="hours", cases={"never": "b", "reception": "a"}, otherwise="b"), "reception", "a"),
    ],
)
def test_a_branch_goes_by_what_is_known(branch: BranchNode, case: str, topic: str):
    menus = flow({"branch": branch, "a": EnqueueNode("a"), "b": EnqueueNode("b")})
    book = Playbook(menus, data={"region": "77"}, hours={"never": NEVER, **OPEN})
    book >> Started() << note("branch", case=case) << enqueue(topic)


def test_a_branch_on_a_personal_value_does_not_tell_it_to_the_story():
    card = BranchNode(on="data", key="card", cases={"123": "vip"}, otherwise="plain")
    menus = flow(
        {**TWO_CODES.nodes, "first": HELPLINE.nodes["card"], "to_general": card, "vip": EnqueueNode("vip")}
    )
    book = Playbook(menus) >> Started() << play("first.ask") << listen(6)
    for key in "123":
        book = (book >> Digit(key)) << (stop() if key == "1" else listen(6))
        if key == "1":
            book = book << listen(6)
    book >> Digit("#") << note("branch", on="data", case="***") << enqueue("vip", data={"card": "123"})


def test_a_branch_on_hours_reads_the_clock_of_the_site_when_the_caller_gets_there():
    shop = {"reception": ALWAYS.__class__(weekly=(ALWAYS.weekly[0],) + ((),) * 6)}  # Mondays only
    sunday_night = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # Monday 01:30 in Moscow

    def book(zone: str) -> Playbook:
        return Playbook(HELPLINE, "main.hours", hours=shop, at=sunday_night, timezone=ZoneInfo(zone))

    book("Europe/Moscow") >> Started() << play("topic.ask")
    book("Europe/London") >> Started() << play("closed.say")


def test_a_flow_leads_into_another_and_prompts_bear_the_name_of_the_flow_they_are_in():
    book = Playbook([DEPARTMENTS, HELPLINE]) >> Started() << play("main.topic.ask") << listen(5)
    assert book.conversation.node == "main.topic"


def test_for_want_of_the_language_chosen_the_number_s_own_comes_before_the_order_in_the_file():
    both = flow(
        {"hello": SayNode({"de": "Guten Tag", "ru": "Здравствуйте"}, next="end"), "end": HangupNode()}
    )
    Playbook(both, language="ru") >> Started(language="en") << play("hello.say", language="ru")
