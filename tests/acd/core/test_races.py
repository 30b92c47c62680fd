"""What crosses on the wire: the switch tells the truth late, twice, or in another order."""

from __future__ import annotations

import pytest

from acd.core import events
from tests.acd.core.policies import operator, site
from tests.acd.core.world import World, released, rung, silenced


@pytest.fixture
def two() -> World:
    """Anna and Boris are ready; Anna has been for longer."""
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna")
    world.wait(1)
    world.sign_in("boris")
    world.wait(1)
    return world


def test_the_caller_leaves_while_the_operators_phone_rings(two):
    two.call("c1")
    commands = two.tell(events.CallerHungUp("c1"))
    assert silenced(commands) == [("c1", "anna")]
    assert two.state("anna") == "ready"


def test_an_operator_whose_caller_left_while_it_rang_is_still_the_longest_idle(two):
    two.call("c1")
    two.wait(3)
    two.tell(events.CallerHungUp("c1"))
    assert rung(two.call("c2")) == [("c2", "anna")]


def test_a_call_that_waited_meanwhile_goes_to_the_operator_whose_caller_left(two):
    two.call("c1"), two.call("c2")
    two.call("c3")
    assert rung(two.tell(events.CallerHungUp("c1"))) == [("c3", "anna")]


def test_the_operator_answers_while_his_ring_timeout_takes_the_call_to_another(two):
    two.call("c1")
    assert rung(two.wait(15)) == [("c1", "boris")]
    commands = two.answer("c1", "anna")
    assert silenced(commands) == [("c1", "boris")]
    assert (two.state("anna"), two.state("boris")) == ("talking", "ready")
    assert two.calls() == {"c1": "talking"}


def test_an_operator_who_answered_after_all_writes_up_and_is_ready_again(two):
    two.call("c1")
    two.wait(15)
    two.answer("c1", "anna")
    two.tell(events.TalkEnded("c1", "anna"))
    assert two.state("anna") == "wrapping up"
    two.wait(5)
    assert two.state("anna") == "ready"


def test_an_answer_that_comes_while_the_caller_waits_for_the_next_operator_is_believed():
    world = World(site(operator("anna")))
    world.sign_in("anna")
    world.call("c1")
    world.wait(15)
    assert world.calls() == {"c1": "waiting"}
    world.answer("c1", "anna")
    assert (world.calls(), world.state("anna")) == ({"c1": "talking"}, "talking")
    assert world.dispatcher.waiting("help") == (0, None)


def test_of_two_who_answer_the_first_has_the_call_and_the_second_is_stopped(two):
    two.call("c1")
    two.wait(15)
    two.answer("c1", "boris")
    commands = two.answer("c1", "anna")
    assert silenced(commands) == [("c1", "anna")]
    assert (two.state("anna"), two.state("boris")) == ("not answering", "talking")


def test_one_who_pauses_while_he_picks_up_talks_first_and_pauses_then(two):
    two.call("c1")
    commands = two.tell(events.OperatorPaused("anna", "lunch"))
    assert silenced(commands) == [("c1", "anna")]
    assert rung(commands) == [("c1", "boris")]
    two.answer("c1", "anna")
    assert two.state("anna") == "talking"
    two.tell(events.TalkEnded("c1", "anna"))
    assert two.state("anna") == "paused"
    assert two.dispatcher.presence("anna").reason == "lunch"


def test_one_who_signs_out_while_he_picks_up_talks_first_and_is_gone_then(two):
    two.call("c1")
    assert rung(two.tell(events.OperatorSignedOut("anna"))) == [("c1", "boris")]
    two.answer("c1", "anna")
    two.tell(events.CallerHungUp("c1"))
    assert two.state("anna") == "signed out"


def test_one_who_answers_an_earlier_call_gives_back_the_one_that_rings_him_now(two):
    two.call("c1")
    two.wait(15)  # c1 rings Boris
    two.tell(events.OperatorReady("anna"))
    two.call("c2")  # rings Anna
    commands = two.answer("c1", "anna")
    assert silenced(commands) == [("c1", "boris"), ("c2", "anna")]
    assert rung(commands) == [("c2", "boris")]
    assert (two.state("anna"), two.state("boris")) == ("talking", "ringing")


def test_one_who_is_said_to_answer_during_a_talk_has_ended_that_talk(two):
    two.call("c1")
    two.wait(15)
    two.tell(events.OperatorReady("anna"))
    two.call("c2")
    two.answer("c2", "anna")
    two.answer("c1", "anna")
    assert two.calls() == {"c1": "talking"}
    two.tell(events.TalkEnded("c2", "anna"))
    assert two.state("anna") == "talking"


