"""The rules of thumb: a square-root start that is near the truth, and people for seats."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtest.erlang_c import erlang_c
from loadtest.staffing_formulas import (
    halfin_whitt,
    offered_load,
    positions,
    reserve_for,
    square_root_staffing,
)


def test_a_hundred_calls_of_three_minutes_in_half_an_hour_are_ten_erlangs():
    assert offered_load(100, 1800, 180) == 10


@settings(deadline=None)
@given(operators=st.integers(0, 20_000), percent=st.integers(0, 95))
def test_people_are_counted_as_on_paper(operators, percent):
    # in whole numbers, where nothing is rounded
    assert positions(operators, percent / 100) == -(-operators * 100 // (100 - percent))


@settings(deadline=None)
@given(p_wait=st.floats(0.001, 0.999))
def test_the_reserve_is_the_limits_inverse(p_wait):
    assert halfin_whitt(reserve_for(p_wait)) == pytest.approx(p_wait, rel=1e-9)


def test_half_of_the_callers_wait_at_a_reserve_of_a_half():
    """The value everybody quotes: 0.506 (S. Halfin, W. Whitt, 1981)."""
    assert reserve_for(0.5) == pytest.approx(0.506, abs=5e-4)


@settings(deadline=None)
@given(load=st.floats(5, 3_000), p_wait=st.floats(0.05, 0.8))
def test_the_square_root_start_is_at_most_one_operator_from_the_truth(load, p_wait):
    servers = square_root_staffing(load, p_wait)
    assert erlang_c(servers + 1, load) <= p_wait
    assert servers < 3 or erlang_c(servers - 2, load) > p_wait


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: offered_load(-1, 1800, 180), "calls must be zero or more"),
        (lambda: offered_load(1, 0, 180), "interval must be above zero"),
        (lambda: positions(3, 1), "shrinkage must be at least 0 and below 1"),
        (lambda: reserve_for(1), "share who wait must be between 0 and 1"),
        (lambda: square_root_staffing(-1, 0.5), "load must be zero or more"),
    ],
)
def test_an_impossible_question_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
