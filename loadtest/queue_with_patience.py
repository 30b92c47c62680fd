"""The sums over the length of a queue whose callers hang up: what Erlang A is made of.

While all operators are busy, the queue's length k is a birth-death chain: births at the arrival rate, deaths at
n mu + k theta. In units of theta (one caller's hanging up) the weight of length k, relative to the empty queue, is
x_k = inflow^k / ((drain + 1) ... (drain + k)). All terms are positive, so the sums lose no digits; in an overload
they pass any float, so each is kept with the logarithm of a common scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_MOST_WAITING = 5_000_000
_LARGE = 1e250
_NEGLIGIBLE = 1e-18


@dataclass(frozen=True)
class QueueSums:
    """Sums over the queue's length, each to be multiplied by exp(log_scale).

    states: sum of x_k. waiting: sum of k x_k.
    answered_wait: sum of x_k x P(one who meets k waiting is answered) x his mean wait then, in units of patience.
    """

    states: float
    waiting: float
    answered_wait: float
    log_scale: float


def queue_sums(drain: float, inflow: float) -> QueueSums:
    """The moments of the queue's length and of the answered callers' wait.

    drain: operators' rate x mean patience, >= 0. inflow: arrival rate x mean patience, >= 0.
    Raises ValueError when the queue is too long to sum.
    A caller who meets k waiting is answered with probability drain / (drain + k + 1); given that, his wait is a sum of
    exponentials with the rates drain + 1, ..., drain + 1 + k, because being answered favours the quick.
    """
    states, waiting, log_scale, weight, k = 1.0, 0.0, 0.0, 1.0, 0
    wait = 1 / (drain + 1)
    answered_wait = drain / (drain + 1) * wait
    _refuse_endless(inflow - drain)
    while weight > _NEGLIGIBLE * states or inflow > drain + k:
        k += 1
        weight *= inflow / (drain + k)
        wait += 1 / (drain + 1 + k)
        states += weight
        waiting += k * weight
        answered_wait += weight * drain / (drain + k + 1) * wait
        if states > _LARGE:
            states, waiting, answered_wait, weight = (
                x / _LARGE for x in (states, waiting, answered_wait, weight)
            )
            log_scale += math.log(_LARGE)
    return QueueSums(states, waiting, answered_wait, log_scale)


def log_queue_sum(drain: float, inflow: float) -> float:
    """Logarithm of the sum of x_k alone; arguments and errors as in queue_sums."""
    states, log_scale, weight, k = 1.0, 0.0, 1.0, 0
    _refuse_endless(inflow - drain)
    while weight > _NEGLIGIBLE * states or inflow > drain + k:
        k += 1
        weight *= inflow / (drain + k)
        states += weight
        if states > _LARGE:
            states, weight = states / _LARGE, weight / _LARGE
            log_scale += math.log(_LARGE)
    return math.log(states) + log_scale


def _refuse_endless(surplus: float) -> None:
    """The most probable length of the queue is the surplus, and the sums go over all lengths up to it and beyond."""
    if surplus > _MOST_WAITING:
        raise ValueError(
            f"more than {_MOST_WAITING} callers would be waiting; is the load, the patience or a unit wrong?"
        )
