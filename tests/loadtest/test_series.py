"""The day by half hours and moments: derived afterwards, and the same as somebody who looked would have seen."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from acd.core.model import TopicId
from loadtest import series
from loadtest.counts import BY_HALF_HOUR, QUEUE_STEP_S, DayCounts, count
from loadtest.day import Day
from loadtest.erlang_a import ErlangA
from loadtest.erlang_a_staffing import operators_for
from loadtest.erlang_c import ErlangC
from loadtest.figures import Days, intervals_met, report
from loadtest.forecast import asking, needed_by_one_pool, needed_by_specialists
from loadtest.intervals import student_quantile
from loadtest.replications import simulate
from loadtest.scenario import Callback, LineEntry, OperatorGroup, Scenario, Target
from loadtest.wait_theory import answered_within, law
from tests.loadtest.small_scenarios import everything, exponential, one_pool


def without_ringing() -> Scenario:
    """Callers who wait are then those in the dispatcher's queues, and nobody else."""
    return everything(first=5).model_copy(update={"answer_s": None})


def test_the_length_of_the_queue_is_what_the_dispatcher_would_have_said():
    scenario = without_ringing()
    day, seen = Day(scenario, 0), []

    def look(_: object) -> None:
        seen.append(sum(day.dispatcher.waiting(TopicId(topic.name))[0] for topic in scenario.topics))

    def after_all_that_is_due(_: object) -> None:
        day.engine.at(day.engine.now, look, None)

    for moment in np.arange(0, scenario.horizon_s + 1, QUEUE_STEP_S):
        day.engine.at(float(moment), after_all_that_is_due, None)
    counted = count(scenario, day.run())
    assert max(seen) > 2
    assert counted.queue.tolist() == seen


def test_half_hours_add_up_to_the_day():
    scenario = everything()
    days = Days(scenario, [count(scenario, Day(scenario, 0).run())] * 2)
    table = days.days[0].half_hours
    for number, name in enumerate(BY_HALF_HOUR):
        for topic in range(2):
            scope = days.scopes.topic_row(topic)
            whole = days.offered(scope) if name == "offered" else days.column(scope, name)
            assert table[topic, :, number].sum() == whole[0]
    assert table.shape == (2, 8, len(BY_HALF_HOUR))


def days_of(half_hours: list[list[list[int]]], target: Target) -> Days:
    """Made up: [day][interval][offered, answered, abandoned, in time, short abandons] of one topic."""
    scenario = one_pool(30, 60, 2, 2, horizon_h=1)
    topic = scenario.topics[0].model_copy(update={"target": target})
    scenario = scenario.model_copy(update={"topics": [topic]})
    empty = count(scenario, Day(one_pool(0.001, 60, 2, 2, horizon_h=1), 0).run())
    made = [DayCounts(empty.sums, empty.waits, np.array([one]), empty.queue) for one in half_hours]
    return Days(scenario, made)


@pytest.mark.parametrize(
    ("of", "share"), [("offered", 2 / 3), ("answered", 1.0), ("offered_less_short_abandons(5)", 1.0)]
)
def test_the_share_of_half_hours_leaves_out_those_without_calls(of: str, share: float):
    empty, met, lossy = [0, 0, 0, 0, 0], [10, 10, 0, 8, 0], [10, 8, 2, 7, 2]
    days = days_of([[met, empty], [met, lossy]], Target(answered_within_s=20, share=0.8, of=of))
    found = intervals_met(days, 0)
    assert found is not None
    assert found[0] == pytest.approx(share)


def test_the_report_has_the_share_of_half_hours_for_topics_with_a_target():
    scenario = everything()
    told = report(
        simulate(
            scenario.model_copy(update={"replications": scenario.replications.model_copy(update={"max": 3})})
        )
    )
    met = told["by_topic"]["medical"]["share_of_intervals_meeting_target"]
    assert 0 <= met["ci95"][0] <= met["mean"] <= met["ci95"][1] <= 1
    assert told["by_topic"]["general"]["share_of_intervals_meeting_target"] is None


def test_bands_have_a_value_for_each_half_hour_and_none_where_nobody_called():
    scenario = one_pool([60, 0], 60, 3, 3, horizon_h=2)
    days = simulate(scenario)
    band = series.level_band(days)
    assert np.isfinite(band.mean[:2]).all()
    assert np.isnan(band.mean[3])
    assert (band.low[:2] <= band.mean[:2]).all()
    assert (band.high[:2] <= 1).all()
    assert series.present(days) == pytest.approx([3, 3, 3, 3])
    hours, fan = series.queue_fan(days)
    assert fan.shape == (5, len(hours)) == (5, 25)
    assert (np.diff(fan, axis=0) >= 0).all()


