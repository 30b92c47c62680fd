"""Figures of a day from the table of calls, by topic. The conventions are acd.core.statistics'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, and_, case, func, or_, select

from acd.records.tables import calls


class TopicFigures(msgspec.Struct, frozen=True):
    """Calls that asked for one topic. offered: all that queued. answered_in_time: within the topic's target.

    refused: turned away by a full or closed queue.
    """

    topic: str
    offered: int = 0
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    refused: int = 0

    @property
    def service_level(self) -> float | None:
        """Answered in time, of offered calls that are decided (those still waiting in time are not yet)."""
        decided = self.answered + self.abandoned + self.refused
        return None if decided == 0 else self.answered_in_time / decided


def by_topic(since: datetime, within: Mapping[str, float]) -> Select[*tuple[Any, ...]]:
    """The question to the database. since: aware; calls queued from then on. within: topic -> seconds."""
    answered = calls.c.answered.is_not(None)
    in_time = or_(
        *(and_(calls.c.topic == topic, calls.c.wait_seconds <= limit) for topic, limit in within.items())
    )
    abandoned = and_(~answered, calls.c.result.in_(("abandoned_in_queue", "abandoned_while_ringing")))
    return (
        select(
            calls.c.topic,
            func.count(),
            func.sum(case((answered, 1), else_=0)),
            func.sum(case((and_(answered, in_time), 1), else_=0)),
            func.sum(case((abandoned, 1), else_=0)),
            func.sum(case((calls.c.result == "refused", 1), else_=0)),
        )
        .where(calls.c.started >= since, calls.c.topic.is_not(None))
        .group_by(calls.c.topic)
    )
