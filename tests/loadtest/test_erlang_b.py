"""Trunks: Erlang B against exact fractions, many digits, asymptotics, and its own inverses."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import islice
from math import exp, pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtest.erlang_b import blocking_by_trunks, erlang_b, load_for, trunks_for

loads = st.floats(0.001, 12_000)
blockings = st.floats(1e-6, 0.999)


def by_definition(trunks: int, load: Fraction) -> Fraction:
    """a^n / n! over the sum of a^k / k!, in exact fractions."""
    terms = [Fraction(1)]
    for k in range(1, trunks + 1):
        terms.append(terms[-1] * load / k)
    return terms[-1] / sum(terms)


@pytest.mark.parametrize("trunks", [0, 1, 2, 5, 17, 60])
@pytest.mark.parametrize("load", [Fraction(1, 8), Fraction(1), Fraction(7, 2), Fraction(50), Fraction(1000)])
def test_the_recursion_is_the_definition(trunks, load):
    assert erlang_b(trunks, float(load)) == pytest.approx(float(by_definition(trunks, load)), rel=1e-14)


@pytest.mark.parametrize(
    ("trunks", "load"), [(10_000, 9_500), (10_000, 10_500), (10_000, 12_000), (9_000, 8_000)]
)
def test_ten_thousand_trunks_lose_no_digits(trunks, load):
    with localcontext() as context:
        context.prec = 60
        term = total = Decimal(1)
        for k in range(1, trunks + 1):
            term = term * load / k
            total += term
        exact = float(term / total)
    assert erlang_b(trunks, load) == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize("n", [1_000, 10_000, 100_000])
def test_as_many_erlangs_as_trunks_follow_ramanujan(n):
    """1/B(n, n) = 1 + Q(n), Ramanujan's function; D. Knuth, The Art of Computer Programming 1, 1.2.11.3."""
    q = sqrt(pi * n / 2) - 1 / 3 + sqrt(pi / (2 * n)) / 12 - 4 / (135 * n)
    assert 1 / erlang_b(n, n) == pytest.approx(1 + q, abs=10 * n**-1.5 + 1e-10 * q)


def test_a_blocking_too_small_for_a_float_is_nought_and_not_an_error():
    assert erlang_b(10_000, 1.0) == 0.0


@pytest.mark.parametrize("load", [0, 1, 40])
def test_without_a_trunk_every_call_is_lost(load):
    assert erlang_b(0, load) == 1.0


def test_without_load_no_call_is_lost_once_there_is_a_trunk():
    assert erlang_b(1, 0) == 0.0


@settings(deadline=None)
@given(load=loads, trunks=st.integers(1, 3_000))
def test_more_trunks_lose_less_and_more_load_loses_more(load, trunks):
    fewer, more = islice(blocking_by_trunks(load), trunks - 1, trunks + 1)
    assert 0 <= more <= fewer <= 1
    assert erlang_b(trunks, load * 1.01) >= more


@settings(deadline=None)
@given(load=loads, trunks=st.integers(1, 3_000))
def test_trunks_cannot_carry_more_calls_than_there_are(load, trunks):
    assert load * (1 - erlang_b(trunks, load)) <= trunks * (1 + 1e-12)


@settings(deadline=None)
@given(load=loads, blocking=blockings)
def test_the_trunks_found_are_enough_and_one_fewer_is_not(load, blocking):
    trunks = trunks_for(load, blocking)
    assert erlang_b(trunks, load) <= blocking
    assert trunks == 0 or erlang_b(trunks - 1, load) > blocking


@settings(deadline=None)
@given(trunks=st.integers(1, 300), blocking=blockings)
def test_the_load_found_has_the_blocking_asked_for(trunks, blocking):
    assert erlang_b(trunks, load_for(trunks, blocking)) == pytest.approx(blocking, rel=1e-8)


def test_a_single_trunk_has_the_formula_one_can_do_in_ones_head():
    assert erlang_b(1, 1) == 0.5
    assert load_for(1, 0.5) == pytest.approx(1.0, rel=1e-15)


def test_a_large_group_with_spare_trunks_blocks_as_the_poisson_law_says():
    # far below the group's size the truncation does not matter: B is the Poisson probability of n
    poisson = exp(-1)
    for k in range(1, 21):
        poisson /= k
    assert erlang_b(20, 1) == pytest.approx(poisson, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: erlang_b(-1, 3), "trunks must be a whole number, zero or more, not -1"),
        (lambda: erlang_b(2.5, 3), "trunks must be a whole number, zero or more, not 2.5"),  # pyright: ignore
        (lambda: erlang_b(3, -1), "load must be zero or more, not -1"),
        (lambda: erlang_b(3, float("nan")), "load must be zero or more, not nan"),
        (lambda: erlang_b(100_001, 3), "trunks must be at most 100000, not 100001"),
        (lambda: trunks_for(3, 0), "blocking must be between 0 and 1, not 0"),
        (lambda: trunks_for(1e7, 0.01), r"1e\+07 erlangs need more than 100000 trunks"),
        (lambda: load_for(3, 1), "blocking must be between 0 and 1, not 1"),
    ],
)
def test_an_impossible_question_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
