"""Rosters on simulated days: whose days, and what counts."""

from __future__ import annotations

import numpy as np
import pytest

from loadtest.compiled_cover import compiled_covers
from loadtest.counts import count
from loadtest.day import Day
from loadtest.scenario import Callback, Scenario, Staffing
from loadtest.staffing_days import OutOfTime, Trials, day_counts, goal_counts, goals
from loadtest.staffing_slots import offer, roster_now
from tests.loadtest.small_scenarios import everything


def with_callbacks() -> Scenario:
    scenario = everything()
    medical, general = scenario.topics
    asked = Callback.model_validate({"offer_after_s": 20, "accept": 0.5})
    return scenario.model_copy(update={"topics": [medical, general.model_copy(update={"callback": asked})]})


@pytest.mark.parametrize("scenario", [everything(), with_callbacks()])
def test_a_day_is_that_of_the_shared_router_whichever_path_runs_it(scenario: Scenario):
    assert compiled_covers(scenario) == all(topic.callback is None for topic in scenario.topics)
    for replication in range(2):
        fast, shared = day_counts(scenario, replication), count(scenario, Day(scenario, replication).run())
        assert fast.sums == pytest.approx(shared.sums)


def test_goals_are_targets_lines_that_calls_are_handed_to_and_hours_where_asked_for():
    scenario = everything()
    assert [goal.name for goal in goals(scenario)] == ["medical", "line second"]
    hourly = scenario.model_copy(update={"staffing": Staffing(each_hour=0.5)})
    names = [goal.name for goal in goals(hourly)]
    assert names[2:] == ["from 00:00", "from 01:00", "from 02:00", "from 03:00"]
    sums = day_counts(hourly, 0).sums
    counted = goal_counts(goals(hourly), sums)
    # every topic's calls once, and the line's handed-on calls are not among them
    assert counted[2:, 0].sum() == pytest.approx(sums[0][8])


def test_the_same_roster_is_not_simulated_twice_and_more_days_go_on_where_it_stopped():
    scenario = everything()
    whole = offer(scenario)
    people = roster_now(scenario, whole)
    assert people is not None
    trials = Trials(scenario, whole)
    three = trials.measure(people, 3)
    assert trials.simulated == 3
    five = trials.measure(people, 5)
    assert trials.simulated == 5
    assert np.array_equal(five[:3], three)


def test_a_roster_of_nobody_answers_nobody_and_costs_no_simulation():
    scenario = everything()
    whole = offer(scenario)
    trials = Trials(scenario, whole, late=lambda: True)
    counts = trials.measure([0] * len(whole.slots), 4)
    assert counts.shape == (4, 2, 2)
    assert (counts[:, :, 0] == 0).all()
    with pytest.raises(OutOfTime):
        trials.measure([1] * len(whole.slots), 1)
