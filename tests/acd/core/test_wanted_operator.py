"""A call that asks for one operator by name: his alone at first, everybody's later, never lost."""

from __future__ import annotations

import pytest

from acd.core import events
from acd.core.commands import RingOperator
from acd.core.model import Line, Topic
from tests.acd.core.policies import operator, ring, site
from tests.acd.core.world import World, rung, said


def anna_talks_boris_is_ready() -> World:
    world = World(site(operator("anna"), operator("boris"), wanted_operator_for=60))
    world.sign_in("anna")
    world.talk("c0", "anna")
    world.sign_in("boris")
    return world


def test_he_is_rung_although_another_is_idle_for_longer():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("boris", "anna")
    commands = world.call("c1", wanted_operator="anna")
    assert rung(commands) == [("c1", "anna")]
    assert [c.why.rule for c in commands if isinstance(c, RingOperator)] == ["wanted operator"]


def test_he_is_waited_for_and_has_the_call_when_he_is_free():
    world = anna_talks_boris_is_ready()
    assert said(world.call("c1", wanted_operator="anna")) == [("c1", 1, None)]
    assert world.dispatcher.waiting("help") == (1, 0.0)
    world.tell(events.CallerHungUp("c0"))
    commands = world.wait(5)
    assert rung(commands) == [("c1", "anna")]
    assert [c.why.rule for c in commands if isinstance(c, RingOperator)] == ["wanted operator"]


def test_after_the_time_everybody_may_have_the_call():
    world = anna_talks_boris_is_ready()
    world.call("c1", wanted_operator="anna")
    assert rung(world.wait(59.9)) == []
    assert rung(world.wait(0.1)) == [("c1", "boris")]


def test_a_wish_that_ends_with_nobody_free_keeps_its_place():
    world = World(site(operator("anna"), operator("boris"), wanted_operator_for=60))
    world.sign_in("anna")
    world.talk("c0", "anna")
    world.call("c1", wanted_operator="anna")
    world.wait(1)
    world.call("c2")
    world.wait(60)
    assert rung(world.sign_in("boris")) == [("c1", "boris")]


@pytest.mark.parametrize("absent", ["signed out", "nobody's name", "not answering"])
def test_one_who_cannot_come_is_not_waited_for(absent):
    world = World(site(operator("anna"), operator("boris")))
    if absent == "not answering":
        world.sign_in("anna")
        world.call("c0")
        world.wait(15)
        world.tell(events.CallerHungUp("c0"))
    world.sign_in("boris")
    name = "nobody" if absent == "nobody's name" else "anna"
    assert rung(world.call("c1", wanted_operator=name)) == [("c1", "boris")]


def test_one_who_signs_out_is_waited_for_no_longer():
    world = anna_talks_boris_is_ready()
    world.call("c1", wanted_operator="anna")
    world.tell(events.OperatorSignedOut("anna"))
    assert rung(world.tell(events.TalkEnded("c0", "anna"))) == [("c1", "boris")]


def test_one_who_is_asked_for_and_does_not_answer_is_not_waited_for_again():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna")
    world.call("c1", wanted_operator="anna")
    world.call("c2", wanted_operator="anna")
    commands = world.tell(events.OperatorDeclined("c1", "anna"))
    assert rung(commands) == []
    assert rung(world.sign_in("boris")) == [("c1", "boris")]


def test_a_caller_who_waits_for_him_may_hang_up():
    world = anna_talks_boris_is_ready()
    world.call("c1", wanted_operator="anna")
    world.tell(events.CallerHungUp("c1"))
    assert world.dispatcher.waiting("help") == (0, None)
    world.tell(events.CallerHungUp("c0"))
    assert rung(world.wait(60)) == []


def test_of_all_calls_he_may_take_he_has_the_first_wanted_or_not():
    world = World(site(operator("anna"), lines=(Line("first", 15, 0),)))
    world.sign_in("anna")
    world.talk("c0", "anna")
    world.call("c1")
    world.wait(1)
    world.call("c2", wanted_operator="anna")
    assert rung(world.tell(events.CallerHungUp("c0"))) == [("c1", "anna")]
    world.answer("c1", "anna")
    assert rung(world.tell(events.CallerHungUp("c1"))) == [("c2", "anna")]


def test_closing_the_topic_reaches_those_who_wait_for_one_operator():
    world = anna_talks_boris_is_ready()
    world.call("c1", wanted_operator="anna")
    world.tell(events.TopicClosed("help"))
    assert world.calls() == {"c0": "talking"}


def test_a_wish_is_not_bound_to_skills():
    topics = (Topic("help", "first", (ring(help=3),)),)
    world = World(site(operator("anna"), topics=topics))
    world.sign_in("anna")
    assert rung(world.call("c1", wanted_operator="anna")) == [("c1", "anna")]


def test_the_oldest_of_a_topic_is_found_among_those_who_wait_by_name():
    world = anna_talks_boris_is_ready()
    world.call("c1", wanted_operator="anna")
    world.wait(3)
    world.call("c2", wanted_operator="anna")
    assert world.dispatcher.waiting("help") == (2, 0.0)


def test_a_wish_that_ends_in_the_moment_of_his_ring_timeout_ends_once():
    world = World(site(operator("anna"), operator("boris"), wanted_operator_for=15))
    world.sign_in("anna")
    world.call("c1")
    world.call("c2", wanted_operator="anna")
    world.wait(15)
    assert world.calls() == {"c1": "waiting", "c2": "waiting"}
    assert rung(world.sign_in("boris")) == [("c1", "boris")]
