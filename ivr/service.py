"""All calls of one switch: events find their session, commands of the dispatcher too."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set

import structlog

from acd.core import commands as acd_commands
from acd.core import events as acd_facts
from acd.core.model import CallId, OperatorId
from acd.mask import mask_number
from ivr.asterisk.ami_client import ActionRefused, AmiError, AmiEvent
from ivr.asterisk.ami_events import (
    AgiStarted,
    ContactChanged,
    DialEnded,
    DigitPressed,
    HungUp,
    UserEventSent,
    parse,
)
from ivr.asterisk.call_control import SPY
from ivr.background import Background
from ivr.call_inputs import (
    Answered,
    CallerLeft,
    DeliveryEnded,
    Entered,
    Input,
    Pressed,
    Regained,
    Transferred,
)
from ivr.call_parts import Parts, Place
from ivr.call_session import CallSession
from ivr.core.events import Resumed, Started
from ivr.desk_phone import DeskPhones
from ivr.menus import Menus
from ivr.recovery import MenuPlace
from ivr.site import NumberEntry

log = structlog.get_logger()

CALLER_CONTEXTS = ("in", "hotline", "deliver", "transfers")


class Calls:
    """The switch as the distributor sees it (acd.ports.Telephony), and the distributor as the switch feeds it.

    menus: those in force; a new call takes them as they are.
    pseudonym: number -> the name the journal knows the caller by. recall: call -> where the journal last saw
    it in its menu.
    """

    def __init__(
        self,
        parts: Parts,
        desk: DeskPhones,
        *,
        menus: Menus,
        pseudonym: Callable[[str], Awaitable[str | None]],
        recall: Callable[[str], Awaitable[MenuPlace]],
    ) -> None:
        self._parts = parts
        self._desk = desk
        self._menus = menus
        self._pseudonym = pseudonym
        self._recall = recall
        self._sessions: dict[str, CallSession] = {}
        self._background = Background()

    @property
    def sessions(self) -> Mapping[str, CallSession]:
        return self._sessions

    # --- acd.ports.Telephony: what comes of a command comes back as a fact ------------------------

    async def ring_operator(self, command: acd_commands.RingOperator) -> None:
        self._hand_to(command.call, command)

    async def stop_ringing(self, command: acd_commands.StopRinging) -> None:
        self._hand_to(command.call, command)

    async def announce(self, command: acd_commands.Announce) -> None:
        self._hand_to(command.call, command)

    async def overflow(self, command: acd_commands.Overflow) -> None:
        self._hand_to(command.call, command)

    async def release(self, command: acd_commands.Release) -> None:
        log.info("an operator is out of rotation", operator=command.operator, why=command.why)

    def _hand_to(self, call: str, item: Input) -> None:
        session = self._sessions.get(call)
        if session:
            session.put(item)
        elif isinstance(item, acd_commands.RingOperator):
            # The caller left between the decision and now, before the distributor heard of it.
            self._parts.submit(acd_facts.CallerHungUp(CallId(call)))

    # --- events of the switch ----------------------------------------------------------------------

    def on_event(self, event: AmiEvent) -> None:
        """Called by the AMI reader, in wire order; never waits."""
        match parse(event):
            case AgiStarted() as started:
                self._agi_started(started)
            case DigitPressed(direction="Received") as key:
                self._hand_to(key.uniqueid, Pressed(key.digit))
            case DialEnded(status="ANSWER") as dial:
                operator = self._menus.operator_at(_endpoint(dial.dest_channel))
                self._hand_to(dial.uniqueid, Answered(operator))
            case UserEventSent() as told:
                self._told(told)
            case HungUp() as hung_up if hung_up.uniqueid in self._sessions:
                self._hand_to(hung_up.uniqueid, CallerLeft(hung_up.cause_text))
            case HungUp() as hung_up:
                self._desk.hung_up(hung_up)
            case ContactChanged() as contact:
                self._desk.contact(contact.endpoint, contact.status)
            case _:
                pass

    def _agi_started(self, event: AgiStarted) -> None:
        if self._desk.owns(event):
            self._desk.entered(event)
        elif event.uniqueid in self._sessions:
            self._hand_to(event.uniqueid, Entered())
        else:
            self._background.run(self._begin(event.uniqueid, event.channel, event.caller))

    def _told(self, event: UserEventSent) -> None:
        """The dialplan's own words (asterisk_conf's extensions.conf)."""
        fields = event.fields
        match event.name:
            case "OperatorCode":
                self._desk.dialled(event)
            case "DeliverEnd":
                operator = self._menus.operator_at(fields["Operator"])
                self._hand_to(event.uniqueid, DeliveryEnded(operator, fields["Status"]))
            case "TransferAsked":
                kind, _, to = fields["Target"].partition(":")
                operator = self._menus.operator_at(fields["Operator"])
                self._hand_to(event.uniqueid, Transferred(operator, kind, to))
            case "ControllerSilent" if event.uniqueid in self._sessions:
                self._background.run(self._retrieve(self._sessions[event.uniqueid]))
            case _:
                pass

    # --- sessions ----------------------------------------------------------------------------------

    async def _begin(self, call: str, channel: str, caller: str) -> None:
        """A caller we have not seen: his number tells which menu he gets."""
        number = await self._number_of(channel)
        if number is None:
            return
        session = self._session(call, channel, number)
        log.info("a call came in", call=call, number=number.number, caller=mask_number(caller))
        body = {
            "number": number.number,
            "caller": await self._pseudonym(caller),
            "channel": channel,
            "language": session.conversation.language,
            "flow": self._menus.loaded.version,
        }
        self._parts.recorder.step("CallStarted", call, body)
        session.put(Entered())
        self._run(session, Started(number.number, session.conversation.language))

    async def _number_of(self, channel: str) -> NumberEntry | None:
        try:
            dialled = await self._parts.control.variable(channel, "HOTLINE_NUMBER")
        except AmiError as error:
            log.info("a call was gone before it was met", channel=channel, why=str(error))
            return None
        return self._menus.number(dialled)

    def _session(
        self,
        call: str,
        channel: str,
        number: NumberEntry,
        place: MenuPlace | None = None,
        *,
        queued: bool = False,
    ) -> CallSession:
        conversation = self._menus.conversation(number, place, queued=queued)
        session = CallSession(CallId(call), channel, conversation, self._menus.sounds, self._parts)
        self._sessions[call] = session
        return session

    def _run(self, session: CallSession, first: Started | Resumed | None) -> None:
        self._background.run(self._live(session, first))

    async def _live(self, session: CallSession, first: Started | Resumed | None) -> None:
        try:
            await session.run(first)
        except Exception:  # a defect of ours ends this call, never the service
            log.exception("a call failed", call=session.call)
            self._parts.submit(acd_facts.CallerHungUp(session.call))
            self._parts.recorder.step("CallEnded", session.call, {"by": "hotline", "cause": "failure"})
            await self._parts.control.hangup(session.channel)
        finally:
            self._sessions.pop(session.call, None)

    async def _retrieve(self, session: CallSession) -> None:
        try:
            await self._parts.control.retrieve(session.channel)
        except AmiError as error:
            log.info("the switch did not do it", call=session.call, what="retrieve", why=str(error))

    async def heartbeat(self, every: float) -> None:
        """Keep callers in our hands as long as we live; what we no longer touch goes to music by itself."""
        while True:
            await asyncio.sleep(every)
            for session in list(self._sessions.values()):
                if session.at_switch_mercy:
                    self._background.run(self._keep_alive(session))

    async def _keep_alive(self, session: CallSession) -> None:
        try:
            await self._parts.control.keep_alive(session.channel)
        except AmiError as error:
            log.info("the switch did not do it", call=session.call, what="keep alive", why=str(error))

    # --- after a loss ------------------------------------------------------------------------------

    async def adopt(self, known: Mapping[CallId, acd_facts.CallState], open_calls: Set[str]) -> Sequence[str]:
        """Take over every call the switch has, and forget those it has no more.

        known: what the dispatcher believes of calls (after a restart: from the journal). open_calls: ids
        without an end in the records. Used at start and after each loss of the link; a session that lives
        on keeps its conversation.
        Returns the ids of the calls found.
        """
        everything = await self._parts.control.channels()
        rows = {row["Uniqueid"]: row for row in everything if _is_caller(row)}
        for call in {*self._sessions, *known, *open_calls} - set(rows):
            self._forget(call)
        await self._end_forgotten_spies(everything)
        for call, row in rows.items():
            await self._adopt_one(call, row, known.get(CallId(call)))
        return list(rows)

    async def _end_forgotten_spies(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Nobody is listened to for a controller that is no more."""
        mine = tuple(session.ear for session in self._sessions.values() if session.ear)
        for row in rows:
            if row["Channel"].startswith(SPY) and not row["Channel"].endswith(mine):
                with contextlib.suppress(ActionRefused):
                    await self._parts.control.hangup(row["Channel"])

    def _forget(self, call: str) -> None:
        session = self._sessions.get(call)
        if session:
            session.put(CallerLeft("lost while the controller was away"))
            return
        self._parts.submit(acd_facts.CallerHungUp(CallId(call)))
        body = {"by": "", "cause": "lost while the controller was away"}
        self._parts.recorder.step("CallEnded", call, body)

    async def _adopt_one(self, call: str, row: Mapping[str, str], state: acd_facts.CallState | None) -> None:
        dialling = row.get("Application") == "Dial"
        talking = dialling and bool(row.get("BridgeId"))
        delivered = row.get("Context") == "deliver"
        operator = self._menus.operator_at(row.get("Exten", "")) if delivered else None
        session = self._sessions.get(call)
        if session is not None:
            keep = _catch_up(session, dialling=dialling, talking=talking)
        else:
            session = await self._take_over(call, row["Channel"], operator if talking else None, state)
            keep = talking
        if session is None:
            return
        state_now = {"queued": "waiting", "ringing": "waiting"}.get(session.place, str(session.place))
        self._parts.recorder.step("CallAdopted", call, {"state": state_now})
        if not keep:
            await self._retrieve(session)

    async def _take_over(
        self, call: str, channel: str, operator: OperatorId | None, state: acd_facts.CallState | None
    ) -> CallSession | None:
        """A session for a call that an earlier controller had. operator: whom it talks with."""
        number = await self._number_of(channel)
        if number is None:
            return None
        place = await self._recall(call)
        session = self._session(call, channel, number, place, queued=bool(operator or state))
        if operator:
            session.was_found(talking_with=operator)
        elif state:
            session.was_found()
        # A caller in the menu is asked his present question again.
        self._run(session, None if operator or state else Resumed())
        return session


def _endpoint(channel: str) -> str:
    """ "PJSIP/op1-0000002a" -> "op1"."""
    return channel.partition("/")[2].rpartition("-")[0]


def _is_caller(row: Mapping[str, str]) -> bool:
    return row.get("Context") in CALLER_CONTEXTS and row.get("Application") != "AppDial"


def _catch_up(session: CallSession, *, dialling: bool, talking: bool) -> bool:
    """Tell a session what happened while the link was down. True: the channel is best left where it is."""
    operator = session.operator
    if session.place is Place.RINGING and operator and talking:
        session.put(Answered(operator))
    elif session.place in (Place.RINGING, Place.TALKING) and operator and not dialling:
        session.put(DeliveryEnded(operator, "ANSWER" if session.place is Place.TALKING else "NOANSWER"))
    if not dialling:
        session.put(Regained())
    return dialling
