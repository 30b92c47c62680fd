"""Logging in, losing the link, getting it back, and leaving."""

import asyncio
import gc
import logging
import traceback

import pytest
from structlog.testing import capture_logs

from ivr.asterisk.ami_client import (
    ActionTimedOut,
    AmiClient,
    AmiLoginRefused,
    AmiUnreachable,
    LinkDown,
)

from .conftest import Heard, connected, make_client
from .fake_ami import SECRET, USER, FakeAmi

CHANNEL = "PJSIP/caller1-00000001"


def nothing_is_left(asterisk: FakeAmi) -> bool:
    return asyncio.all_tasks() == {asyncio.current_task()} and not asterisk.sessions


def timers() -> list[asyncio.TimerHandle]:
    """What would still happen later. asyncio has no public way to ask."""
    scheduled = asyncio.get_running_loop()._scheduled
    return [timer for timer in scheduled if not timer.cancelled()]


async def until_alone(asterisk: FakeAmi) -> None:
    for session in list(asterisk.sessions):
        await session.closed
    assert nothing_is_left(asterisk)


async def test_a_wrong_secret_is_told_once_with_the_way_out_and_not_tried_again(
    asterisk: FakeAmi, heard: Heard
):
    client = make_client(asterisk, heard, secret="wrong-horse")
    with pytest.raises(AmiLoginRefused, match="Authentication failed") as refusal:
        await client.connect()
    assert "manager.conf" in str(refusal.value)
    assert USER in str(refusal.value)
    await until_alone(asterisk)
    assert len(asterisk.actions) == 1
    with pytest.raises(LinkDown):
        await client.action("Ping")


async def test_where_nobody_listens_is_told_with_the_way_out(heard: Heard):
    asterisk = FakeAmi()
    await asterisk.start()
    await asterisk.stop()
    with pytest.raises(AmiUnreachable, match=rf"127\.0\.0\.1:{asterisk.port}.*whether Asterisk runs"):
        await make_client(asterisk, heard).connect()
    assert nothing_is_left(asterisk)


