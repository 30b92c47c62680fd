"""Which router a run takes, and what it says of it. Both give the same days: tests/loadtest/test_compiled.py."""

from __future__ import annotations

import multiprocessing
import os
import re
from pathlib import Path

import numpy as np
import pytest

from loadtest import compiled_code, compiled_day, router_choice
from loadtest.compiled_day import CompiledDay, NotCompiled
from loadtest.counts import WAIT_EDGES, wait_class
from loadtest.figures import report
from loadtest.replications import simulate
from loadtest.router_choice import COMPILED, SHARED, choose, one_day
from loadtest.scenario import Scenario
from tests.loadtest.small_scenarios import everything


def days_of(scenario: Scenario, days: int) -> Scenario:
    few = {"min": days, "max": days, "half_width": 0.001}
    return Scenario.model_validate(scenario.model_dump(exclude_unset=True) | {"replications": few})


@pytest.fixture
def made() -> None:
    compiled_code.make()


@pytest.mark.usefixtures("made")
def test_a_long_run_takes_the_compiled_router_and_the_report_says_so():
    scenario = days_of(everything(), 1000)
    assert choose(scenario) == COMPILED
    counts = one_day(scenario, 0, COMPILED)
    assert counts.router == COMPILED
    np.testing.assert_array_equal(counts.sums, one_day(scenario, 0).sums)


@pytest.mark.usefixtures("made")
def test_exact_is_the_dispatcher_itself_however_long_the_run():
    assert choose(days_of(everything(), 1000), exact=True) == SHARED
    short = days_of(everything(), 2)
    assert report(simulate(short, exact=True))["router"] == SHARED


@pytest.mark.usefixtures("made")
def test_a_run_that_is_over_before_the_code_is_loaded_takes_the_dispatcher():
    assert choose(days_of(everything(), 2)) == SHARED


def test_what_would_have_to_be_compiled_first_is_worth_it_only_for_a_longer_run(monkeypatch):
    scenario = days_of(everything(), 100)
    monkeypatch.setattr(compiled_code, "is_made", lambda: True)
    assert choose(scenario) == COMPILED
    monkeypatch.setattr(compiled_code, "is_made", lambda: False)
    assert choose(scenario) == SHARED
    assert choose(days_of(everything(), 10_000)) == COMPILED
    assert choose(days_of(everything(), 10_000), jobs=100) == SHARED


def test_a_scenario_that_the_compiled_router_does_not_cover_takes_the_dispatcher(monkeypatch):
    monkeypatch.setattr(router_choice, "compiled_covers", lambda _: False)
    assert choose(days_of(everything(), 10_000)) == SHARED


def test_compiling_is_announced_once_and_only_when_it_is_done(monkeypatch):
    heard: list[str] = []
    compiled: list[bool] = []
    monkeypatch.setattr(compiled_code, "make", lambda: compiled.append(True))
    monkeypatch.setattr(compiled_code, "is_made", lambda: bool(compiled))
    for _ in range(2):
        router_choice.get_ready(COMPILED, heard.append)
    router_choice.get_ready(SHARED, heard.append)
    assert len(heard) == len(compiled) == 1
    assert "compiling" in heard[0]


@pytest.mark.usefixtures("made")
def test_a_day_without_room_is_given_to_the_dispatcher(monkeypatch):
    monkeypatch.setattr(CompiledDay, "run", lambda _: (_ for _ in ()).throw(NotCompiled("no room")))
    counts = one_day(everything(), 0, COMPILED)
    assert counts.router == SHARED
    np.testing.assert_array_equal(counts.sums, one_day(everything(), 0).sums)


@pytest.mark.usefixtures("made")
def test_callers_who_try_again_for_ever_get_more_room_or_the_dispatcher(monkeypatch):
    """A hundred callers, one line, and nobody gives up calling: many times as many calls as callers."""
    stubborn = {
        "name": "stubborn", "horizon_h": 1, "trunks": 1,
        "topics": [{
            "name": "a", "arrivals": {"per_hour": 1500}, "handling_s": {"dist": "deterministic", "mean": 600},
            "retry": {"probability": 1, "after_s": {"dist": "deterministic", "mean": 60}},
        }],
        "operators": [{"count": 1}],
    }  # fmt: skip
    scenario = Scenario.model_validate(stubborn)
    counts = one_day(scenario, 0, COMPILED)
    assert counts.router == COMPILED
    np.testing.assert_array_equal(counts.sums, one_day(scenario, 0).sums)
    compiled_day._kept.layout = None  # room that was found is kept
    monkeypatch.setattr(compiled_day, "MOST_ROOM", 4)
    assert one_day(scenario, 0, COMPILED).router == SHARED
    np.testing.assert_array_equal(one_day(everything(), 1, COMPILED).sums, one_day(everything(), 1).sums)


@pytest.mark.usefixtures("made")
def test_days_that_share_their_memory_leave_nothing_in_it():
    scenario = everything()
    once = [one_day(scenario, number, COMPILED).sums for number in range(4)]
    again = [one_day(everything(), number, COMPILED).sums for number in reversed(range(4))]
    for one, other in zip(once, reversed(again), strict=True):
        np.testing.assert_array_equal(one, other)


# --- where compiled code is kept ------------------------------------------------------------------


def test_compiled_code_goes_where_it_may_be_written(tmp_path: Path):
    locked = tmp_path / "locked"
    locked.write_text("a file where a folder should be: nobody can write into it, root neither")
    open_place = tmp_path / "open"
    found = compiled_code.folder(locked, open_place)
    assert found.parent.parent == open_place
    with pytest.raises(OSError, match="cannot be kept in any of"):
        compiled_code.folder(locked)


def test_a_place_of_somebody_else_is_not_trusted(tmp_path: Path, monkeypatch):
    compiled_code.folder.cache_clear()
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    with pytest.raises(OSError, match="cannot be kept"):
        compiled_code.folder(tmp_path / "theirs")


def test_the_folder_is_named_after_every_source_that_is_compiled_in():
    here = compiled_code.HERE
    for name in ("compiled_kernel", "compiled_dispatcher", "calendar_queue"):
        taken = re.findall(r"^from loadtest\.?(\w*) import", (here / f"{name}.py").read_text(), re.MULTILINE)
        assert {one or "record" for one in taken} <= set(compiled_code.SOURCES)


def _one_day_elsewhere(number: int) -> float:
    return float(one_day(everything(), number, COMPILED).sums.sum())


def test_two_processes_that_need_the_code_at_once_both_get_it():
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(_one_day_elsewhere, [0, 1], chunksize=1)
    assert found == [float(one_day(everything(), number).sums.sum()) for number in (0, 1)]


# --- counting -------------------------------------------------------------------------------------


def test_the_class_of_a_wait_is_the_first_whose_edge_is_not_below_it():
    rng = np.random.default_rng(1)
    beside = [np.nextafter(WAIT_EDGES, 1e9), np.nextafter(WAIT_EDGES, 0)]
    waits = np.concatenate([rng.exponential(60, 10_000), WAIT_EDGES, *beside, [1e-5, 1e9]]).clip(min=0)
    expected = np.searchsorted(WAIT_EDGES, waits, side="left").clip(max=len(WAIT_EDGES) - 1)
    np.testing.assert_array_equal(wait_class(waits), expected)
