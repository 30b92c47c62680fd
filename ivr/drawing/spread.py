"""Things one below the other, each as near as can be to where it would like to be."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wishes: Sequence[float], heights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The tops that keep the order and the gaps with the least sum of squared distances from the wishes.

    gaps: the least space before each (the first is not looked at). All in pixels, downwards.
    Source: the pool-adjacent-violators algorithm of isotonic regression.
    """
    offsets: list[float] = []
    for index, gap in enumerate(gaps):
        offsets.append(offsets[-1] + heights[index - 1] + gap if index else 0.0)
    pools: list[tuple[float, int]] = []  # mean of the wishes without the offsets, how many
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            other, size = pools.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        pools.append((mean, count))
    levels = [mean for mean, count in pools for _ in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]
