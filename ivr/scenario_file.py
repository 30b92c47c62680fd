"""A planner's scenario file: every mistake at once, each with its file and line."""

from __future__ import annotations

from pathlib import Path

from ivr.finding import Finding, has_errors, in_order
from ivr.plain_errors import errors_at
from ivr.yaml_source import load_yaml
from loadtest.scenario import Scenario
from loadtest.scenario_check import mistakes


def read_scenario(path: Path) -> tuple[Scenario | None, list[Finding]]:
    """The scenario, None if the findings have an error in them."""
    source, findings = load_yaml(path)
    if source is None:
        return None, findings
    findings = findings + [finding for _, finding in errors_at(source, Scenario)]
    if has_errors(findings):
        return None, in_order(findings)
    scenario = Scenario.model_validate(source.plain())
    findings += [source.finding(one.path, one.code, one.sentence) for one in mistakes(scenario)]
    return (None if has_errors(findings) else scenario), in_order(findings)
