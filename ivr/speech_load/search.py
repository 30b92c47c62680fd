"""How many streams a worker holds, in a bounded number of trials. Pure: a trial is a question asked."""

from __future__ import annotations

from collections.abc import Generator

FIRST = 8
MOST = 256
HALVINGS = 3


def search(first: int = FIRST, most: int = MOST, halvings: int = HALVINGS) -> Generator[int, bool, int]:
    """Yields how many streams to try and is sent whether they held; returns the most that did (0: none).

    Doubles until it does not hold, then halves the interval so many times.
    """
    held, failed, trying = 0, None, first
    while failed is None and held < most:
        if (yield trying):
            held, trying = trying, min(most, trying * 2)
        else:
            failed = trying
    for _ in range(halvings if failed else 0):
        assert failed is not None  # noqa: S101
        trying = (held + failed) // 2
        if trying in (held, failed):
            break
        if (yield trying):
            held = trying
        else:
            failed = trying
    return held
