"""Boxes in columns from left to right, so that no two overlap and no line crosses a box.

The method is Sugiyama's (1981): columns by longest path, order within a column by the middle of the neighbours,
then places by least squares. A way back is not laid out: it would have to cross everything, and the reader
finds a named box sooner than the end of such a line. Lines to the same box share one lane in each column that
they pass, so that the many ways to the end of a call do not cover the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from ivr.drawing.columns import Link, columns, forward
from ivr.drawing.spread import spread

COLUMN_GAP, BOX_GAP, LANE_GAP, LANE = 90.0, 26.0, 14.0, 2.0
SWEEPS = 24

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Size in pixels. entry: how far below its top lines come in."""

    id: str
    width: float
    height: float
    entry: float


@dataclass(frozen=True)
class Layout:
    """places: id -> top left corner. lines: the points a link passes; a way back has none. Sizes in pixels."""

    places: Mapping[str, Point]
    lines: Mapping[Link, Sequence[Point]]
    width: float
    height: float


def lay_out(boxes: Sequence[Box], links: Sequence[Link]) -> Layout:
    """boxes: the first is where it begins, the others in the order they have if nothing speaks against it."""
    if not boxes:
        return Layout({}, {}, 0.0, 0.0)
    picture = _Picture({box.id: box for box in boxes}, links)
    picture.untangle()
    picture.straighten()
    return picture.layout()


@dataclass(eq=False)
class _Item:
    """A box, or the lane in a column of the lines to a box further right.

    before: what leads here, with the exit there. after: what it leads to, with the exit here.
    """

    height: float
    entry: float
    width: float = 0.0
    top: float = 0.0
    before: list[tuple[_Item, float]] = field(default_factory=list)
    after: list[tuple[_Item, float]] = field(default_factory=list)

    @property
    def is_box(self) -> bool:
        return self.width > 0


class _Picture:
    def __init__(self, boxes: Mapping[str, Box], links: Sequence[Link]) -> None:
        self.links = forward(list(boxes), links)
        self.column = columns(list(boxes), self.links)
        self.items = {name: _Item(box.height, box.entry, box.width) for name, box in boxes.items()}
        self.lanes: dict[tuple[str, int], _Item] = {}
        self.columns: list[list[_Item]] = [[] for _ in range(max(self.column.values()) + 1)]
        for name, column in self.column.items():
            self.columns[column].append(self.items[name])
        for link in self.links:
            self._thread(link)

    def _thread(self, link: Link) -> None:
        """Join the two boxes of a link, through a lane in each column between them."""
        previous, leaves = self.items[link.source], link.exit
        for column in self._between(link):
            lane = self.lanes.get((link.target, column))
            if lane is None:
                lane = self.lanes[link.target, column] = _Item(LANE, LANE / 2)
                self.columns[column].append(lane)
            _join(previous, lane, leaves)
            previous, leaves = lane, LANE / 2
        _join(previous, self.items[link.target], leaves)

    def _between(self, link: Link) -> range:
        return range(self.column[link.source] + 1, self.column[link.target])

    # Order within the columns

    def untangle(self) -> None:
        best, fewest = [list(column) for column in self.columns], self._crossings()
        for sweep in range(SWEEPS):
            rightwards = sweep % 2 == 0
            for column in self.columns if rightwards else reversed(self.columns):
                self._sort(column, rightwards=rightwards)
            if (crossings := self._crossings()) < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best

    def _sort(self, column: list[_Item], *, rightwards: bool) -> None:
        rank = self._ranks()

        def middle(item: _Item) -> float:
            if rightwards:
                at = [rank[one] + leaves / one.height for one, leaves in item.before]
            else:
                at = [rank[one] for one, _ in item.after]
            return sum(at) / len(at) if at else rank[item]

        column.sort(key=middle)

    def _crossings(self) -> int:
        rank = self._ranks()
        total = 0
        for column in self.columns:
            ends = [(rank[one] + leaves / one.height, rank[to]) for one in column for to, leaves in one.after]
            total += sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(ends, 2))
        return total

    def _ranks(self) -> dict[_Item, float]:
        return {item: float(rank) for column in self.columns for rank, item in enumerate(column)}

    # Places

    def straighten(self) -> None:
        """Move everything towards its neighbours, by turns from the left and from the right, at last from both."""
        for column in self.columns:
            _set_tops(column, [0.0] * len(column))
        for sweep in range(SWEEPS):
            both, rightwards = sweep >= SWEEPS - 6, sweep % 2 == 0
            for column in self.columns if rightwards else reversed(self.columns):
                wishes = [
                    _wish(item, before=both or rightwards, after=both or not rightwards) for item in column
                ]
                _set_tops(column, wishes)

    def layout(self) -> Layout:
        everything = [item for column in self.columns for item in column]
        highest = min(item.top for item in everything)
        for item in everything:
            item.top -= highest
        widths = [max(item.width for item in column) for column in self.columns]
        lefts = [sum(widths[:index]) + COLUMN_GAP * index for index in range(len(widths))]
        return Layout(
            places={name: (lefts[self.column[name]], item.top) for name, item in self.items.items()},
            lines={link: list(self._points(link, lefts, widths)) for link in self.links},
            width=lefts[-1] + widths[-1],
            height=max(item.top + item.height for item in everything),
        )

    def _points(self, link: Link, lefts: Sequence[float], widths: Sequence[float]) -> Iterator[Point]:
        source, target = self.items[link.source], self.items[link.target]
        yield lefts[self.column[link.source]] + source.width, source.top + link.exit
        for column in self._between(link):
            level = self.lanes[link.target, column].top + LANE / 2
            yield lefts[column], level
            yield lefts[column] + widths[column], level
        yield lefts[self.column[link.target]], target.top + target.entry


def _join(source: _Item, target: _Item, leaves: float) -> None:
    source.after.append((target, leaves))
    target.before.append((source, leaves))


def _wish(item: _Item, *, before: bool, after: bool) -> float:
    """Where the item's lines would be straight; where it is, if it has none."""
    tops = [one.top + leaves - item.entry for one, leaves in item.before if before]
    tops += [one.top + one.entry - leaves for one, leaves in item.after if after]
    return sum(tops) / len(tops) if tops else item.top


def _set_tops(column: Sequence[_Item], wishes: Sequence[float]) -> None:
    gaps = [0.0]
    for above, below in pairwise(column):
        gaps.append(BOX_GAP if above.is_box and below.is_box else LANE_GAP)
    for item, top in zip(column, spread(wishes, [one.height for one in column], gaps), strict=True):
        item.top = top
