"""What a call asks of an operator, and how that relaxes while it waits.

A topic's rings are steps: the first asks most. An operator's *stage* for a topic is the first ring he
satisfies; a call whose waiting has reached ring k may go to every operator of stage <= k. A ring begins at
`since + after` exactly; all comparisons add, so that alarms and decisions agree to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping

from acd.core.model import Language, Line, Operator, Region, Ring, Skill, Topic


def has(skills: Mapping[Skill, int], ring: Ring) -> bool:
    """Whether these levels are enough for the ring."""
    return all(skills.get(skill, 0) >= level for skill, level in ring.needs.items())


def stage(operator: Operator, topic: Topic) -> int | None:
    """Index of the first ring he satisfies; None when he can never take the topic."""
    for index, ring in enumerate(topic.rings):
        if has(operator.skills, ring):
            return index
    return None


def ring_at(topic: Topic, since: float, now: float) -> int:
    """Index of the ring that holds for a call waiting since `since`."""
    ring = 0
    while ring + 1 < len(topic.rings) and since + topic.rings[ring + 1].after <= now:
        ring += 1
    return ring


def speaks(operator: Operator, language: Language | None) -> bool:
    """Without a list he speaks every language of the site; a call without a language is for anybody."""
    return language is None or not operator.languages or language in operator.languages


def in_reach(operator: Operator, line: Line, region: Region | None, since: float, now: float) -> bool:
    """Whether the call's region lets him: on a regional line the own region first, later all."""
    widened = not line.regional or region is None or since + line.widen_after <= now
    return line.id in operator.lines and (widened or operator.region == region)


def may_take(
    operator: Operator,
    topic: Topic,
    line: Line,
    *,
    language: Language | None,
    region: Region | None,
    since: float,
    now: float,
) -> bool:
    """The whole rule in one place. The dispatcher's indexes are a fast form of it; `invariants` compares."""
    first = stage(operator, topic)
    return (
        first is not None
        and first <= ring_at(topic, since, now)
        and speaks(operator, language)
        and in_reach(operator, line, region, since, now)
    )
