"""The journal's contract: one suite over memory, SQLite and a real PostgreSQL server."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from acd.core.events import CallerHungUp, CallQueued, PolicyChanged
from acd.core.model import CallId, Line, LineId, Policy, Ring, Topic, TopicId
from acd.ports import Entry
from acd.records.errors import JournalClosed, JournalTaken
from acd.records.steps import PromptPlayed
from tests.contracts.call_entries import NOON, at, notes, typical_call
from tests.contracts.journal_stores import SqlStore


async def all_of(journal: Any, **which: Any) -> list[Entry]:
    return [entry async for entry in journal.read(**which)]


def without_seq(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, seq=0) for entry in entries]


async def test_entries_come_back_in_the_order_they_were_written(store: Any) -> None:
    journal = await store.open()
    await journal.append(notes(3))
    await journal.append(notes(2, first=4))
    assert without_seq(await all_of(journal)) == notes(5)


async def test_numbers_rise_without_a_hole(store: Any) -> None:
    journal = await store.open()
    for first in (1, 4, 7):
        await journal.append(notes(3, first=first))
    assert [entry.seq for entry in await all_of(journal)] == list(range(1, 10))


async def test_reading_goes_on_after_a_number(store: Any) -> None:
    journal = await store.open()
    await journal.append(notes(10))
    assert [entry.seq for entry in await all_of(journal, after=7)] == [8, 9, 10]
    assert await all_of(journal, after=10) == []


async def test_one_call_is_read_alone(store: Any) -> None:
    journal = await store.open()
    await journal.append([*typical_call("a"), *notes(5), *typical_call("b", 3.0)])
    assert without_seq(await all_of(journal, call="b")) == typical_call("b", 3.0)
    last = (await all_of(journal, call="b"))[-2].seq
    assert [entry.name for entry in await all_of(journal, call="b", after=last)] == ["CallEnded"]
    assert await all_of(journal, call="c") == []


async def test_ten_thousand_entries_come_back_as_they_were(store: Any) -> None:
    journal = await store.open()
    written = notes(10_000)
    for first in range(0, len(written), 500):
        await journal.append(written[first : first + 500])
    assert without_seq(await all_of(journal)) == written


async def test_every_script_and_every_sign_comes_back(store: Any) -> None:
    journal = await store.open()
    said = {
        "текст": "Ёлка «да» — 100 %",
        "emoji": "☎️👩‍⚕️",
        "nul": "a\x00b",
        "rtl": "שלום",
        "deep": [{"x": None}, 1.5],
    }
    await journal.append([replace(notes(1)[0], body=said, call="звонок-1", operator="оп'1\"; --")])
    (entry,) = await all_of(journal, call="звонок-1")
    assert (entry.body, entry.operator) == (said, "оп'1\"; --")


async def test_times_keep_their_microseconds_and_come_back_as_utc(store: Any) -> None:
    journal = await store.open()
    moscow = datetime.fromisoformat("2026-11-22T12:00:00.123457+03:00")
    await journal.append([replace(notes(1)[0], at=moscow, mono=86_400.000_001)])
    (entry,) = await all_of(journal)
    assert entry.at == moscow
    assert entry.at.isoformat() == "2026-11-22T09:00:00.123457+00:00" or not store.durable
    assert entry.mono == 86_400.000_001


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"at": datetime(2026, 1, 1)}, id="a time without a zone"),
        pytest.param({"kind": "rumour"}, id="an unknown kind"),
        pytest.param({"body": {"x": object()}}, id="a body that is no JSON"),
    ],
)
async def test_a_batch_with_one_bad_entry_is_refused_whole(store: Any, bad: dict[str, Any]) -> None:
    journal = await store.open()
    good = notes(2)
    with pytest.raises((ValueError, TypeError)):
        await journal.append([good[0], replace(good[1], **bad)])
    assert await all_of(journal) == []
    await journal.append(good)
    assert without_seq(await all_of(journal)) == good


async def test_an_empty_batch_is_nothing(store: Any) -> None:
    journal = await store.open()
    await journal.append([])
    assert await all_of(journal) == []


async def test_many_writers_at_once_keep_their_batches_together(store: Any) -> None:
    journal = await store.open()
    await asyncio.gather(*(journal.append(notes(4, first=1 + 4 * n)) for n in range(50)))
    prompts = [entry.body["prompt"] for entry in await all_of(journal)]
    assert sorted(prompts) == sorted(f"prompt-{n}" for n in range(1, 201))
    for first in range(0, 200, 4):
        number = int(str(prompts[first]).removeprefix("prompt-"))
        assert prompts[first : first + 4] == [f"prompt-{number + step}" for step in range(4)]


async def test_a_caller_of_append_who_gives_up_leaves_the_journal_usable(store: Any) -> None:
    journal = await store.open()
    await journal.append(notes(1))
    for turns in range(1, 12):
        writing = asyncio.create_task(journal.append(notes(3, first=10 * turns)))
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
    await journal.append(notes(1, first=999))
    entries = await all_of(journal)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) % 3 == 2, "a batch given up is in whole or not at all"
    assert entries[-1].body["prompt"] == "prompt-999"


async def test_what_a_reader_gets_is_his_own(store: Any) -> None:
    journal = await store.open()
    await journal.append(notes(1))
    (await all_of(journal))[0].body["prompt"] = "changed"
    assert (await all_of(journal))[0].body["prompt"] == "prompt-1"


async def test_the_table_of_calls_follows_the_journal(store: Any) -> None:
    journal = await store.open()
    await journal.append(typical_call("a")[:10])
    (going_on,) = await journal.open_calls()
    assert (going_on.state, going_on.topic, going_on.offers) == ("ringing", "medical", 1)
    await journal.append(typical_call("a")[10:])
    row = await journal.call("a")
    assert (row.result, row.operator, row.offers, row.hung_up_by) == ("answered", "op2", 2, "caller")
    assert (row.wait_seconds, row.talk_seconds) == (11.0, 60.0)
    assert await journal.open_calls() == []


async def test_the_latest_calls_come_first(store: Any) -> None:
    journal = await store.open()
    for n in range(5):
        await journal.append(typical_call(f"call-{n}", 10.0 * n))
    assert [row.id for row in await journal.last_calls(3)] == ["call-4", "call-3", "call-2"]


async def test_the_table_made_again_from_the_journal_is_the_same(store: Any) -> None:
    journal = await store.open()
    entries = sorted((e for n in range(40) for e in typical_call(f"call-{n}", 7.0 * n)), key=lambda e: e.at)
    for first in range(0, len(entries) - 30, 7):  # the last calls are still going on
        await journal.append(entries[first : first + 7])
    before = await journal.calls()
    await journal.rebuild_calls()
    assert await journal.calls() == before
    assert {row.state for row in before} > {"ended", "talking"}


async def test_a_closed_journal_refuses(store: Any) -> None:
    journal = await store.open()
    await journal.close()
    with pytest.raises(JournalClosed):
        await journal.append(notes(1))
    with pytest.raises(JournalClosed):
        await all_of(journal)


async def test_a_journal_goes_on_where_it_ended(sql_store: SqlStore) -> None:
    first = await sql_store.open()
    await first.append(typical_call("a")[:12])
    await first.close()
    second = await sql_store.open()
    await second.append(typical_call("a")[12:])
    assert [entry.seq for entry in await all_of(second)] == list(range(1, 17))
    row = await second.call("a")
    assert row is not None
    assert (row.result, row.talk_seconds, row.offers) == ("answered", 60.0, 2)


async def test_a_reopened_journal_knows_the_rules_in_force(sql_store: SqlStore) -> None:
    medical = Topic(TopicId("medical"), LineId("first"), (Ring(0, {}),))
    first = await sql_store.open()
    for version in ("policy-1", "policy-2"):
        policy = Policy(version, {medical.id: medical}, {medical.line: Line(medical.line)}, {})
        await first.append([at(0, PolicyChanged(policy))])
    await first.append(notes(3))
    await first.close()
    second = await sql_store.open()
    await second.append([at(1, CallQueued(CallId("x"), medical.id))])
    row = await second.call("x")
    assert row is not None
    assert (row.line, row.policy) == ("first", "policy-2")
    await second.rebuild_calls()
    assert await second.call("x") == row


async def test_a_second_writer_is_told_and_gets_his_turn_later(sql_store: SqlStore) -> None:
    first = await sql_store.open()
    with pytest.raises(JournalTaken, match="Another controller writes"):
        await sql_store.open()
    await first.append(notes(1))  # the first has not noticed
    await first.close()
    second = await sql_store.open()
    await second.append(notes(1, first=2))
    assert without_seq(await all_of(second)) == notes(2)


async def test_a_call_given_up_in_the_queue_is_found_in_the_same_transaction(sql_store: SqlStore) -> None:
    journal = await sql_store.open()
    call = CallId("x")
    await journal.append([at(0, CallQueued(call, TopicId("medical"))), at(5, CallerHungUp(call))])
    row = await journal.call("x")
    assert row is not None
    assert (row.result, row.wait_seconds, row.started) == ("abandoned_in_queue", 5.0, NOON)


async def test_reading_sees_what_is_written_meanwhile(sql_store: SqlStore) -> None:
    journal = await sql_store.open()
    await journal.append(notes(1500))
    seen = 0
    async for _ in journal.read():
        seen += 1
        if seen == 1:
            await journal.append([at(0, PromptPlayed("late"))])
    assert seen == 1501
