"""The manager client on a real Asterisk with our own rendered files."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from asterisk_conf.plan import Manager, SwitchPlan
from asterisk_conf.runtime import Switch, find
from ivr.asterisk import ami_events
from ivr.asterisk.ami_client import ActionRefused, AgiLeft, AgiResult, AmiClient, AmiLoginRefused, LinkDown
from ivr.asterisk.ami_fields import LONGEST_LINE
from tests.asterisk_conf.plans import MANAGER_SECRET, plan
from tests.ivr.asterisk.conftest import Heard
from tests.live.hotline_switch import PROJECT, free_port

pytestmark = pytest.mark.live


class Here:
    """A running switch, and clients for it."""

    def __init__(self, here: SwitchPlan, switch: Switch) -> None:
        self.plan, self.switch = here, switch

    async def start(self) -> None:
        await self.switch.start(self.plan)
        await self.switch.wait_booted(plan=self.plan)

    @asynccontextmanager
    async def client(self, heard: Heard, **changes: Any) -> AsyncIterator[AmiClient]:
        settings: dict[str, Any] = {"secret": MANAGER_SECRET, "on_event": heard.event, "on_link": heard.link}
        port = self.plan.manager.port
        client = AmiClient("127.0.0.1", port, self.plan.manager.user, **{**settings, **changes})
        await client.connect()
        try:
            yield client
        finally:
            await client.close()


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    asterisk = find(PROJECT)
    planned = plan(
        home=tmp_path / "switch",
        modules=asterisk.modules,
        data=asterisk.data,
        music=asterisk.music,
        sounds=tmp_path,
        sip_port=free_port(socket.SOCK_DGRAM),
        manager=Manager(port=free_port(socket.SOCK_STREAM), secret=MANAGER_SECRET),
    )
    running = Here(planned, Switch(planned.home, asterisk, project=PROJECT))
    await running.start()
    try:
        yield running
    finally:
        await running.switch.stop()


async def call(client: AmiClient, heard: Heard) -> ami_events.AgiStarted:
    """A call without a phone, dialled as a caller does, taken by the controller."""
    before = len(heard.named("AsyncAGIStart"))
    await client.action(
        "Originate",
        {
            "Channel": "Local/1000@in/n",
            "Application": "Wait",
            "Data": "60",
            "Async": "true",
            "CallerID": "Ёжик <100>",
        },
    )
    await heard.until(lambda: len(heard.named("AsyncAGIStart")) > before)
    started = ami_events.parse(heard.named("AsyncAGIStart")[-1])
    assert isinstance(started, ami_events.AgiStarted)
    return started


async def test_a_call_is_taken_listed_driven_and_ended(here: Here):
    heard = Heard()
    async with here.client(heard) as client:
        assert await client.listing("CoreShowChannels") == []
        started = await call(client, heard)
        assert (started.context, started.exten, started.caller) == ("hotline", "call", "100")
        assert started.env["calleridname"] == "Ёжик"
        listed = {row["Uniqueid"]: row for row in await client.listing("CoreShowChannels")}
        assert listed[started.uniqueid]["Application"] == "AGI"

        assert await client.agi(started.channel, 'SET VARIABLE TOPIC "Ёлка (1)"', timeout=5)
        assert await client.agi(started.channel, "GET VARIABLE TOPIC", timeout=5) == AgiResult(
            200, "1", "Ёлка (1)"
        )
        assert (await client.agi(started.channel, "NONSENSE", timeout=5)).code == 510

        waiting = asyncio.create_task(client.agi(started.channel, "WAIT FOR DIGIT 60000", timeout=60))
        await client.action("Ping")
        await client.action("Hangup", {"Channel": started.channel})
        outcome = (await asyncio.gather(waiting, return_exceptions=True))[0]
        # Asterisk may tell the interrupted command's result first
        assert isinstance(outcome, AgiLeft) or outcome.result == "-1"
        await heard.until(lambda: any(e["Uniqueid"] == started.uniqueid for e in heard.named("Hangup")))
        assert client.pending == 0
        with pytest.raises(ActionRefused, match="does not exist"):
            await client.agi(started.channel, "NOOP", timeout=5)
    seen = [type(view) for event in heard.events if (view := ami_events.parse(event))]
    assert {ami_events.Originated, ami_events.HungUp, ami_events.AgiEnded} <= set(seen)


async def test_asterisk_keeps_a_command_for_a_channel_outside_agi_and_so_the_client_does_not_give_it_one(
    here: Here,
):
    heard = Heard()
    async with here.client(heard) as client:
        started = await call(client, heard)
        music = {"Channel": started.channel, "Context": "hotline", "Exten": "T", "Priority": "1"}
        await client.action("Redirect", music)
        await heard.until(lambda: bool(heard.named("AsyncAGIEnd")))
        with pytest.raises(AgiLeft):
            await client.agi(started.channel, "NOOP", timeout=5)
        late = {"Channel": started.channel, "Command": "NOOP", "CommandID": "too-late"}
        await client.action("AGI", late)  # what the client keeps us from: it says Success
        assert not heard.named("AsyncAGIExec")
        await client.action("Redirect", {**music, "Exten": "call", "Priority": "ivr"})
        await heard.until(lambda: bool(heard.named("AsyncAGIExec")))
        assert heard.named("AsyncAGIExec")[0]["CommandId"] == "too-late"
        assert (await client.agi(started.channel, "NOOP", timeout=5)).code == 200


async def test_the_client_survives_core_stop_now_and_a_new_start(here: Here):
    heard = Heard()
    async with here.client(heard) as client:
        started = await call(client, heard)
        waiting = asyncio.create_task(client.agi(started.channel, "WAIT FOR DIGIT 60000", timeout=60))
        await client.action("Ping")
        await here.switch.stop()  # "core stop now"
        outcome = (await asyncio.gather(waiting, return_exceptions=True))[0]
        assert isinstance(outcome, AgiLeft | LinkDown) or outcome.result == "-1"
        await heard.until(lambda: heard.links == [False])
        with pytest.raises(LinkDown):
            await client.action("Ping")
        await here.start()
        async with asyncio.timeout(10):
            await heard.until(lambda: heard.links == [False, True])
        assert await client.listing("CoreShowChannels") == []
        await call(client, heard)


async def test_an_asterisk_that_stands_still_is_noticed_and_found_again_when_it_goes_on(here: Here):
    heard = Heard()
    pid = here.switch.pid
    assert pid
    async with here.client(heard, ping_every=0.2, ping_patience=0.5, backoff=(0.2,)) as client:
        os.kill(pid, signal.SIGSTOP)  # the kernel still takes what we send, as on a half-open link
        try:
            with pytest.raises(LinkDown):
                await client.action("Ping", timeout=60)
            assert heard.links == [False]
        finally:
            os.kill(pid, signal.SIGCONT)
        await heard.until(lambda: heard.links == [False, True])
        await client.action("Ping")


async def test_a_bad_secret_and_a_second_controller_are_refused_with_the_way_out(here: Here):
    heard = Heard()
    with pytest.raises(AmiLoginRefused, match=r"manager\.conf"):
        async with here.client(heard, secret="wrong"):
            pass
    async with here.client(heard):
        with pytest.raises(AmiLoginRefused, match="Another controller"):
            async with here.client(heard):
                pass
    assert heard.links == []


async def test_the_longest_line_the_client_sends_is_read_whole(here: Here):
    heard = Heard()
    async with here.client(heard) as client:
        started = await call(client, heard)
        value = "x" * (LONGEST_LINE - len("Value: "))
        await client.action("Setvar", {"Channel": started.channel, "Variable": "LONG", "Value": value})
        told = await client.action("Getvar", {"Channel": started.channel, "Variable": "LONG"})
        assert told["Value"] == value
