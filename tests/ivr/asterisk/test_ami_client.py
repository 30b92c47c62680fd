"""Actions, lists, events and AGI commands on a link that holds. When it does not: test_ami_link."""

import asyncio

import pytest
from structlog.testing import capture_logs

from ivr.asterisk.ami_client import ActionRefused, ActionTimedOut, AgiLeft, AgiResult

from .conftest import Heard, connected
from .fake_ami import FakeAmi

CHANNEL = "PJSIP/caller1-00000001"


async def test_an_action_returns_the_headers_of_its_response(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Getvar"] = lambda session, action: session.answer(
            action, Variable=action["Variable"], Value="Ёжик"
        )
        reply = await client.action("Getvar", {"Channel": CHANNEL, "Variable": "TOPIC"})
    assert reply.pop("ActionID")
    assert reply == {"Response": "Success", "Variable": "TOPIC", "Value": "Ёжик"}


async def test_repeated_headers_are_sent_one_by_one_and_in_order(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Originate"] = lambda session, action: session.answer(action)
        await client.action("Originate", {"Variable": ["A=1", "B=Ёжик", "A=3"], "Async": "true"})
    [action] = await asterisk.received("Originate")
    assert action["Variable"] == "A=1\nB=Ёжик\nA=3"


async def test_answers_may_come_in_any_order(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Getvar"] = None
        asking = [asyncio.create_task(client.action("Getvar", {"Variable": str(n)})) for n in range(5)]
        for action in reversed(await asterisk.received("Getvar", 5)):
            asterisk.sessions[0].answer(action, Value=action["Variable"])
        assert [reply["Value"] for reply in await asyncio.gather(*asking)] == ["0", "1", "2", "3", "4"]


async def test_a_refusal_is_raised_in_asterisks_words(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        with pytest.raises(ActionRefused, match="Invalid/unknown command") as refusal:
            await client.action("Nonsense")
    assert refusal.value.message == "Invalid/unknown command"


async def test_what_could_be_an_action_of_its_own_never_reaches_the_wire(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        for fields in ({"Channel": "x\r\n\r\nAction: Hangup\r\nActionID: 1"}, {"Channel\r\nX": "1"}):
            with pytest.raises(ValueError, match="Channel"):
                await client.action("Redirect", fields)
            with pytest.raises(ValueError, match="Channel"):
                await client.listing("CoreShowChannels", fields)
        with pytest.raises(ValueError, match="Command"):
            await client.agi(CHANNEL, "NOOP\r\nAction: Hangup", timeout=1)
        await client.action("Ping")
    assert [action["Action"] for action in asterisk.actions] == ["Login", "Ping", "Logoff"]


async def test_an_unanswered_action_times_out_and_its_late_answer_goes_to_nobody(
    asterisk: FakeAmi, heard: Heard
):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Getvar"] = None
        with pytest.raises(ActionTimedOut, match=r"Getvar within 0\.01 s"):
            await client.action("Getvar", timeout=0.01)
        assert client.pending == 0
        [late] = await asterisk.received("Getvar")
        second = asyncio.create_task(client.action("Getvar"))
        _, now = await asterisk.received("Getvar", 2)
        asterisk.sessions[0].answer(late, Value="late")
        asterisk.sessions[0].answer(now, Value="now")
        assert (await second)["Value"] == "now"
    assert heard.links == []


async def test_an_action_given_up_by_its_owner_leaves_nothing_behind(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Getvar"] = None
        waiting = asyncio.create_task(client.action("Getvar"))
        [action] = await asterisk.received("Getvar")
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert client.pending == 0
        asterisk.sessions[0].answer(action)
        await client.action("Ping")


async def test_an_action_id_of_ones_own_is_kept_but_not_given_twice(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Originate"] = None
        first = asyncio.create_task(client.action("Originate", {"ActionID": "spy-1"}))
        [action] = await asterisk.received("Originate")
        assert action["ActionID"] == "spy-1"
        with pytest.raises(ValueError, match="already waited for"):
            await client.action("Originate", {"ActionID": "spy-1"})
        asterisk.sessions[0].answer(action)
        await first


@pytest.mark.parametrize("event_first", [True, False])
async def test_the_outcome_of_an_originate_is_an_event_and_never_taken_for_the_response(
    asterisk: FakeAmi, heard: Heard, event_first: bool
):
    async with connected(asterisk, heard) as client:
        asterisk.answers["Originate"] = None
        asking = asyncio.create_task(client.action("Originate", {"Async": "true"}))
        [action] = await asterisk.received("Originate")
        outcome = {"ActionID": action["ActionID"], "Response": "Failure", "Reason": "5"}
        if event_first:
            asterisk.event("OriginateResponse", **outcome)
        asterisk.sessions[0].answer(action, Message="Originate successfully queued")
        if not event_first:
            asterisk.event("OriginateResponse", **outcome)
        assert (await asking)["Message"] == "Originate successfully queued"
        await heard.until(lambda: bool(heard.events))
    [event] = heard.named("OriginateResponse")
    assert event["Reason"] == "5"


def channels_with(end: str, *names: str):
    def reply(session, action):
        number = action["ActionID"]
        session.send(Event="TooEarly", ActionID=number)
        session.answer(action, EventList="start", Message="Channels will follow")
        for name in names:
            session.send(Event="CoreShowChannel", ActionID=number, Channel=name)
            session.send(Event="DTMFEnd", Channel=name, Digit="1")  # other news come between the items
            session.send(Event="SomethingComplete", ActionID=number, Channel=name)
        session.send(Event="CoreShowChannelsComplete", ActionID=number, EventList=end)

    return reply


async def test_a_list_has_its_items_and_nothing_else_and_they_are_events_too(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["CoreShowChannels"] = channels_with("Complete", "a", "b")
        items = await client.listing("CoreShowChannels")
    assert [item["Channel"] for item in items if item["Event"] == "CoreShowChannel"] == ["a", "b"]
    assert not [item for item in items if item["Event"] == "DTMFEnd"]
    assert len(heard.named("CoreShowChannel")) == len(heard.named("DTMFEnd")) == 2


async def test_an_empty_list_is_empty(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["CoreShowChannels"] = channels_with("Complete")
        assert await client.listing("CoreShowChannels") == []


async def test_half_a_list_is_not_taken_for_a_whole_one(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["CoreShowChannels"] = channels_with("cancelled", "a")
        with pytest.raises(ActionRefused, match="half-way"):
            await client.listing("CoreShowChannels")


async def test_a_list_that_is_refused_or_is_none_ends_at_once(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        with pytest.raises(ActionRefused, match="unknown"):
            await client.listing("Nonsense", timeout=60)
        with pytest.raises(ActionRefused, match="without a list"):
            await client.listing("Ping", timeout=60)


async def test_a_list_that_stops_in_the_middle_times_out(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.answers["CoreShowChannels"] = lambda session, action: session.answer(
            action, EventList="start"
        )
        with pytest.raises(ActionTimedOut):
            await client.listing("CoreShowChannels", timeout=0.01)


async def test_events_come_in_the_order_of_the_wire_and_cyrillic_survives_any_cut(
    asterisk: FakeAmi, heard: Heard
):
    async with connected(asterisk, heard):
        event = "Event: UserEvent\r\nUserEvent: X\r\nName: Ёжик {}\r\n\r\n"
        for number in range(40):
            data = event.format(number).encode()
            cut = 35 + number % 15  # from before the name to within its letters
            asterisk.raw(data[:cut])
            await asyncio.sleep(0)
            asterisk.raw(data[cut:])
        await heard.until(lambda: len(heard.events) == 40)
    assert [event["Name"] for event in heard.events] == [f"Ёжик {number}" for number in range(40)]


@pytest.mark.parametrize("mistake", [KeyError("Uniqueid"), asyncio.CancelledError()])
async def test_a_handler_that_fails_is_logged_and_the_link_and_the_next_events_stay(
    asterisk: FakeAmi, heard: Heard, mistake: BaseException
):
    def on_event(event):
        heard.event(event)
        if event["Event"] == "Bad":
            raise mistake

    with capture_logs() as logs:
        async with connected(asterisk, heard, on_event=on_event) as client:
            asterisk.raw(b"Event: Bad\r\n\r\nEvent: Good\r\n\r\n")  # in one read
            await heard.until(lambda: bool(heard.named("Good")))
            await client.action("Ping")
    assert heard.links == []
    assert [(entry["log_level"], entry["event_name"]) for entry in logs] == [("error", "Bad")]


async def test_a_second_event_header_does_no_harm(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        asterisk.raw(b"Event: UserEvent\r\nUserEvent: X\r\nEvent: Shutdown\r\nResponse: Success\r\n\r\n")
        await client.action("Ping")
    assert [(event["Event"], event["UserEvent"]) for event in heard.events] == [("UserEvent", "X")]
    assert heard.links == []


async def test_a_flood_of_events_comes_through_whole_while_actions_are_answered(
    asterisk: FakeAmi, heard: Heard
):
    flood = b"".join(
        f"Event: VarSet\r\nChannel: {CHANNEL}\r\nValue: Ёжик {n}\r\n\r\n".encode() for n in range(20_000)
    )
    async with connected(asterisk, heard) as client:
        asterisk.raw(flood)
        await client.action("Ping", timeout=30)
        assert [event["Value"] for event in heard.events] == [f"Ёжик {n}" for n in range(20_000)]


async def test_an_agi_command_waits_for_the_result_with_its_own_id(asterisk: FakeAmi, heard: Heard):
    asterisk.in_agi = {CHANNEL}
    async with connected(asterisk, heard) as client:
        playing = [
            asyncio.create_task(client.agi(CHANNEL, f'STREAM FILE /p/{n} ""', timeout=5)) for n in (1, 2)
        ]
        first, second = await asterisk.received("AGI", 2)
        asterisk.event("AsyncAGIExec", Channel=CHANNEL, CommandId="someone-elses", Result="200%20result%3D9")
        asterisk.agi_done(second, "200%20result%3D2%0A")
        asterisk.agi_done(first, "200%20result%3D1%20(%D0%81%D0%B6)%0A")
        assert await asyncio.gather(*playing) == [AgiResult(200, "1", "Ёж"), AgiResult(200, "2", "")]
        assert client.pending == 0
    assert len(heard.named("AsyncAGIExec")) == 3


@pytest.mark.parametrize("end", ["Hangup", "AsyncAGIEnd"])
@pytest.mark.parametrize("answered", [True, False])
async def test_a_channel_that_goes_mid_command_ends_the_wait_at_once(
    asterisk: FakeAmi, heard: Heard, end: str, answered: bool
):
    asterisk.in_agi = {CHANNEL}
    if not answered:
        asterisk.answers["AGI"] = None
    async with connected(asterisk, heard) as client:
        playing = asyncio.create_task(client.agi(CHANNEL, 'STREAM FILE /p/1 ""', timeout=60))
        await asterisk.received("AGI")
        asterisk.event(end, Channel="PJSIP/another-00000009")
        asterisk.event(end, Channel=CHANNEL)
        with pytest.raises(AgiLeft) as left:
            await playing
    assert left.value.hung_up is (end == "Hangup")


async def test_a_channel_known_to_have_left_gets_no_command_that_would_run_at_its_next_entry(
    asterisk: FakeAmi, heard: Heard
):
    asterisk.in_agi = {CHANNEL}
    async with connected(asterisk, heard) as client:
        asterisk.event("AsyncAGIEnd", Channel=CHANNEL)
        await heard.until(lambda: bool(heard.events))
        with pytest.raises(AgiLeft):
            await client.agi(CHANNEL, "NOOP", timeout=5)
        assert not [action for action in asterisk.actions if action["Action"] == "AGI"]
        asterisk.event("AsyncAGIStart", Channel=CHANNEL)
        await heard.until(lambda: len(heard.events) == 2)
        back = asyncio.create_task(client.agi(CHANNEL, "NOOP", timeout=5))
        asterisk.agi_done((await asterisk.received("AGI"))[0], "200%20result%3D0")
        assert (await back).code == 200


async def test_an_agi_command_for_a_channel_that_is_not_there_is_refused(asterisk: FakeAmi, heard: Heard):
    async with connected(asterisk, heard) as client:
        with pytest.raises(ActionRefused, match="does not exist"):
            await client.agi(CHANNEL, "NOOP", timeout=60)


async def test_an_agi_command_that_is_never_through_times_out_and_its_late_result_is_only_an_event(
    asterisk: FakeAmi, heard: Heard
):
    asterisk.in_agi = {CHANNEL}
    async with connected(asterisk, heard) as client:
        with pytest.raises(ActionTimedOut):
            await client.agi(CHANNEL, "NOOP", timeout=0.01)
        assert client.pending == 0
        asterisk.agi_done((await asterisk.received("AGI"))[0], "200%20result%3D0")
        await heard.until(lambda: bool(heard.named("AsyncAGIExec")))
        await client.action("Ping")
