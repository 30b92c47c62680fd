"""Waiting without hanging up: Erlang C against many digits, the Halfin-Whitt limit, and its own inverse."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import inf, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtest.erlang_c import ErlangC, erlang_c, operators_for
from loadtest.staffing_formulas import halfin_whitt

HANDLING = 180.0
loads = st.floats(0.01, 3_000)


def by_definition(servers: int, load: float) -> float:
    """The textbook's quotient of sums, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        a = Decimal(load)
        term, below = Decimal(1), Decimal(0)
        for k in range(servers):
            below += term
            term = term * a / (k + 1)
        waiting = term * servers / (servers - a)
        return float(waiting / (below + waiting))


@pytest.mark.parametrize(
    ("servers", "load"),
    [(1, 0.8), (2, 1.5), (14, 10), (55, 48), (300, 280), (1_000, 999.5), (10_000, 9_900), (10_000, 9_999)],
)
def test_the_chance_to_wait_is_the_textbooks_to_ten_digits(servers, load):
    assert erlang_c(servers, load) == pytest.approx(by_definition(servers, load), rel=1e-10)


@pytest.mark.parametrize("reserve", [0.25, 0.5, 1.0, 2.0])
def test_ten_thousand_operators_follow_halfin_and_whitt(reserve):
    """S. Halfin, W. Whitt (1981): with n = a + reserve sqrt(a) the chance to wait tends to a limit, as 1 / sqrt(n)."""
    servers = 10_000
    load = servers - reserve * sqrt(servers)
    limit = halfin_whitt(reserve)
    assert erlang_c(servers, load) == pytest.approx(limit, abs=1 / sqrt(servers))


def test_one_operator_is_busy_for_the_share_of_time_that_callers_wait():
    queue = ErlangC(1, 0.8, HANDLING)
    assert queue.p_wait == pytest.approx(0.8)
    assert queue.mean_wait == pytest.approx(0.8 / 0.2 * HANDLING)


def test_a_queue_without_end_is_said_to_be_one():
    queue = ErlangC(10, 10, HANDLING)
    assert not queue.stable
    assert queue.p_wait == 1.0
    assert queue.asa == inf
    assert queue.queue == inf
    assert queue.occupancy == 1.0
    assert queue.service_level(3600) == 0.0


def test_nobody_waits_where_nobody_calls():
    queue = ErlangC(0, 0, HANDLING)
    assert queue.stable
    assert (queue.p_wait, queue.asa, queue.occupancy, queue.service_level(0)) == (0, 0, 0, 1)


@settings(deadline=None)
@given(load=loads, spare=st.integers(1, 200), within=st.floats(0, 300))
def test_one_more_operator_never_makes_anybody_wait_longer(load, spare, within):
    few, many = (ErlangC(int(load) + spare + n, load, HANDLING) for n in (0, 1))
    assert many.p_wait <= few.p_wait
    assert many.asa <= few.asa
    assert many.service_level(within) >= few.service_level(within)
    assert many.occupancy < few.occupancy


@settings(deadline=None)
@given(load=loads, spare=st.integers(1, 200), within=st.floats(0, 300))
def test_levels_rise_with_patience_of_the_planner_and_stay_shares(load, spare, within):
    queue = ErlangC(int(load) + spare, load, HANDLING)
    assert 0 <= 1 - queue.p_wait <= queue.service_level(within) <= queue.service_level(within + 10) <= 1


@settings(deadline=None)
@given(
    load=loads, share=st.floats(0.05, 0.999), within=st.floats(0, 120), most=st.sampled_from([0.5, 0.85, 1.0])
)
def test_the_operators_found_are_enough_and_one_fewer_is_not(load, share, within, most):
    servers = operators_for(load, HANDLING, share, within, most)

    def enough(n: int) -> bool:
        queue = ErlangC(n, load, HANDLING)
        late = queue.wait_exceeds(within)
        return queue.stable and late <= 1 - share and queue.occupancy <= most * (1 + 1e-12)

    assert enough(servers)
    assert not enough(servers - 1)


def test_the_last_bits_of_a_float_do_not_hire_anybody():
    # 0.57 x 100 is 56.99999999999999 in floats, and 57 erlangs are not above it
    assert operators_for(57, HANDLING, 0.01, 20, max_occupancy=0.57) == 100


def test_eight_hundred_erlangs_without_hanging_up_need_eight_hundred_and_eleven_operators():
    assert operators_for(800, HANDLING, 0.8, 20) == 811


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: erlang_c(-1, 3), "servers must be a whole number"),
        (lambda: ErlangC(3, -1, 1), "load must be zero or more"),
        (lambda: ErlangC(3, 1, 0), "handling time must be above zero"),
        (lambda: ErlangC(3, 1, 1).service_level(-1), "waiting time must be zero or more"),
        (lambda: operators_for(3, 1, 1.0, 1), "share must be between 0 and 1"),
        (lambda: operators_for(3, 1, 0.8, 1, 1.1), "maximal occupancy must be above 0 and at most 1"),
        (lambda: operators_for(100_000, 1, 0.8, 1), "need more than 100000 operators"),
    ],
)
def test_an_impossible_question_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
