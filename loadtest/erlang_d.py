"""M/D/c: constant handling times, exactly. The truth that approximations and the simulator are held against."""

from __future__ import annotations

import math

from loadtest.argument_checks import check_not_negative, check_positive, check_servers
from loadtest.queue_with_patience import log_queue_sum

_MOST_TERMS = 20_000
_NEGLIGIBLE = 1e-17


def constant_handling_mean_wait(servers: int, load: float, handling: float) -> float:
    """Mean wait of all callers, seconds, when every call lasts exactly as long as every other.

    servers: operators, >= 1. load: erlangs, in [0, servers). handling: seconds, > 0.
    Raises ValueError for another argument, or for a load so near the servers that the series is endless; it takes about
    80 / (servers (1 - occupancy)^2) terms.
    Source: C. D. Crommelin, "Delay probability formulae when the holding times are constant" (1932): with N Poisson of
    mean k load, the sum over k >= 1 of P(N >= k servers) - servers / load P(N > k servers).
    """
    check_servers(servers)
    check_not_negative(load, "load")
    check_positive(handling, "handling time")
    if load >= servers:
        raise ValueError(f"{servers} servers never catch up with {load:g} erlangs")
    if load == 0:
        return 0.0
    terms = 80 / (servers * (1 - load / servers) ** 2) + 10
    if terms > _MOST_TERMS:
        raise ValueError(f"{load:g} erlangs are too near {servers} servers to sum the wait")
    total = 0.0
    for k in range(1, math.ceil(terms)):
        exactly = _poisson(k * servers, k * load)
        more = exactly * math.expm1(log_queue_sum(k * servers, k * load))
        term = exactly - (servers / load - 1) * more
        total += term
        if exactly <= _NEGLIGIBLE * total:
            break
    return total * handling


def _poisson(count: int, mean: float) -> float:
    """P(N = count); by Stirling's series the large logarithms cancel before they are rounded."""
    if count < 16:
        return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    stirling = 1 / (12 * count) - 1 / (360 * count**3) + 1 / (1260 * count**5) - 1 / (1680 * count**7)
    excess = count * math.log(mean / count) + (count - mean)
    return math.exp(excess - stirling) / math.sqrt(2 * math.pi * count)
