"""Callers and operators with real softphones, the controller's part played by hand over the manager port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from asterisk_conf.plan import Account
from softphone_sim.farm import Farm
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent
from softphone_sim.spectrum import heard
from softphone_sim.tone import caller_tone, chord, operator_tone, write_wav
from tests.asterisk_conf.plans import CALLER_SECRET, OPERATOR_SECRET
from tests.live.hotline_switch import HotlineSwitch, hotline_switch, open_folder

pytestmark = pytest.mark.live
OPERATORS = Account("op1", OPERATOR_SECRET, "Анна Иванова"), Account("op2", OPERATOR_SECRET, "Борис Петров")


class WatchedFarm(Farm):
    """A farm that tells of calls that came to nothing."""

    def __init__(self, sip_port: int, folder: Path) -> None:
        self._failures: asyncio.Queue[PhoneEvent] = asyncio.Queue()
        super().__init__(
            registrar=f"127.0.0.1:{sip_port}",
            folder=folder,
            caller_account=("caller1", CALLER_SECRET),
            on_event=self._look,
        )

    def _look(self, event: PhoneEvent) -> None:
        if event.kind == "failed":
            self._failures.put_nowait(event)

    async def failed(self) -> PhoneEvent:
        async with asyncio.timeout(10):
            return await self._failures.get()


@pytest.fixture
async def line() -> AsyncIterator[HotlineSwitch]:
    with open_folder() as folder:
        async with hotline_switch(folder, operators=OPERATORS) as running:
            yield running


@pytest.fixture
async def farm(line: HotlineSwitch, tmp_path: Path) -> AsyncIterator[WatchedFarm]:
    phones = WatchedFarm(line.plan.sip_port, tmp_path)
    try:
        yield phones
    finally:
        await phones.stop()


def operator(name: str, **habits: object) -> OperatorPhone:
    return OperatorPhone(name, OPERATOR_SECRET, operator_tone(int(name[2:])), **habits)  # type: ignore[arg-type]


async def test_a_redirected_caller_talks_to_that_operator_and_comes_back_when_he_hangs_up(line, farm):
    await farm.start_operators([operator("op1", talk_for=2.0)])
    calling = asyncio.create_task(farm.call(Caller("Ирина", "1000", caller_tone(1), hangs_up_after=6.0)))
    call = await line.ami.event("AsyncAGIStart")
    await line.redirect(call, "deliver", "op1")
    ended = await line.ami.event("DialEnd", Uniqueid=call["Uniqueid"])
    assert ended["DialStatus"] == "ANSWER"
    back = await line.ami.event("UserEvent", UserEvent="DeliverEnd", Uniqueid=call["Uniqueid"])
    assert (back["Operator"], back["Status"]) == ("op1", "ANSWER")
    await line.ami.event("AsyncAGIStart", Uniqueid=call["Uniqueid"])
    assert (await calling).heard_whom == "op1"


async def test_the_operator_hears_what_the_controller_named_before_the_caller(line, farm):
    write_wav(line.plan.sounds / "topic.wav", chord(operator_tone(15), 1.0))
    await farm.start_operators([operator("op1")])
    calling = asyncio.create_task(farm.call(Caller("Ирина", "1000", caller_tone(1), talk_for=0.5)))
    call = await line.ami.event("AsyncAGIStart")
    named = str(line.plan.sounds / "topic")
    await line.ami.act("Setvar", Channel=call["Channel"], Variable="__HOTLINE_ANNOUNCE", Value=named)
    await line.redirect(call, "deliver", "op1")
    assert (await calling).heard_whom == "op1"
    await farm.stop()
    (recording,) = [recording for recording in farm.recordings if recording.phone == "op1"]
    assert "topic" in heard(recording, {"topic": operator_tone(15)})


async def test_an_operators_transfer_brings_the_callers_own_call_back_with_its_target(line, farm):
    await farm.start_operators([operator("op1", transfers=(1.0, "*72")), operator("op2")])
    calling = asyncio.create_task(farm.call(Caller("Ирина", "1000", caller_tone(1), talk_for=6.0)))
    call = await line.ami.event("AsyncAGIStart")
    await line.redirect(call, "deliver", "op1")
    moved = await line.ami.event("BlindTransfer", TransfereeUniqueid=call["Uniqueid"])
    assert moved["Context"] == "transfers"
    asked = await line.ami.event("UserEvent", UserEvent="TransferAsked", Uniqueid=call["Uniqueid"])
    assert (asked["Operator"], asked["Target"]) == ("op1", "line:second")
    await line.ami.event("AsyncAGIStart", Uniqueid=call["Uniqueid"])
    await line.redirect(call, "deliver", "op2")
    await line.ami.event("DialEnd", Uniqueid=call["Uniqueid"], DialStatus="ANSWER")
    assert (await calling).answered


async def test_an_operators_transfer_anywhere_else_fails_and_the_talk_goes_on(line, farm):
    await farm.start_operators([operator("op1", transfers=(0.5, "*99"))])
    calling = asyncio.create_task(farm.call(Caller("Ирина", "1000", caller_tone(1), talk_for=2.0)))
    call = await line.ami.event("AsyncAGIStart")
    await line.redirect(call, "deliver", "op1")
    assert (await calling).heard_whom == "op1"
    assert not line.ami.seen(Event="BlindTransfer", Result="Success")
    assert not line.ami.seen(UserEvent="TransferAsked")


async def test_a_feature_code_tells_who_dialled_it(line, farm):
    await farm.start_operators([operator("op2", dials=((0.1, "*21"),))])
    code = await line.ami.event("UserEvent", UserEvent="OperatorCode")
    assert (code["Operator"], code["Meaning"], code["AccountCode"]) == ("op2", "pause:lunch", "op2")
    await line.ami.event("AsyncAGIStart", Uniqueid=code["Uniqueid"])
    await line.ami.act("Hangup", Channel=code["Channel"])


async def test_an_operators_phone_can_call_nothing_but_its_codes(line, farm):
    await farm.start_operators([operator("op1", dials=((0.1, "1000"), (0.4, "*72"), (0.7, "+79161234567")))])
    failed = [await farm.failed() for _ in range(3)]
    assert all(event.detail.startswith("404") for event in failed)
    await line.ami.act("Ping")
    assert not line.ami.seen(Event="AsyncAGIStart")
    assert not line.ami.seen(Event="DialBegin")
