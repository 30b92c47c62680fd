"""An operator who does not take a call: the caller goes to the next, he himself out of rotation."""

from __future__ import annotations

import pytest

from acd.core import events
from tests.acd.core.policies import operator, site
from tests.acd.core.world import World, released, rung, silenced


def ringing_anna() -> World:
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna", "boris")
    world.call("c1")
    return world


@pytest.mark.parametrize("fact", [events.OperatorMissed, events.OperatorDeclined, events.OperatorUnreachable])
def test_a_call_not_taken_goes_to_the_next_in_the_same_breath(fact):
    world = ringing_anna()
    commands = world.tell(fact("c1", "anna"))
    assert released(commands) == ["anna"]
    assert rung(commands) == [("c1", "boris")]
    assert silenced(commands) == []  # his phone is silent already
    assert world.state("anna") == "not answering"


def test_a_phone_that_rang_too_long_is_silenced_and_the_next_is_rung():
    world = ringing_anna()
    commands = world.wait(15)
    assert silenced(commands) == [("c1", "anna")]
    assert released(commands) == ["anna"]
    assert rung(commands) == [("c1", "boris")]


def test_one_who_did_not_answer_is_not_rung_again_until_he_says_he_is_back():
    world = ringing_anna()
    world.wait(30)
    assert world.calls() == {"c1": "waiting"}
    world.wait(600)
    world.sign_in("anna")  # his phone registers again: that says nothing about him
    assert world.state("anna") == "not answering"
    assert rung(world.tell(events.OperatorReady("anna"))) == [("c1", "anna")]


def test_a_caller_who_was_rung_for_in_vain_is_before_those_who_came_after_him():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna")
    world.call("c1")
    world.wait(1)
    world.call("c2")
    world.wait(14)
    assert rung(world.sign_in("boris")) == [("c1", "boris")]


def test_one_who_does_not_answer_may_pause_or_sign_out():
    world = ringing_anna()
    world.wait(30)
    world.tell(events.OperatorPaused("anna", "lunch"))
    world.tell(events.OperatorSignedOut("boris"))
    assert (world.state("anna"), world.state("boris")) == ("paused", "signed out")
