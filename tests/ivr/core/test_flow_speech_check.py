from __future__ import annotations

from typing import Any

from ivr.core.flow import Choice, CollectNode, Flow, HangupNode, Ladder, MenuNode, Phrases, Speech
from ivr.core.flow_check import check_flows
from tests.ivr.core.menus import flow, said
from tests.ivr.core.speaking import CLINIC

OUT = Ladder("end")


def menu(
    *choices: Choice, person: str | None = "end", commands: dict[str, Phrases] | None = None, **fields: Any
) -> Flow:
    node = MenuNode(said("?", "?"), choices, fields.pop("no_input", OUT), OUT, **fields)
    return Flow("main", "1", "q", {"q": node, "end": HangupNode()}, person, commands or {})


def found(one: Flow) -> list[tuple[str, str]]:
    return [
        (problem.code, problem.severity) for problem in check_flows({"main": one}, ["main"], ["ru", "en"])
    ]


DOCTOR = Choice("doctor", "end", "1", {"ru": ("врач",)})


def test_a_menu_that_can_be_spoken_with_has_no_problem():
    assert check_flows({"main": CLINIC}, ["main"], ["ru"])[0].code == "unknown-language"
    assert found(menu(DOCTOR, Choice("again", "q", "*"))) == []


def test_the_same_words_for_two_choices_are_an_error_however_they_are_written():
    assert found(menu(DOCTOR, Choice("other", "end", "2", {"ru": ("Врач ",)}))) == [("phrase-twice", "error")]
    assert found(menu(Choice("doctor", "end", "1", {"ru": ("врач", "врач")}))) == []


def test_a_choice_without_words_among_choices_with_words_is_told():
    assert found(menu(DOCTOR, Choice("mute", "end", "2"))) == [("no-phrase", "warning")]


def test_who_asks_for_a_person_has_to_be_led_somewhere():
    assert found(menu(DOCTOR, person=None)) == [("no-person", "warning")]
    assert found(menu(DOCTOR, person="edn")) == [("dangling", "error")]
    assert found(menu(Choice("doctor", "end", "1"), person=None)) == []


def test_the_person_s_node_is_led_to_by_every_question():
    one = menu(DOCTOR, person="person")
    nodes = {**one.nodes, "person": HangupNode()}
    assert found(Flow("main", "1", "q", nodes, "person")) == []
    deaf = menu(DOCTOR, person="person", speech=Speech(off=True))
    nodes = {**deaf.nodes, "person": HangupNode()}
    assert found(Flow("main", "1", "q", nodes, "person")) == [("unreachable", "warning")]


def test_thresholds_stand_in_their_order():
    assert found(menu(DOCTOR, speech=Speech(sure=0.3, unsure=0.6))) == [("thresholds", "error")]


def test_words_in_a_language_that_the_site_has_not_are_an_error():
    german = {"de": "?"}
    for one in (
        menu(DOCTOR, ask_spoken=german),
        menu(DOCTOR, no_input=Ladder("end", say_spoken=(german,))),
        menu(Choice("doctor", "end", "1", {"ru": ("врач",)}, german)),
        menu(DOCTOR, commands={"back": {"de": ("zurück",)}}),
    ):
        assert found(one) == [("unknown-language", "error")]


def test_what_means_nothing_for_this_kind_of_value_is_an_error():
    def entry(**fields: Any) -> Flow:
        node = CollectNode(said("?", "?"), "it", "end", OUT, OUT, **fields)
        return flow({"q": node, "end": HangupNode()})

    assert found(entry(what="number", min=1, max=5)) == found(entry(what="date", limit="past")) == []
    assert found(entry(none={"ru": ("нет",)})) == []
    assert found(entry(min=5)) == found(entry(what="yes_no", limit="past")) == [("collect-key", "error")]
    assert found(entry(what="date", none={"ru": ("нет",)})) == [("collect-key", "error")]
    assert found(entry(what="number", min=6, max=5)) == [("limits", "error")]
