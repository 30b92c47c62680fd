"""Handling times that are not exponential: the exact constant case, and how near the approximation comes to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtest.erlang_c import ErlangC
from loadtest.erlang_c import operators_for as operators_for_exponential
from loadtest.erlang_d import constant_handling_mean_wait
from loadtest.erlang_g import ErlangG, allen_cunneen, operators_for

H = 180.0


def mean_wait_by_the_embedded_chain(servers: int, load: float) -> float:
    """M/D/c once more: who was in service a handling time ago is gone, new calls are Poisson; in handling times."""
    size = servers + 150
    poisson = np.exp(-load) * np.cumprod(np.concatenate(([1.0], load / np.arange(1, size))))
    step = np.zeros((size, size))
    for state in range(size):
        left = max(0, state - servers)
        step[state, left:] = poisson[: size - left]
        step[state, -1] += 1 - step[state].sum()
    share = np.full(size, 1 / size)
    for _ in range(3_000):
        share = share @ step
    return float(share @ np.maximum(np.arange(size) - servers, 0)) / load


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 1.6), (5, 4), (14, 10), (14, 12.6)])
def test_the_constant_case_is_its_markov_chain(servers, load):
    exact = mean_wait_by_the_embedded_chain(servers, load)
    assert constant_handling_mean_wait(servers, load, 1.0) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9])
def test_one_operator_with_constant_handling_follows_pollaczek_and_khinchine(load):
    assert constant_handling_mean_wait(1, load, H) == pytest.approx(load / (2 * (1 - load)) * H, rel=1e-12)


@pytest.mark.parametrize("servers", [2, 5, 14, 30, 100, 300, 1_000])
@pytest.mark.parametrize("occupancy", [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95])
def test_the_approximation_is_within_one_and_a_half_percent(servers, occupancy):
    load = servers * occupancy
    exact = constant_handling_mean_wait(servers, load, H)
    assert ErlangG(servers, load, H, cv=0.0).mean_wait == pytest.approx(exact, rel=0.015, abs=1e-150)


@pytest.mark.parametrize(("servers", "occupancy"), [(14, 0.97), (100, 0.98), (300, 0.97), (1_000, 0.98)])
def test_nearly_always_busy_it_still_is(servers, occupancy):
    exact = constant_handling_mean_wait(servers, servers * occupancy, H)
    assert ErlangG(servers, servers * occupancy, H, cv=0.0).mean_wait == pytest.approx(exact, rel=0.015)


def test_allen_and_cunneen_promise_a_seventh_too_little_at_three_hundred():
    exact = constant_handling_mean_wait(300, 280, H)
    assert allen_cunneen(0) * ErlangC(300, 280, H).mean_wait < 0.87 * exact
    assert ErlangG(300, 280, H, 0.0).mean_wait == pytest.approx(exact, rel=0.002)


@settings(deadline=None)
@given(servers=st.integers(1, 500), occupancy=st.floats(0.01, 0.999))
def test_a_variation_of_one_is_erlang_c(servers, occupancy):
    load = servers * occupancy
    general, exponential = ErlangG(servers, load, H, 1.0), ErlangC(servers, load, H)
    assert general.mean_wait == pytest.approx(exponential.mean_wait, rel=1e-12)
    assert general.service_level(20) == pytest.approx(exponential.service_level(20), rel=1e-12)


@settings(deadline=None)
@given(load=st.floats(0.01, 0.99), cv=st.floats(0, 4))
def test_one_operator_is_exact_for_any_variation(load, cv):
    pollaczek_khinchine = load * H * (1 + cv * cv) / 2 / (1 - load)
    assert ErlangG(1, load, H, cv).mean_wait == pytest.approx(pollaczek_khinchine, rel=1e-9)


@settings(deadline=None)
@given(
    servers=st.integers(1, 500), occupancy=st.floats(0.01, 0.999), cv=st.floats(0, 3), more=st.floats(0.01, 1)
)
def test_more_variation_means_more_waiting(servers, occupancy, cv, more):
    load = servers * occupancy
    steady, unsteady = (ErlangG(servers, load, H, c).mean_wait for c in (cv, cv + more))
    assert unsteady >= steady * (1 - 1e-12)


def test_ten_thousand_operators_are_no_trouble():
    heavy, light = ErlangG(10_000, 9_950, H, 0.5), ErlangG(10_000, 10, H, 0.5)
    assert allen_cunneen(0.5) * ErlangC(10_000, 9_950, H).mean_wait < heavy.mean_wait
    assert heavy.mean_wait < ErlangC(10_000, 9_950, H).mean_wait
    assert light.mean_wait == 0.0


@settings(deadline=None)
@given(load=st.floats(0.1, 400), cv=st.floats(0, 3), share=st.floats(0.1, 0.99))
def test_the_operators_found_are_enough_and_one_fewer_is_not(load, cv, share):
    servers = operators_for(load, H, cv, share, 20)
    assert ErlangG(servers, load, H, cv).service_level(20) >= share
    fewer = ErlangG(servers - 1, load, H, cv)
    assert not fewer.stable or fewer.service_level(20) < share


def test_steady_handling_saves_an_operator_and_unsteady_costs_one():
    exponential = operators_for_exponential(48, 240, 0.8, 20)
    assert operators_for(48, 240, 0.0, 0.8, 20) < exponential < operators_for(48, 240, 2.0, 0.8, 20)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: ErlangG(3, 1, H, -1), "coefficient of variation must be zero or more"),
        (lambda: constant_handling_mean_wait(3, 3, H), "3 servers never catch up with 3 erlangs"),
        (lambda: constant_handling_mean_wait(3, 2.9999, H), "too near 3 servers"),
    ],
)
def test_an_impossible_question_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