def test_a_call_answered_by_somebody_nobody_knows_is_in_a_talk_and_rings_nobody(two):
    two.call("c1")
    commands = two.answer("c1", "stranger")
    assert silenced(commands) == [("c1", "anna")]
    assert two.calls() == {"c1": "talking"}
    two.tell(events.TalkEnded("c1", "stranger"))
    assert two.calls() == {}
    assert two.state("stranger") is None


def test_a_stranger_cannot_sign_in_pause_or_change(two):
    two.call("c1")
    two.answer("c1", "stranger")
    two.tell(events.OperatorSignedIn("stranger"))
    two.tell(events.OperatorChanged("stranger", {}, ("first",)))
    assert two.state("stranger") == "talking"
    for fact in (
        events.OperatorPaused("nobody", "lunch"),
        events.OperatorReady("nobody"),
        events.WrapUpFinished("nobody"),
        events.OperatorChanged("nobody", {}, ()),
    ):
        assert two.tell(fact) == []


def test_a_miss_told_after_our_own_timeout_changes_nothing(two):
    two.call("c1")
    two.wait(15)
    assert two.tell(events.OperatorMissed("c1", "anna")) == []
    assert two.state("boris") == "ringing"


def test_the_end_of_a_talk_whose_beginning_was_never_told_is_believed(two):
    two.call("c1")
    assert silenced(two.tell(events.TalkEnded("c1", "anna"))) == []
    assert (two.calls(), two.state("anna")) == ({}, "wrapping up")


def test_a_transfer_out_of_a_talk_whose_beginning_was_never_told_is_believed(two):
    two.call("c1")
    assert rung(two.tell(events.TransferAsked("c1", "anna"))) == [("c1", "boris")]
    assert two.state("anna") == "wrapping up"


def test_the_end_of_the_first_talk_told_after_its_transfer_changes_nothing(two):
    two.talk("c1", "anna")
    two.tell(events.TransferAsked("c1", "anna"))
    assert two.tell(events.TalkEnded("c1", "anna")) == []
    assert two.calls() == {"c1": "ringing"}


def test_a_caller_who_hangs_up_at_the_moment_of_the_answer_ends_the_talk(two):
    two.call("c1")
    two.answer("c1", "anna")
    two.tell(events.CallerHungUp("c1"))
    assert two.tell(events.CallerHungUp("c1")) == []
    assert two.tell(events.OperatorAnswered("c1", "anna")) == []
    assert two.state("anna") == "wrapping up"


def test_the_answer_and_the_end_of_the_ring_at_one_moment_are_taken_in_their_order():
    first_answer = World(site(operator("anna")))
    first_answer.sign_in("anna")
    first_answer.call("c1")
    first_answer.now = 15.0
    first_answer.answer("c1", "anna")
    assert released(first_answer.wait(0)) == []
    assert first_answer.state("anna") == "talking"


def test_facts_told_twice_change_nothing(two):
    two.call("c1")
    assert two.call("c1") == []
    assert two.tell(events.OperatorSignedIn("boris")) == []
    assert two.tell(events.OperatorReady("boris")) == []
    two.answer("c1", "anna")
    assert two.answer("c1", "anna") == []
    two.tell(events.TalkEnded("c1", "anna"))
    assert two.tell(events.TalkEnded("c1", "anna")) == []


def test_a_clock_that_goes_back_is_held(two):
    two.call("c1")
    assert two.dispatcher.handle(events.OperatorAnswered("c1", "anna"), -100.0) == []
    two.tell(events.TalkEnded("c1", "anna"))
    assert two.dispatcher.presence("anna").until == two.now + 5


def test_a_tick_that_comes_early_is_asked_for_again(two):
    two.call("c1")
    asked = two.wake_at
    two.wait(5)
    commands = two.tell(events.Tick())
    assert [c.at for c in commands] == [asked]
    assert two.state("anna") == "ringing"


def test_two_ring_timeouts_at_one_moment_leave_both_callers_in_their_order():
    world = World(site(operator("anna"), operator("boris"), operator("vera")))
    world.sign_in("anna", "boris")
    world.call("c1")
    world.call("c2")
    world.wait(15)
    assert world.calls() == {"c1": "waiting", "c2": "waiting"}
    assert rung(world.sign_in("vera")) == [("c1", "vera")]
