"""A dispatcher runs for months: what is left over in its queues is cleared away."""

from __future__ import annotations

from acd.core import events, matching
from acd.core.alarms import Alarms
from acd.core.model import Line, Topic
from acd.core.waiting import Queue
from tests.acd.core.policies import operator, ring, site
from tests.acd.core.world import World, rung


def test_idle_queues_of_a_topic_nobody_calls_for_do_not_grow():
    topics = (Topic("help", "first", (ring(),)), Topic("rare", "first", (ring(),)))
    world = World(site(operator("anna"), topics=topics, lines=(Line("first", 15, 0),)))
    world.call("c", "rare")
    world.tell(events.CallerHungUp("c"))
    world.sign_in("anna")
    for n in range(300):
        world.talk(f"c{n}", "anna")
        world.tell(events.CallerHungUp(f"c{n}"))
    idle = [len(places) for pool in world.dispatcher.floor.matching.pools() for _, places, _ in pool.idle]
    assert max(idle) < 100
    assert rung(world.call("last", "rare")) == [("last", "anna")]


def test_a_queue_everybody_leaves_behind_its_head_does_not_grow():
    world = World(site(operator("anna")))
    world.call("patient")
    for n in range(200):
        world.call(f"c{n}")
        world.tell(events.CallerHungUp(f"c{n}"))
    queue = next(iter(world.dispatcher.floor.calls.values())).queue
    assert queue.count == 1
    assert len(queue.calls) < 50


def test_alarms_that_were_cleared_do_not_pile_up_when_the_clock_ticks():
    world = World(site(operator("anna"), lines=(Line("first", 15, 1),)))
    world.sign_in("anna")
    for n in range(100):
        world.talk(f"c{n}", "anna")
        world.tell(events.CallerHungUp(f"c{n}"))
        world.wait(20)
    assert list(world.dispatcher.floor.alarms.entries()) == []
    assert sum(map(len, world.dispatcher.floor.alarms._lanes.values())) < 5


def test_a_wake_up_already_asked_for_is_not_asked_for_again():
    alarms = Alarms()
    sleeper = Queue()
    alarms.after(sleeper, 5.0, 0.0)
    assert alarms.ask() == 5.0
    alarms.set(sleeper, 4.0)  # moved, and moved back: nobody is due before 5
    alarms.after(sleeper, 5.0, 0.0)
    assert alarms.sooner
    assert alarms.ask() is None


def test_a_wrap_up_without_end_lasts_until_he_says_he_is_ready():
    world = World(site(operator("anna"), lines=(Line("first", 15, float("inf")),)))
    world.sign_in("anna")
    world.talk("c1", "anna")
    world.tell(events.TalkEnded("c1", "anna"))
    world.wait(1e6)
    assert world.state("anna") == "wrapping up"
    assert world.dispatcher.presence("anna").until is None
    world.tell(events.OperatorReady("anna"))
    assert world.state("anna") == "ready"


def test_what_callers_data_may_be_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(matching, "CLASSES_AT_HAND", 20)
    world = World(site(operator("anna", languages=("ru",))))
    for n in range(200):
        world.call(f"c{n}", language=f"language{n}", region=f"region{n}")
        world.tell(events.CallerHungUp(f"c{n}"))
    assert len(world.dispatcher.floor.matching._classes) < 30
    assert len(list(world.dispatcher.floor.matching.pools())) == 1
