"""Where theory or a published figure knows the answer, the simulation's interval holds it."""

from __future__ import annotations

import json
from math import hypot, sqrt
from pathlib import Path
from typing import Any

import pytest

from loadtest.counts import FIELDS
from loadtest.figures import Days, report
from loadtest.intervals import mean, ratio, student_quantile
from loadtest.replications import simulate
from tests.loadtest.small_scenarios import exponential, one_pool

CASES: dict[str, Any] = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "cases" / "erlang.json").read_text(encoding="utf-8"))
}


def steady(days: Days, part: str, whole: str, warm_up: int) -> tuple[float, float]:
    """(ratio, half width) of sums over the half hours from `warm_up` on: the day begins empty, theory does not."""
    first = days.scopes.interval_row(warm_up)
    sums = [days.sums[:, first:, FIELDS.index(name)].sum(axis=1) for name in (part, whole)]
    found = ratio(*sums)
    assert found is not None
    return found


def assert_holds(found: tuple[float, float], truth: float, precise: float, what: str) -> None:
    """The truth is in the interval, widened to 99 %, and the interval is narrow enough to say something."""
    estimate, half = found
    wide = half * student_quantile(60, 0.99) / student_quantile(60, 0.95)
    assert abs(estimate - truth) <= wide, f"{what}: {estimate} +- {wide}, not {truth}"
    assert half < precise * truth, f"{what}: +- {half} says nothing about {truth}"


def test_callers_who_never_give_up_wait_as_erlang_c_says():
    given, truth = CASES["S3"]["inputs"], CASES["S3"]["outputs"]
    rate = 2 * given["calls_per_half_hour"]
    days = simulate(one_pool(rate, given["aht_s"], given["agents"], 24, seed=3, horizon_h=14))
    assert_holds(steady(days, "queued", "answered", 4), truth["p_wait"], 0.15, "p_wait")
    assert_holds(steady(days, "answered_in_time", "answered", 4), truth["sl20"], 0.05, "service level")
    assert_holds(steady(days, "wait_of_answered", "answered", 4), truth["asa_s"], 0.3, "speed of answer")


def test_impatient_callers_wait_and_leave_as_erlang_a_says():
    given, truth = CASES["S2"]["inputs"], CASES["S2"]["outputs"]
    topic = {"patience_s": exponential(60 * given["patience_mean_min"])}
    rate = 60 / given["interval_min"] * given["calls"]
    scenario = one_pool(rate, 60 * given["aht_min"], given["agents"], 40, topic=topic, seed=2, horizon_h=20)
    days = simulate(scenario)
    told = report(days)
    for name, key in (("p_wait", "p_wait"), ("p_abandon", "p_abandon"), ("occupancy", "occupancy")):
        low, high = told[name]["ci95"]
        assert_holds((told[name]["mean"], (high - low) / 2), truth[key], 0.1, name)
    level = told["service_level"]["of_offered"]
    half = (level["ci95"][1] - level["ci95"][0]) / 2
    assert_holds((level["mean"], half), truth["p_answered_within_awt_of_offered"], 0.02, "service level")
    wait = told["mean_wait_all_s"]
    half = (wait["ci95"][1] - wait["ci95"][0]) / 2
    assert_holds((wait["mean"], half), 60 * truth["mean_wait_all_min"], 0.15, "mean wait of all")


def test_a_day_that_begins_empty_is_as_published_and_not_as_in_the_long_run():
    given, truth = CASES["S4"]["inputs"], CASES["S4"]["outputs"]
    scenario = one_pool(
        60 * given["lam_per_min"],
        60 / given["mu_per_min"],
        given["agents"],
        60,
        seed=4,
        horizon_h=given["horizon_min"] / 60,
    )
    told = report(simulate(scenario))
    for figure, name, scale in (
        (told["service_level"]["of_offered"], "sl", 1.0),
        (told["asa_s"], "asa_min", 60.0),
    ):
        low, high = figure["ci95"]
        theirs = truth[f"{name.removesuffix('_min')}_ci95" if name == "sl" else "asa_ci95"]
        both = hypot((high - low) / 2, scale * (theirs[1] - theirs[0]) / 2)
        assert abs(figure["mean"] - scale * truth[name]) <= both, name
    assert told["occupancy"]["mean"] < truth["stationary"]["rho"]


def test_a_full_trunk_group_blocks_as_erlang_b_says():
    given, truth = CASES["S5"]["inputs"], CASES["S5"]["outputs"]
    handling = 120.0
    scenario = one_pool(
        truth["exact"] * 3600 / handling,
        handling,
        given["lines"],
        40,
        seed=6,
        horizon_h=12,
        trunks=given["lines"],
    )
    days = simulate(scenario)
    found = ratio(days.column(0, "blocked"), days.column(0, "attempts"))
    assert found is not None
    assert_holds(found, given["blocking"], 0.15, "blocking")
    assert days.column(0, "queued").sum() == 0, "there is an operator for every trunk"


def test_calls_arrive_at_the_rate_of_each_interval():
    rates = [30.0, 0.0, 120.0, 60.0]
    days = simulate(one_pool(rates, 1.0, 5, 60, seed=6, horizon_h=4))
    for hour, rate in enumerate(rates):
        rows = [days.scopes.interval_row(2 * hour), days.scopes.interval_row(2 * hour + 1)]
        per_day = sum(days.column(row, "attempts") for row in rows)
        estimate, half = mean(per_day)  # pyright: ignore[reportArgumentType]
        assert abs(estimate - rate) <= 1.4 * half
        assert half <= 1.5 * 2 * sqrt(rate / 60)


@pytest.mark.parametrize(
    ("degrees", "confidence", "quantile"),
    [(1, 0.95, 12.706), (2, 0.95, 4.303), (5, 0.99, 4.032), (39, 0.99, 2.708), (120, 0.95, 1.980)],
)
def test_students_quantiles_are_those_of_the_tables(degrees: int, confidence: float, quantile: float):
    assert student_quantile(degrees, confidence) == pytest.approx(quantile, abs=6e-4)
