"""The manager's events that the controller uses, as typed facts. Everything stays text, as Asterisk gave it.

Source: Asterisk 22 AMI event reference, checked against a running 22.10.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import dropwhile
from urllib.parse import unquote

import msgspec
import structlog

from .ami_reader import AmiEvent

log = structlog.get_logger(__name__)


class TypedEvent(msgspec.Struct, frozen=True):
    """channel, uniqueid, linkedid: of the channel it happened to. linkedid is one for all legs of a call."""


class OfChannel(TypedEvent, frozen=True):
    channel: str
    uniqueid: str
    linkedid: str


class AgiStarted(OfChannel, frozen=True):
    """AsyncAGIStart: the channel waits for commands. env: AGI's variables, without the prefix "agi_"."""

    caller: str
    exten: str
    context: str
    env: dict[str, str]


class AgiEnded(OfChannel, frozen=True):
    """AsyncAGIEnd: redirected, hung up, or thrown out by a failing command."""


class HungUp(OfChannel, frozen=True):
    """Hangup. cause: Q.850, 0 if Asterisk knows none. cause_text: Asterisk's words for it."""

    cause: int
    cause_text: str


class DialBegun(TypedEvent, frozen=True):
    """channel: the one that dials, "" when Originate does. dest: the phone's channel. dialled: the phone."""

    channel: str
    uniqueid: str
    linkedid: str
    dest_channel: str
    dest_uniqueid: str
    dialled: str


class DialEnded(TypedEvent, frozen=True):
    """status: ANSWER, BUSY, NOANSWER, CANCEL, CONGESTION, CHANUNAVAIL, ABORT, CONTINUE, GOTO …"""

    channel: str
    uniqueid: str
    linkedid: str
    dest_channel: str
    dest_uniqueid: str
    status: str


class DigitPressed(OfChannel, frozen=True):
    """DTMFEnd. direction: "Received" from the phone, "Sent" to it."""

    digit: str
    direction: str


class UserEventSent(TypedEvent, frozen=True):
    """UserEvent of the dialplan. fields: its own; Asterisk writes them behind its name."""

    name: str
    channel: str
    uniqueid: str
    fields: dict[str, str]


class BridgeEntered(OfChannel, frozen=True):
    bridge: str
    channels_in_it: int


class BridgeLeft(OfChannel, frozen=True):
    bridge: str
    channels_in_it: int


class BlindTransferred(TypedEvent, frozen=True):
    """channel: who transfers; transferee: whom, "" if Asterisk does not say; to: where."""

    result: str
    channel: str
    uniqueid: str
    transferee: str
    transferee_uniqueid: str
    context: str
    exten: str


class AttendedTransferred(TypedEvent, frozen=True):
    """orig, second: the transferer's two channels; transferee: whom, "" if Asterisk does not say.

    dest_type: Bridge, App, Link, Threeway or Fail.
    """

    result: str
    orig_channel: str
    orig_uniqueid: str
    second_channel: str
    second_uniqueid: str
    transferee: str
    transferee_uniqueid: str
    dest_type: str


class ContactChanged(TypedEvent, frozen=True):
    """ContactStatus: a phone's registration. status: Created, Reachable, Unreachable, Removed …"""

    uri: str
    aor: str
    endpoint: str
    status: str


class DeviceStateChanged(TypedEvent, frozen=True):
    """state: NOT_INUSE, INUSE, BUSY, INVALID, UNAVAILABLE, RINGING, RINGINUSE, ONHOLD, UNKNOWN."""

    device: str
    state: str


class Originated(TypedEvent, frozen=True):
    """OriginateResponse. response: Success or Failure. uniqueid: "<null>" from Asterisk is "" here."""

    response: str
    action_id: str
    channel: str
    uniqueid: str
    reason: int


class Booted(TypedEvent, frozen=True):
    """FullyBooted, also after each login to an Asterisk that is up. uptime: s; last_reload: s ago."""

    uptime: int
    last_reload: int


