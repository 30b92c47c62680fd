"""How long callers would wait: most are answered before their patience ends, so it is seen only in part.

Who hangs up shows his patience; who is answered after w seconds shows only that it was longer (censored). Leaving
the latter out would make callers look far more impatient than they are. E. Kaplan and P. Meier, JASA 53 (1958);
for call centres L. Brown et al., "Statistical Analysis of a Telephone Call Center", JASA 100 (2005), section 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from loadtest.distribution import Numbers

Flags = NDArray[np.bool_]

FEW = 20
"""Abandonments below which the shape of patience cannot be judged, and the mean is only roughly known."""

REJECTED_BELOW = 0.01
KNOTS = 500
_Z = 1.959963984540054


@dataclass(frozen=True)
class PatienceFit:
    """dist: none (nobody gave up), exponential, or empirical (Kaplan and Meier's curve).

    events: calls given up. calls: with those answered. mean: seconds, total time waited over events. p: of the
    exponential law, nan with too few events. at, share, error: the curve (seconds; share still waiting; its
    standard error). values: of the empirical law, equally likely, beyond the last event with an exponential tail.
    """

    dist: str
    events: int
    calls: int
    mean: float
    mean_ci: tuple[float, float]
    p: float
    at: Numbers
    share: Numbers
    error: Numbers
    values: Numbers

    def survival(self, x: Numbers) -> Numbers:
        """Share still waiting after x seconds under the exponential law."""
        return np.exp(-x / self.mean)

    def rest(self, waited: float, chance: float) -> float:
        """Patience of one who has waited so long already: seconds from the beginning. chance: in [0, 1)."""
        if self.dist == "none":
            return math.inf
        if self.dist == "exponential":
            return waited - self.mean * math.log1p(-chance)
        longer = self.values[self.values > waited]
        if not len(longer):
            return waited - self.mean * math.log1p(-chance)
        return float(longer[int(chance * len(longer))])


def kaplan_meier(waits: Numbers, gave_up: Flags) -> tuple[Numbers, Numbers, Numbers]:
    """(seconds at which somebody gave up, share still waiting just after, its standard error by Greenwood).

    waits: seconds. gave_up: whether each ended so; the others were answered. At equal times events come first.
    """
    order = np.lexsort((~gave_up, waits))
    times, events = waits[order], gave_up[order]
    at, first, counts = np.unique(times[events], return_index=True, return_counts=True)
    del first
    there = len(times) - np.searchsorted(times, at, side="left")
    share: Numbers = np.cumprod(1 - counts / there, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(there > counts, counts / (there * (there - counts)), 0.0))
    return at, share, share * np.sqrt(greenwood)


def fit_patience(waits: Numbers, gave_up: Flags) -> PatienceFit:
    """waits: seconds, > 0 where somebody waited at all. gave_up: who hung up before he was answered."""
    events = int(gave_up.sum())
    at, share, error = kaplan_meier(waits, gave_up)
    if not events:
        nothing = np.array([])
        return PatienceFit(
            "none", 0, len(waits), math.inf, (math.inf, math.inf), math.nan, at, share, error, nothing
        )
    mean = max(float(waits.sum()), 1e-3) / events
    half = _Z / math.sqrt(events)
    p = _exponential_p(waits, gave_up) if events >= FEW else math.nan
    dist = "empirical" if p < REJECTED_BELOW else "exponential"
    values = _values(at, share, waits, gave_up, mean)
    mean_ci = (mean * math.exp(-half), mean * math.exp(half))
    return PatienceFit(dist, events, len(waits), mean, mean_ci, p, at, share, error, values)


def _exponential_p(waits: Numbers, gave_up: Flags) -> float:
    """Likelihood ratio of one rate against a rate for each of several stretches of waiting, chi-square."""
    pieces = min(8, int(gave_up.sum()) // 10 + 1)
    edges = np.quantile(waits[gave_up], np.linspace(0, 1, pieces + 1))
    edges[0], edges[-1] = 0.0, math.inf
    edges = np.unique(edges)
    spent = np.array([np.clip(waits - low, 0, high - low).sum() for low, high in pairwise(edges)])
    events = np.histogram(waits[gave_up], np.append(edges[:-1], waits.max() + 1))[0]
    rate = events.sum() / spent.sum()
    seen = events > 0
    ratio = 2 * float((events[seen] * np.log(events[seen] / (rate * spent[seen]))).sum())
    return chi_square_above(ratio, len(events) - 1)


def chi_square_above(value: float, freedom: int) -> float:
    """Share of a chi-square law above `value`; E. Wilson and M. Hilferty's approximation (1931)."""
    if freedom < 1 or value <= 0:
        return 1.0
    z = ((value / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    return 0.5 * math.erfc(z / math.sqrt(2))


def _values(at: Numbers, share: Numbers, waits: Numbers, gave_up: Flags, mean: float) -> Numbers:
    """The curve's quantiles. What is left after its last step decays at the rate of the last fifth of events."""
    chances = (np.arange(KNOTS) + 0.5) / KNOTS
    gone = 1 - share
    found = at[np.minimum(np.searchsorted(gone, chances), len(at) - 1)]
    late = float(np.quantile(waits[gave_up], 0.8))
    after = int((waits[gave_up] > late).sum())
    tail = float(np.clip(waits - late, 0, None).sum()) / after if after else mean
    beyond = chances > gone[-1]
    left = np.maximum(share[-1], 1e-12)
    return np.where(beyond, at[-1] - tail * np.log(np.maximum(1 - chances, 1e-12) / left), found)
