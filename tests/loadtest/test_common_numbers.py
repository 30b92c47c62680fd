"""One day is one day: whoever works, whatever engine, however many processes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from acd.core import events
from acd.core.invariants import violations
from loadtest.day import Day, Trace
from loadtest.distribution import Distribution
from loadtest.draws import Purpose, TopicDraws, arrival_times, stream
from loadtest.engine import PlainLoop, SimpyLoop
from loadtest.figures import report
from loadtest.replications import simulate
from tests.loadtest.small_scenarios import everything, exponential, one_pool


def traced(seed: int, engine: PlainLoop | SimpyLoop, first: int = 9) -> tuple[Trace, Day]:
    trace: Trace = []
    day = Day(everything(seed=seed, first=first), 0, engine, trace)
    day.run()
    return trace, day


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_simpy_and_the_plain_loop_give_the_same_trace(seed: int):
    plain, one = traced(seed, PlainLoop())
    simpy, other = traced(seed, SimpyLoop())
    assert len(plain) == len(simpy) > 2000
    for mine, theirs in zip(plain, simpy, strict=True):
        assert mine == theirs
    assert one.record.first == other.record.first
    assert one.record.second == other.record.second


def test_the_day_that_is_compared_has_everything_in_it():
    trace, day = traced(1, PlainLoop(), first=6)
    commands = Counter(type(command).__name__ for _, _, given in trace for command in given)
    assert set(commands) == {"RingOperator", "StopRinging", "Announce", "Overflow", "WakeAt"}
    facts = Counter(type(fact).__name__ for _, fact, _ in trace)
    assert {"TransferAsked", "CallerHungUp", "OperatorPaused", "OperatorSignedOut", "Tick"} <= set(facts)
    kinds = Counter(one.kind for one in day.record.first)
    assert set(kinds) == {0, 1, 2, 3, 4}, "blocked, turned away, contained, answered, abandoned"
    assert any(fact.call.endswith("-2") for _, fact, _ in trace if isinstance(fact, events.CallQueued))


def test_every_call_ends_and_every_operator_is_left_in_peace():
    _, day = traced(2, PlainLoop())
    assert day.in_system == 0
    assert not day.calls
    assert list(day.dispatcher.calls()) == []
    assert violations(day.dispatcher) == []
    assert (day.record.handling <= day.record.duty + 1e-6).all(), "nobody works more than he is there"


def test_more_staff_changes_neither_arrivals_nor_talks():
    few, _ = traced(1, PlainLoop(), first=6)
    many, _ = traced(1, PlainLoop(), first=12)
    some, more = first_queued(few), first_queued(many)
    both = some.keys() & more.keys()  # the rest met a full trunk group on one of the days
    assert len(both) > 300
    assert {call: some[call] for call in both} == {call: more[call] for call in both}
    mine, theirs = talks(few), talks(many)
    both = mine.keys() & theirs.keys()
    assert len(both) > 300
    assert all(mine[call] == pytest.approx(theirs[call], abs=1e-6) for call in both)


def first_queued(trace: Trace) -> dict[str, float]:
    """When the first attempts of the topic without a menu came."""
    return {
        fact.call: at
        for at, fact, _ in trace
        if isinstance(fact, events.CallQueued) and fact.call.startswith("1-") and fact.call.endswith("-0")
    }


def talks(trace: Trace) -> dict[str, float]:
    """Seconds each first talk lasted."""
    begins = {}
    lengths: dict[str, float] = {}
    for at, fact, _ in trace:
        if isinstance(fact, events.OperatorAnswered):
            begins.setdefault(fact.call, at)
        elif isinstance(fact, events.TalkEnded | events.TransferAsked):
            lengths.setdefault(fact.call, at - begins[fact.call])
    return lengths


def test_a_topic_keeps_its_day_when_another_is_put_before_it():
    scenario = everything()
    swapped = scenario.model_copy(update={"topics": scenario.topics[::-1]})
    for n, topic in enumerate(scenario.topics):
        here, there = TopicDraws(scenario, topic, 4), TopicDraws(swapped, swapped.topics[1 - n], 4)
        assert here.arrivals == there.arrivals
        for purpose in (Purpose.HANDLING, Purpose.PATIENCE, Purpose.RETRY):
            assert [here.value(purpose, call, 1) for call in range(20)] == [
                there.value(purpose, call, 1) for call in range(20)
            ]


def test_days_attempts_and_purposes_do_not_repeat_one_another():
    scenario = everything()
    topic = scenario.topics[0]
    seen = [
        TopicDraws(scenario, topic, day).value(purpose, 0, attempt)
        for day in (0, 1)
        for purpose in (Purpose.HANDLING, Purpose.SECOND_HANDLING, Purpose.PATIENCE, Purpose.RETRY)
        for attempt in (0, 1)
    ]
    assert len(set(seen)) == len(seen)


def test_a_busier_forecast_brings_the_same_callers_sooner():
    calm, busy = (one_pool(rate, 60, 5, 2, horizon_h=2) for rate in (100.0, 150.0))
    few, more = (arrival_times(one, one.topics[0], 0) for one in (calm, busy))
    assert len(few) < len(more)
    assert more[: len(few)] * 1.5 == pytest.approx(few)


def test_the_report_is_the_same_on_one_process_and_on_two():
    scenario = everything()
    assert report(simulate(scenario, jobs=1)) == report(simulate(scenario, jobs=2))


@pytest.mark.parametrize(
    ("name", "cv", "told"),
    [
        ("exponential", None, 1.0),
        ("deterministic", None, 0.0),
        ("lognormal", 0.6, 0.6),
        ("gamma", 1.5, 1.5),
        ("erlang(4)", None, 0.5),
    ],
)
def test_values_have_the_mean_and_the_spread_they_are_named_by(name: str, cv: float | None, told: float):
    values = Distribution(dist=name, mean=180, cv=cv).draw(stream(1, 0, "t", Purpose.HANDLING), 200_000)
    assert values.mean() == pytest.approx(180, rel=0.015)
    assert np.std(values) / 180 == pytest.approx(told, rel=0.03, abs=1e-9)
    assert (values >= 0).all()


def test_patience_is_drawn_for_every_attempt_anew():
    scenario = one_pool(60, 60, 1, 2, topic={"patience_s": exponential(30)}, horizon_h=1)
    draws = TopicDraws(scenario, scenario.topics[0], 0)
    assert len({draws.value(Purpose.PATIENCE, 0, attempt) for attempt in range(5)}) == 5
