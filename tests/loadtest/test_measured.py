"""Recorded calls and measured times from files: what is read, what is refused, what is drawn from them."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from loadtest.compiled_cover import compiled_covers
from loadtest.compiled_day import CompiledDay
from loadtest.day import Day
from loadtest.distribution import Distribution
from loadtest.draws import Purpose, arrival_times, stream
from loadtest.measured import Measured, Unreadable
from loadtest.scenario import Arrivals
from tests.loadtest.small_scenarios import one_pool


def written(folder: Path, name: str, text: str) -> Measured:
    (folder / name).write_text(text, encoding="utf-8")
    return Measured(folder)


def test_one_value_a_line_after_a_heading_beside_other_columns_and_remarks(tmp_path: Path):
    text = "seconds,operator\n# from March\n\n120,anna\n  60.5 ;boris\n0\n"
    assert written(tmp_path, "talks.csv", text).durations("talks.csv") == (120.0, 60.5, 0.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10,5;anna\n20;boris\n", (10.5, 20.0)),
        ("10,5\tanna\n", (10.5,)),
        ('"10,5","anna"\n', (10.5,)),
        ("10.5,7\n", (10.5,)),
        (' "12" \r\n7\r\n', (12.0, 7.0)),
    ],
)
def test_a_decimal_comma_is_understood_where_commas_do_not_part_columns(
    tmp_path: Path, text: str, found: tuple[float, ...]
):
    assert written(tmp_path, "talks.csv", text).durations("talks.csv") == found


def test_a_packed_file_is_read_as_a_plain_one(tmp_path: Path):
    with gzip.open(tmp_path / "talks.csv.gz", "wt") as file:
        file.write("10\n20\n")
    assert Measured(tmp_path).durations("talks.csv.gz") == (10.0, 20.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10\nten\n", "talks.csv:2: 'ten' is no number of seconds"),
        ("seconds\n10\n-1\n", "talks.csv:3: '-1'"),
        ("10\nnan\n", "talks.csv:2: 'nan'"),
        ("10\ninf\n", "talks.csv:2: 'inf'"),
        ("# nothing\n", "talks.csv has no values"),
    ],
)
def test_a_value_that_is_none_is_told_with_its_line(tmp_path: Path, text: str, said: str):
    with pytest.raises(Unreadable, match="^" + said.replace(".", r"\.")):
        written(tmp_path, "talks.csv", text).durations("talks.csv")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.csv", None, "cannot be read"),
        ("latin.csv", "10\n20 \xfcber\n".encode("latin-1"), "no UTF-8"),
        ("torn.csv.gz", gzip.compress(b"10\n" * 1000)[:30], "cannot be read"),
        ("plain.csv.gz", b"10\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None, said: str):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=f"^{name}.*{said}"):
        Measured(tmp_path).durations(name)


def test_calls_are_seconds_in_any_order(tmp_path: Path):
    assert written(tmp_path, "calls.csv", "30\n10\n20.5\n").calls("calls.csv") == (10.0, 20.5, 30.0)


def test_calls_are_dates_and_times_from_the_midnight_before_the_first(tmp_path: Path):
    text = "2026-11-21T00:00:10\n2026-11-20 08:30:00\n2026-11-20T08:29:59.5\n"
    assert written(tmp_path, "calls.csv", text).calls("calls.csv") == (30599.5, 30600.0, 86410.0)


def test_times_of_several_offsets_are_put_on_the_clock_of_the_first(tmp_path: Path):
    text = "2026-11-20T01:00:00+03:00\n2026-11-19T23:00:00+00:00\n"
    assert written(tmp_path, "calls.csv", text).calls("calls.csv") == (3600.0, 7200.0)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("10\n2026-11-20T08:00:00\n", 2),
        ("2026-11-20T08:00:00\n10\n", 2),
        ("2026-11-20T08:00:00\n2026-11-20T08:00:00+03:00\n", 2),
        ("time\n10\nlater\n", 3),
        ("1\n-5\n", 2),
    ],
)
def test_calls_of_two_kinds_are_told_with_their_line(tmp_path: Path, text: str, line: int):
    with pytest.raises(Unreadable, match=rf"^calls\.csv:{line}: "):
        written(tmp_path, "calls.csv", text).calls("calls.csv")


def test_each_measured_value_is_as_likely_as_any_other():
    measured = Distribution.model_validate({"dist": "empirical", "values": [30, 10, 10, 50]})
    assert measured.mean == 25
    drawn = Counter(measured.draw(stream(1, 0, "t", Purpose.HANDLING), 40_000).tolist())
    assert set(drawn) == {10.0, 30.0, 50.0}
    assert drawn[10.0] / 40_000 == pytest.approx(0.5, abs=0.01)
    assert drawn[50.0] / 40_000 == pytest.approx(0.25, abs=0.01)


def test_a_mean_scales_what_was_measured_and_keeps_who_is_long_and_who_short():
    told = {"dist": "empirical", "values": [30, 10, 10, 50]}
    plain, scaled = (Distribution.model_validate(one) for one in (told, told | {"mean": 50}))
    mine, theirs = (one.draw(stream(1, 0, "t", Purpose.HANDLING), 100) for one in (plain, scaled))
    assert theirs == pytest.approx(2 * mine)


@pytest.mark.parametrize(
    "told",
    [
        {"dist": "empirical"},
        {"dist": "empirical", "values": []},
        {"dist": "empirical", "values": [0, 0]},
        {"dist": "empirical", "values": [10, -1]},
        {"dist": "empirical", "values": "10"},
        {"dist": "empirical", "values": [10], "cv": 1},
        {"dist": "empirical", "file": "talks.csv"},
        {"dist": "exponential", "mean": 10, "file": "talks.csv"},
    ],
)
def test_an_empirical_distribution_has_values_and_the_others_have_none(told: dict[str, object]):
    with pytest.raises(ValidationError):
        Distribution.model_validate(told)


@pytest.mark.parametrize(
    "told",
    [{}, {"per_hour": 10, "times_s": [1]}, {"times_s": [1], "process": "erlang(2)"}, {"trace": "calls.csv"}],
)
def test_calls_come_at_a_rate_or_from_a_trace(told: dict[str, object]):
    with pytest.raises(ValidationError):
        Arrivals.model_validate(told)


def test_recorded_calls_come_every_day_however_busy_it_is():
    busy = {"busyness": {"dist": "gamma", "mean": 2, "cv": 0.5}}
    scenario = one_pool(1, 60, 2, 2, topic={"arrivals": {"times_s": [300, 100, 100]}}, horizon_h=1, **busy)
    for day in (0, 1):
        assert arrival_times(scenario, scenario.topics[0], day).tolist() == [100, 100, 300]
    talks = [Day(scenario, day).run().handling.sum() for day in (0, 1)]
    assert talks[0] != talks[1], "only who calls when is recorded"


def test_values_of_a_scenario_are_the_same_after_a_journey_to_another_process():
    import pickle

    measured = Distribution.model_validate({"dist": "empirical", "values": [30, 10]})
    measured.draw(stream(1, 0, "t", Purpose.HANDLING), 1)
    again = pickle.loads(pickle.dumps(measured))  # noqa: S301 - our own bytes
    assert np.array_equal(again.steps, measured.steps)


def test_what_was_read_need_not_be_read_again():
    told = {"dist": "empirical", "file": "gone.csv", "values": (30.0, 10.0)}
    measured = Distribution.model_validate(told)
    assert Distribution.model_validate(measured.model_dump()) == measured
    calls = Arrivals.model_validate({"trace": "gone.csv", "times_s": [5, 1]})
    assert Arrivals.model_validate(calls.model_dump()) == calls
    assert Arrivals.model_validate(Arrivals(per_hour=[10]).model_dump()).per_hour == [10]


def test_the_compiled_day_knows_recorded_calls_and_measured_times():
    recorded = {
        "arrivals": {"times_s": list(range(0, 3500, 20))},
        "handling_s": {"dist": "empirical", "values": [20, 60, 200]},
        "patience_s": {"dist": "empirical", "values": [5, 50, 500]},
    }
    scenario = one_pool(1, 60, 4, 2, topic=recorded, horizon_h=1)
    assert compiled_covers(scenario)
    mine, theirs = (day.run().columns() for day in (Day(scenario, 1), CompiledDay(scenario, 1)))
    assert len(mine.kind) == 175
    for one, other in zip(mine, theirs, strict=True):
        assert np.array_equal(one, other)
