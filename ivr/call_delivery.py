"""One call on its way to an operator's phone: rung, answered, ended, sent on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from acd.core import events as acd_facts
from acd.core.model import CallId, LineId, OperatorId, TopicId
from ivr.call_inputs import Transferred
from ivr.call_parts import Parts, Place, Standing
from ivr.core.events import TalkEnded
from ivr.player import Player

REPORTS = {
    "NOANSWER": acd_facts.OperatorMissed,
    "BUSY": acd_facts.OperatorDeclined,
    "CHANUNAVAIL": acd_facts.OperatorUnreachable,
    "CONGESTION": acd_facts.OperatorUnreachable,
}
"""Asterisk's DIALSTATUS -> what the dispatcher is told."""


class CallDelivery:
    """standing: the session's, which this keeps up to date. Raises AmiError when the switch does not do it."""

    def __init__(self, call: CallId, channel: str, standing: Standing, player: Player, parts: Parts) -> None:
        self._call, self._channel = call, channel
        self._at, self._player, self._parts = standing, player, parts

    async def ring(self, operator: OperatorId) -> None:
        if self._at.place not in (Place.QUEUED, Place.RINGING):
            return
        self._player.forget()
        self._at.place, self._at.operator, self._at.in_agi = Place.RINGING, operator, False
        await self._parts.control.deliver(self._channel, self._parts.endpoint_of(operator))

    async def stop_ringing(self, operator: OperatorId, ring_follows: Callable[[], bool]) -> None:
        if self._at.place is not Place.RINGING or self._at.operator != operator:
            return
        self._at.place, self._at.operator = Place.QUEUED, None
        await asyncio.sleep(0)  # the next operator's ring stands in the same batch of commands
        if not ring_follows():
            await self._parts.control.retrieve(self._channel)

    def answered(self, operator: OperatorId) -> None:
        if self._at.place is not Place.RINGING or self._at.operator != operator:
            # He picked up in the instant we took the call away: the redirect has won, his phone is quiet.
            return
        self._at.place = Place.TALKING
        self._parts.submit(acd_facts.OperatorAnswered(self._call, operator))

    def ended(self, operator: OperatorId, status: str) -> None:
        """The channel came back from Dial. status: Asterisk's DIALSTATUS."""
        self._at.in_agi = False
        if self._at.operator != operator:
            return
        self._at.operator = None
        if self._at.place is Place.TALKING:
            self._at.place, self._at.ended_by = Place.MENU, "operator"
            self._at.on_entry = TalkEnded()
            self._parts.submit(acd_facts.TalkEnded(self._call, operator))
        elif self._at.place is Place.RINGING:
            self._at.place = Place.QUEUED
            report = REPORTS.get(status, acd_facts.OperatorMissed)
            self._parts.submit(report(self._call, operator))

    def transferred(self, wish: Transferred) -> None:
        self._at.place, self._at.operator, self._at.in_agi = Place.QUEUED, None, False
        topic = TopicId(wish.to) if wish.kind == "topic" else None
        line = LineId(wish.to) if wish.kind == "line" else None
        self._parts.submit(acd_facts.TransferAsked(self._call, wish.operator, topic=topic, line=line))
