"""Which law recorded durations follow: exponential, lognormal or gamma by maximum likelihood, or none of them.

Whether the best law is good enough is asked with the sample size in mind. A few hundred values reject only what
is plainly wrong; fifty thousand reject every law there is, by differences that no planner would notice. So a law
is taken when the Anderson-Darling test does not reject it, or when its largest distance from what was recorded
(Kolmogorov-Smirnov's D) is below NEAR; otherwise the values themselves are the law (`dist: empirical`).

The test's p-value comes by parametric bootstrap, because the parameters were estimated from the same values:
W. Stute et al., "Bootstrap based goodness-of-fit tests", Metrika 40 (1993).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loadtest.distribution import Numbers

ENOUGH = 30
"""Values below which no law is chosen among several: the exponential is taken, and said to be a guess."""

NEAR = 0.02
REJECTED_BELOW = 0.01
BOOTSTRAPS = 199
TESTED = 2_000
"""The test looks at so many of the values, drawn by chance, at most."""

SHORTEST_S = 1e-3
_Z = 1.959963984540054


@dataclass(frozen=True)
class DurationFit:
    """dist: a name of the scenario's; "empirical" when no law is near. best: the likeliest law, whatever dist says.

    mean, cv: of `best` (of the values, when empirical). mean_ci, cv_ci: 95 %. distance: Kolmogorov-Smirnov's D
    of `best`. p: of the Anderson-Darling test, nan with too few values. values: recorded, rising, seconds.
    """

    dist: str
    best: str
    mean: float
    cv: float
    mean_ci: tuple[float, float]
    cv_ci: tuple[float, float]
    distance: float
    p: float
    values: Numbers

    @property
    def guess(self) -> bool:
        return len(self.values) < ENOUGH and self.best != "deterministic"

    def cdf(self, x: Numbers) -> Numbers:
        """Of the best law."""
        return _cdf(self.best, self.mean, self.cv, x)

    def quantiles(self, shares: Numbers) -> Numbers:
        """Of the best law, read from its distribution function."""
        top = max(float(self.values[-1]) * 4, self.mean * 10)
        grid = np.concatenate([[0.0], np.geomspace(self.mean * 1e-4, top, 4_000)])
        return np.interp(shares, self.cdf(grid), grid)


def fit_durations(values: Numbers, rng: np.random.Generator) -> DurationFit:
    """values: seconds, at least one; not positive ones count as SHORTEST_S. rng: for the test's bootstrap."""
    x = np.sort(np.maximum(np.asarray(values, np.float64), SHORTEST_S))
    if len(x) > 1 and float(x.std()) < 1e-3 * float(x.mean()):
        return _fit("deterministic", x, math.nan)
    if len(x) < ENOUGH:
        return _fit("exponential", x, math.nan)
    best = max(("exponential", "lognormal", "gamma"), key=lambda name: _score(name, x))
    return _fit(best, x, _p_value(best, x, rng))


def _fit(best: str, x: Numbers, p: float) -> DurationFit:
    mean, cv = parameters(best, x)
    distance = _distance(best, mean, cv, x)
    near = best == "deterministic" or len(x) < ENOUGH or p >= REJECTED_BELOW or distance <= NEAR
    mean_ci, cv_ci = _intervals(best, mean, cv, x)
    return DurationFit(best if near else "empirical", best, mean, cv, mean_ci, cv_ci, distance, p, x)


def parameters(name: str, x: Numbers) -> tuple[float, float]:
    """(mean, cv) by maximum likelihood."""
    mean = float(x.mean())
    if name == "exponential":
        return mean, 1.0
    if name == "deterministic":
        return mean, 0.0
    if name == "lognormal":
        logs = np.log(x)
        mu, variance = float(logs.mean()), float(logs.var())
        return math.exp(mu + variance / 2), math.sqrt(math.expm1(variance))
    return mean, 1 / math.sqrt(gamma_shape(x))


