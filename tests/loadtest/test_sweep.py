"""The key and the range of a sweep: which values, set where."""

from __future__ import annotations

from typing import Any

import pytest

from loadtest.sweep import CannotSweep, moved, points_of


def plain() -> dict[str, Any]:
    return {
        "name": "S",
        "topics": [
            {"name": "medical", "arrivals": {"per_hour": [10, 20]}, "handling_s": {"mean": 60}},
            {"name": "general", "arrivals": {"per_hour": 5}},
        ],
        "operators": [{"count": 3}, {"count": 4}],
    }


@pytest.mark.parametrize(
    ("told", "key", "values"),
    [
        ("trunks=20:30:5", "trunks", [20, 25, 30]),
        ("load=0.8:1.2:0.1", "load", [0.8, 0.9, 1.0, 1.1, 1.2]),
        ("a.b=1:2:0.4", "a.b", [1, 1.4, 1.8]),
        ("x=5:5:1", "x", [5]),
        ("x=-1:1:1", "x", [-1, 0, 1]),
    ],
)
def test_values_go_from_the_first_to_at_most_the_last(told: str, key: str, values: list[float]):
    found = points_of(told)
    assert found == (key, values)
    assert [type(one) for one in found[1]] == [type(one) for one in values] or "0." in told or ".4" in told


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("trunks", "KEY=FROM:TO:STEP"),
        ("trunks=1:2", "KEY=FROM:TO:STEP"),
        ("=1:2:1", "KEY=FROM:TO:STEP"),
        ("trunks=1:b:1", "three numbers"),
        ("trunks=1:nan:1", "step must be above zero"),
        ("trunks=1:2:0", "step must be above zero"),
        ("trunks=2:1:1", "step must be above zero"),
        ("trunks=1:1000000:1", "too many"),
    ],
)
def test_a_range_that_is_none_is_refused(told: str, said: str):
    with pytest.raises(CannotSweep, match=said):
        points_of(told)


@pytest.mark.parametrize(
    ("key", "value", "way", "found"),
    [
        ("trunks", 20, ("trunks",), 20),
        ("operators.2.count", 9, ("operators", 1, "count"), 9),
        ("topics.medical.handling_s.mean", 90, ("topics", 0, "handling_s", "mean"), 90),
        ("topics.2.arrivals.per_hour", 7, ("topics", 1, "arrivals", "per_hour"), 7),
        ("topics.medical.arrivals.per_hour*", 1.5, ("topics", 0, "arrivals", "per_hour"), [15, 30]),
        ("topics.medical.arrivals.per_hour.2", 1, ("topics", 0, "arrivals", "per_hour", 1), 1),
        ("operators.1.count*", 2, ("operators", 0, "count"), 6),
        ("load", 2, ("topics", 0, "arrivals", "per_hour"), [20, 40]),
        ("load", 2, ("topics", 1, "arrivals", "per_hour"), 10),
    ],
)
def test_a_key_sets_what_it_names_and_with_a_star_multiplies_it(
    key: str, value: float, way: tuple[str | int, ...], found: Any
):
    there: Any = plain()
    moved(there, key, value)
    for step in way:
        there = there[step]
    assert there == found


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("topics.medcal.patience_s.mean", "there are medical, general"),
        ("operators.3.count", "there are 1 to 2"),
        ("operators.0.count", "there are 1 to 2"),
        ("topics.medical.patience_s.mean", "has no 'patience_s' there; it has name"),
        ("trunks*", "has no 'trunks' there to multiply"),
        ("name*", "no number to multiply"),
        ("name.first", "nothing below 'name'"),
        ("name.first.second", "nothing below it"),
    ],
)
def test_a_key_that_leads_nowhere_is_refused(key: str, said: str):
    with pytest.raises(CannotSweep, match=said):
        moved(plain(), key, 2)


def test_recorded_calls_have_no_rate_to_multiply():
    traced = plain()
    traced["topics"][1]["arrivals"] = {"trace": "calls.csv"}
    with pytest.raises(CannotSweep, match="calls of 'general' are a trace"):
        moved(traced, "load", 2)
