"""Ordered deques that are cleaned when somebody looks at their head.

An entry is a tuple whose last member owns it through its `place`. Leaving costs nothing: the owner's place
changes, and the entry is dropped when it comes to the head. Almost every entry arrives in order and is
appended; one that returns to an earlier place (a missed ring, a transfer) is put where it belongs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import Any, TypeVar

P = TypeVar("P", bound=tuple[Any, ...])


def head(places: deque[P]) -> P | None:
    """The first entry whose owner still stands there, or None."""
    while places:
        first = places[0]
        if first[-1].place is first:
            return first
        places.popleft()
    return None


def put(places: deque[P], place: P) -> int:
    """Insert in order; returns the index. The end and the head cost O(1), between them O(log n) looks."""
    if not places or places[-1] < place:
        places.append(place)
        return len(places) - 1
    at = 0 if place < places[0] else bisect_left(places, place)
    places.insert(at, place)
    return at


def sweep(places: deque[P]) -> None:
    """Drop every leftover."""
    standing = [place for place in places if place[-1].place is place]
    places.clear()
    places.extend(standing)
