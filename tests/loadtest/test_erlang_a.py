"""Waiting and hanging up: Erlang A against its Markov chain in many digits, its own integrals, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from math import erfc, exp, isnan, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtest.erlang_a import ErlangA
from loadtest.erlang_b import erlang_b
from loadtest.erlang_c import ErlangC

H = 180.0
ROUNDING = 1e-9  # shares are sums of hundreds of terms: far overloaded queues come out as 1e-12 or as 0

queues = st.builds(
    lambda servers, per_operator, *times: ErlangA(servers, servers * per_operator, *times),
    st.integers(1, 400),
    st.floats(0.01, 3),
    st.floats(10, 900),
    st.floats(1, 3_600),
)


def chain(queue: ErlangA) -> tuple[float, float]:
    """(chance to wait, mean queue) out of the birth-death chain itself, state by state, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        mu, theta = 1 / Decimal(queue.handling), 1 / Decimal(queue.patience)
        rate = Decimal(queue.load) * mu
        weight = total = Decimal(1)
        waiting, queued, n = Decimal(0), Decimal(0), 0
        if queue.servers == 0:
            waiting = weight
        while weight > total * Decimal("1e-40") or n <= queue.servers + queue.load:
            n += 1
            weight = weight * rate / (min(n, queue.servers) * mu + max(0, n - queue.servers) * theta)
            total += weight
            if n >= queue.servers:
                waiting += weight
                queued += weight * (n - queue.servers)
        return float(waiting / total), float(queued / total)


@pytest.mark.parametrize(
    ("servers", "load", "patience"),
    [
        (1, 0.3, 60),
        (0, 2.0, 60),
        (14, 10, 300),
        (14, 40, 300),
        (300, 280, 120),
        (300, 330, 120),
        (300, 900, 3_600),
        (50, 49.9, 100_000),
        (10_000, 9_900, 120),
        (10_000, 10_500, 60),
        (10_000, 20_000, 600),
    ],
)
def test_the_chances_are_the_markov_chains(servers, load, patience):
    queue = ErlangA(servers, load, H, patience)
    p_wait, queued = chain(queue)
    assert queue.p_wait == pytest.approx(p_wait, rel=1e-10)
    assert queue.queue == pytest.approx(queued, rel=1e-10)
    assert queue.mean_wait == pytest.approx(queued * H / load, rel=1e-10)
    assert queue.p_abandon == pytest.approx(queued * H / load / patience, rel=1e-10)
    if servers:
        assert queue.occupancy == pytest.approx(load * (1 - queue.p_abandon) / servers, rel=1e-10)


def integral(f: Callable[[float], float], end: float) -> float:
    """Gauss-Legendre over [0, end] in 40 panels of 12 points."""
    points, weights = np.polynomial.legendre.leggauss(12)
    panel = end / 40
    return sum(
        w * panel / 2 * f(panel * (k + (x + 1) / 2))
        for k in range(40)
        for x, w in zip(points.tolist(), weights.tolist(), strict=True)
    )


cases = pytest.mark.parametrize(
    ("servers", "load", "patience", "end"),
    [(1, 0.3, 60, 2_000), (14, 10, 300, 800), (300, 330, 120, 90), (10_000, 10_500, 60, 8)],
)


@cases
def test_the_mean_wait_is_the_area_under_the_waits(servers, load, patience, end):
    queue = ErlangA(servers, load, H, patience)
    assert integral(queue.wait_exceeds, end) == pytest.approx(queue.mean_wait, rel=1e-6)


@cases
def test_the_speed_of_answer_is_the_area_under_the_answered_waits(servers, load, patience, end):
    queue = ErlangA(servers, load, H, patience)
    answered = 1 - queue.p_abandon
    assert integral(lambda t: queue.answered_after(t) / answered, end) == pytest.approx(queue.asa, rel=1e-6)


@cases
def test_callers_hang_up_at_their_rate_while_they_wait(servers, load, patience, end):
    queue = ErlangA(servers, load, H, patience)
    early = end / 8
    rate = integral(lambda t: queue.wait_exceeds(t) / patience, early)
    assert queue.abandoned_within(early) == pytest.approx(rate, rel=1e-8)


def test_infinite_patience_is_erlang_c():
    patient, endless = ErlangA(55, 48, 240, 1e9), ErlangC(55, 48, 240)
    assert patient.p_wait == pytest.approx(endless.p_wait, rel=1e-6)
    assert patient.asa == pytest.approx(endless.asa, rel=1e-6)
    assert patient.service_level(20) == pytest.approx(endless.service_level(20), rel=1e-7)


def test_no_patience_is_erlang_b():
    hasty = ErlangA(15, 8.108, H, 1e-7)
    assert hasty.p_abandon == pytest.approx(erlang_b(15, 8.108), rel=1e-6)
    assert hasty.mean_wait < 1e-6


def test_patience_as_long_as_handling_makes_the_system_an_endless_floor():
    """With equal rates the number present is Poisson: the chance to wait is P(N >= n) for mean a."""
    term = below = exp(-10)
    for k in range(1, 14):
        term *= 10 / k
        below += term
    assert ErlangA(14, 10, H, H).p_wait == pytest.approx(1 - below, rel=1e-12)


