"""Restarts and new rules: nobody is lost, nobody loses his place."""

from __future__ import annotations

import pytest

from acd.core import events
from acd.core.dispatcher import Dispatcher
from acd.core.events import CallState, OperatorPresence, Reconciled
from acd.core.invariants import violations
from acd.core.model import Line, Topic
from tests.acd.core.policies import operator, ring, site
from tests.acd.core.world import World, released, rung, silenced, turned_away


def test_a_restart_keeps_the_queue_the_talks_and_the_idle_in_their_order():
    world = World(site(operator("anna"), operator("boris"), operator("vera"), lines=(Line("first", 15, 5),)))
    world.sign_in("anna")
    world.talk("c0", "anna")
    world.call("c1")
    world.wait(1)
    world.call("c2")
    world.restart()
    assert world.calls() == {"c1": "waiting", "c2": "waiting", "c0": "talking"} | world.calls()
    assert rung(world.sign_in("boris")) == [("c1", "boris")]
    world.tell(events.TalkEnded("c0", "anna"))
    assert rung(world.wait(5)) == [("c2", "anna")]


def test_a_restart_keeps_equals_of_one_moment_in_their_order():
    world = World(site(operator("anna")))
    for call in ("c3", "c1", "c2"):
        world.call(call)
    world.restart()
    assert rung(world.sign_in("anna")) == [("c3", "anna")]


def test_a_restart_keeps_the_longest_idle():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("boris")
    world.wait(1)
    world.sign_in("anna")
    world.restart()
    assert rung(world.call("c1")) == [("c1", "boris")]


def test_a_phone_that_rang_at_the_restart_rings_again_for_the_same_call():
    world = World(site(operator("anna")))
    world.sign_in("anna")
    world.call("c1")
    world.restart()
    assert world.calls() == {"c1": "ringing"}
    assert world.state("anna") == "ringing"


def test_a_restart_keeps_pauses_wrap_up_wishes_and_what_was_asked_for_in_a_talk():
    world = World(
        site(*(operator(name) for name in ("anna", "boris", "vera", "gleb")), wanted_operator_for=60)
    )
    world.sign_in("anna", "boris", "vera")
    world.talk("c0", "anna")
    world.tell(events.OperatorPaused("anna", "lunch"))
    world.talk("c1", "boris")
    world.tell(events.TalkEnded("c1", "boris"))
    world.tell(events.OperatorPaused("vera", "training"))
    world.call("c2", wanted_operator="anna")
    world.wait(2)
    world.restart()
    assert world.state("boris") == "wrapping up"
    assert world.dispatcher.presence("vera").reason == "training"
    assert world.dispatcher.presence("anna").then == "paused"
    assert rung(world.wait(2.9)) == []
    assert world.state("boris") == "wrapping up"
    world.wait(0.1)
    assert world.state("boris") == "ready"
    assert rung(world.wait(54.9)) == []
    assert rung(world.wait(0.1)) == [("c2", "boris")]
    world.tell(events.TalkEnded("c0", "anna"))
    assert world.state("anna") == "paused"


def test_a_snapshot_of_what_was_restored_is_the_same_snapshot():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna")
    world.talk("c0", "anna", language="ru", priority=0)
    world.call("c1", region="north")
    first = world.dispatcher.snapshot()
    world.restart()
    assert world.dispatcher.snapshot() == first


def reconciled(*calls: CallState, operators: tuple[OperatorPresence, ...] = ()):
    dispatcher = Dispatcher(site(operator("anna"), operator("boris")))
    commands = dispatcher.handle(Reconciled(calls, operators), 100.0)
    assert violations(dispatcher) == []
    return dispatcher, commands


def test_whatever_rang_before_is_silenced_so_that_no_call_rings_twice():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("boris")
    world.talk("c0", "boris")
    world.sign_in("anna")
    world.call("c1")
    world.call("c2")
    fact = world.dispatcher.snapshot()
    commands = world.dispatcher.handle(fact, world.now)
    assert silenced(commands) == [("c1", "anna")]
    assert rung(commands) == [("c1", "anna")]
    assert world.calls() == {"c0": "talking", "c1": "ringing", "c2": "waiting"}


def test_an_operator_said_to_talk_with_nobody_we_know_is_out_of_rotation_until_he_says_he_is_back():
    dispatcher, commands = reconciled(operators=(OperatorPresence("anna", "talking", then="paused"),))
    assert released(commands) == ["anna"]
    assert dispatcher.operator_state("anna") == "not answering"


