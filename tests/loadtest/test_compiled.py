"""The compiled path is admitted only because it does, on any scenario, exactly what the shared router does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.core.commands import RingOperator
from loadtest.compiled_day import CompiledDay
from loadtest.day import Day, Trace
from loadtest.record import Record
from loadtest.scenario import Scenario

SKILLS = ("a", "b", "c")
LINES = ("first", "second")


def durations(least: float, most: float) -> st.SearchStrategy[dict]:
    mean = st.floats(least, most)
    return st.one_of(
        st.builds(lambda m: {"dist": "exponential", "mean": m}, mean),
        st.builds(lambda m: {"dist": "erlang(2)", "mean": m}, mean),
        st.builds(lambda m, cv: {"dist": "lognormal", "mean": m, "cv": cv}, mean, st.floats(0.3, 2)),
        # Whole seconds make things happen at one moment: then only the order of asking decides.
        st.builds(lambda m: {"dist": "deterministic", "mean": round(m)}, mean),
    )


def maybe(value: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(st.none(), value)


needs = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3), max_size=2)
rings = st.lists(st.tuples(st.integers(1, 30), needs), max_size=2, unique_by=lambda ring: ring[0]).map(
    lambda later: [{"after": after, "needs": asked} for after, asked in sorted(later, key=lambda r: r[0])]
)


@st.composite
def topics(draw, name: str) -> dict:
    topic = {
        "name": name,
        "arrivals": {
            "per_hour": draw(st.lists(st.integers(0, 120), min_size=1, max_size=3)),
            "process": draw(st.sampled_from(["poisson", "deterministic", "erlang(3)"])),
        },
        "handling_s": draw(durations(20, 400)),
        "line": draw(st.sampled_from(LINES)),
        "contained": draw(st.sampled_from([0.0, 0.3])),
        "priority": draw(st.integers(0, 2)),
        "rings": [{"needs": draw(needs)}, *draw(rings)],
    }
    options = {
        "ivr_s": durations(5, 60),
        "wrap_up_s": durations(1, 60),
        "patience_s": durations(5, 120),
        "queue_limit": st.integers(0, 5),
        "retry": st.builds(
            lambda p, s: {"probability": p, "after_s": s}, st.floats(0.1, 0.9), durations(10, 900)
        ),
        "transfer": st.builds(
            lambda p, s: {"to_line": "second", "probability": p, "handling_s": s},
            st.floats(0.1, 0.9),
            durations(20, 300),
        ),
    }
    for key, values in options.items():
        if (value := draw(maybe(values))) is not None:
            topic[key] = value
    return topic


@st.composite
def groups(draw) -> dict:
    group = {
        "count": draw(st.integers(1, 6)),
        "skills": draw(st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3), min_size=1)),
        "line": draw(st.sampled_from(LINES)),
        "shrinkage": draw(st.sampled_from([0.0, 0.4])),
    }
    shift = draw(st.sampled_from([None, "00:00-02:00", "01:00-03:00", "22:00-01:30"]))
    if shift is not None:
        group["shift"] = shift
        group["breaks"] = draw(
            st.lists(
                st.builds(
                    lambda after, long: {"after_h": after, "length_min": long},
                    st.sampled_from([0.25, 0.5, 1.0]),
                    st.sampled_from([5, 15]),
                ),
                max_size=2,
            )
        )
    return group


@st.composite
def scenarios(draw) -> Scenario:
    values = {
        "name": "any",
        "seed": draw(st.integers(0, 99)),
        "horizon_h": 3,
        "topics": [draw(topics(f"topic{n}")) for n in range(draw(st.integers(1, 3)))],
        "operators": draw(st.lists(groups(), min_size=1, max_size=4)),
    }
    options = {
        "trunks": st.integers(1, 30),
        "answer_s": durations(1, 15),
        "ageing_s": st.floats(1, 120),
        "busyness": st.just({"dist": "gamma", "mean": 1, "cv": 0.3}),
    }
    for key, choices in options.items():
        if (value := draw(maybe(choices))) is not None:
            values[key] = value
    return Scenario.model_validate(values)


def rings_of(trace: Trace) -> list[tuple[float, str, str]]:
    """Every ring that the shared router asked for."""
    return [
        (at, command.call, command.operator)
        for at, _, commands in trace
        for command in commands
        if isinstance(command, RingOperator)
    ]


def same(one: Record, other: Record) -> None:
    for second in (False, True):
        for name, mine, theirs in zip(
            one.columns()._fields, one.columns(second=second), other.columns(second=second), strict=True
        ):
            np.testing.assert_array_equal(mine, theirs, err_msg=name)
    np.testing.assert_array_equal(one.handling, other.handling)
    np.testing.assert_array_equal(one.duty, other.duty)
    assert (one.peak, one.orbit_s) == (other.peak, other.orbit_s)


@settings(deadline=None, max_examples=60)
@given(scenarios(), st.integers(0, 3))
def test_the_compiled_path_rings_whom_the_shared_router_rings_and_leaves_the_same_record(
    scenario: Scenario, replication: int
):
    trace: Trace = []
    shared = Day(scenario, replication, trace=trace).run()
    day = CompiledDay(scenario, replication, trace=True)
    same(day.run(), shared)
    assert day.rings() == rings_of(trace)


@pytest.mark.parametrize("seed", range(3))
def test_a_busy_day_with_everything_is_the_same_day_on_both_paths(seed: int):
    scenario = Scenario.model_validate(BUSY | {"seed": seed})
    trace: Trace = []
    shared = Day(scenario, 1, trace=trace).run()
    day = CompiledDay(scenario, 1, trace=True)
    same(day.run(), shared)
    assert day.rings() == rings_of(trace)
    kinds = set(shared.columns().kind.tolist())
    assert kinds == {0, 1, 2, 3, 4}, "the case no longer has every outcome"


BUSY = {
    "name": "busy",
    "horizon_h": 8,
    "trunks": 34,
    "ageing_s": 40,
    "answer_s": {"dist": "lognormal", "mean": 4, "cv": 0.5},
    "topics": [
        {
            "name": "one",
            "arrivals": {"per_hour": [200, 420, 300, 80]},
            "ivr_s": {"dist": "lognormal", "mean": 30, "cv": 0.6},
            "contained": 0.1,
            "handling_s": {"dist": "lognormal", "mean": 240, "cv": 0.9},
            "wrap_up_s": {"dist": "exponential", "mean": 20},
            "patience_s": {"dist": "exponential", "mean": 60},
            "retry": {"probability": 0.5, "after_s": {"dist": "exponential", "mean": 300}},
            "transfer": {
                "to_line": "second",
                "probability": 0.2,
                "handling_s": {"dist": "exponential", "mean": 90},
            },
            "rings": [{"needs": {"a": 3}}, {"after": 5, "needs": {"a": 2}}, {"after": 15, "needs": {}}],
            "priority": 1,
        },
        {
            "name": "two",
            "arrivals": {"per_hour": 150},
            "handling_s": {"dist": "gamma", "mean": 200, "cv": 0.7},
            "patience_s": {"dist": "exponential", "mean": 90},
            "queue_limit": 6,
            "needs": {"b": 1},
        },
    ],
    "operators": [
        {
            "count": 12,
            "skills": {"a": 3},
            "shift": "00:00-06:00",
            "breaks": [{"after_h": 2, "length_min": 20}],
        },
        {"count": 10, "skills": {"a": 2, "b": 1}},
        {
            "count": 6,
            "skills": {"b": 2},
            "shift": "01:00-09:00",
            "breaks": [{"after_h": 3, "length_min": 30}],
        },
        {"count": 5, "skills": {"a": 2, "b": 1}, "line": "second"},
    ],
}