@pytest.mark.parametrize("reserve", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("patience", [60.0, 180.0, 600.0])
def test_ten_thousand_operators_follow_garnett_mandelbaum_and_reiman(reserve, patience):
    """O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call center with impatient customers" (2002)."""

    def hazard(x: float) -> float:
        return exp(-x * x / 2) / sqrt(2 * pi) / (erfc(x / sqrt(2)) / 2)

    ratio = sqrt(patience / H)
    limit = 1 / (1 + hazard(reserve * ratio) / hazard(-reserve) / ratio)
    servers = 10_000
    queue = ErlangA(servers, servers - reserve * sqrt(servers), H, patience)
    assert queue.p_wait == pytest.approx(limit, abs=1 / sqrt(servers))


def test_in_a_great_overload_the_surplus_hangs_up():
    queue = ErlangA(10_000, 12_500, H, 120)
    assert queue.p_wait == pytest.approx(1.0, rel=1e-14)
    assert queue.p_abandon == pytest.approx(1 - 10_000 / 12_500, rel=1e-9)
    assert queue.occupancy == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize(
    ("of", "share"), [("offered", 0.773), ("offered_less_short_abandons", 0.848), ("answered", 0.853)]
)
def test_one_day_has_three_service_levels(of, share):
    assert ErlangA(300, 330, H, 120).service_level(20, of) == pytest.approx(share, abs=5e-4)


def test_what_counts_as_short_changes_the_level_that_leaves_it_out():
    queue = ErlangA(300, 330, H, 120)
    levels = [queue.service_level(20, "offered_less_short_abandons", short) for short in (0, 5, 20, 1e4)]
    assert levels[0] == pytest.approx(queue.service_level(20), rel=1e-12)
    assert levels == sorted(levels)
    assert levels[-1] == pytest.approx(queue.service_level(20, "answered"))


@settings(deadline=None)
@given(queue=queues, within=st.floats(0, 300))
def test_shares_are_shares_and_stand_in_their_order(queue, within):
    offered, lenient, answered = (
        queue.service_level(within, of) for of in ("offered", "offered_less_short_abandons", "answered")
    )
    assert 0 <= offered <= lenient <= 1
    assert lenient <= answered * (1 + 1e-9) + 1e-12
    assert 0 <= queue.p_abandon <= queue.p_wait * (1 + 1e-12)
    assert queue.p_wait <= 1
    assert queue.wait_exceeds(within) <= queue.p_wait * (1 + 1e-9)
    assert 0 <= queue.occupancy <= 1


@settings(deadline=None)
@given(queue=queues, within=st.floats(0, 300))
def test_one_more_operator_serves_better_by_every_measure(queue, within):
    more = ErlangA(queue.servers + 1, queue.load, queue.handling, queue.patience)
    slack = 1 + 1e-9
    assert more.p_wait <= queue.p_wait * slack
    assert more.p_abandon <= queue.p_abandon * slack
    assert more.mean_wait <= queue.mean_wait * slack
    assert more.occupancy <= queue.occupancy * slack
    for of in ("offered", "offered_less_short_abandons", "answered"):
        assert more.service_level(within, of) >= queue.service_level(within, of) - 1e-9


@settings(deadline=None)
@given(queue=queues, within=st.floats(0, 300), later=st.floats(0, 300))
def test_the_longer_one_looks_the_more_are_answered_and_the_more_have_left(queue, within, later):
    assert queue.answered_within(within + later) >= queue.answered_within(within) - ROUNDING
    assert queue.abandoned_within(within + later) >= queue.abandoned_within(within) - ROUNDING


def test_a_line_without_operators_answers_nobody():
    queue = ErlangA(0, 5, H, 60)
    assert queue.p_abandon == 1.0
    assert queue.mean_wait == pytest.approx(60)
    assert queue.service_level(20) == 0.0
    assert isnan(queue.asa)
    assert isnan(queue.service_level(20, "answered"))


def test_nobody_waits_where_nobody_calls():
    queue = ErlangA(3, 0, H, 60)
    assert (queue.p_wait, queue.p_abandon, queue.mean_wait, queue.asa, queue.occupancy) == (0, 0, 0, 0, 0)
    assert queue.service_level(20) == 1.0


def test_a_load_far_below_the_operators_is_nought_and_not_an_error():
    queue = ErlangA(10_000, 1, H, 60)
    assert queue.p_wait == 0.0
    assert queue.service_level(0) == 1.0


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: ErlangA(-1, 3, H, 60), "servers must be a whole number"),
        (lambda: ErlangA(1, -3, H, 60), "load must be zero or more"),
        (lambda: ErlangA(1, 3, 0, 60), "handling time must be above zero"),
        (lambda: ErlangA(1, 3, H, 0), "patience must be above zero"),
        (lambda: ErlangA(1, 3, H, 60).service_level(-1), "waiting time must be zero or more"),
        (
            lambda: ErlangA(1, 3, H, 60).service_level(1, "some"),  # pyright: ignore[reportArgumentType]
            "no such convention: some",
        ),
        (lambda: ErlangA(1, 3e9, H, 60).p_wait, "more than 5000000 callers would be waiting"),
    ],
)
def test_an_impossible_question_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
