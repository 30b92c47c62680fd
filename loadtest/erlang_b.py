"""Erlang B: trunks without waiting room. A call that finds them all busy is lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from loadtest.argument_checks import (
    MOST_SERVERS,
    check_not_negative,
    check_servers,
    check_share,
)


def blocking_by_trunks(load: float) -> Iterator[float]:
    """The blocking of 0, 1, 2, ... trunks, without end.

    load: offered load in erlangs, >= 0.
    Source: the recursion B(n) = a B(n-1) / (n + a B(n-1)). Every term is positive and nothing is subtracted, so
    rounding does not grow; a blocking below the smallest float becomes 0.0.
    """
    blocking, trunks = 1.0, 0
    while True:
        yield blocking
        trunks += 1
        carried = load * blocking
        blocking = carried / (trunks + carried)


def erlang_b(trunks: int, load: float) -> float:
    """Probability that a call is blocked in M/G/n/n; the shape of the holding time does not matter.

    trunks: lines, >= 0.
    load: offered load in erlangs (arrival rate x mean holding time), >= 0.
    Returns a probability in [0, 1]; 1.0 without a trunk.
    Raises ValueError for a negative argument or more than MOST_SERVERS trunks.
    Source: A. K. Erlang (1917).
    """
    check_servers(trunks, "trunks")
    check_not_negative(load, "load")
    return next(islice(blocking_by_trunks(load), trunks, None))


def trunks_for(load: float, blocking: float) -> int:
    """The fewest trunks that block at most this share of calls.

    load: offered load in erlangs, >= 0. blocking: the share that may be lost, in (0, 1).
    Raises ValueError for an impossible argument, or when more than MOST_SERVERS trunks would be needed.
    """
    check_not_negative(load, "load")
    check_share(blocking, "blocking")
    for trunks, lost in enumerate(blocking_by_trunks(load)):
        if lost <= blocking:
            return trunks
        if trunks >= MOST_SERVERS:
            break
    raise ValueError(f"{load:g} erlangs need more than {MOST_SERVERS} trunks")


def load_for(trunks: int, blocking: float) -> float:
    """The largest load, in erlangs, that this many trunks carry with at most this blocking.

    trunks: lines, >= 0. blocking: the share that may be lost, in (0, 1).
    Returns erlangs, to the last bits of a float; 0.0 without a trunk.
    Raises ValueError for an impossible argument.
    Source: bisection; blocking grows strictly with load, and B(n, a) >= 1 - n/a bounds the load from above.
    """
    check_servers(trunks, "trunks")
    check_share(blocking, "blocking")
    low, high = 0.0, trunks / (1 - blocking)
    while low < (middle := (low + high) / 2) < high:
        if erlang_b(trunks, middle) <= blocking:
            low = middle
        else:
            high = middle
    return low
