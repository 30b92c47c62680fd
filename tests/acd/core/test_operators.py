"""Signing in and out, pauses, wrap-up: in every state."""

from __future__ import annotations

from acd.core import events
from acd.core.model import Line
from tests.acd.core.policies import operator, site
from tests.acd.core.world import World, rung


def one(wrap_up: float = 5.0) -> World:
    world = World(site(operator("anna"), lines=(Line("first", 15, wrap_up),)))
    world.sign_in("anna")
    return world


def test_nobody_is_rung_before_he_signs_in():
    world = World(site(operator("anna")))
    world.call("c1")
    assert world.state("anna") == "signed out"
    assert rung(world.sign_in("anna")) == [("c1", "anna")]


def test_ready_does_not_sign_anybody_in():
    world = World(site(operator("anna")))
    assert world.tell(events.OperatorReady("anna")) == []
    assert world.tell(events.OperatorPaused("anna", "lunch")) == []
    assert world.state("anna") == "signed out"


def test_wrap_up_ends_by_itself():
    world = one()
    world.talk("c1", "anna")
    world.tell(events.TalkEnded("c1", "anna"))
    world.call("c2")
    assert rung(world.wait(4.9)) == []
    assert rung(world.wait(0.1)) == [("c2", "anna")]


def test_wrap_up_is_ended_early_by_finishing_or_by_ready():
    for fact in (events.WrapUpFinished("anna"), events.OperatorReady("anna")):
        world = one()
        world.talk("c1", "anna")
        world.tell(events.TalkEnded("c1", "anna"))
        world.call("c2")
        assert rung(world.tell(fact)) == [("c2", "anna")]
        assert world.state("anna") == "ringing"
        world.answer("c2", "anna")
        world.wait(5)
        assert world.state("anna") == "talking"


def test_wrap_up_finished_means_nothing_to_one_who_is_not_wrapping_up():
    assert one().tell(events.WrapUpFinished("anna")) == []


def test_without_wrap_up_he_is_ready_at_once():
    world = one(wrap_up=0)
    world.talk("c1", "anna")
    world.call("c2")
    assert rung(world.tell(events.CallerHungUp("c1"))) == [("c2", "anna")]


def test_a_pause_in_a_talk_begins_when_the_talk_ends():
    world = one()
    world.talk("c1", "anna")
    world.tell(events.OperatorPaused("anna", "lunch"))
    assert world.state("anna") == "talking"
    world.tell(events.TalkEnded("c1", "anna"))
    assert world.dispatcher.presence("anna").reason == "lunch"
    world.call("c2")
    assert rung(world.wait(60)) == []
    assert rung(world.tell(events.OperatorReady("anna"))) == [("c2", "anna")]


def test_a_pause_asked_for_in_a_talk_is_taken_back_by_ready():
    world = one(wrap_up=0)
    world.talk("c1", "anna")
    world.tell(events.OperatorPaused("anna", "lunch"))
    world.tell(events.OperatorReady("anna"))
    world.tell(events.TalkEnded("c1", "anna"))
    assert world.state("anna") == "ready"


def test_signing_out_in_a_talk_lets_it_end():
    world = one()
    world.talk("c1", "anna")
    world.tell(events.OperatorSignedOut("anna"))
    assert world.state("anna") == "talking"
    world.tell(events.TalkEnded("c1", "anna"))
    assert world.state("anna") == "signed out"


def test_signing_out_in_a_talk_is_taken_back_by_signing_in():
    world = one()
    world.talk("c1", "anna")
    world.tell(events.OperatorSignedOut("anna"))
    world.sign_in("anna")
    world.tell(events.TalkEnded("c1", "anna"))
    assert world.state("anna") == "wrapping up"


def test_pausing_or_leaving_while_idle_or_writing_up_takes_effect_at_once():
    world = one()
    world.tell(events.OperatorPaused("anna", "lunch"))
    world.tell(events.OperatorPaused("anna", "training"))
    assert world.dispatcher.presence("anna").reason == "training"
    world.tell(events.OperatorReady("anna"))
    assert world.dispatcher.presence("anna").reason is None
    world.talk("c1", "anna")
    world.tell(events.TalkEnded("c1", "anna"))
    world.tell(events.OperatorPaused("anna", "lunch"))
    world.wait(60)  # the end of the wrap-up must not end the pause
    assert world.state("anna") == "paused"
    world.tell(events.OperatorSignedOut("anna"))
    assert world.state("anna") == "signed out"


def test_one_who_comes_back_from_a_pause_is_the_last_of_the_idle():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna", "boris")
    world.wait(10)
    world.tell(events.OperatorPaused("anna", "lunch"))
    world.tell(events.OperatorReady("anna"))
    assert rung(world.call("c1")) == [("c1", "boris")]
    assert world.dispatcher.counts()["ready"] == 1


def test_a_stranger_who_signs_in_is_not_let_in():
    assert one().sign_in("stranger") == []
