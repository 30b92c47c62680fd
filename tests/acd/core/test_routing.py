"""Which operator gets which call."""

from __future__ import annotations

import pytest

from acd.core import events
from acd.core.commands import RingOperator
from acd.core.model import Line, Topic
from tests.acd.core.policies import operator, ring, site
from tests.acd.core.world import World, rung, said, turned_away


def relaxing(**more) -> Topic:
    return Topic("help", "first", (ring(help=3), ring(10, help=2), ring(25)), **more)


def test_the_longest_idle_operator_has_the_call():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("boris", "anna")
    assert rung(world.call("c1")) == [("c1", "boris")]
    assert rung(world.call("c2")) == [("c2", "anna")]


def test_callers_are_served_in_the_order_in_which_they_came():
    world = World(site(operator("anna"), lines=(Line("first", 15, 0),)))
    for call in ("c1", "c2", "c3"):
        world.call(call)
    assert rung(world.sign_in("anna")) == [("c1", "anna")]
    world.answer("c1", "anna")
    world.tell(events.CallerHungUp("c2"))
    assert rung(world.tell(events.TalkEnded("c1", "anna"))) == [("c3", "anna")]


def test_a_call_goes_only_to_operators_of_its_line():
    lines = (Line("first"), Line("second"))
    world = World(site(operator("anna", "first"), operator("boris", "second"), lines=lines))
    world.sign_in("anna", "boris")
    assert rung(world.call("c1", line="second")) == [("c1", "boris")]
    assert rung(world.call("c2")) == [("c2", "anna")]


def test_the_demand_relaxes_while_the_caller_waits():
    world = World(
        site(operator("expert", help=3), operator("able", help=2), operator("novice"), topics=(relaxing(),))
    )
    world.sign_in("novice", "able")
    assert rung(world.call("c1")) == []
    assert rung(world.wait(9.9)) == []
    assert rung(world.wait(0.1)) == [("c1", "able")]


def test_the_last_ring_reaches_anybody_on_the_line():
    world = World(site(operator("novice"), topics=(relaxing(),)))
    world.sign_in("novice")
    world.call("c1")
    world.wait(1)
    world.call("c2")
    assert rung(world.wait(24)) == [("c1", "novice")]


def test_an_operator_who_becomes_free_has_the_first_call_that_is_open_to_him():
    topics = (relaxing(), Topic("other", "first", (ring(),)))
    world = World(site(operator("able", help=2), topics=topics))
    world.call("c1")
    world.wait(5)
    world.call("c2", "other")
    assert rung(world.sign_in("able")) == [("c2", "able")]


def test_the_next_in_the_queue_is_watched_when_the_head_is_served():
    world = World(site(operator("expert", help=3), operator("able", help=2), topics=(relaxing(),)))
    world.sign_in("able")
    world.call("c1")
    world.wait(8)
    world.call("c2")
    assert rung(world.sign_in("expert")) == [("c1", "expert")]
    assert rung(world.wait(9)) == []
    assert rung(world.wait(1)) == [("c2", "able")]


def test_after_relaxing_the_longest_idle_of_all_stages_is_chosen():
    world = World(site(operator("able", help=2), operator("expert", help=3), topics=(relaxing(),)))
    world.sign_in("able")
    world.wait(1)
    world.sign_in("expert")
    assert rung(world.call("c1", since=world.now - 12)) == [("c1", "able")]


def test_after_relaxing_the_better_skilled_is_chosen_when_he_is_idle_for_longer():
    world = World(site(operator("able", help=2), operator("expert", help=3), topics=(relaxing(),)))
    world.sign_in("expert")
    world.wait(1)
    world.sign_in("able")
    assert rung(world.call("c1", since=world.now - 12)) == [("c1", "expert")]


def test_callers_whose_demand_relaxes_at_one_moment_are_all_offered():
    world = World(site(operator("able", help=2), operator("capable", help=2), topics=(relaxing(),)))
    world.sign_in("able", "capable")
    world.call("c1"), world.call("c2")
    assert rung(world.wait(10)) == [("c1", "able"), ("c2", "capable")]


def test_the_next_is_watched_from_its_own_moment_when_the_head_was_further_on():
    world = World(site(operator("expert", help=3), operator("able", help=2), topics=(relaxing(),)))
    world.call("c1")
    world.wait(12)  # c1 relaxes again at 25
    world.call("c2")  # c2 for the first time at 22
    assert rung(world.sign_in("expert")) == [("c1", "expert")]
    world.sign_in("able")
    assert rung(world.wait(9.9)) == []
    assert rung(world.wait(0.1)) == [("c2", "able")]


