"""A planner's scenario file: every mistake at once, each with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.finding import Finding, has_errors, in_order
from ivr.plain_errors import errors_at
from ivr.scenario_site import with_site
from ivr.yaml_source import Source, load_yaml
from loadtest.measured import Measured
from loadtest.scenario import Scenario
from loadtest.scenario_check import mistakes

Edit = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class ScenarioText:
    """A scenario file that is YAML. plain: its keys, with what a site file says where it says nothing."""

    source: Source
    plain: Any
    measured: Measured

    def scenario(self, edit: Edit | None = None) -> tuple[Scenario | None, list[Finding]]:
        """The scenario, None if the findings have an error in them. edit: changes a copy of the keys before."""
        plain = copied(self.plain)
        if edit is not None:
            edit(plain)
        context = {"measured": self.measured}
        findings = [finding for _, finding in errors_at(self.source, Scenario, value=plain, context=context)]
        if has_errors(findings):
            return None, in_order(findings)
        scenario = Scenario.model_validate(plain, context=context)
        findings += [self.source.finding(one.path, one.code, one.sentence) for one in mistakes(scenario)]
        return (None if has_errors(findings) else scenario), in_order(findings)


def read_text(path: Path) -> tuple[ScenarioText | None, list[Finding]]:
    """The file and its site file, None if one of the two cannot be used."""
    source, findings = load_yaml(path)
    if source is None or has_errors(findings):
        return None, findings
    plain, more = with_site(source, path.parent)
    if has_errors(more):
        return None, in_order(findings + more)
    return ScenarioText(source, plain, Measured(path.parent)), findings + more


def read_scenario(path: Path) -> tuple[Scenario | None, list[Finding]]:
    """The scenario, None if the findings have an error in them."""
    text, findings = read_text(path)
    if text is None:
        return None, findings
    scenario, more = text.scenario()
    return scenario, in_order(findings + more)


def copied(value: Any) -> Any:
    """Plain values again, so that one copy can be changed."""
    if isinstance(value, dict):
        return {key: copied(one) for key, one in value.items()}
    return [copied(one) for one in value] if isinstance(value, list) else value
