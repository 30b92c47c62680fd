"""A scenario that takes its rules from a site file: what it takes, what it says itself, and what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivr.config import load_site
from ivr.config import policy as site_policy
from ivr.scenario_file import read_scenario
from loadtest.rules import policy
from loadtest.scenario import Scenario

EXAMPLE = Path(__file__).parents[2] / "examples" / "city_health"

SCENARIO = """\
name: From the site
site: site.yaml
horizon_h: 1
topics:
  - name: medical
    arrivals: {per_hour: 60}
    handling_s: {dist: exponential, mean: 60}
    patience_s: {dist: exponential, mean: 60}
  - name: donors
    arrivals: {per_hour: 10}
    handling_s: {dist: exponential, mean: 60}
    patience_s: {dist: exponential, mean: 60}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example's site."""
    shutil.copytree(EXAMPLE, tmp_path / "site")
    return tmp_path / "site"


def read(folder: Path, text: str = SCENARIO) -> Scenario:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    scenario, findings = read_scenario(file)
    assert findings == []
    assert scenario is not None
    return scenario


def told(folder: Path, text: str) -> list[tuple[str, int, str, str]]:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    scenario, findings = read_scenario(file)
    assert scenario is None
    return [(Path(one.file).name, one.line, one.code, one.sentence) for one in findings]


def test_the_simulated_rules_are_those_of_the_site(folder: Path):
    site, _ = load_site(folder / "site.yaml")
    assert site is not None
    real, simulated = site_policy(site, "v"), policy(read(folder))
    assert simulated.topics.keys() < real.topics.keys()
    for name, topic in simulated.topics.items():
        assert topic == real.topics[name]
    assert simulated.ageing == real.ageing
    mine = [(one.lines, one.skills, one.region) for one in simulated.operators.values()]
    assert mine == [(one.lines, one.skills, one.region) for one in real.operators.values()]


def test_after_a_talk_operators_write_up_as_long_as_their_line_gives_them(folder: Path):
    medical, donors = read(folder).topics
    assert medical.wrap_up_s is not None
    assert donors.wrap_up_s is not None
    assert (medical.wrap_up_s.dist, medical.wrap_up_s.mean, donors.wrap_up_s.mean) == ("deterministic", 3, 5)


def test_a_regional_line_of_the_site_is_one_here(folder: Path):
    site = folder / "site.yaml"
    text = site.read_text("utf-8").replace("regional: false", "regional: true\n    widen_after: 30")
    site.write_text(
        text.replace("lines: [second], skills", "region: north, lines: [second], skills"), "utf-8"
    )
    scenario = read(folder, SCENARIO + "regions: {north: 1, south: 2}\n")
    assert (scenario.lines["second"].regional, scenario.lines["second"].widen_after_s) == (True, 30)
    assert [group.region for group in scenario.operators if group.on_lines == ["second"]] == ["north"]


def test_what_the_scenario_says_goes_before_the_site(folder: Path):
    own = SCENARIO.replace(
        "    arrivals: {per_hour: 60}\n",
        "    arrivals: {per_hour: 60}\n    needs: {medical: 1}\n    priority: 3\n    queue_limit: 7\n"
        "    wrap_up_s: {dist: exponential, mean: 20}\n    target: {answered_within_s: 30, share: 0.9}\n",
    )
    own += (
        "ageing_s: 5\noperators:\n"
        "  - {count: 4, skills: {medical: 1}}\n  - {count: 2, skills: {donors: 1}, line: second}\n"
    )
    scenario = read(folder, own)
    medical, donors = scenario.topics
    assert [(ring.after, ring.needs) for ring in medical.demand] == [(0, {"medical": 1})]
    assert (medical.priority, medical.queue_limit) == (3, 7)
    assert medical.wrap_up_s is not None
    assert medical.wrap_up_s.mean == 20
    assert (medical.judged_by.answered_within_s, medical.judged_by.share) == (30, 0.9)
    assert donors.line == "second"
    assert scenario.ageing_s == 5
    assert [group.count for group in scenario.operators] == [4, 2]


def test_a_topic_the_site_does_not_know_is_told_with_the_name_that_was_meant(folder: Path):
    ((file, line, code, sentence),) = told(folder, SCENARIO.replace("name: medical", "name: medcal"))
    assert (file, line, code) == ("scenario.yaml", 5, "unknown-topic")
    assert "did you mean 'medical'?" in sentence


def test_a_topic_of_the_scenarios_own_says_whom_it_needs(folder: Path):
    own = SCENARIO.replace("name: medical", "name: dental\n    needs: {medical: 1}\n    line: first")
    assert [topic.name for topic in read(folder, own).topics] == ["dental", "donors"]


def test_a_mistake_in_the_site_is_told_in_the_site(folder: Path):
    site = folder / "site.yaml"
    site.write_text(site.read_text("utf-8").replace("priority: 10", "priority: ten"), "utf-8")
    ((file, line, code, _),) = told(folder, SCENARIO)
    assert (file, code) == ("site.yaml", "wrong-type")
    assert site.read_text("utf-8").splitlines()[line - 1].strip() == "priority: ten"


def test_a_site_that_is_not_there_is_named(folder: Path):
    ((file, _, code, _),) = told(folder, SCENARIO.replace("site.yaml", "town.yaml"))
    assert (file, code) == ("town.yaml", "file-missing")


def test_mistakes_of_the_scenario_are_told_with_their_line_although_a_site_completes_it(folder: Path):
    wrong = SCENARIO.replace("per_hour: 60", "per_hour: -60").replace("horizon_h: 1", "horizn_h: 1")
    assert [(line, code) for _, line, code, _ in told(folder, wrong)] == [
        (3, "unknown-key"),
        (6, "out-of-range"),
    ]


def test_a_site_that_is_no_name_is_a_wrong_type(folder: Path):
    assert (2, "wrong-type") in [
        (line, code) for _, line, code, _ in told(folder, SCENARIO.replace("site: site.yaml", "site: [a]"))
    ]
