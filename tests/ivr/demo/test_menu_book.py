"""What callers know of a menu is read from the menu."""

from __future__ import annotations

import pytest

from ivr.core.flow import EnqueueNode, Flow, HangupNode, MenuNode, SayNode
from ivr.demo.menu_book import NoMenu, menu_book
from tests.ivr.demo.people import book, loaded


def test_there_is_an_item_for_each_topic_with_the_menus_own_key_and_phrases():
    node = loaded().flows["main"].nodes["topic"]
    assert isinstance(node, MenuNode)
    for item in book().items:
        choice = next(one for one in node.choices if one.name == item.choice)
        assert (item.key, item.phrases) == (choice.key, choice.phrases["ru"])
    assert {item.topic for item in book().items} == set(loaded().site.topics)


def test_phrases_are_those_of_the_language():
    assert "врач" in book("ru").item("medical").phrases
    assert "doctor" in book("en").item("medical").phrases
    assert book("en").repeat[0] == "repeat"


def test_the_wrong_key_is_no_choice():
    node = loaded().flows["main"].nodes["topic"]
    assert isinstance(node, MenuNode)
    assert book().no_key not in {choice.key for choice in node.choices}


def test_the_greeting_comes_before_the_question_and_the_card_on_the_way_to_the_donors():
    assert book().before == ("main.greeting.say",)
    entry = book().item("donors").entry
    assert entry is not None and (entry.node, entry.digits, entry.end) == ("main.donor_card", 6, "#")
    assert book().item("medical").entry is None


def test_who_asks_for_a_person_comes_where_the_menu_leads_him():
    assert (book().person_topic, book().person_choice, book().nobody) == ("general", "person", "general")


def test_a_flow_without_a_menu_is_named():
    flow = Flow("bare", "1", "hello", {"hello": SayNode({"ru": "Здравствуйте"}, "end"), "end": HangupNode()})
    with pytest.raises(NoMenu, match="bare"):
        menu_book({"bare": flow}, "bare", "ru")
    queue = Flow("queue", "1", "q", {"q": EnqueueNode("general")})
    with pytest.raises(NoMenu, match="queue"):
        menu_book({"queue": queue}, "queue", "ru")
