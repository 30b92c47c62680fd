"""Which column each box stands in, and which links lead back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A line between two boxes. exit: how far below the top of `source` it leaves."""

    source: str
    target: str
    exit: float


def forward(boxes: Sequence[str], links: Sequence[Link]) -> list[Link]:
    """The links that do not close a circle, seen from the first box on."""
    ways = _ways(boxes, links)
    kept: list[Link] = []
    seen: set[str] = set()
    for box in boxes:
        if box not in seen:
            kept += _walk(box, ways, seen)
    return kept


def columns(boxes: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Box to column: as far right as the longest way to it. links: without circles."""
    ways = _ways(boxes, links)
    column = dict.fromkeys(boxes, 0)
    waiting = dict.fromkeys(boxes, 0)
    for link in links:
        waiting[link.target] += 1
    free = [box for box in boxes if not waiting[box]]
    while free:
        box = free.pop()
        for link in ways[box]:
            column[link.target] = max(column[link.target], column[box] + 1)
            waiting[link.target] -= 1
            if not waiting[link.target]:
                free.append(link.target)
    return column


def _walk(start: str, ways: Mapping[str, Sequence[Link]], seen: set[str]) -> list[Link]:
    """Depth first, without recursion: a menu file may be a chain of any length."""
    kept: list[Link] = []
    open_boxes: dict[str, Iterator[Link]] = {start: iter(ways[start])}
    seen.add(start)
    while open_boxes:
        box, rest = next(reversed(open_boxes.items()))
        link = next(rest, None)
        if link is None:
            del open_boxes[box]
        elif link.target not in open_boxes:
            kept.append(link)
            if link.target not in seen:
                seen.add(link.target)
                open_boxes[link.target] = iter(ways[link.target])
    return kept


def _ways(boxes: Sequence[str], links: Sequence[Link]) -> dict[str, list[Link]]:
    ways: dict[str, list[Link]] = {box: [] for box in boxes}
    for link in links:
        ways[link.source].append(link)
    return ways
