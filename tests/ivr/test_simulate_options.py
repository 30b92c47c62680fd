"""What `./hotline simulate` can be asked for besides the figures of one scenario."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.cli import app

GOOD = """\
name: Small
horizon_h: 1
replications: {min: 3, max: 3}
topics:
  - name: help
    arrivals: {per_hour: 60}
    handling_s: {dist: exponential, mean: 60}
    patience_s: {dist: exponential, mean: 60}
    needs: {help: 1}
    target: {answered_within_s: 20, share: 0.8}
operators:
  - {count: 2, skills: {help: 1}}
"""


def written(folder: Path, text: str = GOOD, name: str = "scenario.yaml") -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def simulate(*words: str) -> int:
    return app(["simulate", *words, "--jobs", "1", "--exact"])


def test_a_page_is_written_into_a_folder_that_is_made(tmp_path: Path):
    folder = tmp_path / "reports" / "today"
    assert simulate(written(tmp_path), "--html", str(folder)) == 0
    page = (folder / "index.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert '<html lang="en">' in page
    assert [one.name for one in folder.iterdir()] == ["index.html"], "the page needs no other file"


def test_a_page_in_russian_is_asked_for(tmp_path: Path):
    assert simulate(written(tmp_path), "--html", str(tmp_path), "--language", "ru") == 0
    assert "<h1>Моделирование: Small</h1>" in (tmp_path / "index.html").read_text("utf-8")


def test_a_page_that_cannot_be_written_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert simulate(written(tmp_path), "--html", written(tmp_path, "", "a-file")) == 1
    assert "a-file cannot be made" in capsys.readouterr().err


def test_two_scenarios_are_compared_on_the_same_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one = written(tmp_path)
    other = written(tmp_path, GOOD.replace("count: 2", "count: 3").replace("Small", "Larger"), "other.yaml")
    report = tmp_path / "report.json"
    assert simulate("--compare", one, other, "--json", str(report)) == 0
    told = json.loads(report.read_text("utf-8"))
    assert (told["one"], told["other"], told["paired"]) == (
        "Small",
        "Larger",
        ["the same calls come to both"],
    )
    assert told["figures"]["service_level"]["difference"]["mean"] > 0
    assert told["by_target"]["help"]["service_level"]["verdict"] in ("better", "no difference seen")
    shown = capsys.readouterr().out
    assert "B - A" in shown
    assert "help: in time, %" in shown


def test_both_have_the_days_of_the_first_ones_seed(tmp_path: Path):
    reports = [tmp_path / name for name in ("a.json", "b.json")]
    one, other = written(tmp_path), written(tmp_path, GOOD + "seed: 9\n", "other.yaml")
    for report, pair in zip(reports, ((one, one), (one, other)), strict=True):
        assert simulate("--compare", *pair, "--json", str(report)) == 0
    same, seeded = (json.loads(report.read_text("utf-8")) for report in reports)
    assert same["figures"] == seeded["figures"]
    assert seeded["paired"] == [f"both on the days of seed 1, that of {one}"]
    assert seeded["figures"]["asa_s"]["difference"] == {"mean": 0.0, "ci95": [0.0, 0.0]}


def test_days_are_added_until_the_difference_is_known_well_enough(tmp_path: Path):
    more = GOOD.replace("min: 3, max: 3", "min: 3, max: 40, half_width: 0.03")
    one = written(tmp_path, more)
    other = written(tmp_path, more.replace("count: 2", "count: 3"), "other.yaml")
    report = tmp_path / "report.json"
    assert simulate("--compare", one, other, "--json", str(report)) == 0
    told = json.loads(report.read_text("utf-8"))
    assert 3 < told["replications"] <= 40
    low, high = told["by_target"]["help"]["service_level"]["difference"]["ci95"]
    assert (high - low) / 2 <= 0.03 or told["replications"] == 40


def test_days_of_different_length_are_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    other = written(tmp_path, GOOD.replace("horizon_h: 1", "horizon_h: 2"), "other.yaml")
    assert simulate("--compare", written(tmp_path), other) == 1
    assert "give both the same horizon_h" in capsys.readouterr().err


def test_every_file_of_a_comparison_is_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = [written(tmp_path, GOOD.replace("mean: 60", "mean: 0", 1), name) for name in ("a.yaml", "b.yaml")]
    assert simulate("--compare", *files) == 1
    told = capsys.readouterr().err
    assert all(f"{file}:7: error: mean must be more than 0" in told for file in files)


def test_a_value_is_swept_with_a_row_for_each_and_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    report = tmp_path / "report.json"
    words = ["--sweep", "operators.1.count=1:3:1", "--json", str(report), "--html", str(tmp_path)]
    assert simulate(written(tmp_path), *words) == 0
    told = json.loads(report.read_text("utf-8"))
    assert told["key"] == "operators.1.count"
    assert [point["value"] for point in told["points"]] == [1, 2, 3]
    levels = [point["report"]["service_level"]["of_offered"]["mean"] for point in told["points"]]
    assert levels == sorted(levels)
    assert "operators.1.count" in capsys.readouterr().out
    assert "operators.1.count" in (tmp_path / "index.html").read_text("utf-8")


def test_a_sweep_of_the_load_brings_the_same_callers_sooner(tmp_path: Path):
    report = tmp_path / "report.json"
    assert simulate(written(tmp_path), "--sweep", "load=1:2:0.5", "--json", str(report)) == 0
    offered = [
        point["report"]["offered"]["mean"] for point in json.loads(report.read_text("utf-8"))["points"]
    ]
    assert 1.3 < offered[1] / offered[0] < 1.7 < offered[2] / offered[0] < 2.3


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("operators.1.count=0:2:1", "with operators.1.count = 0:"),
        ("operators.2.count=1:2:1", "there are 1 to 1"),
        ("trunk=10:20:5", "'trunk' is not a key here; did you mean 'trunks'?"),
        ("trunks=20:10:5", "TO not less than FROM"),
        ("load=0.5:1.5:0.5", None),
    ],
)
def test_every_value_of_a_sweep_is_looked_at_before_the_first_is_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sweep: str, said: str | None
):
    assert simulate(written(tmp_path), "--sweep", sweep) == (0 if said is None else 1)
    shown = capsys.readouterr()
    if said is not None:
        assert said in shown.err
        assert shown.out == ""


@pytest.mark.parametrize(
    "words", [[], ["a.yaml", "--compare", "a.yaml", "b.yaml"], ["--sweep", "load=1:2:1"]]
)
def test_a_mixture_of_questions_is_no_question(words: list[str], capsys: pytest.CaptureFixture[str]):
    assert simulate(*words) == 2
    assert "name one scenario" in capsys.readouterr().err
