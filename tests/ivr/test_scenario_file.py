"""A planner's file with mistakes: all of them at once, each with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.cli import app
from ivr.scenario_file import read_scenario

SHIPPED = Path(__file__).parents[2] / "loadtest" / "scenarios"

GOOD = """\
name: Small
horizon_h: 1
replications: {min: 3, max: 3}
topics:
  - name: help
    arrivals: {per_hour: 30}
    handling_s: {dist: exponential, mean: 60}
    patience_s: none
    needs: {help: 1}
    target: {answered_within_s: 20, share: 0.8}
operators:
  - {count: 3, skills: {help: 1}}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def told(folder: Path, text: str) -> list[tuple[int, str]]:
    scenario, findings = read_scenario(written(folder, text))
    assert scenario is None
    return [(one.line, one.code) for one in findings]


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_scenarios_that_are_shipped_have_no_mistakes(file: Path):
    scenario, findings = read_scenario(file)
    assert findings == []
    assert scenario is not None


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path):
    wrong = GOOD.replace("horizon_h: 1", "horizon_h: -1\nhorizont: 2").replace("mean: 60}", "mean: -60}")
    wrong = wrong.replace("share: 0.8}", "share: 80, of: everybody}").replace("count: 3", "count: 0")
    wrong = wrong.replace("per_hour: 30", "per_hour: [30, x], process: random")
    assert told(tmp_path, wrong) == [
        (2, "out-of-range"),
        (3, "unknown-key"),
        (7, "wrong-value"),
        (7, "unknown-process"),
        (8, "out-of-range"),
        (11, "out-of-range"),
        (11, "unknown-convention"),
        (13, "out-of-range"),
    ]


@pytest.mark.parametrize(
    ("good", "wrong", "line", "code"),
    [
        ("exponential", "exponentiell", 7, "unknown-distribution"),
        ("dist: exponential", "dist: lognormal", 7, "missing-cv"),
        ("mean: 60}", "mean: 60, cv: 2}", 7, "cv-not-used"),
        ("skills: {help: 1}", "skills: {hepl: 1}", 5, "nobody-can"),
        ("skills: {help: 1}", "skills: {help: 1}, line: second", 5, "nobody-can"),
        ("count: 3", "count: 3, shrinkage: 0.9", 5, "nobody-can"),
        ("skills: {help: 1}", "skills: {help: 1}, shift: 8-20", 12, "wrong-shift"),
        ("min: 3, max: 3", "min: 30, max: 3", 3, "min-above-max"),
        ("per_hour: 30", "per_hour: 300", 5, "queue-never-ends"),
        ("per_hour: 30", "per_hour: 1000000000", 5, "too-large"),
        ("needs: {help: 1}", "rings: [{after: 5, needs: {help: 1}}]", 5, "rings-out-of-order"),
        ("{per_hour: 30}", "{process: poisson}", 6, "missing-key"),
        ("{per_hour: 30}", "{trace: missing.csv}", 6, "measured-file"),
        ("{per_hour: 30}", "{trace: calls.csv, per_hour: 30}", 6, "rate-and-trace"),
        ("{per_hour: 30}", "{trace: late.csv}", 6, "after-the-end"),
        ("{dist: exponential, mean: 60}", "{dist: empirical}", 7, "missing-values"),
        ("{dist: exponential, mean: 60}", "{dist: empirical, file: calls.csv, cv: 1}", 7, "cv-not-used"),
        ("mean: 60}", "mean: 60, file: calls.csv}", 7, "file-not-used"),
        ("patience_s: none", "callback: {offer_after_s: -1, accept: 2}", 8, "out-of-range"),
        ("skills: {help: 1}", "skills: {help: 1}, line: second, lines: [first]", 12, "line-and-lines"),
        ("horizon_h: 1", "horizon_h: 1\nregions: {north: 1}\nlines: {third: {}}", 4, "unknown-line"),
        ("horizon_h: 1", "horizon_h: 1\nlines: {first: {regional: true}}", 3, "no-regions"),
    ],
)
def test_a_mistake_has_its_line(tmp_path: Path, good: str, wrong: str, line: int, code: str):
    (tmp_path / "calls.csv").write_text("10\n20\n")
    (tmp_path / "late.csv").write_text("10\n3600\n")
    assert good in GOOD
    assert (line, code) in told(tmp_path, GOOD.replace(good, wrong))


def test_a_mistake_in_a_measured_file_is_told_with_the_line_of_both(tmp_path: Path):
    (tmp_path / "talks.csv").write_text("seconds\n60\nsixty\n")
    measured = GOOD.replace("{dist: exponential, mean: 60}", "{dist: empirical, file: talks.csv}")
    _, (finding,) = read_scenario(written(tmp_path, measured))
    assert finding.line == 7
    assert "talks.csv:3: 'sixty' is no number of seconds" in finding.sentence


def test_recorded_calls_and_talks_stand_beside_the_scenario(tmp_path: Path):
    (tmp_path / "talks.csv").write_text("60\n120\n")
    (tmp_path / "calls.csv").write_text("2026-11-20T00:10:00\n2026-11-20T00:20:00\n")
    measured = GOOD.replace("{dist: exponential, mean: 60}", "{dist: empirical, file: talks.csv}")
    scenario, findings = read_scenario(
        written(tmp_path, measured.replace("per_hour: 30", "trace: calls.csv"))
    )
    assert findings == []
    assert scenario is not None
    assert scenario.topics[0].arrivals.times_s == (600, 1200)
    assert scenario.topics[0].handling_s.mean == 90


def test_an_operators_region_from_which_nobody_calls_is_told(tmp_path: Path):
    wrong = GOOD.replace("skills: {help: 1}}", "skills: {help: 1}, region: nroth}") + "regions: {north: 1}\n"
    assert told(tmp_path, wrong) == [(12, "unknown-region")]


def test_a_queue_without_end_is_told_with_its_figures(tmp_path: Path):
    _, findings = read_scenario(written(tmp_path, GOOD.replace("per_hour: 30", "per_hour: 300")))
    assert "asked for 5.0 operators on the average and has 3 at most" in findings[0].sentence


def test_the_command_writes_a_report_in_which_every_figure_has_its_interval(tmp_path: Path):
    report = tmp_path / "report.json"
    given = ["simulate", str(written(tmp_path, GOOD)), "--json", str(report), "--jobs", "1"]
    assert app(given) == 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["replications"] == 3
    assert told["verdict"]["overall"] == "pass"
    assert set(told["wait_quantiles_s"]) == {"0.5", "0.9", "0.95", "0.99"}
    for key in ("offered", "answered", "p_wait", "asa_s", "mean_wait_all_s", "p_abandon", "p_block", "orbit"):
        low, high = told[key]["ci95"]
        assert low <= told[key]["mean"] <= high
    assert told["by_topic"]["help"]["service_level"].keys() == told["service_level"].keys()
    assert len(told["by_interval"]) == 2


def test_the_command_fails_on_a_wrong_file_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = written(tmp_path, GOOD.replace("mean: 60", "mean: 0"))
    assert app(["simulate", str(file), "--jobs", "1"]) == 1
    assert f"{file}:7: error: mean must be more than 0" in capsys.readouterr().err
