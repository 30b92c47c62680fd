"""A roster that is found is one that simulation finds good, and theory too."""

from __future__ import annotations

import pytest

from loadtest.erlang_a_staffing import operators_for
from loadtest.replications import simulate
from loadtest.scenario import Staffing
from loadtest.staffing_answer import STATES, answer, people_of, state_of
from loadtest.staffing_plan import Progress, planner, seed_of
from loadtest.staffing_slots import offer, with_roster
from tests.loadtest.small_scenarios import everything, exponential, one_pool

TARGET = {"answered_within_s": 20, "share": 0.8}


def pool(load: float, *, seed: int = 1, half_width: float = 0.01, **more):
    scenario = one_pool(
        load * 20,  # calls an hour of three minutes
        180,
        1,
        20,
        horizon_h=8,
        topic={"patience_s": exponential(120), "target": TARGET},
        seed=seed,
        **more,
    )
    days = {"min": 20, "max": 400, "half_width": half_width}
    return scenario.model_copy(update={"replications": type(scenario.replications)(**days)})


def sought(scenario, **more) -> Progress:
    seeker, trials = planner(scenario, **more)
    try:
        return seeker.run()
    finally:
        trials.close()


@pytest.mark.parametrize("load", [4.0, 16.0, 50.0])
def test_one_kind_of_people_is_staffed_as_erlang_a_says(load: float):
    found = sought(pool(load)).verified
    assert found is not None
    assert abs(found.people[0] - operators_for(load, 180, 120, 0.8, 20)) <= 1


def test_the_verdict_is_that_of_simulate_with_the_seed_of_the_verification():
    scenario = pool(6.0)
    found = sought(scenario).verified
    assert found is not None
    again = with_roster(scenario, offer(scenario), found.people).model_copy(update={"seed": found.seed})
    days = simulate(again)
    assert len(days.sums) == found.days
    assert found.levels[0].share == pytest.approx(
        days.column(1, "answered_in_time").sum() / days.offered(1).sum()
    )


def test_no_verification_shares_its_days_with_the_search_or_with_simulate():
    scenario = pool(6.0)
    assert len({scenario.seed, *(seed_of(scenario, number) for number in range(7))}) == 8


def test_the_same_seed_finds_the_same_roster_on_any_number_of_processes():
    one, two = (sought(pool(6.0, seed=5), jobs=jobs) for jobs in (1, 2))
    assert one == two


def test_two_lines_shifts_breaks_transfers_and_limits_all_at_once():
    scenario = everything()
    days = {"min": 20, "max": 300, "half_width": 0.02}
    scenario = scenario.model_copy(update={"replications": type(scenario.replications)(**days)})
    progress = sought(scenario)
    assert progress.verified is not None
    assert {level.goal.name for level in progress.verified.levels} == {"medical", "line second"}
    assert progress.verified.passes
    # general has no target; its load is covered all the same
    general = [
        n
        for n, slot in enumerate(offer(scenario).slots)
        if slot.group.line == "first" and "general" in slot.group.skills
    ]
    assert sum(progress.verified.people[n] for n in general) >= 3


def test_one_more_helps_and_one_less_hurts():
    marginal = sought(pool(10.0)).marginal
    assert {change.more for change in marginal} == {1, -1}
    for change in marginal:
        assert change.change * change.more > change.half_width > 0


def test_out_of_time_it_says_how_far_it_came():
    left = iter([False] * 30)
    progress = sought(pool(10.0), late=lambda: next(left, True))
    assert progress.stopped == "out of time"
    assert progress.verified is None
    assert people_of(progress) is not None
    assert state_of(progress) in ("unverified", "short")

    before = sought(pool(10.0), late=lambda: True)
    assert state_of(before) == "none"
    assert people_of(before) is None


def test_an_interrupt_leaves_the_best_so_far():
    days = 0

    def late() -> bool:
        nonlocal days
        days += 1
        if days == 60:
            raise KeyboardInterrupt
        return False

    progress = sought(pool(10.0), late=late)
    assert progress.stopped == "interrupted"
    assert progress.tried is not None


def test_the_answer_for_programs_adds_up():
    scenario = pool(6.0)
    seeker, trials = planner(scenario)
    whole, progress = offer(scenario), seeker.run()
    told = answer(progress, whole, trials, 1.0)
    assert told["state"] == "verified"
    assert told["state"] in STATES
    assert told["people"] == sum(one["count"] for one in told["roster"])
    assert told["cost"] == pytest.approx(sum(one["cost"] for one in told["roster"]))
    assert told["simulated_days"] > told["verification"]["days"]
    low, high = told["verification"]["by_target"]["calls"]["service_level"]["ci95"]
    assert 0.8 <= low < high <= 1


def test_an_hour_that_its_day_would_pay_for_is_staffed_where_each_hour_is_asked_for():
    """Quiet hours of night in a busy day: the day's target alone lets them wait."""
    quiet_then_busy = (
        pool(1.0)
        .topics[0]
        .arrivals.model_copy(
            update={"per_hour": [6.0] * 4 + [240.0] * 4},
        )
    )
    scenario = pool(1.0)
    topic = scenario.topics[0].model_copy(update={"arrivals": quiet_then_busy})
    halves = {"shifts": [{"starts": ["00:00", "04:00"], "length_h": 4}]}
    found = {}
    for each_hour in (None, 0.6):
        staffing = Staffing.model_validate({**halves, "each_hour": each_hour})
        asked = scenario.model_copy(update={"topics": [topic], "staffing": staffing})
        progress = sought(asked)
        assert progress.verified is not None
        assert progress.verified.passes
        found[each_hour] = progress.verified
    assert found[None].people[0] == 0
    assert found[0.6].people[0] >= 1
    hours = [level for level in found[0.6].levels if level.goal.hour]
    assert len(hours) == 8
    assert min(level.share for level in hours) >= 0.6