def test_two_calls_said_to_talk_with_one_operator_leave_the_second_waiting():
    talk = CallState("c1", "help", "first", "talking", 1.0, "anna")
    second = CallState("c2", "help", "first", "talking", 2.0, "anna")
    dispatcher, commands = reconciled(talk, second, operators=(OperatorPresence("boris", "ready"),))
    assert rung(commands) == [("c2", "boris")]
    assert dispatcher.operator_state("anna") == "talking"


def test_the_same_call_said_twice_is_one_call():
    call = CallState("c1", "help", "first", "waiting", 1.0)
    dispatcher, _ = reconciled(call, call)
    assert [c.call for c in dispatcher.calls()] == ["c1"]


def test_a_waiting_call_of_a_topic_that_is_gone_is_turned_away():
    _, commands = reconciled(CallState("c1", "gone", "first", "waiting", 1.0))
    assert turned_away(commands) == [("c1", "unknown topic")]


def test_a_waiting_call_of_a_line_that_is_gone_waits_on_its_topics_line():
    call = CallState("c1", "help", "gone", "waiting", 1.0)
    _, commands = reconciled(call, operators=(OperatorPresence("anna", "ready"),))
    assert rung(commands) == [("c1", "anna")]


@pytest.mark.parametrize(
    ("said", "taken_for"),
    [
        (OperatorPresence("anna", "ringing", idle_since=4), "ready"),
        (OperatorPresence("anna", "wrapping up", until=90), "ready"),
        (OperatorPresence("anna", "wrapping up"), "ready"),
        (OperatorPresence("anna", "wrapping up", until=190), "wrapping up"),
        (OperatorPresence("anna", "paused", "lunch"), "paused"),
        (OperatorPresence("anna", "dancing"), "signed out"),
        (OperatorPresence("stranger", "ready"), None),
    ],
)
def test_what_a_presence_is_taken_for(said, taken_for):
    dispatcher, _ = reconciled(operators=(said,))
    assert dispatcher.operator_state(said.operator) == taken_for


def test_a_wish_whose_time_is_over_is_nobodys_wish():
    wish = CallState("c1", "help", "first", "waiting", 1.0, wanted_operator="anna", wanted_until=99.0)
    paused = OperatorPresence("anna", "paused", "lunch")
    _, commands = reconciled(wish, operators=(paused, OperatorPresence("boris", "ready")))
    assert rung(commands) == [("c1", "boris")]


def test_a_wish_without_a_time_begins_anew():
    wish = CallState("c1", "help", "first", "waiting", 1.0, wanted_operator="anna")
    paused = OperatorPresence("anna", "paused", "lunch")
    dispatcher, commands = reconciled(wish, operators=(paused, OperatorPresence("boris", "ready")))
    assert rung(commands) == []
    assert [c.wanted_until for c in dispatcher.calls()] == [160.0]


# new rules


def test_new_rules_keep_the_waiting_in_their_places():
    world = World(site(operator("anna")))
    world.call("c1")
    world.wait(5)
    world.call("c2")
    world.tell(events.PolicyChanged(site(operator("anna"), operator("boris"), version="2")))
    assert rung(world.sign_in("boris")) == [("c1", "boris")]
    assert rung(world.sign_in("anna")) == [("c2", "anna")]


def test_new_skills_are_used_at_once_and_idle_operators_keep_their_order():
    strict = (Topic("help", "first", (ring(help=1),)),)
    world = World(site(operator("anna"), operator("boris"), topics=strict))
    world.sign_in("boris")
    world.wait(1)
    world.sign_in("anna")
    world.call("c1")
    rules = site(operator("anna", help=1), operator("boris", help=1), topics=strict, version="2")
    assert rung(world.tell(events.PolicyChanged(rules))) == [("c1", "boris")]


def test_a_removed_operator_finishes_his_talk_and_is_gone():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna")
    world.talk("c1", "anna")
    world.tell(events.PolicyChanged(site(operator("boris"), version="2")))
    assert world.state("anna") == "talking"
    world.tell(events.TalkEnded("c1", "anna"))
    assert world.state("anna") is None
    assert "anna" not in world.dispatcher.policy.operators


