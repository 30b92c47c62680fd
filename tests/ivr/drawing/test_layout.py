from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.drawing.columns import Link, columns, forward
from ivr.drawing.layout import BOX_GAP, COLUMN_GAP, LANE_GAP, Box, Layout, lay_out
from ivr.drawing.spread import spread

NAMES = [f"node{number}" for number in range(14)]
BOXES = st.integers(1, len(NAMES)).flatmap(
    lambda count: st.tuples(
        st.lists(st.floats(30, 300), min_size=count, max_size=count),
        st.lists(
            st.tuples(st.sampled_from(NAMES[:count]), st.sampled_from(NAMES[:count]), st.floats(0, 1)),
            max_size=40,
        ),
    )
)


def drawn(heights: list[float], ends: list[tuple[str, str, float]]) -> tuple[list[Box], list[Link], Layout]:
    boxes = [Box(name, 200, height, 13) for name, height in zip(NAMES, heights, strict=False)]
    tall = {box.id: box.height for box in boxes}
    links = [Link(source, target, share * tall[source]) for source, target, share in ends]
    return boxes, links, lay_out(boxes, links)


def chain(count: int) -> tuple[list[str], list[Link]]:
    names = [str(number) for number in range(count)]
    return names, [Link(one, other, 5) for one, other in pairwise(names)]


@settings(max_examples=150, deadline=None)
@given(BOXES)
def test_no_box_covers_another(graph: tuple[list[float], list[tuple[str, str, float]]]):
    boxes, _, layout = drawn(*graph)
    for one, other in combinations(boxes, 2):
        (x, y), (u, v) = layout.places[one.id], layout.places[other.id]
        beside = x + one.width + COLUMN_GAP <= u + 0.01 or u + other.width + COLUMN_GAP <= x + 0.01
        below = y + one.height + LANE_GAP <= v + 0.01 or v + other.height + LANE_GAP <= y + 0.01
        assert beside or below


@settings(max_examples=150, deadline=None)
@given(BOXES)
def test_no_line_crosses_a_box_and_each_goes_from_its_own_exit_to_its_entry(
    graph: tuple[list[float], list[tuple[str, str, float]]],
):
    boxes, _, layout = drawn(*graph)
    size = {box.id: box for box in boxes}
    for link, points in layout.lines.items():
        (left, top), (right, entry) = layout.places[link.source], layout.places[link.target]
        assert points[0] == (left + 200, top + link.exit) and points[-1] == (right, entry + 13)
        assert all(x <= u for (x, _), (u, _) in pairwise(points)), "rightwards only"
        for (x, y), (u, v) in pairwise(points):
            for name, (box_left, box_top) in layout.places.items():
                passes = x < box_left + 200 and u > box_left
                assert not passes or (y == v and not box_top < y < box_top + size[name].height)


@settings(max_examples=150, deadline=None)
@given(BOXES)
def test_everything_lies_on_the_picture(graph: tuple[list[float], list[tuple[str, str, float]]]):
    boxes, _, layout = drawn(*graph)
    for box in boxes:
        x, y = layout.places[box.id]
        assert 0 <= x <= layout.width - 200 and -0.01 <= y <= layout.height - box.height + 0.01
    for points in layout.lines.values():
        assert all(-0.01 <= y <= layout.height + 0.01 for _, y in points)


def test_a_picture_of_nothing_is_empty():
    assert lay_out([], []) == Layout({}, {}, 0.0, 0.0)


def test_a_way_back_and_a_way_to_itself_have_no_line():
    boxes = [Box(name, 200, 50, 13) for name in "abc"]
    there, on, back, again = Link("a", "b", 1), Link("b", "c", 2), Link("c", "a", 3), Link("b", "b", 4)
    assert set(lay_out(boxes, [there, on, back, again]).lines) == {there, on}


def test_lines_to_one_box_share_their_way_through_a_column():
    boxes = [Box(name, 200, 50, 13) for name in ("start", "middle", "end")]
    links = [
        Link("start", "middle", 10),
        Link("start", "end", 20),
        Link("start", "end", 40),
        Link("middle", "end", 10),
    ]
    lines = lay_out(boxes, links).lines
    assert lines[links[1]][1:] == lines[links[2]][1:] and len(lines[links[1]]) == 4


def test_choices_stand_in_the_order_of_their_keys_so_that_lines_do_not_cross():
    boxes = [Box(name, 200, 100, 13) for name in ("menu", "c", "a", "b")]
    links = [Link("menu", "a", 20), Link("menu", "b", 50), Link("menu", "c", 80)]
    places = lay_out(boxes, links).places
    assert places["a"][1] < places["b"][1] < places["c"][1]


def test_a_chain_of_boxes_is_a_straight_line():
    names, links = chain(5)
    places = lay_out([Box(name, 200, 50, 5) for name in names], links).places
    assert {round(y, 6) for _, y in places.values()} == {0}


def test_a_chain_of_any_length_is_laid_out():
    names, links = chain(1500)
    assert forward(names, links) == links
    assert columns(names, links)["1499"] == 1499


def test_what_fits_stays_where_it_wishes_and_what_does_not_is_pushed_apart_evenly():
    assert spread([0, 100], [20, 20], [0, BOX_GAP]) == [0, 100]
    assert spread([50, 50], [20, 20], [0, 10]) == [35, 65]
    assert spread([100, 0], [20, 20], [0, 10]) == [35, 65]
    assert spread([], [], []) == []