def gamma_shape(x: Numbers) -> float:
    """The likeliest shape of a gamma law, by Newton's method from the approximation of S. C. Choi and R. Wette,
    Technometrics 11 (1969)."""
    s = max(math.log(float(x.mean())) - float(np.log(x).mean()), 1e-12)
    shape = (3 - s + math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
    for _ in range(20):
        step = (math.log(shape) - _digamma(shape) - s) / (1 / shape - _trigamma(shape))
        shape = max(shape - step, shape / 10)
        if abs(step) < 1e-10 * shape:
            break
    return shape


def _score(name: str, x: Numbers) -> float:
    """Schwarz's: twice the log likelihood, less ln(n) for each parameter: the plainer law unless another is better."""
    mean, cv = parameters(name, x)
    logs, price = np.log(x), math.log(len(x))
    if name == "exponential":
        return 2 * float((-math.log(mean) - x / mean).sum()) - price
    if name == "lognormal":
        variance = math.log1p(cv * cv)
        mu = math.log(mean) - variance / 2
        density = -logs - 0.5 * math.log(2 * math.pi * variance) - (logs - mu) ** 2 / (2 * variance)
        return 2 * float(density.sum()) - 2 * price
    shape = 1 / cv**2
    scale = mean / shape
    density = (shape - 1) * logs - x / scale - math.lgamma(shape) - shape * math.log(scale)
    return 2 * float(density.sum()) - 2 * price


def _cdf(name: str, mean: float, cv: float, x: Numbers) -> Numbers:
    x = np.maximum(x, 1e-12)
    if name == "exponential":
        return 1 - np.exp(-x / mean)
    if name == "deterministic":
        return (x >= mean * (1 - 1e-9)).astype(np.float64)
    if name == "lognormal":
        variance = math.log1p(cv * cv)
        z = (np.log(x) - (math.log(mean) - variance / 2)) / math.sqrt(variance)
        return 0.5 * (1 + _erf(z / math.sqrt(2)))
    return _gamma_cdf(1 / cv**2, x * (1 / cv**2 / mean))


def _gamma_cdf(shape: float, x: Numbers) -> Numbers:
    """By the density of the logarithm, which is smooth for every shape, summed on a fine grid."""
    spread = 1 / math.sqrt(shape)
    middle = math.log(shape)
    low = min(middle - 12 * spread - 30 / shape, middle - 5)
    grid = np.linspace(low, middle + 12 * spread + 3, 6_000)
    density = np.exp(shape * grid - np.exp(grid) - math.lgamma(shape))
    steps = (density[1:] + density[:-1]) / 2 * np.diff(grid)
    summed = np.concatenate([[0.0], np.cumsum(steps)])
    return np.interp(np.log(x), grid, np.minimum(summed / summed[-1], 1.0))


def _erf(z: Numbers) -> Numbers:
    return np.array([math.erf(one) for one in z.tolist()])


def _distance(name: str, mean: float, cv: float, x: Numbers) -> float:
    """Kolmogorov-Smirnov's D of sorted values."""
    at = _cdf(name, mean, cv, x)
    number = np.arange(1, len(x) + 1)
    return float(max((number / len(x) - at).max(), (at - (number - 1) / len(x)).max()))


def _anderson_darling(name: str, x: Numbers) -> float:
    """A-squared of sorted values, the parameters estimated from them."""
    at = np.clip(_cdf(name, *parameters(name, x), x), 1e-12, 1 - 1e-12)
    n = len(x)
    weights = 2 * np.arange(1, n + 1) - 1
    return float(-n - (weights * (np.log(at) + np.log1p(-at[::-1]))).sum() / n)


def _p_value(name: str, x: Numbers, rng: np.random.Generator) -> float:
    tested = x if len(x) <= TESTED else np.sort(rng.choice(x, TESTED, replace=False))
    mean, cv = parameters(name, tested)
    found = _anderson_darling(name, tested)
    worse = sum(
        _anderson_darling(name, np.sort(np.maximum(_draw(name, mean, cv, len(tested), rng), 1e-12))) >= found
        for _ in range(BOOTSTRAPS)
    )
    return (worse + 1) / (BOOTSTRAPS + 1)


def _draw(name: str, mean: float, cv: float, number: int, rng: np.random.Generator) -> Numbers:
    if name == "exponential":
        return rng.standard_exponential(number) * mean
    if name == "lognormal":
        variance = math.log1p(cv * cv)
        return mean * np.exp(math.sqrt(variance) * rng.standard_normal(number) - variance / 2)
    return rng.standard_gamma(1 / cv**2, number) * (mean * cv**2)


def _intervals(
    name: str, mean: float, cv: float, x: Numbers
) -> tuple[tuple[float, float], tuple[float, float]]:
    """95 %, from the information of each law (large samples)."""
    n = len(x)
    if name == "deterministic":
        return (mean, mean), (0.0, 0.0)
    if name == "exponential":
        half = _Z / math.sqrt(n)
        return (mean * math.exp(-half), mean * math.exp(half)), (1.0, 1.0)
    if name == "lognormal":
        variance = math.log1p(cv * cv)
        half = _Z * math.sqrt(variance / n + variance**2 / (2 * n))
        spread = _Z * variance * math.sqrt(2 / n)
        low, high = max(variance - spread, 1e-9), variance + spread
        cvs = math.sqrt(math.expm1(low)), math.sqrt(math.expm1(high))
        return (mean * math.exp(-half), mean * math.exp(half)), cvs
    shape = 1 / cv**2
    half = _Z * cv / math.sqrt(n)
    error = math.sqrt(1 / max(n * (_trigamma(shape) - 1 / shape), 1e-12)) / shape
    cvs = cv * math.exp(-_Z * error / 2), cv * math.exp(_Z * error / 2)
    return (mean * math.exp(-half), mean * math.exp(half)), cvs


def _digamma(x: float) -> float:
    """M. Abramowitz and I. Stegun, 6.3.5 and 6.3.18."""
    shifted = 0.0
    while x < 8:
        shifted -= 1 / x
        x += 1
    y = 1 / (x * x)
    return shifted + math.log(x) - 0.5 / x - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y / 240)))


def _trigamma(x: float) -> float:
    """M. Abramowitz and I. Stegun, 6.4.6 and 6.4.12."""
    shifted = 0.0
    while x < 8:
        shifted += 1 / (x * x)
        x += 1
    y = 1 / (x * x)
    return shifted + 1 / x + y / 2 + y / x * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y / 30)))