def test_an_operator_who_comes_back_with_new_rules_during_his_talk_stays():
    world = World(site(operator("anna")))
    world.sign_in("anna")
    world.talk("c1", "anna")
    world.tell(events.PolicyChanged(site(operator("boris"), version="2")))
    world.tell(events.PolicyChanged(site(operator("anna"), version="3")))
    world.tell(events.TalkEnded("c1", "anna"))
    world.wait(5)
    assert world.state("anna") == "ready"


def test_the_phone_of_a_removed_operator_is_silenced_and_his_caller_goes_on():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna", "boris")
    world.call("c1")
    commands = world.tell(events.PolicyChanged(site(operator("boris"), version="2")))
    assert silenced(commands) == [("c1", "anna")]
    assert released(commands) == ["anna"]
    assert rung(commands) == [("c1", "boris")]


def test_a_removed_topic_turns_its_waiting_callers_away_and_lets_talks_end():
    world = World(site(operator("anna")))
    world.sign_in("anna")
    world.talk("c1", "anna")
    world.call("c2")
    topics = (Topic("other", "first", (ring(),)),)
    commands = world.tell(events.PolicyChanged(site(operator("anna"), topics=topics, version="2")))
    assert turned_away(commands) == [("c2", "unknown topic")]
    world.tell(events.TalkEnded("c1", "anna"))
    world.wait(5)
    assert world.state("anna") == "ready"


def test_a_waiting_call_follows_its_topic_to_another_line_but_not_when_it_was_sent_to_its_own():
    lines = (Line("first"), Line("second"), Line("third"))
    world = World(site(operator("anna", "second"), operator("boris", "third"), lines=lines))
    world.call("c1")
    world.call("c2", line="third")
    topics = (Topic("help", "second", (ring(),)),)
    rules = site(
        operator("anna", "second"), operator("boris", "third"), lines=lines, topics=topics, version="2"
    )
    world.tell(events.PolicyChanged(rules))
    assert rung(world.sign_in("anna")) == [("c1", "anna")]
    assert rung(world.sign_in("boris")) == [("c2", "boris")]


def test_a_call_whose_line_is_gone_waits_on_its_topics_line():
    world = World(site(operator("anna"), lines=(Line("first"), Line("second"))))
    world.call("c1", line="second")
    world.tell(events.PolicyChanged(site(operator("anna"), version="2")))
    assert rung(world.sign_in("anna")) == [("c1", "anna")]


def test_a_talk_on_a_line_that_is_gone_ends_without_wrap_up():
    world = World(site(operator("anna", "first", "second"), lines=(Line("first"), Line("second"))))
    world.sign_in("anna")
    world.talk("c1", "anna", line="second")
    world.tell(events.PolicyChanged(site(operator("anna"), version="2")))
    world.tell(events.TalkEnded("c1", "anna"))
    assert world.state("anna") == "ready"


def test_a_wish_outlives_new_rules_and_keeps_its_time():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna")
    world.talk("c0", "anna")
    world.sign_in("boris")
    world.call("c1", wanted_operator="anna")
    world.wait(30)
    world.tell(events.PolicyChanged(site(operator("anna"), operator("boris"), version="2")))
    assert rung(world.wait(29.9)) == []
    assert rung(world.wait(0.1)) == [("c1", "boris")]


# one operator's skills


def test_changed_skills_bring_him_a_waiting_call_at_once():
    strict = (Topic("help", "first", (ring(help=1),)),)
    world = World(site(operator("anna"), topics=strict))
    world.sign_in("anna")
    world.call("c1")
    assert rung(world.tell(events.OperatorChanged("anna", {"help": 2}, ("first",)))) == [("c1", "anna")]
    assert world.dispatcher.policy.operators["anna"].skills == {"help": 2}


def test_an_idle_operator_whose_skills_change_keeps_his_place_among_the_idle():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna")
    world.wait(1)
    world.sign_in("boris")
    world.call("c0")
    world.tell(events.CallerHungUp("c0"))
    world.tell(events.OperatorChanged("anna", {"other": 1}, ("first",)))
    assert rung(world.call("c1")) == [("c1", "anna")]


def test_an_operator_moved_to_another_line_has_no_more_calls_of_the_old_one():
    world = World(site(operator("anna"), lines=(Line("first"), Line("second"))))
    world.sign_in("anna")
    world.talk("c1", "anna")
    world.tell(events.OperatorChanged("anna", {}, ("second",)))
    world.tell(events.TalkEnded("c1", "anna"))
    assert rung(world.call("c2")) == []
    assert rung(world.call("c3", line="second")) == [("c3", "anna")]