def test_the_forecast_counts_who_asks_for_an_operator():
    scenario = everything()
    per_second = asking(scenario, scenario.topics[0])
    assert per_second * 3600 == pytest.approx(np.repeat([60, 200, 120, 40], 2) * 0.9)
    traced = one_pool(1, 60, 1, 2, topic={"arrivals": {"times_s": [10, 20, 1900]}}, horizon_h=1)
    assert asking(traced, traced.topics[0]) * 1800 == pytest.approx([2, 1])


def test_operators_needed_are_those_of_the_closed_form():
    scenario = one_pool([100, 300], 180, 9, 2, topic={"patience_s": exponential(120)}, horizon_h=2)
    expected = [operators_for(rate / 20, 180, 120, 0.8, 20) for rate in (100, 300)]
    assert needed_by_specialists(scenario).tolist() == [expected[0]] * 2 + [expected[1]] * 2
    assert needed_by_one_pool(scenario).tolist() == needed_by_specialists(scenario).tolist()


def test_people_who_take_everything_are_fewer_than_specialists():
    scenario = everything()
    assert (needed_by_one_pool(scenario) < needed_by_specialists(scenario)).all()


def test_one_pool_waits_as_the_law_says():
    scenario = one_pool(220, 180, 12, 12, topic={"patience_s": exponential(120)}, horizon_h=10)
    queue = law(scenario)
    assert isinstance(queue, ErlangA)
    found = series.wait_law(simulate(scenario))
    assert found is not None
    waits, band = found
    wide = student_quantile(11, 0.999) / student_quantile(11)
    truth = np.array([answered_within(queue, float(wait)) for wait in waits])
    assert (np.abs(band.mean - truth) <= wide * (band.high - band.low) / 2 + 0.01).all()


def test_a_day_on_which_nobody_is_answered_has_no_law():
    scenario = one_pool(0.001, 180, 12, 2, horizon_h=1)
    assert series.wait_law(simulate(scenario)) is None


def test_callers_who_never_give_up_have_the_law_of_erlang_c():
    assert isinstance(law(one_pool(100, 180, 12, 2, topic={"patience_s": None})), ErlangC)
    assert law(one_pool(1000, 180, 12, 2, topic={"patience_s": None, "queue_limit": 5})) is None


@pytest.mark.parametrize(
    ("scenario", "topic"),
    [
        ({"trunks": 20}, {}),
        ({"busyness": {"dist": "gamma", "mean": 1, "cv": 0.1}}, {}),
        ({"answer_s": exponential(4)}, {}),
        ({"lines": {"first": LineEntry(regional=True).model_dump()}, "regions": {"north": 1}}, {}),
        ({}, {"queue_limit": 5}),
        ({}, {"callback": Callback(offer_after_s=1, accept=1).model_dump()}),
        ({}, {"wrap_up_s": exponential(4)}),
        ({}, {"retry": {"probability": 0.1, "after_s": exponential(4)}}),
        ({}, {"arrivals": {"per_hour": [100, 200]}}),
        ({}, {"arrivals": {"per_hour": 100, "process": "deterministic"}}),
        ({}, {"arrivals": {"times_s": [1, 2]}}),
        ({}, {"handling_s": {"dist": "deterministic", "mean": 180}}),
        ({}, {"patience_s": {"dist": "deterministic", "mean": 180}}),
        ({}, {"rings": [{"needs": {}}, {"after": 5, "needs": {}}]}),
    ],
)
def test_no_law_is_shown_where_none_is_meant(scenario: dict[str, Any], topic: dict[str, Any]):
    assert law(one_pool(220, 180, 12, 2)) is not None
    assert law(one_pool(220, 180, 12, 2, topic=topic, **scenario)) is None


@pytest.mark.parametrize("groups", [[{"count": 12, "shift": "08:00-20:00"}], [{"count": 6}, {"count": 6}]])
def test_people_who_come_and_go_or_differ_have_no_law(groups: list[dict[str, Any]]):
    people = [OperatorGroup.model_validate(group) for group in groups]
    assert law(one_pool(220, 180, 12, 2).model_copy(update={"operators": people})) is None


def test_no_operators_are_drawn_where_no_number_would_do():
    target = {"answered_within_s": 0, "share": 0.999999}
    scenario = one_pool(
        30_000_000, 180, 9, 2, topic={"patience_s": exponential(1), "target": target}, horizon_h=1
    )
    assert all(math.isnan(one) for one in needed_by_specialists(scenario))
