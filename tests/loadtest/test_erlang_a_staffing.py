"""Operators for callers who hang up: the answer is enough, one fewer is not, and ceilings are kept."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtest import erlang_c
from loadtest.erlang_a import ErlangA
from loadtest.erlang_a_staffing import operators_for

H = 180.0


@settings(deadline=None, max_examples=60)
@given(
    load=st.floats(0.05, 900),
    patience=st.floats(5, 1_200),
    share=st.floats(0.05, 0.995),
    within=st.floats(0, 90),
    of=st.sampled_from(["offered", "offered_less_short_abandons", "answered"]),
    busy=st.sampled_from([0.7, 0.9, 1.0]),
    lost=st.sampled_from([0.01, 0.05, 1.0]),
)
def test_the_operators_found_are_enough_and_one_fewer_is_not(load, patience, share, within, of, busy, lost):
    servers = operators_for(load, H, patience, share, within, of=of, max_occupancy=busy, max_abandoned=lost)

    def enough(n: int) -> bool:
        queue = ErlangA(n, load, H, patience)
        level = queue.service_level(within, of)
        return level >= share and queue.occupancy <= busy and queue.p_abandon <= lost

    assert enough(servers)
    assert not enough(servers - 1)


def test_hanging_up_hides_ninety_four_missing_operators():
    """800 erlangs, 80 % within 20 s: with a patience of 120 s 717 "keep" it, for a tenth of the callers are gone."""
    assert operators_for(800, H, 120, 0.8, 20) == 717
    assert erlang_c.operators_for(800, H, 0.8, 20) == 811
    assert 0.09 < ErlangA(717, 800, H, 120).p_abandon < 0.13


def test_a_ceiling_on_abandonment_brings_them_back():
    servers = operators_for(800, H, 120, 0.8, 20, max_abandoned=0.02)
    assert ErlangA(servers, 800, H, 120).p_abandon <= 0.02
    assert servers > 770


@settings(deadline=None)
@given(load=st.floats(0.05, 400), patience=st.floats(5, 1_200))
def test_patient_or_not_erlang_c_is_never_too_few(load, patience):
    assert operators_for(load, H, patience, 0.8, 20) <= erlang_c.operators_for(load, H, 0.8, 20)


def test_no_calls_need_no_operators():
    assert operators_for(0, H, 60, 0.8, 20) == 0


def test_ten_thousand_operators_are_found_without_waiting_for_them():
    began = time.process_time()
    assert 9_600 < operators_for(9_900, H, 600, 0.8, 20) < 9_900
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: operators_for(float("nan"), H, 60, 0.8, 20), "load must be zero or more"),
        (lambda: operators_for(5, 0, 60, 0.8, 20), "handling time must be above zero"),
        (lambda: operators_for(5, H, -1, 0.8, 20), "patience must be above zero"),
        (lambda: operators_for(5, H, 60, 1, 20), "share must be between 0 and 1"),
        (lambda: operators_for(5, H, 60, 0.8, -20), "waiting time must be zero or more"),
        (lambda: operators_for(5, H, 60, 0.8, 20, max_abandoned=0), "maximal abandonment must be above 0"),
        (lambda: operators_for(150_000, H, 1, 0.8, 20), "need more than 100000 operators"),
    ],
)
def test_an_impossible_question_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
