"""The search for a roster: against the closed forms, and against every roster there is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from loadtest.distribution import Numbers
from loadtest.erlang_a import ErlangA
from loadtest.erlang_a_staffing import operators_for
from loadtest.erlang_c import ErlangC
from loadtest.erlang_c import operators_for as operators_for_the_patient
from loadtest.scenario import Scenario
from loadtest.staffing_days import Trials, goals
from loadtest.staffing_master import Staff
from loadtest.staffing_plan import problem_of
from loadtest.staffing_search import NoRoster, Problem, Search, Tried, shares_of
from loadtest.staffing_slots import offer
from tests.loadtest.small_scenarios import exponential

HANDLING, PATIENCE = 180.0, 120.0


def one_kind(demand: float, max_people: float = np.inf) -> Problem:
    staff = Staff(
        cost=np.array([8.0]),
        present_share=np.array([1.0]),
        kind=np.array([0]),
        cover=np.ones((1, 16)),
        least=np.array([0]),
        most=np.array([10_000]),
        max_people=max_people,
        can=np.array([[True]]),
        guaranteed=np.zeros((1, 16)),
    )
    return Problem(staff, np.full((1, 16), demand), [0], days=10)


def exactly(level_of) -> object:
    """A simulator that knows the truth: every day gives the closed form's service level."""

    def measure(people: Sequence[int], days: int) -> Numbers:
        return np.tile([level_of(people[0]), 1.0], (days, 1, 1))

    return measure


@pytest.mark.parametrize("load", [0.4, 3.0, 12.5, 60.0, 280.0])
@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
@pytest.mark.parametrize("start", [0.5, 1.0, 1.6])
def test_where_the_closed_form_is_the_simulator_its_own_staffing_is_found(
    load: float, share: float, start: float
):
    """start: how wrong the demand is that the search sets out from."""

    def level(people: int) -> float:
        return ErlangA(people, load, HANDLING, PATIENCE).service_level(20) if people else 0.0

    wanted = operators_for(load, HANDLING, PATIENCE, share, 20)
    found = Search(one_kind(wanted * start), exactly(level)).run(np.array([share]))
    assert found is not None
    assert found.people == (wanted,)


@pytest.mark.parametrize("load", [5.0, 50.0])
def test_callers_who_never_give_up_are_staffed_as_erlang_c_says(load: float):
    def level(people: int) -> float:
        return ErlangC(people, load, HANDLING).service_level(20)

    wanted = operators_for_the_patient(load, HANDLING, 0.8, 20)
    found = Search(one_kind(load), exactly(level)).run(np.array([0.8]))
    assert found is not None
    assert found.people == (wanted,)


def test_what_cannot_be_met_with_the_people_there_are_ends_with_the_nearest():
    def level(people: int) -> float:
        return ErlangA(people, 12.5, HANDLING, PATIENCE).service_level(20)

    search = Search(one_kind(13, max_people=10), exactly(level))
    assert search.run(np.array([0.8])) is None
    assert search.nearest is not None
    assert search.nearest.people == (10,)


def test_half_hours_when_nobody_can_be_there_do_not_stop_the_search():
    def level(people: int) -> float:
        return ErlangA(people, 12.5, HANDLING, PATIENCE).service_level(20)

    problem = one_kind(13)
    problem.staff.cover[0, 7] = 0.0  # a break that all have at once
    found = Search(problem, exactly(level)).run(np.array([0.8]))
    assert found is not None
    assert found.people == (operators_for(12.5, HANDLING, PATIENCE, 0.8, 20),)


def test_bounds_that_contradict_one_another_are_said_to_have_no_roster():
    problem = one_kind(13, max_people=10)
    problem.staff.least[:] = 11
    with pytest.raises(NoRoster):
        Search(problem, exactly(lambda _: 1.0)).run(np.array([0.8]))


# Two topics, every roster tried

A, B, BOTH = {"skills": {"a": 1}}, {"skills": {"b": 1}}, {"skills": {"a": 1, "b": 1}}
DESIGNS = {
    "V": [BOTH],
    "I": [A, B],
    "N": [{**A}, {**BOTH, "cost_per_hour": 1.3}],
    "M": [{**A}, {**B}, {**BOTH, "cost_per_hour": 1.15}],
    "X": [{"skills": {"a": 2, "b": 1}}, {"skills": {"a": 1, "b": 2}, "cost_per_hour": 1.2}],
}


def two_topics(design: str, seed: int, a: float = 45.0, b: float = 30.0) -> Scenario:
    topics = [
        {
            "name": name,
            "arrivals": {"per_hour": per_hour},
            "handling_s": exponential(handling),
            "patience_s": exponential(100),
            "rings": [{"needs": {name: 2}}, {"after": 5, "needs": {name: 1}}]
            if design == "X"
            else [{"needs": {name: 1}}],
            "target": {"answered_within_s": 20, "share": share},
        }
        for name, per_hour, handling, share in (("a", a, 240, 0.8), ("b", b, 180, 0.7))
    ]
    return Scenario.model_validate(
        {
            "name": design,
            "seed": seed,
            "horizon_h": 6,
            "topics": topics,
            "operators": [{"count": 1, **BOTH}],
            "staffing": {"hire": DESIGNS[design]},
        }
    )


def every_roster(kinds: int, most: int) -> list[tuple[int, ...]]:
    return [people for people in product(range(most + 1), repeat=kinds) if 4 <= sum(people) <= most]


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_roster_of_a_small_centre_is_cheaper_by_a_person_than_the_one_found(design: str, seed: int):
    scenario = two_topics(design, seed)
    whole = offer(scenario)
    trials = Trials(scenario, whole)
    need = np.array([goal.target.share for goal in goals(scenario)])
    days = 10

    found = Search(problem_of(scenario, whole, days), trials.measure).run(need)

    costs = [
        whole.cost(people)
        for people in every_roster(len(whole.slots), 10)
        if (shares_of(trials.measure(people, days)) >= need).all()
    ]
    assert found is not None
    assert found.meets(need)
    assert found.cost <= min(costs) + min(slot.cost for slot in whole.slots)


def test_the_best_so_far_can_be_read_while_it_works():
    told: list[tuple[Tried, bool]] = []
    scenario = two_topics("M", 1)
    whole = offer(scenario)
    search = Search(
        problem_of(scenario, whole, 5), Trials(scenario, whole).measure, lambda *said: told.append(said)
    )
    found = search.run(np.array([0.8, 0.7]))
    best = [tried.cost for tried, meets in told if meets]
    assert best == sorted(best, reverse=True)
    assert told[-1] == (found, True)
