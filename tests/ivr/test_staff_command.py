"""`./hotline staff` from file to file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.scenario_file import read_scenario
from ivr.staff_command import run_staff

SMALL = """\
# A small centre
name: Small   # stays
seed: 3
horizon_h: 8
replications: {min: 20, max: 200, half_width: 0.02}
topics:
  # the only one
  - name: a
    arrivals: {per_hour: 60}
    handling_s: {dist: exponential, mean: 240}
    patience_s: {dist: exponential, mean: 120}
    needs: {a: 1}
    target: {answered_within_s: 20, share: 0.8}
# who is there
operators:
  - {count: 3, skills: {a: 1}, shift: "00:00-08:00", breaks: [{after_h: 4, length_min: 30}]}   # too few
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_roster_is_printed_and_written_with_the_comments_of_the_scenario(small: Path, capsys):
    output, report = small.with_name("found.yaml"), small.with_name("found.json")
    assert run_staff(small, report, output, jobs=1) == 0

    told = json.loads(report.read_text("utf-8"))
    assert told["state"] == "verified"
    text = output.read_text("utf-8")
    assert "length_min: 30}" in text
    for comment in ("# A small centre", "# stays", "# the only one", "# who is there", "./hotline staff"):
        assert comment in text
    scenario, findings = read_scenario(output)
    assert findings == []
    assert scenario is not None
    assert sum(group.count for group in scenario.operators) == told["people"]
    (group,) = scenario.operators
    assert group.breaks[0].length_min == 30

    shown = capsys.readouterr()
    assert "a: pass" in shown.out
    assert f"{told['people']}" in shown.out
    assert "verification 1" in shown.err
    assert "holds every target" in shown.err


def test_the_roster_found_holds_in_simulate_as_well(small: Path, capsys):
    output = small.with_name("found.yaml")
    assert run_staff(small, None, output, jobs=1) == 0
    from ivr.simulate_command import run_simulate
    from ivr.simulate_days import Means

    assert run_simulate(output, means=Means(jobs=1)) == 0
    assert "a: pass" in capsys.readouterr().out


def test_a_bound_that_leaves_too_few_is_a_failure_and_says_so(small: Path, capsys):
    few = "staffing: {max_people: 3}\n"
    small.write_text(SMALL + few, encoding="utf-8")
    assert run_staff(small, jobs=1) == 1
    shown = capsys.readouterr()
    assert "allow more people" in shown.err
    assert "nearest so far" in shown.out


def test_no_time_is_no_roster(small: Path, capsys):
    assert run_staff(small, max_minutes=0.0, jobs=1) == 1
    assert "out of time" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("without", "advice"),
    [
        ("    target: {answered_within_s: 20, share: 0.8}\n", "add target:"),
        ("    handling_s: {dist: exponential, mean: 240}\n", "mend the scenario"),
    ],
)
def test_a_scenario_that_cannot_be_staffed_is_sent_back(small: Path, capsys, without: str, advice: str):
    small.write_text(SMALL.replace(without, ""), encoding="utf-8")
    assert run_staff(small, jobs=1) == 1
    shown = capsys.readouterr()
    assert advice in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ("{shifts: [{starts: ['8:00'], length_h: 8}]}", "start '8:00' is not like 08:00"),
        ("{hire: [{skills: {a: 1}, least: 5, most: 4}]}", "most 4 is less than least 5"),
        ("{cost_per_hour: 0}", "cost_per_hour"),
    ],
)
def test_mistakes_of_the_staffing_block_are_found_at_their_line(
    small: Path, capsys, block: str, sentence: str
):
    small.write_text(SMALL + f"staffing: {block}\n", encoding="utf-8")
    assert run_staff(small, jobs=1) == 1
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert "small.yaml:17" in shown.err


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ("{hire: [{skills: {b: 1}}]}", "nobody who can be hired may take 'a'"),
        ("{hire: [{skills: {a: 1}, least: 5}], max_people: 4}", "contradict one another"),
    ],
)
def test_an_offer_that_cannot_work_is_refused_in_one_sentence(small: Path, capsys, block: str, sentence: str):
    small.write_text(SMALL + f"staffing: {block}\n", encoding="utf-8")
    assert run_staff(small, jobs=1) == 1
    assert sentence in capsys.readouterr().err


def test_what_cannot_be_written_is_a_failure(small: Path, capsys):
    assert run_staff(small, None, small.with_name("no") / "found.yaml", jobs=1) == 1
    assert "cannot be written" in capsys.readouterr().err
