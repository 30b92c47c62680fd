"""Bare panoramisk falls into these traps: why there is a guard, and proof that our tests really set them.

When one of these tests fails after an update of panoramisk, a part of the guard may go.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from panoramisk import Manager

from .conftest import Heard
from .fake_ami import SECRET, USER, FakeAmi

CHANNEL = "PJSIP/caller1-00000001"


@pytest.fixture
async def bare(asterisk: FakeAmi, heard: Heard) -> AsyncIterator[Manager]:
    """Logged in, every event heard; what it says to no one but asyncio is not of interest here."""
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    manager = Manager(host="127.0.0.1", port=asterisk.port, username=USER, secret=SECRET, reconnect_timeout=0)
    manager.register_event("*", lambda manager, event: heard.event(event))
    await manager.connect()
    await heard.until(lambda: bool(heard.events))
    heard.events.clear()
    yield manager
    manager.reconnect_timeout = 3600
    manager.close()


async def test_a_letter_cut_by_a_read_is_lost(asterisk: FakeAmi, bare: Manager, heard: Heard):
    event = "Event: UserEvent\r\nName: Ёжик\r\n\r\n".encode()
    bare.protocol.data_received(event[:25])  # as two reads of a socket, without the chance of their being one
    bare.protocol.data_received(event[25:])
    assert heard.events[0]["Name"] == "жик"


async def test_a_value_can_carry_an_action(asterisk: FakeAmi, bare: Manager):
    asterisk.answers["Hangup"] = asterisk.answers["Getvar"] = None
    bare.send_action({"Action": "Getvar", "Channel": "x\r\n\r\nAction: Hangup\r\nActionID: injected"})
    [injected] = await asterisk.received("Hangup")
    assert injected["ActionID"].startswith("injected")
    asterisk.rudeness.clear()


async def test_an_action_pending_when_the_link_breaks_is_sent_again(asterisk: FakeAmi, bare: Manager):
    asterisk.answers["Originate"] = None
    bare.send_action({"Action": "Originate"})
    await asterisk.received("Originate")
    await asterisk.hang_up_on_all()
    async with asyncio.timeout(5):
        await asyncio.gather(asterisk.received("Login", 2), until_sent_twice(asterisk))
    asterisk.rudeness.clear()


async def until_sent_twice(asterisk: FakeAmi) -> None:
    """The second is rude, for its ActionID is used up: so it is noted there and nowhere else."""
    while not any("Originate" in rude for rude in asterisk.rudeness):
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("poison", [b"Event: Bad\r\n\r\n", b"Event: UserEvent\r\nEvent: Hangup\r\n\r\n"])
async def test_a_failing_handler_or_a_second_event_header_drops_the_link(
    asterisk: FakeAmi, bare: Manager, poison: bytes
):
    def fail(manager, event):
        raise KeyError("Uniqueid")

    bare.register_event("Bad", fail)
    asterisk.raw(poison)
    await asterisk.received("Login", 2)


async def test_the_outcome_of_an_asynchronous_action_is_kept_from_the_handlers(
    asterisk: FakeAmi, bare: Manager, heard: Heard
):
    asterisk.answers["Originate"] = None
    outcome = bare.send_action({"Action": "Originate", "Async": "true"})
    [action] = await asterisk.received("Originate")
    asterisk.sessions[0].answer(action, Message="Originate successfully queued")
    asterisk.event("OriginateResponse", ActionID=action["ActionID"], Response="Failure")
    asterisk.event("After")
    await heard.until(lambda: bool(heard.events))
    assert [event["Event"] for event in heard.events] == ["After"]
    outcome.cancel()


async def test_a_bad_login_raises_nothing_and_is_tried_for_ever(asterisk: FakeAmi):
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    manager = Manager(host="127.0.0.1", port=asterisk.port, username=USER, secret="x", reconnect_timeout=0)
    await manager.connect()
    await asterisk.received("Login", 3)
    manager.reconnect_timeout = 3600
    manager.close()


async def test_a_command_for_agi_swallows_its_result_and_never_resolves(
    asterisk: FakeAmi, bare: Manager, heard: Heard
):
    asterisk.in_agi = {CHANNEL}
    waiting = bare.send_agi_command(CHANNEL, "NOOP")
    [action] = await asterisk.received("AGI")
    asterisk.agi_done(action, "200%20result%3D0")
    asterisk.event("After")
    await heard.until(lambda: bool(heard.events))
    assert [event["Event"] for event in heard.events] == ["After"]
    assert not waiting.done()
    waiting.cancel()
