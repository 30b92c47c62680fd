"""How many operators a line needs whose callers hang up: Erlang A, inverted."""

from __future__ import annotations

import math
from collections.abc import Callable

from loadtest.argument_checks import MOST_SERVERS, check_not_negative, check_positive, check_share
from loadtest.erlang_a import Convention, ErlangA


def operators_for(
    load: float,
    handling: float,
    patience: float,
    share: float,
    within: float,
    *,
    of: Convention = "offered",
    short: float | None = None,
    max_occupancy: float = 1.0,
    max_abandoned: float = 1.0,
) -> int:
    """The fewest operators who answer this share of calls in time, and keep two optional ceilings.

    load: erlangs, >= 0. handling, patience: seconds, > 0. share: in (0, 1). within: seconds, >= 0.
    of, short: the convention, as in ErlangA.service_level.
    max_occupancy, max_abandoned: shares in (0, 1]. Name the second: a queue that many leave has a fine service level.
    Raises ValueError for an impossible argument, or when more than MOST_SERVERS operators would be needed.
    """
    check_not_negative(load, "load")
    check_share(share, "share")
    for ceiling, name in ((max_occupancy, "maximal occupancy"), (max_abandoned, "maximal abandonment")):
        if not 0 < ceiling <= 1:
            raise ValueError(f"{name} must be above 0 and at most 1, not {ceiling:g}")
    check_positive(handling, "handling time")
    check_positive(patience, "patience")
    check_not_negative(within, "waiting time")
    if load == 0:
        return 0

    def enough(servers: int) -> bool:
        queue = ErlangA(servers, load, handling, patience)
        return (
            queue.service_level(within, of, short) >= share
            and queue.occupancy <= max_occupancy
            and queue.p_abandon <= max_abandoned
        )

    return _first_enough(min(MOST_SERVERS, math.ceil(load)), enough, load)


def _first_enough(start: int, enough: Callable[[int], bool], load: float) -> int:
    """The smallest number that is enough, as more never is worse; sought from `start`, then by halving."""
    low, high = 0, start
    while not enough(high):
        if high >= MOST_SERVERS:
            raise ValueError(f"{load:g} erlangs need more than {MOST_SERVERS} operators")
        low, high = high, min(MOST_SERVERS, high + max(1, high - low))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