def _of_channel(event: AmiEvent) -> tuple[str, str, str]:
    return event["Channel"], event["Uniqueid"], event["Linkedid"]


def _dial(event: AmiEvent) -> tuple[str, str, str, str, str]:
    # A leg that Originate dials has no dialling channel, and no such headers.
    dialling = (event.get("Channel", ""), event.get("Uniqueid", ""))
    return *dialling, event["DestLinkedid"], event["DestChannel"], event["DestUniqueid"]


def _env(quoted: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in unquote(quoted).split("\n") if line)
    return {name.removeprefix("agi_"): value for name, _, value in pairs}


def _user_event(event: AmiEvent) -> UserEventSent:
    own = dict(dropwhile(lambda header: header[0] != "UserEvent", event.items()))
    return UserEventSent(own.pop("UserEvent"), event.get("Channel", ""), event.get("Uniqueid", ""), own)


def _attended(event: AmiEvent) -> AttendedTransferred:
    return AttendedTransferred(
        event["Result"],
        event["OrigTransfererChannel"],
        event["OrigTransfererUniqueid"],
        event["SecondTransfererChannel"],
        event["SecondTransfererUniqueid"],
        event.get("TransfereeChannel", ""),
        event.get("TransfereeUniqueid", ""),
        event.get("DestType", ""),
    )


def _blind(event: AmiEvent) -> BlindTransferred:
    return BlindTransferred(
        event["Result"],
        event["TransfererChannel"],
        event["TransfererUniqueid"],
        event.get("TransfereeChannel", ""),
        event.get("TransfereeUniqueid", ""),
        event["Context"],
        event["Extension"],
    )


def _originated(event: AmiEvent) -> Originated:
    uniqueid = event["Uniqueid"]
    return Originated(
        event["Response"],
        event.get("ActionID", ""),
        event["Channel"],
        "" if uniqueid == "<null>" else uniqueid,
        int(event["Reason"]),
    )


_VIEWS: dict[str, Callable[[AmiEvent], TypedEvent]] = {
    "AsyncAGIStart": lambda e: AgiStarted(
        *_of_channel(e), e["CallerIDNum"], e["Exten"], e["Context"], _env(e["Env"])
    ),
    "AsyncAGIEnd": lambda e: AgiEnded(*_of_channel(e)),
    "Hangup": lambda e: HungUp(*_of_channel(e), int(e["Cause"]), e.get("Cause-txt", "")),
    "DialBegin": lambda e: DialBegun(*_dial(e), e["DialString"]),
    "DialEnd": lambda e: DialEnded(*_dial(e), e["DialStatus"]),
    "DTMFEnd": lambda e: DigitPressed(*_of_channel(e), e["Digit"], e["Direction"]),
    "UserEvent": _user_event,
    "BridgeEnter": lambda e: BridgeEntered(*_of_channel(e), e["BridgeUniqueid"], int(e["BridgeNumChannels"])),
    "BridgeLeave": lambda e: BridgeLeft(*_of_channel(e), e["BridgeUniqueid"], int(e["BridgeNumChannels"])),
    "BlindTransfer": _blind,
    "AttendedTransfer": _attended,
    "ContactStatus": lambda e: ContactChanged(
        e["URI"], e["AOR"], e.get("EndpointName", ""), e["ContactStatus"]
    ),
    "DeviceStateChange": lambda e: DeviceStateChanged(e["Device"], e["State"]),
    "OriginateResponse": _originated,
    "FullyBooted": lambda e: Booted(int(e["Uptime"]), int(e["LastReload"])),
}


def parse(event: AmiEvent) -> TypedEvent | None:
    """The typed view of an event; None for one that is not used, or (with a log line) malformed."""
    name = event.get("Event", "")
    view = _VIEWS.get(name)
    if view is None:
        return None
    try:
        return view(event)
    except (KeyError, ValueError) as error:
        missing = error.args[0] if isinstance(error, KeyError) else "a number"
        log.warning("An event of Asterisk lacks what it must have", event_name=name, lacks=missing)
        return None
