"""Rules of thumb around the closed forms: the square-root rule, and people on the roster for people on the line."""

from __future__ import annotations

import math

from loadtest.argument_checks import check_not_negative, check_positive, check_share


def offered_load(calls: float, interval: float, handling: float) -> float:
    """Offered load in erlangs.

    calls: in the interval, >= 0. interval, handling: seconds, > 0. Raises ValueError for an impossible argument.
    """
    check_not_negative(calls, "calls")
    check_positive(interval, "interval")
    check_positive(handling, "handling time")
    return calls * handling / interval


def positions(operators: int, shrinkage: float) -> int:
    """People on the roster so that this many are on the line.

    shrinkage: share of paid time away from calls (breaks, illness, training), in [0, 1).
    Rounded up, but not because of the last bits of a float: 21 at 30 % are 30 people, not 31.
    Raises ValueError for an impossible share.
    """
    if not 0 <= shrinkage < 1:
        raise ValueError(f"shrinkage must be at least 0 and below 1, not {shrinkage:g}")
    return math.ceil(round(operators / (1 - shrinkage), 9))


def halfin_whitt(reserve: float) -> float:
    """Limit of Erlang C for many operators, load + reserve x sqrt(load) of them; in (0, 1].

    reserve: > 0 (a queue without abandonment needs one).
    Source: S. Halfin and W. Whitt, "Heavy-traffic limits for queues with many exponential servers" (1981).
    """
    check_not_negative(reserve, "reserve")
    # phi / Phi, written so that a large reserve gives 0 and not 0/0
    density = math.exp(-reserve * reserve / 2) / math.sqrt(2 * math.pi)
    below = math.erfc(-reserve / math.sqrt(2)) / 2
    return density / (density + reserve * below)


def reserve_for(p_wait: float) -> float:
    """The reserve at which this share of callers waits; halfin_whitt inverted by bisection.

    p_wait: in (0, 1). Raises ValueError for another.
    """
    check_share(p_wait, "share who wait")
    low, high = 0.0, 40.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if halfin_whitt(middle) > p_wait else (low, middle)
    return high


def square_root_staffing(load: float, p_wait: float) -> int:
    """Operators so that about this share of callers waits: load + reserve x sqrt(load), rounded up. A start, no proof.

    load: erlangs, >= 0. p_wait: in (0, 1). Raises ValueError for an impossible argument.
    """
    check_not_negative(load, "load")
    return math.ceil(load + reserve_for(p_wait) * math.sqrt(load))
