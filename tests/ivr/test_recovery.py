"""What a new controller knows of the one before, from the journal alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from acd.core.events import AnyFact, CallQueued, OperatorAnswered, OperatorSignedIn, TalkEnded
from acd.core.model import Line, Operator, Policy, Ring, Topic
from acd.ports import Entry
from ivr.recovery import MenuPlace, menu_place, remembered

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = Policy(
    version="1",
    topics={"medical": Topic("medical", "first", (Ring(0, {}),))},
    lines={"first": Line("first", ring_timeout=10, wrap_up=5)},
    operators={name: Operator(name, ("first",), {}) for name in ("anna", "boris")},
)


def fact(at: float, what: AnyFact) -> Entry:
    body = msgspec.to_builtins(what)
    body.pop("type")
    return Entry("fact", type(what).__name__, NOW, at, body)


def step(node: str, **detail: str) -> Entry:
    return Entry("step", "MenuStep", NOW, 0.0, {"step": "ask", "node": node, "detail": detail})


async def journal(*entries: Entry) -> AsyncIterator[Entry]:
    for entry in entries:
        yield entry


async def states(*entries: Entry) -> dict[str, str]:
    snapshot = await remembered(journal(*entries), POLICY)
    return {one.operator: one.state for one in snapshot.operators}


async def test_who_let_it_ring_too_long_is_out_of_rotation_although_no_tick_was_journaled():
    known = await states(
        fact(0, OperatorSignedIn("anna")),
        fact(1, CallQueued("c1", "medical")),
        fact(5, OperatorSignedIn("boris")),
        fact(13, OperatorAnswered("c1", "boris")),
    )
    assert known == {"anna": "not answering", "boris": "talking"}


async def test_a_wrap_up_that_ended_meanwhile_has_ended():
    known = await states(
        fact(0, OperatorSignedIn("anna")),
        fact(1, CallQueued("c1", "medical")),
        fact(2, OperatorAnswered("c1", "anna")),
        fact(30, TalkEnded("c1", "anna")),
        fact(40, CallQueued("c2", "medical")),
        fact(41, OperatorAnswered("c2", "anna")),
    )
    assert known["anna"] == "talking"


async def test_those_who_wait_keep_their_order_and_their_time():
    entries = [fact(at, CallQueued(f"c{at}", "medical")) for at in (3, 1, 2)]
    snapshot = await remembered(journal(*entries), POLICY)
    assert {call.call: call.since for call in snapshot.calls} == {"c3": 3.0, "c1": 3.0, "c2": 3.0}
    assert [call.call for call in snapshot.calls] == ["c3", "c1", "c2"]


async def test_a_conversation_goes_on_at_its_last_node_in_its_language():
    place = await menu_place(
        journal(step("main.greeting", language="ru"), step("main.speak", language="en"), step("main.topic"))
    )
    assert place == MenuPlace("main.topic", "en")


async def test_a_call_without_a_step_begins_its_menu():
    assert await menu_place(journal()) == MenuPlace()
