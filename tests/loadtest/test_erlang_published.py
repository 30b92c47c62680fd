"""The closed forms give the published figures, to the last digit printed. Sources: tests/cases/erlang.json."""

from __future__ import annotations

import pytest

from loadtest import erlang_c
from loadtest.erlang_a import ErlangA
from loadtest.erlang_b import erlang_b, load_for, trunks_for
from loadtest.erlang_c import ErlangC
from loadtest.staffing_formulas import offered_load, positions
from tests.loadtest.published import published, to_the_digits_of


def agrees(value: float, printed: float) -> bool:
    return abs(value - printed) <= to_the_digits_of(printed) * (1 + 1e-6)


def test_s1_a_hundred_calls_in_half_an_hour_need_fourteen_operators_and_twenty_people():
    """pyworkforce, README.md: service level, occupancy and chance to wait to 16 digits."""
    given, told = published("S1")
    handling = given["aht_min"] * 60
    load = offered_load(given["calls"], given["interval_min"] * 60, handling)
    queue = ErlangC(given["agents"], load, handling)
    assert queue.service_level(given["awt_s"]) == pytest.approx(told["service_level"], rel=1e-14)
    assert queue.occupancy == pytest.approx(told["occupancy"], rel=1e-15)
    assert queue.p_wait == pytest.approx(told["p_wait"], rel=1e-14)
    operators = erlang_c.operators_for(load, handling, 0.8, given["awt_s"], max_occupancy=0.85)
    assert operators == told["raw_agents_for_80_20_occ85"]
    assert positions(operators, given["shrinkage"]) == told["positions"]


def s2() -> tuple[ErlangA, float, dict]:
    given, told = published("S2")
    handling = given["aht_min"] * 60
    load = offered_load(given["calls"], given["interval_min"] * 60, handling)
    queue = ErlangA(given["agents"], load, handling, given["patience_mean_min"] * 60)
    return queue, given["awt_s"], told


def test_s2_erlang_a_as_pyworkforce_prints_it():
    """pyworkforce, pyworkforce/queuing/tests/test_abandonment.py."""
    queue, within, told = s2()
    assert agrees(queue.p_wait, told["p_wait"])
    assert agrees(queue.p_abandon, told["p_abandon"])
    assert agrees(queue.occupancy, told["occupancy"])
    assert agrees(queue.mean_wait / 60, told["mean_wait_all_min"])
    assert agrees(queue.answered_within(within), told["p_answered_within_awt_of_offered"])


def test_s2_erlang_a_to_eight_digits_by_every_convention():
    queue, within, told = s2()
    exact = told["computed"]
    assert queue.p_wait == pytest.approx(exact["pw"], rel=5e-8)
    assert queue.p_abandon == pytest.approx(exact["pab"], rel=5e-8)
    assert queue.mean_wait / 60 == pytest.approx(exact["ewq"], rel=5e-8)
    assert queue.occupancy == pytest.approx(exact["rho"], rel=5e-8)
    assert queue.queue == pytest.approx(exact["eq"], rel=5e-8)
    assert 1 - queue.offered_wait_exceeds(within) == pytest.approx(exact["sl_off"], rel=5e-8)
    assert queue.service_level(within, "offered") == pytest.approx(exact["sl_ans"], rel=5e-8)
    short = queue.service_level(within, "offered_less_short_abandons", short=within)
    assert short == pytest.approx(exact["sl_ratio"], rel=5e-8)
    assert queue.service_level(within, "answered") == pytest.approx(exact["sl_ans_of_answered"], rel=5e-8)


def test_s2_the_speed_of_answer_is_of_answered_calls_and_not_the_mean_wait_of_all():
    queue, _, told = s2()
    assert queue.asa / 60 == pytest.approx(told["computed"]["asa"], rel=5e-8)
    assert queue.asa < 0.93 * queue.mean_wait


def test_s3_forty_eight_erlangs_at_fifty_five_operators():
    """The test file of a public Erlang C package."""
    given, told = published("S3")
    load = offered_load(given["calls_per_half_hour"], 1800, given["aht_s"])
    queue = ErlangC(given["agents"], load, given["aht_s"])
    assert agrees(queue.p_wait, told["p_wait"])
    assert agrees(queue.service_level(20), told["sl20"])
    assert agrees(queue.service_level(15), told["sl15"])
    assert agrees(queue.asa, told["asa_s"])
    assert erlang_c.operators_for(load, given["aht_s"], 0.8, 20) == told["first_n_for_80_20"]


def test_s4_the_steady_state_behind_the_contactcenters_example():
    """ContactCenters, doc/examples/MMC.java: the day it simulates starts empty, so its own figures lie beside these."""
    given, told = published("S4")
    exact = told["stationary"]
    handling = 60 / given["mu_per_min"]
    queue = ErlangC(given["agents"], given["lam_per_min"] * handling / 60, handling)
    assert agrees(queue.p_wait, exact["pw"])
    assert agrees(queue.asa / 60, exact["asa"])
    assert agrees(queue.service_level(given["awt_min"] * 60), exact["sl"])
    assert queue.occupancy == pytest.approx(exact["rho"], rel=1e-15)


def test_s5_fifteen_lines_carry_eight_erlangs_at_one_percent():
    """erlang.com, calculator manual."""
    given, told = published("S5")
    load = load_for(given["lines"], given["blocking"])
    assert agrees(load, told["traffic_E"])
    assert agrees(load, told["exact"])
    assert erlang_b(given["lines"], load) == pytest.approx(given["blocking"], rel=1e-13)
    assert trunks_for(load, given["blocking"]) == given["lines"]