@pytest.mark.parametrize("banner", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
async def test_what_is_not_a_manager_never_gets_the_secret(heard: Heard, banner: bytes):
    async with FakeAmi(banner=banner) as other:
        with pytest.raises(AmiUnreachable, match="does not greet as an Asterisk manager"):
            await make_client(other, heard).connect()
        await until_alone(other)
        assert other.actions == []


async def test_a_peer_that_never_greets_is_given_up(heard: Heard):
    async with FakeAmi(banner=b"") as silent:
        with pytest.raises(AmiUnreachable, match=r"no answer within 0\.02 s"):
            await make_client(silent, heard, connect_timeout=0.02).connect()
        await until_alone(silent)


async def test_a_login_that_is_never_answered_is_given_up(asterisk: FakeAmi, heard: Heard):
    asterisk.answers["Login"] = None
    with pytest.raises(AmiUnreachable, match=r"no answer within 0\.02 s"):
        await make_client(asterisk, heard, connect_timeout=0.02).connect()
    await until_alone(asterisk)


async def test_a_link_cut_right_after_the_login_is_a_link_lost(asterisk: FakeAmi, heard: Heard):
    log_in = asterisk.answers["Login"]
    assert log_in

    def welcome_and_go(session, action):
        log_in(session, action)
        session.transport.close()
        asterisk.answers["Login"] = log_in

    asterisk.answers["Login"] = welcome_and_go
    async with connected(asterisk, heard) as client:
        await heard.until(lambda: heard.links == [False, True])
        await client.action("Ping")


async def test_an_attempt_given_up_by_its_owner_leaves_nothing(asterisk: FakeAmi, heard: Heard):
    asterisk.answers["Login"] = None
    connecting = asyncio.create_task(make_client(asterisk, heard).connect())
    await asterisk.received("Login")
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await until_alone(asterisk)


async def test_when_the_link_breaks_all_that_waits_fails_at_once_and_nothing_is_sent_again(
    asterisk: FakeAmi, heard: Heard
):
    asterisk.in_agi = {CHANNEL}
    async with connected(asterisk, heard) as client:
        asterisk.answers["Originate"] = asterisk.answers["CoreShowChannels"] = None
        waiting = [
            asyncio.create_task(client.action("Originate", {"Async": "true"}, timeout=60)),
            asyncio.create_task(client.listing("CoreShowChannels", timeout=60)),
            asyncio.create_task(client.agi(CHANNEL, "NOOP", timeout=60)),
        ]
        for name in ("Originate", "CoreShowChannels", "AGI"):
            await asterisk.received(name)
        await asterisk.hang_up_on_all()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [LinkDown] * 3
        await heard.until(lambda: heard.links == [False, True])
        await client.action("Ping")
    assert [action["Action"] for action in asterisk.actions] == [
        *("Login", "Originate", "CoreShowChannels", "AGI"),
        *("Login", "Ping", "Logoff"),
    ]


async def test_while_the_link_is_down_every_action_fails_at_once_and_is_not_kept_for_later(
    asterisk: FakeAmi, heard: Heard
):
    async with connected(asterisk, heard, backoff=(0.03,)) as client:
        await asterisk.hang_up_on_all()
        await heard.until(lambda: heard.links == [False])
        assert "down" in repr(client)
        for attempt in (
            client.action("Originate", {"Async": "true"}),
            client.listing("CoreShowChannels"),
            client.agi(CHANNEL, "NOOP", timeout=60),
        ):
            with pytest.raises(LinkDown):
                await attempt
        await heard.until(lambda: heard.links == [False, True])
        await client.action("Ping")
    assert [action["Action"] for action in asterisk.actions] == ["Login", "Login", "Ping", "Logoff"]


async def test_the_link_is_down_for_whoever_asks_the_moment_its_owner_hears_of_it(
    asterisk: FakeAmi, heard: Heard
):
    states: list[str] = []
    async with connected(
        asterisk, heard, on_link=lambda up: (states.append(repr(client)), heard.link(up))
    ) as client:
        await asterisk.hang_up_on_all()
        await heard.until(lambda: heard.links == [False, True])
    assert [state.split()[-1] for state in states] == ["down>", "up>"]


async def test_an_asterisk_that_restarts_is_found_again_and_its_events_come_after_the_news(
    asterisk: FakeAmi, heard: Heard
):
    order: list[object] = []

    def on_event(event):
        order.append(event["Event"])
        heard.event(event)

    def on_link(up):
        order.append(up)
        heard.link(up)

    async with connected(asterisk, heard, on_event=on_event, on_link=on_link) as client:
        with capture_logs() as logs:
            await asterisk.stop()
            await heard.until(lambda: heard.links == [False])
            await asyncio.sleep(0.02)  # attempts that find nobody
            await asterisk.start()
            await heard.until(lambda: len(heard.named("FullyBooted")) == 1)
        await client.action("Ping")
    assert order == ["FullyBooted", False, True, "FullyBooted"]
    assert [entry for entry in logs if entry["event"] == "The link to Asterisk could not be restored yet"]


async def test_an_account_refused_after_a_restart_is_tried_again_until_it_is_taken(
    asterisk: FakeAmi, heard: Heard
):
    async with connected(asterisk, heard):
        asterisk.secret = "changed meanwhile"
        await asterisk.hang_up_on_all()
        await asterisk.received("Login", 3)
        asterisk.secret = SECRET
        await heard.until(lambda: heard.links == [False, True])


async def test_a_half_open_link_is_noticed_and_replaced(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard, ping_every=0.005, ping_patience=0.03) as client:
        asterisk.go_deaf()
        with pytest.raises(LinkDown):
            await client.action("Originate", timeout=60)
        assert heard.links[0] is False
        asterisk.deaf = False
        await heard.until(lambda: heard.links[-1])
        await client.action("Ping")
    assert not await asterisk.received("Originate", 0)


async def test_a_link_is_given_up_even_when_the_peer_takes_nothing_of_what_we_wrote(
    asterisk: FakeAmi, heard: Heard
):
    more_than_sockets_hold = {"V": ["x" * 1000] * 120}
    async with connected(asterisk, heard, ping_every=0.005, ping_patience=0.03) as client:
        asterisk.go_deaf()
        writing = [client.action("UserEvent", more_than_sockets_hold, timeout=60) for _ in range(100)]
        outcomes = await asyncio.gather(*writing, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {LinkDown}
        asterisk.deaf = False
        await heard.until(lambda: heard.links[-1])


async def test_a_handler_of_the_links_state_that_fails_does_not_stop_the_reconnecting(
    asterisk: FakeAmi, heard: Heard
):
    def on_link(up):
        heard.link(up)
        raise RuntimeError("no")

    with capture_logs() as logs:
        async with connected(asterisk, heard, on_link=on_link) as client:
            await asterisk.hang_up_on_all()
            await heard.until(lambda: heard.links == [False, True])
            await client.action("Ping")
    assert [entry["up"] for entry in logs if "handler" in entry["event"]] == [False, True]


async def test_a_peer_that_never_ends_a_message_is_dropped(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard):
        asterisk.raw(b"Event: X\r\n" + b"Output: no end\r\n" * 400_000)
        await heard.until(lambda: heard.links == [False, True])


async def test_closing_ends_what_waits_logs_off_and_leaves_nothing(asterisk: FakeAmi, heard: Heard):
    asterisk.in_agi = {CHANNEL}
    asterisk.answers["Originate"] = None
    async with connected(asterisk, heard) as client:
        waiting = [
            asyncio.create_task(client.action("Originate", timeout=60)),
            asyncio.create_task(client.agi(CHANNEL, "NOOP", timeout=60)),
        ]
        await asterisk.received("AGI")
        await client.close()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [LinkDown] * 2
        await until_alone(asterisk)
        with pytest.raises(LinkDown):
            await client.action("Ping")
        with pytest.raises(RuntimeError):
            await client.connect()
    assert asterisk.actions[-1]["Action"] == "Logoff"
    assert heard.links == []


async def test_closing_does_not_wait_for_a_peer_that_is_gone(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard, ping_patience=0.02) as client:
        asterisk.go_deaf()
        async with asyncio.timeout(5):
            await client.close()


async def test_closing_while_the_link_is_down_ends_the_reconnecting(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Login"] = None
        await asterisk.hang_up_on_all()
        await asterisk.received("Login", 2)
        await client.close()
        await until_alone(asterisk)
    assert heard.links == [False]


async def test_closing_while_the_first_login_is_under_way_leaves_nothing(asterisk: FakeAmi, heard: Heard):
    asterisk.answers["Login"], login = None, asterisk.answers["Login"]
    client = make_client(asterisk, heard)
    connecting = asyncio.create_task(client.connect())
    [action] = await asterisk.received("Login")
    await client.close()
    assert login
    login(asterisk.sessions[0], action)
    with pytest.raises(LinkDown):
        await connecting
    await until_alone(asterisk)


async def test_the_secret_is_in_no_log_no_text_and_no_error(
    asterisk: FakeAmi, heard: Heard, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    said: list[str] = []
    with capture_logs() as logs:
        async with connected(asterisk, heard) as client:
            said.append(repr(client))
            asterisk.secret = "another"
            await asterisk.hang_up_on_all()
            await asterisk.received("Login", 3)
            said.append(repr(client))
        with pytest.raises(AmiLoginRefused) as refused:
            await make_client(asterisk, heard).connect()
        asterisk.answers["Login"] = None
        with pytest.raises(AmiUnreachable) as unanswered:
            await make_client(asterisk, heard, connect_timeout=0.01).connect()
        broken = asyncio.create_task(make_client(asterisk, heard).connect())
        await asterisk.received("Login", 1 + len(await asterisk.received("Login")))
        await asterisk.hang_up_on_all()
        with pytest.raises(AmiUnreachable) as cut:
            await broken
        with pytest.raises(ValueError, match="Secret") as unsendable:
            await make_client(asterisk, heard, secret=SECRET + "\n").connect()
    for error in (refused, unanswered, cut, unsendable):
        said += traceback.format_exception(error.value)
    said += [repr(entry) for entry in logs] + [record.getMessage() for record in caplog.records]
    assert len(logs) >= 2
    assert not [text for text in said if SECRET in text]


async def test_nothing_is_ever_left_for_asyncio_to_complain_about(asterisk: FakeAmi, heard: Heard):
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(str(context)))
    asterisk.in_agi = {CHANNEL}
    asterisk.answers["Originate"] = None
    async with connected(asterisk, heard) as client:
        given_up = asyncio.create_task(client.action("Originate", timeout=60))
        timed_out = asyncio.create_task(client.agi(CHANNEL, "NOOP", timeout=0.005))
        broken = asyncio.create_task(client.agi(CHANNEL, "NOOP", timeout=60))
        await asterisk.received("AGI", 2)
        asterisk.answers["AGI"] = None
        unanswered = asyncio.create_task(client.agi(CHANNEL, "NOOP", timeout=60))
        await asterisk.received("AGI", 3)
        given_up.cancel()
        with pytest.raises(ActionTimedOut):
            await timed_out
        await asterisk.hang_up_on_all()
        for waiting in (broken, unanswered):
            with pytest.raises(LinkDown):
                await waiting
        del given_up, timed_out, broken, unanswered, waiting
    never_connected = asyncio.create_task(make_client(asterisk, heard).connect())
    await asyncio.sleep(0)
    never_connected.cancel()
    await asyncio.gather(never_connected, return_exceptions=True)
    with pytest.raises(AmiUnreachable):
        await AmiClient("127.0.0.1", 1, USER, SECRET, on_event=heard.event).connect()
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []
    assert timers() == []
