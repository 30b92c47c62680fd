"""Quantiles of times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass
class Waits:
    """Seconds, of as many as there were; None when there was none."""

    p50: float | None = None
    p95: float | None = None
    max: float | None = None

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Waits:
        known = sorted(seconds)
        if not known:
            return cls()
        p50, p95 = np.quantile(known, (0.5, 0.95))
        return cls(round(float(p50), 3), round(float(p95), 3), round(known[-1], 3))
