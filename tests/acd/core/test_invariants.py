"""The check that may run in production finds what is broken, each in a sentence of its own."""

from __future__ import annotations

import math

import pytest

from acd.core import events
from acd.core.invariants import violations
from acd.core.model import Topic
from tests.acd.core.policies import operator, ring, site
from tests.acd.core.world import World


@pytest.fixture
def world() -> World:
    """c1 rings Anna, c2 talks with Boris, c3 and c4 wait for more than Vera has; she is ready."""
    topics = (Topic("help", "first", (ring(help=1), ring(100))),)
    staff = (operator("anna", help=1), operator("boris", help=1), operator("vera"))
    world = World(site(*staff, topics=topics))
    world.sign_in("boris")
    world.talk("c2", "boris")
    world.sign_in("anna", "vera")
    world.call("c1"), world.call("c3"), world.call("c4")
    assert violations(world.dispatcher) == []
    return world


def broken(world: World, sentence: str) -> bool:
    return any(sentence in found for found in violations(world.dispatcher))


def live(world: World, name: str):
    floor = world.dispatcher.floor
    return floor.calls.get(name) or floor.operators[name]


def test_a_call_that_rings_nobody(world):
    live(world, "anna").call = None
    assert broken(world, "call c1 is ringing with nobody")
    assert broken(world, "operator anna is ringing with call None")


def test_a_waiting_call_that_is_with_somebody(world):
    live(world, "c3").operator = live(world, "anna")
    assert broken(world, "call c3 waits, yet is with operator anna")


def test_an_operator_nobody_knows(world):
    del world.dispatcher.floor.operators["anna"]
    assert broken(world, "call c1 is with operator anna, whom nobody knows")


def test_an_operator_with_a_call_that_is_over(world):
    del world.dispatcher.floor.calls["c2"]
    assert broken(world, "operator boris is talking with a call that is over")


def test_an_operator_whose_call_is_with_somebody_else(world):
    live(world, "c2").operator = live(world, "anna")
    assert broken(world, "operator boris has a call that is with somebody else")


def test_a_call_that_its_queue_does_not_know(world):
    live(world, "c3").place = (0.0, 0.0, 0, live(world, "c3"))
    assert broken(world, "call c3 is lost: its queue does not know it")
    assert broken(world, "counts 2 of 1")


def test_a_call_that_waits_nowhere(world):
    live(world, "c3").queue = None
    assert broken(world, "call c3 is waiting, its queue is None")


def test_a_wrong_count_of_those_who_wait(world):
    world.dispatcher.floor.waiting = 7
    assert broken(world, "counted are 7")


def test_equals_in_the_wrong_order(world):
    live(world, "c3").queue.calls.reverse()
    assert broken(world, "call c3 came before c4 and stands behind it")


def test_a_ready_operator_who_stands_nowhere(world):
    live(world, "vera").place = None
    assert broken(world, "operator vera is ready, his idle place is None")


def test_a_ready_operator_whom_a_demand_has_forgotten(world):
    for pool in world.dispatcher.floor.matching.pools():
        for _, idle, _ in pool.idle:
            idle.clear()
    assert broken(world, "operator vera is ready and unknown to help")


def test_a_wrong_count_of_operators(world):
    world.dispatcher.floor.counts["ready"] = 9
    assert broken(world, "counted are")


def test_a_ready_operator_while_a_call_waits_that_he_may_take(world):
    vera = live(world, "vera")
    vera.config = live(world, "anna").config
    assert broken(world, "operator vera is ready while call c3 waits")
    assert not broken(world, "call c4")  # its equal c3 is before it


def test_an_alarm_that_is_lost(world):
    live(world, "c1").due = 1e9
    assert broken(world, "call c1 is ringing without an alarm")


def test_a_queue_that_nobody_watches(world):
    live(world, "c3").queue.due = math.inf
    assert broken(world, "nobody watches when call c3 may go to more operators")


def test_a_wrap_up_without_an_end(world):
    world.tell(events.TalkEnded("c2", "boris"))
    live(world, "boris").due = 1e9
    assert broken(world, "operator boris writes up without an end")


def test_a_wake_up_that_was_never_asked_for(world):
    world.dispatcher.floor.alarms.wake_at = math.inf
    assert broken(world, "asked for is inf")
