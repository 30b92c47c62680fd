"""What every closed form refuses, in one sentence a planner can act on."""

from __future__ import annotations

import math

MOST_SERVERS = 100_000
"""The recursions are exact far beyond; a larger answer is a slip in the input (minutes for seconds)."""


def check_servers(servers: int, name: str = "servers") -> None:
    """Raises ValueError unless `servers` is a whole number in [0, MOST_SERVERS]."""
    if isinstance(servers, bool) or not isinstance(servers, int) or servers < 0:
        raise ValueError(f"{name} must be a whole number, zero or more, not {servers}")
    if servers > MOST_SERVERS:
        raise ValueError(f"{name} must be at most {MOST_SERVERS}, not {servers}")


def check_not_negative(value: float, name: str) -> None:
    """Raises ValueError unless `value` is a finite number >= 0."""
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{name} must be zero or more, not {value:g}")


def check_positive(value: float, name: str) -> None:
    """Raises ValueError unless `value` is a finite number > 0."""
    if not math.isfinite(value) or value <= 0:
        raise ValueError(f"{name} must be above zero, not {value:g}")


def check_share(value: float, name: str) -> None:
    """Raises ValueError unless 0 < value < 1: no finite staff answers everybody at once, none is needed for nobody."""
    if not 0 < value < 1:
        raise ValueError(f"{name} must be between 0 and 1, not {value:g}")
