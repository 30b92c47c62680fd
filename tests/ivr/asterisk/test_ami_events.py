"""Typed views of events, as a real Asterisk 22.10 writes them (headers that no view reads are left out)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ivr.asterisk import ami_events as ev
from ivr.asterisk.ami_events import parse

OF_CHANNEL = {"Channel": "PJSIP/caller1-00000001", "Uniqueid": "h-1.0", "Linkedid": "h-1.0"}
MINE = ("PJSIP/caller1-00000001", "h-1.0", "h-1.0")
DEST = {"DestChannel": "PJSIP/op1-00000002", "DestUniqueid": "h-2.1", "DestLinkedid": "h-1.0"}
DIAL = ("PJSIP/caller1-00000001", "h-1.0", "h-1.0", "PJSIP/op1-00000002", "h-2.1")
BRIDGE = {"BridgeUniqueid": "b-1", "BridgeNumChannels": "2"}
BLIND = {
    "Result": "Success",
    "TransfererChannel": "PJSIP/op1-00000002",
    "TransfererUniqueid": "h-2.1",
    "Context": "transfer",
    "Extension": "*72",
}
ATTENDED = {
    "Result": "Success",
    "OrigTransfererChannel": "PJSIP/op1-00000002",
    "OrigTransfererUniqueid": "h-2.1",
    "SecondTransfererChannel": "PJSIP/op1-00000003",
    "SecondTransfererUniqueid": "h-3.2",
    "DestType": "Bridge",
}
TRANSFEREE = {"TransfereeChannel": "PJSIP/caller1-00000001", "TransfereeUniqueid": "h-1.0"}
ENV = "agi_request%3A%20async%0Aagi_calleridname%3A%20%D0%81%D0%B6%3A%20%D0%B8%D0%BA%0Aagi_accountcode%3A%20%0A%0A"

KNOWN = [
    (
        {
            "Event": "AsyncAGIStart",
            **OF_CHANNEL,
            "CallerIDNum": "100",
            "Exten": "call",
            "Context": "hotline",
            "Env": ENV,
        },
        ev.AgiStarted(
            *MINE, "100", "call", "hotline", {"request": "async", "calleridname": "Ёж: ик", "accountcode": ""}
        ),
    ),
    ({"Event": "AsyncAGIEnd", **OF_CHANNEL}, ev.AgiEnded(*MINE)),
    (
        {"Event": "Hangup", **OF_CHANNEL, "Cause": "16", "Cause-txt": "Normal Clearing"},
        ev.HungUp(*MINE, 16, "Normal Clearing"),
    ),
    ({"Event": "DialBegin", **OF_CHANNEL, **DEST, "DialString": "op1"}, ev.DialBegun(*DIAL, "op1")),
    ({"Event": "DialEnd", **OF_CHANNEL, **DEST, "DialStatus": "NOANSWER"}, ev.DialEnded(*DIAL, "NOANSWER")),
    (
        {"Event": "DialEnd", **DEST, "DialStatus": "ANSWER"},  # dialled by Originate
        ev.DialEnded("", "", "h-1.0", *DIAL[3:], "ANSWER"),
    ),
    (
        {"Event": "DTMFEnd", **OF_CHANNEL, "Digit": "#", "DurationMs": "80", "Direction": "Received"},
        ev.DigitPressed(*MINE, "#", "Received"),
    ),
    (
        {"Event": "UserEvent", **OF_CHANNEL, "UserEvent": "DeliverEnd", "Operator": "op1", "Status": "BUSY"},
        ev.UserEventSent("DeliverEnd", *MINE[:2], {"Operator": "op1", "Status": "BUSY"}),
    ),
    ({"Event": "UserEvent", "UserEvent": "FromTheManager"}, ev.UserEventSent("FromTheManager", "", "", {})),
    ({"Event": "BridgeEnter", **OF_CHANNEL, **BRIDGE}, ev.BridgeEntered(*MINE, "b-1", 2)),
    ({"Event": "BridgeLeave", **OF_CHANNEL, **BRIDGE}, ev.BridgeLeft(*MINE, "b-1", 2)),
    (
        {"Event": "BlindTransfer", **BLIND, **TRANSFEREE},
        ev.BlindTransferred("Success", *DIAL[3:], *MINE[:2], "transfer", "*72"),
    ),
    (
        {"Event": "BlindTransfer", **BLIND},
        ev.BlindTransferred("Success", *DIAL[3:], "", "", "transfer", "*72"),
    ),
    (
        {"Event": "AttendedTransfer", **ATTENDED, **TRANSFEREE},
        ev.AttendedTransferred("Success", *DIAL[3:], "PJSIP/op1-00000003", "h-3.2", *MINE[:2], "Bridge"),
    ),
    (
        {
            "Event": "ContactStatus",
            "URI": "sip:op1@127.0.0.1:5061",
            "ContactStatus": "Removed",
            "AOR": "op1",
            "EndpointName": "op1",
        },
        ev.ContactChanged("sip:op1@127.0.0.1:5061", "op1", "op1", "Removed"),
    ),
    (
        {"Event": "DeviceStateChange", "Device": "PJSIP/op1", "State": "INUSE"},
        ev.DeviceStateChanged("PJSIP/op1", "INUSE"),
    ),
    (
        {
            "Event": "OriginateResponse",
            "ActionID": "spy-1",
            "Response": "Failure",
            "Channel": "PJSIP/op1",
            "Reason": "5",
            "Uniqueid": "<null>",
        },
        ev.Originated("Failure", "spy-1", "PJSIP/op1", "", 5),
    ),
    ({"Event": "FullyBooted", "Uptime": "89", "LastReload": "12"}, ev.Booted(89, 12)),
]
OPTIONAL = {"Cause-txt", "TransfereeChannel", "TransfereeUniqueid", "DestType", "EndpointName", "ActionID"}
OPTIONAL_IN = {"UserEvent": set(OF_CHANNEL), "DialBegin": set(OF_CHANNEL), "DialEnd": set(OF_CHANNEL)}


@pytest.mark.parametrize(("event", "view"), KNOWN)
def test_an_event_is_seen_as_what_it_is(event, view):
    with capture_logs() as logs:
        assert parse({"Privilege": "call,all", **event}) == view
    assert logs == []


def test_every_kind_that_can_be_seen_is_tried_here():
    assert {event["Event"] for event, _ in KNOWN} == set(ev._VIEWS)


def test_an_event_that_nobody_uses_is_passed_over_in_silence():
    with capture_logs() as logs:
        assert parse({"Event": "VarSet", "Variable": "X"}) is None
        assert parse({"Response": "Success"}) is None
    assert logs == []


@pytest.mark.parametrize(
    ("event", "lost"),
    [(event, name) for event, _ in KNOWN for name in event if name not in ("Event", "DurationMs")],
)
def test_an_event_without_what_it_must_have_is_logged_once_and_dropped(event, lost):
    rest = {name: value for name, value in event.items() if name != lost}
    needed = lost not in OPTIONAL | OPTIONAL_IN.get(event["Event"], set()) | {"Operator", "Status"}
    if event["Event"] in ("DialBegin", "DialEnd") and lost == "DestLinkedid":
        needed = True
    with capture_logs() as logs:
        view = parse(rest)
    assert (view is None) == needed
    assert len(logs) == needed


@pytest.mark.parametrize("event", [{"Event": "Hangup", **OF_CHANNEL, "Cause": "79161234567x"}])
def test_what_should_be_a_number_and_is_not_is_dropped_and_not_quoted_in_the_log(event):
    with capture_logs() as logs:
        assert parse(event) is None
    assert [entry["lacks"] for entry in logs] == ["a number"]


@given(st.sampled_from([event for event, _ in KNOWN]), st.data())
def test_no_text_in_an_event_makes_reading_it_fail(event, data):
    forged = {name: data.draw(st.text()) for name in event}
    parse({**forged, "Event": event["Event"]})
