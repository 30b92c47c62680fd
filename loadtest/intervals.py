"""How sure a mean over independent days is: Student's interval, for means and for ratios of sums."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from loadtest.distribution import Numbers

CONFIDENCE = 0.95


def student_probability(t: float, degrees: int) -> float:
    """P(|T| <= t) for Student's T, t >= 0.

    Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.3 and 26.7.4.
    """
    angle = math.atan(t / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term = total = cosine if odd else 1.0
    for n in range(3 if odd else 2, degrees, 2):
        term *= cosine**2 * (n - 1) / n
        total += term
    if not odd:
        return sine * total
    return 2 / math.pi * (angle + (sine * total if degrees > 1 else 0.0))


@lru_cache(maxsize=4096)
def student_quantile(degrees: int, confidence: float = CONFIDENCE) -> float:
    """The t with P(|T| <= t) = confidence. Raises ValueError for degrees < 1."""
    if degrees < 1:
        raise ValueError(f"an interval needs at least two days, not {degrees + 1}")
    low, high = 0.0, 1.0
    while student_probability(high, degrees) < confidence:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if student_probability(middle, degrees) < confidence else (low, middle)
    return high


def ratio(part: Numbers, whole: Numbers) -> tuple[float, float] | None:
    """(ratio of sums, half width of its interval); None when the whole is nothing.

    part, whole: one value per replication. The delta method: the variance of part - ratio x whole. Source:
    A. M. Law, "Simulation Modeling and Analysis" (5th ed.), section 9.4.1 on ratios; W. G. Cochran,
    "Sampling Techniques" (3rd ed.), section 2.11.
    """
    total = float(whole.sum())
    if total <= 0:
        return None
    estimate = float(part.sum()) / total
    number = len(part)
    spread = math.sqrt(float(((part - estimate * whole) ** 2).sum()) / (number - 1) / number)
    return estimate, student_quantile(number - 1) * spread / (total / number)


def mean(values: Numbers) -> tuple[float, float]:
    """(mean, half width of its interval) of one value per replication."""
    found = ratio(values, np.ones(len(values)))
    assert found is not None  # noqa: S101 - ones are never nothing
    return found
