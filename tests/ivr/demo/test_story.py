"""Whose call is whose: the journal knows no caller, the phones know no call; both know the time."""

from __future__ import annotations

from datetime import UTC, datetime

from acd.ports import Entry
from ivr.demo.story import stories, whose
from softphone_sim.call_log import CallerOutcome

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def entry(name: str, mono: float, call: str | None, **body: object) -> Entry:
    return Entry("step", name, NOW, mono, body, call)


def outcome(name: str, answered: float | None, ended: float) -> CallerOutcome:
    return CallerOutcome(name, answered, ended)


def test_a_call_is_its_notes_in_order():
    found = stories(
        [
            entry("ControllerStarted", 0, None),
            entry("CallStarted", 1, "a"),
            entry("KeysOnly", 1.5, "a", why="full", language="ru"),
            entry("MenuStep", 2, "a", step="ask", node="main.topic", detail={}),
            entry("MenuStep", 3, "a", step="menu choice", node="main.topic", detail={"by": "speech"}),
            entry("CallEnded", 9, "a"),
        ]
    )
    assert [(one.call, one.began, one.ended) for one in found] == [("a", 1, 9)]
    assert [(step.name, step.by_speech) for step in found[0].steps] == [
        ("keys only", False),
        ("ask", False),
        ("menu choice", True),
    ]


def test_two_who_were_answered_at_the_same_moment_are_told_apart_by_their_end():
    calls = stories(
        [
            entry("CallStarted", 1.00, "a"),
            entry("CallStarted", 1.02, "b"),
            entry("CallEnded", 30, "a"),
            entry("CallEnded", 20, "b"),
        ]
    )
    found = whose(calls, {"Anna": outcome("Anna", 1.01, 20.1), "Boris": outcome("Boris", 1.01, 30.1)})
    assert {name: story.call for name, story in found.items()} == {"Anna": "b", "Boris": "a"}


def test_one_who_was_never_answered_and_one_of_another_time_have_no_call():
    calls = stories([entry("CallStarted", 1, "a"), entry("CallEnded", 5, "a")])
    assert whose(calls, {"Anna": outcome("Anna", None, 5), "Boris": outcome("Boris", 100, 104)}) == {}
