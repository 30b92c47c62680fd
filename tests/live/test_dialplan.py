"""What the dialplan does with a call, seen from the manager port. The caller is a Local channel: no phone needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.live.hotline_switch import HotlineSwitch, hotline_switch, open_folder

pytestmark = pytest.mark.live
HEARTBEAT = 2


@pytest.fixture
async def line() -> AsyncIterator[HotlineSwitch]:
    with open_folder() as folder:
        async with hotline_switch(folder, heartbeat=HEARTBEAT) as running:
            yield running


async def test_a_call_comes_to_the_controller_with_the_number_that_was_dialled(line: HotlineSwitch):
    for dialled, number in (("1000", "1000"), ("+1000", "1000"), ("78001234567", "+78001234567")):
        call = await line.call(dialled)
        assert call["AccountCode"] == number
        told = await line.ami.act("Getvar", Channel=call["Channel"], Variable="HOTLINE_NUMBER")
        assert told["Value"] == number


async def test_when_the_controller_is_silent_the_caller_hears_music_and_can_be_taken_back(
    line: HotlineSwitch,
):
    call = await line.call("1000")
    silent = await line.ami.event("UserEvent", UserEvent="ControllerSilent", Uniqueid=call["Uniqueid"])
    assert silent["Number"] == "1000"
    await line.redirect(call, "hotline", "call", "ivr")
    again = await line.ami.event("AsyncAGIStart", Uniqueid=call["Uniqueid"])
    assert again["Channel"] == call["Channel"]
    left = await line.ami.act("Getvar", Channel=call["Channel"], Variable="TIMEOUT(absolute)")
    assert 0 < float(left["Value"]) <= HEARTBEAT


async def test_the_controllers_heartbeat_puts_the_music_off(line: HotlineSwitch):
    call = await line.call("1000")
    for _ in range(3):
        await asyncio.sleep(HEARTBEAT / 2)  # the heartbeat is real time: it is Asterisk's clock that is tried
        said = await line.ami.act("AbsoluteTimeout", Channel=call["Channel"], Timeout=str(HEARTBEAT))
        assert said["Response"] == "Success"
    there = await line.ami.act("Getvar", Channel=call["Channel"], Variable="HOTLINE_NUMBER")
    assert there["Value"] == "1000"
    assert not line.ami.seen(UserEvent="ControllerSilent")


async def test_a_missing_sound_leaves_agi_and_the_call_comes_back_by_itself(line: HotlineSwitch):
    call = await line.call("1000")
    await line.ami.act(
        "AGI", Channel=call["Channel"], Command='STREAM FILE /nowhere/nothing ""', CommandID="1"
    )
    left = await line.ami.event("UserEvent", UserEvent="AgiLeft", Uniqueid=call["Uniqueid"])
    assert left["Status"] == "FAILURE"
    await line.ami.event("AsyncAGIStart", Uniqueid=call["Uniqueid"])


async def test_an_operator_without_a_phone_is_told_at_once_and_the_caller_comes_back(line: HotlineSwitch):
    call = await line.call("1000")
    await line.redirect(call, "deliver", "op1")
    ended = await line.ami.event("UserEvent", UserEvent="DeliverEnd", Uniqueid=call["Uniqueid"])
    assert (ended["Operator"], ended["Status"]) == ("op1", "CHANUNAVAIL")
    await line.ami.event("AsyncAGIStart", Uniqueid=call["Uniqueid"])


async def test_a_transfers_target_is_told_with_the_callers_call_and_who_asked(line: HotlineSwitch):
    call = await line.call("1000")
    await line.ami.act("Setvar", Channel=call["Channel"], Variable="HOTLINE_OPERATOR", Value="op2")
    await line.redirect(call, "transfers", "*72")
    asked = await line.ami.event("UserEvent", UserEvent="TransferAsked", Uniqueid=call["Uniqueid"])
    assert (asked["Operator"], asked["Target"]) == ("op2", "line:second")
    await line.ami.event("AsyncAGIStart", Uniqueid=call["Uniqueid"])


async def test_a_feature_code_waits_for_the_controllers_answer_and_not_for_ever(line: HotlineSwitch):
    await line.originate("*21@operators")
    code = await line.ami.event("UserEvent", UserEvent="OperatorCode")
    assert code["Meaning"] == "pause:lunch"
    await line.ami.event("AsyncAGIStart", Uniqueid=code["Uniqueid"])
    await line.ami.event("Hangup", Uniqueid=code["Uniqueid"])
