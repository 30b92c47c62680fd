"""Operators with nothing but a phone: feature codes dialled, confirmations spoken, phones lost and found."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from acd.core import events as facts
from acd.core.model import OperatorId
from ivr.asterisk.ami_client import AmiError
from ivr.asterisk.ami_events import AgiStarted, HungUp, UserEventSent
from ivr.asterisk.call_control import CallControl
from ivr.background import Background
from ivr.menus import Menus

log = structlog.get_logger()

PHONE_LOST = "phone_lost"  # the pause reason we give ourselves, and the only one we take back ourselves
REACHABLE = ("Reachable", "NonQualified", "Created", "Updated")
LOST = ("Unreachable", "Removed")


class DeskPhones:
    """Turns feature codes and the state of operators' phones into facts.

    state_of: the operator's present state and pause reason, as the dispatcher has it.
    """

    def __init__(
        self,
        control: CallControl,
        menus: Menus,
        submit: Callable[[facts.AnyFact], None],
        *,
        state_of: Callable[[OperatorId], tuple[str, str | None] | None],
    ) -> None:
        self._control = control
        self._menus = menus
        self._submit = submit
        self._state_of = state_of
        self._confirmations: dict[str, str] = {}  # channel's uniqueid -> what to say
        self._on_hook: dict[str, facts.AnyFact] = {}  # channel's uniqueid -> what is true once he hung up
        self._background = Background()

    def dialled(self, event: UserEventSent) -> None:
        """A feature code. Meaning: sign_in, sign_out, ready, pause:<reason>."""
        operator, meaning = self._menus.operator_at(event.fields["Operator"]), event.fields["Meaning"]
        self._confirmations[event.uniqueid] = self._act(operator, meaning, event.uniqueid)
        log.info("an operator dialled a code", operator=operator, meaning=meaning)

    def _act(self, operator: OperatorId, meaning: str, channel: str) -> str:
        """Leaving counts at once; being there counts when his phone is free again, or it would ring busy."""
        word, _, reason = meaning.partition(":")
        signed_in = self._state_of(operator) not in (None, ("signed out", None))
        if word == "sign_in":
            self._on_hook[channel] = facts.OperatorSignedIn(operator)
        elif word == "sign_out":
            self._submit(facts.OperatorSignedOut(operator))
        elif not signed_in:
            return "not_signed_in"
        elif word == "ready":
            self._on_hook[channel] = facts.OperatorReady(operator)
        else:
            self._submit(facts.OperatorPaused(operator, reason))
        return meaning

    def owns(self, event: AgiStarted) -> bool:
        """Whether this channel is an operator's who dialled a code."""
        return event.uniqueid in self._confirmations

    def entered(self, event: AgiStarted) -> None:
        """His channel is ready: tell him what became of the code, and hang up."""
        self._background.run(self._confirm(event.uniqueid, event.channel))

    async def _confirm(self, uniqueid: str, channel: str) -> None:
        try:
            sound = await self._menus.sounds.confirmation(self._confirmations[uniqueid])
            await self._control.play(channel, sound)
            await self._control.hangup(channel)
        except AmiError as error:
            log.info("a confirmation was not heard to its end", channel=channel, why=str(error))

    def hung_up(self, event: HungUp) -> None:
        """Some channel that is no caller's is gone."""
        self._confirmations.pop(event.uniqueid, None)
        fact = self._on_hook.pop(event.uniqueid, None)
        if fact is not None:
            self._submit(fact)
            if isinstance(fact, facts.OperatorSignedIn):  # he may have been signed in, and paused
                self._submit(facts.OperatorReady(fact.operator))

    def contact(self, endpoint: str, status: str) -> None:
        """A phone came or went: nobody is rung whose phone cannot ring, and he need not tell us twice."""
        operator = self._menus.operator_at(endpoint)
        state = self._state_of(operator)
        if state is None:
            return
        name, reason = state
        if status in LOST and name != "signed out" and reason != PHONE_LOST:
            log.warning("an operator's phone is lost", operator=operator)
            self._submit(facts.OperatorPaused(operator, PHONE_LOST))
        elif status in REACHABLE and reason == PHONE_LOST:
            log.info("an operator's phone is back", operator=operator)
            self._submit(facts.OperatorReady(operator))

    def look_around(self, devices: list[dict[str, str]]) -> None:
        """After a start or a lost link: whose phones are there. devices: rows of DeviceStateList."""
        there = {
            row["Device"].removeprefix("PJSIP/")
            for row in devices
            if row.get("State") not in ("UNAVAILABLE", "INVALID", "UNKNOWN")
        }
        for endpoint in self._menus.loaded.site.endpoints().values():
            self.contact(endpoint, "Reachable" if endpoint in there else "Unreachable")