def test_a_language_narrows_the_choice_and_no_list_means_every_language():
    world = World(
        site(operator("anna", languages=("ru",)), operator("boris", languages=("en", "ru")), operator("vera"))
    )
    world.sign_in("anna", "boris", "vera")
    assert rung(world.call("c1", language="en")) == [("c1", "boris")]
    assert rung(world.call("c2", language="fi")) == [("c2", "vera")]
    assert rung(world.call("c3")) == [("c3", "anna")]


def test_where_nobody_names_languages_every_language_is_one_queue():
    world = World(site(operator("anna"), lines=(Line("first", 15, 0),)))
    world.call("c1", language="ru")
    assert said(world.call("c2", language="en")) == [("c2", 2, None)]


def test_a_regional_line_serves_its_own_region_first_and_then_wider():
    lines = (Line("first", regional=True, widen_after=30),)
    world = World(site(operator("north", region="N"), operator("south", region="S"), lines=lines))
    world.sign_in("north", "south")
    assert rung(world.call("c1", region="S")) == [("c1", "south")]
    assert rung(world.call("c2", region="S")) == []
    assert rung(world.wait(29)) == []  # south does not answer, north is not asked yet
    assert rung(world.wait(1)) == [("c1", "north")]


def test_a_call_that_waited_long_enough_goes_to_another_region():
    lines = (Line("first", regional=True, widen_after=30),)
    world = World(site(operator("north", region="N"), lines=lines))
    world.sign_in("north")
    world.call("c1", region="S")
    world.wait(1)
    world.call("c2", region="nowhere")
    assert rung(world.wait(28.9)) == []
    assert rung(world.wait(0.1)) == [("c1", "north")]
    world.answer("c1", "north")
    world.wait(1)
    assert world.calls()["c2"] == "waiting"
    assert rung(world.tell(events.CallerHungUp("c1"))) == [("c2", "north")]


def test_on_a_line_without_regions_the_region_does_not_matter():
    world = World(site(operator("north", region="N")))
    world.sign_in("north")
    assert rung(world.call("c1", region="S")) == [("c1", "north")]


def test_a_larger_priority_is_served_first():
    topics = (Topic("help", "first", (ring(),)), Topic("urgent", "first", (ring(),), priority=5))
    world = World(site(operator("anna"), topics=topics))
    world.call("c1")
    world.wait(3600)
    world.call("c2", "urgent")
    assert rung(world.sign_in("anna")) == [("c2", "anna")]


def test_with_ageing_a_long_wait_outweighs_a_step_of_priority():
    topics = (Topic("help", "first", (ring(),)), Topic("urgent", "first", (ring(),), priority=1))
    for seconds, first in ((61, "c1"), (59, "c2")):
        world = World(site(operator("anna"), topics=topics, ageing=60))
        world.call("c1")
        world.wait(seconds)
        world.call("c2", "urgent")
        assert rung(world.sign_in("anna")) == [(first, "anna")]


def test_a_call_may_bring_its_own_priority():
    world = World(site(operator("anna")))
    world.call("c1")
    world.call("c2", priority=1)
    assert rung(world.sign_in("anna")) == [("c2", "anna")]


def test_a_call_that_waited_elsewhere_before_has_its_place_by_that_time():
    world = World(site(operator("anna")))
    world.now = 100.0
    world.call("c1", since=40)
    world.call("c2", since=70)
    assert said(world.call("c3", since=50)) == [("c3", 2, None)]
    assert said(world.call("c4", since=10)) == [("c4", 1, None)]
    assert rung(world.sign_in("anna")) == [("c4", "anna")]


def test_a_caller_who_has_to_wait_hears_his_place_and_one_who_is_offered_hears_nothing():
    world = World(site(operator("anna")))
    world.sign_in("anna")
    assert said(world.call("c1")) == []
    assert said(world.call("c2")) == [("c2", 1, None)]
    assert said(world.call("c3")) == [("c3", 2, None)]


def test_the_forecast_is_the_pace_of_the_queue_times_the_place():
    world = World(site(operator("anna"), lines=(Line("first", 15, 0),)))
    world.sign_in("anna")
    world.talk("c0", "anna")
    world.call("c1"), world.call("c2")
    world.wait(30)
    world.tell(events.TalkEnded("c0", "anna"))  # somebody waited for 30 s until one was served
    assert said(world.call("c3")) == [("c3", 2, pytest.approx(60.0))]
    world.answer("c1", "anna")
    world.wait(10)
    world.tell(events.TalkEnded("c1", "anna"))  # then 10 s: the mean moves a fifth of the way
    assert said(world.call("c4")) == [("c4", 2, pytest.approx(2 * 26.0))]


