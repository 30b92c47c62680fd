"""What the compiled day does not know, so that the shared router has to run the scenario."""

from __future__ import annotations

from loadtest.scenario import Scenario


def not_compiled(scenario: Scenario) -> list[str]:
    """The features of the scenario that the compiled day has not, by the names of their keys."""
    features = {
        "callback": any(topic.callback is not None for topic in scenario.topics),
        "regional lines": scenario.regional,
        "operators on several lines": any(len(group.on_lines) > 1 for group in scenario.operators),
    }
    return [name for name, there in features.items() if there]


def compiled_covers(scenario: Scenario) -> bool:
    """Whether the compiled day may stand for the shared router here."""
    return not not_compiled(scenario)
