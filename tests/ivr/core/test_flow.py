from __future__ import annotations

import pytest

from ivr.core.flow import (
    BranchNode,
    CollectNode,
    EnqueueNode,
    GotoNode,
    HangupNode,
    Ladder,
    LanguageNode,
    Node,
    SayNode,
    ways_out,
)
from ivr.core.flow_prompts import prompts
from tests.ivr.core.menus import DEPARTMENTS, HELPLINE, flow, said


def test_every_prompt_is_listed_under_the_name_it_is_played_by():
    assert [name for name, _ in prompts(HELPLINE)] == [
        "main.greeting.say",
        "main.topic.ask",
        "main.topic.no_input.1",
        "main.topic.no_input.2",
        "main.topic.no_match.1",
        "main.topic.no_match.2",
        "main.topic.confirm.spoken only",
        "main.card.ask",
        "main.card.no_match.1",
        "main.to_general.say",
        "main.all_busy.say",
        "main.closed.say",
        "main.goodbye.say",
        "hotline.use_keys",
        "hotline.misheard",
        "hotline.yes_or_no",
        "hotline.meant_person",
        "hotline.meant_repeat",
        "hotline.meant_back",
    ]
    assert dict(prompts(HELPLINE))["main.to_general.say"] == {"ru": "Соединяем.", "en": "Connecting."}


def test_a_queue_without_a_sentence_has_no_prompt():
    assert prompts(flow({"queue": EnqueueNode("general")})) == []


OUT = Ladder(then="out")


@pytest.mark.parametrize(
    ("node", "ways"),
    [
        (SayNode(said("…"), next="a"), [("", "a")]),
        (LanguageNode("en", next="a"), [("", "a")]),
        (
            CollectNode(ask=said("?"), store="x", next="a", no_input=OUT, no_match=Ladder(then="b")),
            [("entered", "a"), ("no input", "out"), ("no match", "b")],
        ),
        (
            BranchNode(on="language", cases={"ru": "a", "en": "b"}, otherwise="c"),
            [("ru", "a"), ("en", "b"), ("otherwise", "c")],
        ),
        (EnqueueNode("general"), []),
        (EnqueueNode("general", when_full="a", next="b"), [("full", "a"), ("after the talk", "b")]),
        (GotoNode("other.a"), [("", "other.a")]),
        (HangupNode(), []),
    ],
)
def test_every_way_on_from_a_node_is_known(node: Node, ways: list[tuple[str, str]]):
    assert list(ways_out(node)) == ways


def test_a_spoken_choice_is_known_by_its_name_for_want_of_a_key():
    labels = [label for label, _ in ways_out(HELPLINE.nodes["topic"])]
    assert labels == ["1", "2", "0", "*", "9", "spoken only", "no input", "no match"]


def test_every_way_out_of_the_helpline_leads_to_a_node_it_has():
    assert {target for node in HELPLINE.nodes.values() for _, target in ways_out(node)} <= set(HELPLINE.nodes)
    assert {target for node in DEPARTMENTS.nodes.values() for _, target in ways_out(node)} > {"main.topic"}
