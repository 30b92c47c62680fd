"""Erlang C: callers wait as long as it takes. Cautious where people hang up; see erlang_a for those who do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from loadtest.argument_checks import (
    MOST_SERVERS,
    check_not_negative,
    check_positive,
    check_servers,
    check_share,
)
from loadtest.erlang_b import blocking_by_trunks, erlang_b


def waiting_from_blocking(servers: int, load: float, blocking: float) -> float:
    """Erlang C out of Erlang B of the same servers and load; 1.0 when load >= servers."""
    if load >= servers:
        return 1.0
    return servers * blocking / (servers - load * (1 - blocking))


def erlang_c(servers: int, load: float) -> float:
    """Probability that a caller has to wait, in an M/M/n queue without abandonment.

    servers: operators on duty, >= 0.
    load: offered load in erlangs (arrival rate x mean handling time), >= 0.
    Returns a probability in [0, 1]; 1.0 when load >= servers (the queue grows without bound), 0.0 without load.
    Raises ValueError for a negative argument.
    Source: A. K. Erlang (1917); stable recursion through Erlang B.
    """
    check_servers(servers)
    check_not_negative(load, "load")
    if load == 0:
        return 0.0
    return waiting_from_blocking(servers, load, erlang_b(servers, load))


def too_busy(servers: int, load: float, max_occupancy: float) -> bool:
    """Whether these operators are busier than allowed or never catch up; a float's last bits decide nothing."""
    return load >= servers or load > max_occupancy * servers * (1 + 1e-12)


@dataclass(frozen=True)
class ErlangC:
    """An M/M/n queue in its steady state.

    servers: operators on duty, >= 0. load: offered load, erlangs, >= 0. handling: mean handling time, seconds, > 0.
    Times are seconds. When load >= servers there is no steady state: waits are infinite, levels 0.
    Raises ValueError for an impossible argument.
    """

    servers: int
    load: float
    handling: float

    def __post_init__(self) -> None:
        check_servers(self.servers)
        check_not_negative(self.load, "load")
        check_positive(self.handling, "handling time")

    @property
    def stable(self) -> bool:
        """Whether the queue stays finite."""
        return self.load < self.servers or self.load == 0

    @cached_property
    def p_wait(self) -> float:
        """Share of callers who wait at all."""
        return erlang_c(self.servers, self.load)

    @cached_property
    def wait_of_waiting(self) -> float:
        """Mean wait of those who wait, seconds; their wait is exponential."""
        return self.handling / (self.servers - self.load) if self.load < self.servers else math.inf

    @property
    def mean_wait(self) -> float:
        """Mean wait of all callers, seconds. Everybody is answered, so it is the average speed of answer too."""
        return self.p_wait * self.wait_of_waiting if self.p_wait else 0.0

    @property
    def asa(self) -> float:
        """Average speed of answer, seconds."""
        return self.mean_wait

    @property
    def queue(self) -> float:
        """Mean number of callers waiting (Little's law)."""
        return self.mean_wait * self.load / self.handling

    @property
    def occupancy(self) -> float:
        """Share of operators' time in handling; 1.0 when the queue never empties, 0.0 without operators."""
        return min(1.0, self.load / self.servers) if self.servers else 0.0

    def wait_exceeds(self, seconds: float) -> float:
        """Share of callers who wait longer than this many seconds (>= 0)."""
        check_not_negative(seconds, "waiting time")
        if not self.p_wait:
            return 0.0
        return self.p_wait * math.exp(-seconds / self.wait_of_waiting)

    def service_level(self, within: float) -> float:
        """Share of callers answered within this many seconds. With no abandonment all conventions agree."""
        return 1.0 - self.wait_exceeds(within)


def operators_for(
    load: float, handling: float, share: float, within: float, max_occupancy: float = 1.0
) -> int:
    """The fewest operators who answer this share of callers in time.

    load: erlangs, >= 0. handling: seconds, > 0. share: in (0, 1). within: seconds, >= 0.
    max_occupancy: a ceiling on operators' occupancy, in (0, 1]; above some 0.85 people tire and handling grows.
    Raises ValueError for an impossible argument, or when more than MOST_SERVERS operators would be needed.
    """
    check_not_negative(load, "load")
    check_positive(handling, "handling time")
    check_share(share, "share")
    check_not_negative(within, "waiting time")
    if not 0 < max_occupancy <= 1:
        raise ValueError(f"maximal occupancy must be above 0 and at most 1, not {max_occupancy:g}")
    if load == 0:
        return 0
    for servers, blocking in enumerate(blocking_by_trunks(load)):
        if servers > MOST_SERVERS:
            break
        if too_busy(servers, load, max_occupancy):
            continue
        late = waiting_from_blocking(servers, load, blocking) * math.exp(
            -(servers - load) * within / handling
        )
        if late <= 1 - share:
            return servers
    raise ValueError(f"{load:g} erlangs need more than {MOST_SERVERS} operators")
