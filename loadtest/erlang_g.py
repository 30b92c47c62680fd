"""M/G/c: handling times that are not exponential, by their coefficient of variation. An approximation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from loadtest.argument_checks import MOST_SERVERS, check_not_negative
from loadtest.erlang_c import ErlangC, too_busy
from loadtest.erlang_c import operators_for as operators_for_exponential
from loadtest.erlang_d import constant_handling_mean_wait

_HEAVY = 1.0
"""Below this servers x (1 - occupancy)^2 the exact series is long, and Cosmetatos is within 1.5 %."""


def allen_cunneen(cv: float) -> float:
    """Mean wait of M/G/c over that of M/M/c: (1 + cv^2) / 2; exact for one server and in heavy traffic.

    cv: standard deviation of the handling time over its mean, >= 0. Raises ValueError for a negative one.
    Source: A. O. Allen, "Probability, Statistics and Queueing Theory" (1978); A. M. Lee and P. A. Longton (1959).
    """
    check_not_negative(cv, "coefficient of variation")
    return (1 + cv * cv) / 2


def cosmetatos(servers: int, load: float) -> float:
    """Mean wait of M/D/c over that of M/M/c in heavy traffic, approximately; 1/2 for one server, more for many.

    servers: >= 1. load: erlangs, in (0, servers).
    Source: G. P. Cosmetatos (1975), as in W. Whitt, "Approximations for the GI/G/m queue" (1993).
    """
    occupancy = load / servers
    return (1 + (1 - occupancy) * (servers - 1) * (math.sqrt(4 + 5 * servers) - 2) / (16 * load)) / 2


def constant_over_exponential(servers: int, load: float) -> float:
    """Mean wait of M/D/c over that of M/M/c: exact in light traffic, Cosmetatos' approximation in heavy.

    servers: >= 1. load: erlangs, in (0, servers). Returns 1 where waits are too rare for a float.
    """
    if servers * (1 - load / servers) ** 2 < _HEAVY:
        return cosmetatos(servers, load)
    exponential = ErlangC(servers, load, 1.0).mean_wait
    if exponential < 1e-200:
        return 1.0
    return constant_handling_mean_wait(servers, load, 1.0) / exponential


def kimura(servers: int, load: float, cv: float) -> float:
    """Mean wait of M/G/c over that of M/M/c, from the constant and the exponential case.

    servers: >= 1. load: erlangs, in (0, servers). cv: as above.
    1 for cv = 1 and (1 + cv^2) / 2 for one server; between them it follows M/D/c, whose callers wait longer among many
    servers than Allen and Cunneen say.
    Source: T. Kimura, "A two-moment approximation for the mean waiting time in the GI/G/s queue" (1986).
    """
    check_not_negative(cv, "coefficient of variation")
    square = cv * cv
    return (1 + square) / ((1 - square) / constant_over_exponential(servers, load) + 2 * square)


@dataclass(frozen=True)
class ErlangG(ErlangC):
    """An M/G/c queue in its steady state, approximately: Erlang C's chance to wait, Kimura's mean wait.

    cv: coefficient of variation of the handling time, >= 0 (1 is exponential, 0 is constant).
    Other arguments, units and errors as in ErlangC. The wait of those who wait is taken as exponential, which is right
    in its tail; the mean is within 1.5 % of M/D/c (see the tests).
    """

    cv: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_not_negative(self.cv, "coefficient of variation")

    @cached_property
    def wait_of_waiting(self) -> float:
        """Mean wait of those who wait, seconds."""
        if self.load >= self.servers:
            return math.inf
        exponential = self.handling / (self.servers - self.load)
        return exponential * kimura(self.servers, self.load, self.cv) if self.load else exponential


def operators_for(
    load: float, handling: float, cv: float, share: float, within: float, max_occupancy: float = 1.0
) -> int:
    """The fewest operators who answer this share of callers in time, for handling times of this variation.

    Arguments, units and errors as in erlang_c.operators_for and ErlangG.
    """
    servers = operators_for_exponential(load, handling, share, within, max_occupancy)

    def enough(count: int) -> bool:
        if too_busy(count, load, max_occupancy):
            return False
        return ErlangG(count, load, handling, cv).service_level(within) >= share

    if load == 0:
        return 0
    while not enough(servers):
        servers += 1
        if servers > MOST_SERVERS:
            raise ValueError(f"{load:g} erlangs need more than {MOST_SERVERS} operators")
    while enough(servers - 1):
        servers -= 1
    return servers
