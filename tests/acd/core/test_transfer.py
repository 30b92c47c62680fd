"""A caller who is handed on keeps his place in time."""

from __future__ import annotations

from acd.core import events
from acd.core.model import Line, Topic
from tests.acd.core.policies import operator, ring, site
from tests.acd.core.world import World, rung, said, turned_away

TOPICS = (Topic("help", "first", (ring(),)), Topic("pension", "second", (ring(),)))
LINES = (Line("first", 15, 5), Line("second", 15, 5))


def two_lines(*more) -> World:
    return World(
        site(operator("anna", "first"), operator("boris", "second"), *more, topics=TOPICS, lines=LINES)
    )


def test_to_a_topic_goes_to_that_topics_line():
    world = two_lines()
    world.sign_in("anna", "boris")
    world.talk("c1", "anna")
    assert rung(world.tell(events.TransferAsked("c1", "anna", topic="pension"))) == [("c1", "boris")]
    assert world.state("anna") == "wrapping up"


def test_to_a_line_keeps_the_topic():
    world = two_lines()
    world.sign_in("anna", "boris")
    world.talk("c1", "anna")
    assert rung(world.tell(events.TransferAsked("c1", "anna", line="second"))) == [("c1", "boris")]
    (call,) = world.dispatcher.calls()
    assert (call.topic, call.line) == ("help", "second")


def test_the_caller_is_before_those_who_came_after_his_own_first_moment():
    world = two_lines()
    world.sign_in("anna")
    world.talk("c1", "anna")
    world.wait(100)
    world.call("c2", "pension")
    commands = world.tell(events.TransferAsked("c1", "anna", topic="pension"))
    assert said(commands) == [("c1", 1, None)]
    assert rung(world.sign_in("boris")) == [("c1", "boris")]


def test_to_one_operator_waits_for_him():
    world = two_lines(operator("vera", "second"))
    world.sign_in("boris")
    world.talk("c0", "boris", "pension")
    world.sign_in("anna", "vera")
    world.talk("c1", "anna")
    fact = events.TransferAsked("c1", "anna", topic="pension", wanted_operator="boris")
    assert rung(world.tell(fact)) == []
    world.tell(events.CallerHungUp("c0"))
    assert rung(world.wait(5)) == [("c1", "boris")]


def test_back_to_the_one_who_hands_on_does_not_ring_him_while_he_writes_up():
    world = two_lines()
    world.sign_in("anna")
    world.talk("c1", "anna")
    assert rung(world.tell(events.TransferAsked("c1", "anna", wanted_operator="anna"))) == []
    assert world.state("anna") == "wrapping up"
    assert rung(world.wait(4.9)) == []
    assert rung(world.wait(0.1)) == [("c1", "anna")]


def test_without_wrap_up_the_others_are_asked_before_the_one_who_hands_on():
    lines = (Line("first", 15, 0),)
    world = World(site(operator("anna"), operator("boris"), lines=lines))
    world.sign_in("anna", "boris")
    world.talk("c1", "anna")
    assert rung(world.tell(events.TransferAsked("c1", "anna"))) == [("c1", "boris")]
    assert world.state("anna") == "ready"


def test_to_a_topic_nobody_knows_or_that_is_closed_the_menu_decides():
    for topic, reason in (("nonsense", "unknown topic"), ("pension", "topic closed")):
        world = two_lines()
        world.sign_in("anna", "boris")
        world.tell(events.TopicClosed("pension"))
        world.talk("c1", "anna")
        commands = world.tell(events.TransferAsked("c1", "anna", topic=topic))
        assert turned_away(commands) == [("c1", reason)]
        assert world.state("anna") == "wrapping up"


def test_by_somebody_who_does_not_talk_with_the_caller_changes_nothing():
    world = two_lines()
    world.sign_in("anna", "boris")
    world.talk("c1", "anna")
    assert world.tell(events.TransferAsked("c1", "boris", topic="pension")) == []
    assert world.tell(events.TransferAsked("c9", "anna", topic="pension")) == []


def test_a_caller_who_hangs_up_after_a_transfer_leaves_the_queue():
    world = two_lines()
    world.sign_in("anna")
    world.talk("c1", "anna")
    world.tell(events.TransferAsked("c1", "anna", topic="pension"))
    world.tell(events.CallerHungUp("c1"))
    assert rung(world.sign_in("boris")) == []
