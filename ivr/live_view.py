"""What a running hotline looks like right now: the figures of `status` and `top`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from acd.core.dispatcher import Dispatcher
from acd.core.model import TopicId
from acd.journal_writer import JournalWriter
from acd.ports import Clock
from acd.records.errors import JournalError
from acd.records.figures import TopicFigures
from ivr.menus import Menus
from ivr.service import Calls


class Records(Protocol):
    """The table of calls, asked for figures."""

    async def figures(self, since: datetime, within: Mapping[str, float]) -> Sequence[TopicFigures]: ...


class LiveView:
    """Reads the parts; changes nothing."""

    def __init__(
        self,
        menus: Menus,
        dispatcher: Dispatcher,
        calls: Calls,
        writer: JournalWriter,
        records: Records,
        clock: Clock,
        switch_up: Callable[[], bool],
        hearing: Callable[[], dict[str, Any]],
    ) -> None:
        self._menus, self._dispatcher, self._calls = menus, dispatcher, calls
        self._writer, self._records, self._clock = writer, records, clock
        self._switch_up = switch_up
        self._hearing = hearing
        self._last: dict[str, TopicFigures] = {}

    async def figures(self) -> dict[str, Any]:
        """One picture. Waits in seconds; service level of calls offered since midnight, site's time."""
        site = self._menus.loaded.site
        now = self._clock.monotonic()
        places: dict[str, int] = {}
        for session in self._calls.sessions.values():
            places[str(session.place)] = places.get(str(session.place), 0) + 1
        return {
            "name": site.name,
            "version": self._menus.loaded.version,
            "at": self._clock.utc().isoformat(),
            "calls": places,
            "switch": self._switch_up(),
            "journal_behind": self._writer.behind,
            "journal_failing": self._writer.failing,
            "speech": self._hearing(),
            "topics": await self._topics(now),
            "operators": self._operators(now),
        }

    async def _topics(self, now: float) -> list[dict[str, Any]]:
        loaded = self._menus.loaded
        within: dict[str, float] = {
            id: topic.target.answered_within for id, topic in loaded.policy.topics.items()
        }
        rows = await self._of_the_day(self._midnight(loaded.timezone), within)
        shown = []
        for id, topic in loaded.site.topics.items():
            row = rows.get(id) or TopicFigures(id)
            waiting, oldest = self._dispatcher.waiting(TopicId(id))
            shown.append(
                {
                    "id": id,
                    "title": topic.title,
                    "target": {"within": topic.target.answered_within, "share": topic.target.share},
                    "waiting": waiting,
                    "longest_wait": 0.0 if oldest is None else now - oldest,
                    "offered": row.offered,
                    "answered": row.answered,
                    "within_target": row.answered_in_time,
                    "abandoned": row.abandoned,
                    "service_level": row.service_level,
                }
            )
        return shown

    async def _of_the_day(self, since: datetime, within: Mapping[str, float]) -> Mapping[str, TopicFigures]:
        """By topic; those seen last while the records cannot be read: queues and operators are shown all the same."""
        with contextlib.suppress(JournalError):
            self._last = {row.topic: row for row in await self._records.figures(since, within)}
        return self._last

    def _operators(self, now: float) -> list[dict[str, Any]]:
        names = {one.id: one for one in self._menus.loaded.site.operators}
        talks = {call.operator: call for call in self._dispatcher.calls() if call.operator}
        shown = []
        for one in self._dispatcher.operators():
            entry = names.get(one.operator)
            call = talks.get(one.operator)
            shown.append(
                {
                    "id": one.operator,
                    "name": entry.name if entry else one.operator,
                    "lines": entry.lines if entry else [],
                    "state": one.state,
                    "reason": one.reason,
                    "idle_for": None if one.idle_since is None else now - one.idle_since,
                    "call": call.call if call else None,
                    "topic": call.topic if call else None,
                }
            )
        return shown

    def _midnight(self, zone: ZoneInfo) -> datetime:
        return self._clock.utc().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