def test_a_full_queue_turns_the_next_caller_away_but_not_one_who_is_offered_at_once():
    world = World(site(operator("anna"), topics=(Topic("help", "first", (ring(),), queue_limit=1),)))
    world.call("c1")
    assert turned_away(world.call("c2")) == [("c2", "queue full")]
    world.sign_in("anna")
    assert turned_away(world.call("c3")) == []
    assert world.calls() == {"c1": "ringing", "c3": "waiting"}


def test_a_missed_ring_does_not_meet_the_limit():
    world = World(site(operator("anna"), topics=(Topic("help", "first", (ring(),), queue_limit=1),)))
    world.sign_in("anna")
    world.call("c1"), world.call("c2")
    world.tell(events.OperatorDeclined("c1", "anna"))
    assert world.calls() == {"c1": "waiting", "c2": "waiting"}


def test_calls_for_unknown_topics_and_lines_are_turned_away():
    world = World(site(operator("anna")))
    assert turned_away(world.call("c1", "nonsense")) == [("c1", "unknown topic")]
    assert turned_away(world.call("c2", line="nonsense")) == [("c2", "unknown line")]


def test_a_closed_topic_turns_away_who_waits_and_who_comes_but_not_who_is_being_served():
    world = World(site(operator("anna"), operator("boris")))
    world.sign_in("anna", "boris")
    world.talk("c1", "anna")
    world.call("c2")
    world.call("c3")
    assert turned_away(world.tell(events.TopicClosed("help"))) == [("c3", "topic closed")]
    assert turned_away(world.call("c4")) == [("c4", "topic closed")]
    assert world.calls() == {"c1": "talking", "c2": "ringing"}
    assert turned_away(world.tell(events.OperatorMissed("c2", "boris"))) == [("c2", "topic closed")]
    world.tell(events.TopicOpened("help"))
    assert turned_away(world.call("c5")) == []


def why(commands) -> object:
    return next(c.why for c in commands if isinstance(c, RingOperator))


def test_the_reason_names_the_demand_the_wait_and_who_was_passed_over():
    world = World(
        site(
            operator("novice"),
            operator("expert", help=3),
            operator("able", help=2),
            topics=(relaxing(),),
            version="7",
        )
    )
    world.sign_in("novice")
    world.wait(5)
    world.sign_in("expert", "able")
    world.wait(2)
    reason = why(world.call("c1"))
    assert (reason.rule, reason.policy, reason.waited, reason.ring) == ("longest idle", "7", 0, 0)
    assert reason.needs == {"help": 3}
    assert [(c.operator, c.idle_for, c.verdict) for c in reason.considered] == [
        ("expert", 2, "chosen"),
        ("novice", 7, "asked only after 25 s of waiting"),
    ]
    assert reason.counts["ready"] == 3


def test_the_reason_after_relaxing_names_the_ring_and_the_others_who_were_compared():
    world = World(site(operator("expert", help=3), operator("able", help=2), topics=(relaxing(),)))
    world.sign_in("able")
    world.wait(1)
    world.sign_in("expert")
    reason = why(world.call("c1", since=world.now - 12))
    assert (reason.ring, reason.needs, reason.waited) == (1, {"help": 2}, 12)
    assert [(c.operator, c.verdict) for c in reason.considered] == [
        ("able", "chosen"),
        ("expert", "idle less long"),
    ]


def test_the_reason_for_one_who_becomes_free_is_that_the_call_was_first():
    world = World(site(operator("anna")))
    world.call("c1")
    world.wait(3)
    reason = why(world.sign_in("anna"))
    assert (reason.rule, reason.waited) == ("first come", 3)
    assert [c.operator for c in reason.considered] == ["anna"]


def test_what_others_may_look_at():
    topics = (Topic("help", "first", (ring(),)), Topic("other", "first", (ring(),)))
    world = World(site(operator("anna"), topics=topics))
    see = world.dispatcher
    world.call("c1")
    world.wait(4)
    world.call("c2"), world.call("c3", "other")
    assert see.waiting("help") == (2, 0.0)
    assert see.waiting("other") == (1, 4.0)
    assert see.waiting("unknown") == (0, None)
    assert [(p.operator, p.state) for p in see.operators()] == [("anna", "signed out")]
    assert see.presence("anna").idle_since is None
    assert see.presence("nobody") is None
    assert see.operator_state("nobody") is None
    assert see.policy == site(operator("anna"), topics=topics)
