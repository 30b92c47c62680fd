"""A call's story reads like what happened."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from acd.core.commands import Announce, Overflow, Release, RingOperator, StopRinging
from acd.core.events import (
    CallerHungUp,
    CallQueued,
    OperatorDeclined,
    OperatorUnreachable,
    TalkEnded,
    TransferAsked,
)
from acd.core.model import CallId, LineId, OperatorId, TopicId
from acd.ports import Entry
from acd.records.steps import (
    CallAdopted,
    CallEnded,
    CallStarted,
    ControllerStarted,
    KeyPressed,
    KeysOnly,
    MenuStep,
)
from acd.records.story import story
from tests.contracts.call_entries import at, typical_call, why

CALL, OP1, MEDICAL = CallId("c"), OperatorId("op1"), TopicId("medical")


def told(*entries: Entry) -> list[str]:
    return [line.text for line in story(entries)]


def test_a_whole_call_from_ring_to_hang_up() -> None:
    assert told(*typical_call("c")) == [
        "Call from p-mfzwc5lbnrqxgzlm to 1000, menu version menu-1.",
        'The menu begins at "greeting".',
        'The caller hears "main.greeting.say".',
        'Menu "hours": by hours, it is reception.',
        'Menu "topic": asks.',
        'The caller hears "main.topic.ask".',
        'Menu "topic": the caller chose medical.',
        'Menu "to_medical": gives the call to the queue for medical.',
        "Waits for medical (priority 10).",
        "op1's phone rings (offer 1): longest idle.",
        "op1 did not pick up after 8.0 s.",
        "op2's phone rings (offer 2): longest idle.",
        "The caller is told: place 1, the wait is not known.",
        "op2 answered after 3.0 s of ringing, 11.0 s of waiting.",
        "The caller is gone after 60.0 s of talk.",
        "End of the call: the caller hung up (normal).",
    ]


def test_times_count_from_the_ring() -> None:
    lines = story(typical_call("c", 100.0))
    assert [line.since for line in lines[-3:]] == [20.0, 80.0, 80.0]
    assert lines[0].at.isoformat() == "2026-11-22T09:01:40+00:00"


def test_a_decision_says_why_with_who_was_passed_over() -> None:
    (line,) = story([at(0, RingOperator(CALL, OP1, 8.0, why(12.0)))])
    assert line.because == (
        "Rule: longest idle; needed after 12.0 s of waiting: medical 3 or better (policy policy-1).",
        "op1 chosen, idle 35.0 s.",
        "op2 passed over: idle less long, idle 12.0 s.",
        "Operators then: 2 ready, 5 talking, 1 paused.",
    )


def test_a_relaxed_demand_names_the_ring_and_an_open_one_anybody() -> None:
    relaxed = replace(why(26.0), ring=2, needs={}, considered=(), counts={"ready": 0})
    (line,) = story([at(0, RingOperator(CALL, OP1, 8.0, relaxed))])
    assert line.because == (
        "Rule: longest idle; needed after 26.0 s of waiting: anybody on the line, ring 3 of the topic "
        "(policy policy-1).",
        "Operators then: 0 on duty.",
    )


QUEUED = at(0, CallQueued(CALL, MEDICAL))
RINGS = at(2, RingOperator(CALL, OP1, 10.0, why()))


@pytest.mark.parametrize(
    ("before", "what", "sentence"),
    [
        ([], CallStarted("1000"), "Call from a caller who withheld his number to 1000."),
        ([], KeyPressed("card"), 'The caller pressed a key at "card".'),
        ([], KeyPressed(), "The caller pressed a key."),
        ([], MenuStep("entered", "card", {"card": "***"}), 'Menu "card": the caller entered card ***.'),
        ([], MenuStep("no input", "topic", {"time": "2"}), 'Menu "topic": no answer, time 2.'),
        ([], MenuStep("juggled", "x", {"balls": "3"}), 'Menu "x": juggled (balls 3).'),
        ([], MenuStep("no input", "topic", {}), 'Menu "topic": no input.'),
        ([], Announce(CALL, 2, 41.7), "The caller is told: place 2, about 42 s to wait."),
        ([], Overflow(CALL, MEDICAL, "full"), "The queue for medical does not take the call: full."),
        ([QUEUED, RINGS], StopRinging(CALL, OP1, "he left"), "op1's phone stops ringing after 3.0 s: he left."),
        ([QUEUED, RINGS], OperatorDeclined(CALL, OP1), "op1 declined the call after 3.0 s."),
        ([], OperatorUnreachable(CALL, OP1), "op1's phone could not be rung."),
        ([], Release(OP1, "missed a call"), "op1 is out of rotation: missed a call."),
        ([QUEUED], CallerHungUp(CALL), "The caller is gone after 5.0 s of waiting."),
        ([QUEUED, RINGS], CallerHungUp(CALL), "The caller is gone while op1 was being rung."),
        ([], CallerHungUp(CALL), "The caller is gone."),
        ([], TalkEnded(CALL, OP1), "op1 hung up; the caller is still there."),
        ([], TransferAsked(CALL, OP1, line=LineId("second")), "op1 hands the caller on to line second."),
        (
            [],
            KeysOnly("full", "ru"),
            "Nobody listens to the caller in ru: the speech workers are full. The menu goes by key.",
        ),
        ([], CallAdopted("talking", "op1"), "A new controller took the call over: talking with op1."),
        ([], CallEnded(""), "End of the call: nobody saw who hung up."),
        ([], CallEnded("hotline", failed=True), "End of the call: the hotline hung up; the hotline failed him."),
        ([], ControllerStarted(policy="7"), "The controller started, policy 7."),
    ],
)  # fmt: skip
def test_every_kind_of_line(before: list[Entry], what, sentence: str) -> None:
    assert told(*before, at(5, what))[-1] == sentence


def test_an_unknown_or_broken_entry_is_told_as_it_stands() -> None:
    rumour = replace(at(0, KeyPressed("x")), name="Rumour", body={"of": "rain", "heard": 2})
    broken = replace(RINGS, body={"operator": "op1"})
    assert told(rumour, broken) == ["Rumour: of rain, heard 2", "RingOperator: operator op1"]


def test_nothing_in_a_story_can_steer_the_terminal() -> None:
    nasty = at(0, MenuStep("x\x1b]0;owned\x07", "node\r\n", {"a": "\x9b2J"}))
    assert all(text.isprintable() for text in told(nasty))
