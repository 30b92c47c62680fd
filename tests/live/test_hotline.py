"""What callers and operators meet, on a real Asterisk with real phones."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from softphone_sim.person import Press
from softphone_sim.spectrum import heard
from tests.live.running_hotline import RunningHotline, places, reason, state

pytestmark = pytest.mark.live

MEDICAL = Press(1.5, "1")
GENERAL = Press(1.5, "6")


@pytest.fixture
async def hotline(tmp_path: Path) -> AsyncIterator[RunningHotline]:
    running = RunningHotline(tmp_path)
    await running.start()
    try:
        yield running
    finally:
        await running.end()


async def test_a_caller_who_presses_one_talks_with_an_operator_who_knows_medicine(hotline: RunningHotline):
    await hotline.operators("op1", "op3", talk_for=3.0)
    outcome = await hotline.caller(1, MEDICAL)
    assert outcome.heard_whom == "op1"
    assert outcome.recording is not None
    assert heard(outcome.recording, {"op1": hotline.farm.tones["op1"]})["op1"].seconds > 2
    [row] = await hotline.rows()
    assert (row.topic, row.operator, row.result) == ("medical", "op1", "answered")
    assert row.hung_up_by == "operator"


async def test_an_operator_who_does_not_pick_up_is_passed_over_and_the_caller_keeps_his_place(
    hotline: RunningHotline,
):
    await hotline.operators("op1", answers_after=None)
    first = hotline.caller(1, MEDICAL, talk_for=2.0)
    await hotline.until(lambda figures: state(figures, "op1") == "ringing")
    await hotline.operators("op6", talk_for=3.0)
    outcome = await first
    assert outcome.heard_whom == "op6"
    figures = await hotline.ask("figures")
    assert state(figures, "op1") == "not answering"


async def test_an_operator_who_rejects_a_call_gets_no_further_one(hotline: RunningHotline):
    await hotline.operators("op1", rejects=True)
    await hotline.operators("op6", sign_in=False, talk_for=2.0)
    caller = hotline.caller(1, MEDICAL)
    await hotline.until(lambda figures: state(figures, "op1") == "not answering")
    caller.cancel()
    entries = await hotline.entries()
    assert [entry.operator for entry in entries if entry.name == "OperatorDeclined"] == ["op1"]


async def test_an_unplugged_phone_costs_the_caller_a_few_seconds_and_nothing_else(hotline: RunningHotline):
    await hotline.operators("op1", unplugged_at=2.0)
    await hotline.operators("op6", talk_for=2.0)
    await hotline.until(lambda figures: state(figures, "op1") == "ready")
    outcomes = await asyncio.gather(hotline.caller(1, Press(3.0, "1")), hotline.caller(2, Press(3.0, "1")))
    assert {outcome.heard_whom for outcome in outcomes} == {"op6"}


async def test_a_caller_who_hangs_up_while_it_rings_stops_the_phone_and_frees_the_operator(
    hotline: RunningHotline,
):
    await hotline.operators("op1", answers_after=5.0)
    await hotline.caller(1, MEDICAL, hangs_up_after=2.3)
    await hotline.until(lambda figures: state(figures, "op1") == "ready")
    [row] = await hotline.rows()
    assert (row.result, row.hung_up_by) == ("abandoned_while_ringing", "caller")
    assert [event.kind for event in hotline.events if event.phone == "op1" and event.call == 2] == [
        "ringing",
        "ended",
    ]


async def test_feature_codes_sign_in_pause_make_ready_and_sign_out_and_each_is_confirmed_in_words(
    hotline: RunningHotline,
):
    codes = ((0.1, "*10"), (3.5, "*21"), (8.0, "*12"), (12.0, "*11"))
    await hotline.farm.start_operators([hotline.phone("op1", dials=codes)])
    await hotline.until(lambda figures: state(figures, "op1") == "ready")
    figures = await hotline.until(lambda figures: state(figures, "op1") == "paused")
    assert reason(figures, "op1") == "lunch"
    await hotline.until(lambda figures: state(figures, "op1") == "ready")
    await hotline.until(lambda figures: state(figures, "op1") == "signed out")
    await hotline.until(lambda _: len(hotline.farm.recordings) == len(codes))
    for recording in hotline.farm.recordings:
        assert recording.ended - recording.answered > 1.0, "a sentence was spoken"


async def test_a_transferred_caller_reaches_the_second_line_and_keeps_his_story(hotline: RunningHotline):
    await hotline.operators("op1", transfers=(2.0, "*72"))
    await hotline.operators("op7", talk_for=2.5)
    outcome = await hotline.caller(1, Press(1.5, "5"), Press(1.0, "#"))
    assert outcome.heard_whom == "op7"
    second = await hotline.caller(2, MEDICAL, hangs_up_after=8.0)
    assert second.heard_whom == "op1"
    transferred = [entry for entry in await hotline.entries() if entry.name == "TransferAsked"]
    assert [entry.operator for entry in transferred] == ["op1"]
    assert transferred[0].body["line"] == "second"


async def test_talks_go_on_when_the_controller_is_killed_and_those_who_wait_are_adopted(
    hotline: RunningHotline,
):
    await hotline.operators("op1")
    talking = hotline.caller(1, MEDICAL, talk_for=14.0)
    await hotline.until(lambda figures: state(figures, "op1") == "talking")
    waiting = []
    for number in (1, 2):
        waiting.append(hotline.caller(number + 1, MEDICAL, talk_for=2.0))
        await hotline.until(lambda figures, number=number: places(figures, "queued") == number)
    in_menu = hotline.caller(4, Press(12.0, "6"), talk_for=2.0)
    await hotline.until(lambda figures: places(figures, "menu") == 1)
    pid = (await hotline.ask("status"))["pid"]
    os.kill(pid, signal.SIGKILL)
    await hotline.until(lambda figures: places(figures, "talking") == 1 and places(figures, "queued") == 2)
    assert (await hotline.ask("status"))["pid"] != pid
    await hotline.operators("op8", talk_for=3.0)
    outcomes = await asyncio.gather(talking, *waiting, in_menu)
    assert [outcome.ended_by for outcome in outcomes] == ["caller", "caller", "caller", "hotline"]
    assert [outcome.heard_whom for outcome in outcomes] == ["op1", "op1", "op1", "op8"]
    first = outcomes[0]
    assert heard(first.recording, hotline.farm.tones)["op1"].seconds > 12, "the talk was not cut"
    assert outcomes[1].heard < outcomes[2].heard, "first come, first served, also across a restart"
    rows = {row.caller: row for row in await hotline.rows()}
    assert all(row.result == "answered" for row in rows.values())


async def test_a_reload_changes_new_calls_only_and_a_broken_file_changes_nothing(hotline: RunningHotline):
    await hotline.operators("op1", "op8", talk_for=1.5)
    before = (await hotline.ask("status"))["version"]
    menu = hotline.site_file.parent / "menus" / "main.yaml"
    text = menu.read_text()
    old_call = hotline.caller(1, Press(6.0, "1"))
    await hotline.until(lambda figures: places(figures, "menu") == 1)

    menu.write_text(text.replace("next: to_medical\n", "next: nowhere\n"))
    refused = await hotline.ask("reload")
    assert "nowhere" in refused["error"]
    assert (await hotline.ask("status"))["version"] == before

    menu.write_text(text.replace("next: to_medical\n", "next: to_general\n"))
    assert (await hotline.ask("reload"))["version"] != before
    new_call = hotline.caller(2, MEDICAL)
    await asyncio.gather(old_call, new_call)
    assert sorted(row.topic for row in await hotline.rows()) == ["general", "medical"]


async def test_when_asterisk_dies_it_comes_back_and_the_next_caller_is_served(hotline: RunningHotline):
    await hotline.operators("op1", talk_for=2.0)
    lost = hotline.caller(1, MEDICAL, talk_for=20.0, hangs_up_after=4.0)
    await hotline.until(lambda figures: state(figures, "op1") == "talking")
    switch = int((hotline.instance.switch / "run" / "instance.pid").read_text().split()[0])
    os.kill(switch, signal.SIGKILL)
    await hotline.until(lambda figures: not figures["switch"])
    await hotline.until(lambda figures: figures["switch"], within=30)
    await asyncio.wait([lost], timeout=10)
    await hotline.until(lambda figures: places(figures, "talking") == 0)
    [row] = await hotline.rows()
    assert row.ended is not None


async def test_a_killed_keeper_takes_nobody_down_and_the_next_one_takes_the_calls_over(
    hotline: RunningHotline,
):
    await hotline.operators("op1")
    talking = hotline.caller(1, MEDICAL, talk_for=12.0)
    await hotline.until(lambda figures: state(figures, "op1") == "talking")
    waiting = hotline.caller(2, MEDICAL, talk_for=2.0)
    await hotline.until(lambda figures: places(figures, "queued") == 1)
    hotline.keeper.kill()
    hotline.keeper.wait()
    await hotline.start()
    outcomes = await asyncio.gather(talking, waiting)
    assert [outcome.heard_whom for outcome in outcomes] == ["op1", "op1"]
    assert heard(outcomes[0].recording, hotline.farm.tones)["op1"].seconds > 10, "the talk was not cut"
