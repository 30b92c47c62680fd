"""A scenario in the dispatcher's own words: the policy that production would run."""

from __future__ import annotations

import math
from collections.abc import Sequence

from acd.core.model import (
    Line,
    LineId,
    Operator,
    OperatorId,
    Policy,
    Region,
    Ring,
    Skill,
    Target,
    Topic,
    TopicId,
)
from loadtest.scenario import LineEntry, OperatorGroup, Scenario, TopicEntry


def line_names(scenario: Scenario) -> list[str]:
    """Every line that a topic, a transfer or an operator names, in the order of the file."""
    names = [topic.line for topic in scenario.topics]
    names += [topic.transfer.to_line for topic in scenario.topics if topic.transfer]
    names += [line for group in scenario.operators for line in group.on_lines]
    return list(dict.fromkeys(names))


def staff(scenario: Scenario) -> list[list[OperatorId]]:
    """The operators who are present, group by group."""
    return [
        [OperatorId(f"group{number}-{person}") for person in range(group.present)]
        for number, group in enumerate(scenario.operators, 1)
    ]


def policy(scenario: Scenario) -> Policy:
    """The rules of the scenario.

    Wrap-ups are drawn for each call, so the line's own never ends by itself: the simulation says when one is
    over (`WrapUpFinished`). Phones that ring are always answered, so ringing has no end either.
    """
    lines = {LineId(name): _line(scenario, name) for name in line_names(scenario)}
    operators = {
        id: _operator(id, group)
        for group, ids in zip(scenario.operators, staff(scenario), strict=True)
        for id in ids
    }
    topics = {TopicId(topic.name): _topic(topic) for topic in scenario.topics}
    return Policy(scenario.name, topics, lines, operators, ageing=scenario.ageing_s)


def _line(scenario: Scenario, name: str) -> Line:
    entry = scenario.lines.get(name, LineEntry())
    wrap_up = math.inf if _wraps_up(scenario, name) else 0.0
    return Line(LineId(name), math.inf, wrap_up, entry.regional, entry.widen_after_s)


def _operator(id: OperatorId, group: OperatorGroup) -> Operator:
    region = None if group.region is None else Region(group.region)
    return Operator(id, tuple(map(LineId, group.on_lines)), _skills(group.skills), region=region)


def _topic(topic: TopicEntry) -> Topic:
    rings: Sequence[Ring] = [Ring(ring.after, _skills(ring.needs)) for ring in topic.demand]
    target = Target(topic.judged_by.answered_within_s, topic.judged_by.share)
    return Topic(
        TopicId(topic.name), LineId(topic.line), tuple(rings), topic.priority, target, topic.queue_limit
    )


def _skills(levels: dict[str, int]) -> dict[Skill, int]:
    return {Skill(name): level for name, level in levels.items()}


def _wraps_up(scenario: Scenario, line: str) -> bool:
    return any(
        topic.wrap_up_s is not None
        and (topic.line == line or (topic.transfer is not None and topic.transfer.to_line == line))
        for topic in scenario.topics
    )
