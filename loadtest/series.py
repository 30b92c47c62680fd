"""The days by time of day and by length of wait: what the pictures of a report show, as arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from loadtest.counts import QUEUE_STEP_S, WAIT_EDGES
from loadtest.distribution import Numbers
from loadtest.figures import Days, service_level
from loadtest.forecast import half_hours
from loadtest.intervals import mean, ratio

FAN = (0.05, 0.25, 0.5, 0.75, 0.95)
Found = tuple[float, float] | None


class Band(NamedTuple):
    """A figure by half hour and its 95 % interval; nan where there was nothing to measure."""

    mean: Numbers
    low: Numbers
    high: Numbers


def middle_h(days: Days) -> Numbers:
    """The middle of each half hour, hours from midnight."""
    edges = half_hours(days.scenario)
    return (edges[:-1] + edges[1:]) / 2 / 3600


def level_band(days: Days) -> Band:
    """Answered in time / offered."""
    return _band(days, lambda scope: service_level(days, scope, "offered"), most=1.0)


def abandoned_band(days: Days) -> Band:
    """Abandoned / offered."""
    return _band(days, lambda scope: ratio(days.column(scope, "abandoned"), days.offered(scope)), most=1.0)


def wait_band(days: Days) -> Band:
    """Mean wait of those who held the line and were answered, seconds."""

    def asa(scope: int) -> Found:
        held = days.column(scope, "answered") - days.column(scope, "called_back")
        return ratio(days.column(scope, "wait_of_answered"), held)

    return _band(days, asa)


def occupancy_band(days: Days) -> Band:
    """Talking and writing up / on duty."""
    return _band(
        days, lambda scope: ratio(days.column(scope, "handling"), days.column(scope, "duty")), most=1.0
    )


def present(days: Days) -> Numbers:
    """Operators on duty, mean of each half hour."""
    lengths = np.diff(half_hours(days.scenario))
    scopes = [days.scopes.interval_row(n) for n in range(days.scopes.intervals)]
    return np.array([mean(days.column(scope, "duty"))[0] for scope in scopes]) / lengths


def _band(days: Days, of: Callable[[int], Found], *, most: float = math.inf) -> Band:
    found = [of(days.scopes.interval_row(n)) or (math.nan, math.nan) for n in range(days.scopes.intervals)]
    middle, half = np.array(found).T
    return Band(middle, np.maximum(middle - half, 0.0), np.minimum(middle + half, most))


def queue_fan(days: Days) -> tuple[Numbers, Numbers]:
    """(hours from midnight, callers waiting by FAN's quantiles over the days: shape (quantiles, moments))."""
    lengths = np.stack([day.queue for day in days.days])
    return np.arange(lengths.shape[1]) * QUEUE_STEP_S / 3600, np.quantile(lengths, FAN, axis=0)


def wait_law(days: Days) -> tuple[Numbers, Band] | None:
    """(waits in seconds, share of answered callers who waited no longer); None when nobody was answered.

    From no wait to where 99.9 % have been answered.
    """
    counts = np.stack([one[0] for one in days.waits]).astype(float)
    if not counts.sum():
        return None
    below, answered = counts.cumsum(axis=1), counts.sum(axis=1)
    pooled = below.sum(axis=0)
    last = min(int(np.searchsorted(pooled, 0.999 * pooled[-1])) + 2, len(WAIT_EDGES))
    classes = [0, *range(200, last, 4)]  # classes below a tenth of a second say nothing
    found = np.array([ratio(below[:, n], answered) or (math.nan, math.nan) for n in classes])
    middle, half = found.T
    band = Band(middle, np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0))
    return WAIT_EDGES[classes], band
