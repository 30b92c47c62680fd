"""Journal entries of made-up calls, for tests and benchmarks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from acd.core.commands import Announce, Command, Considered, RingOperator, Why
from acd.core.events import CallerHungUp, CallQueued, Fact, OperatorAnswered, OperatorMissed
from acd.core.model import CallId, OperatorId, TopicId
from acd.ports import Entry
from acd.records.entries import entry_of
from acd.records.steps import CallEnded, CallStarted, MenuStep, PromptPlayed, Step

NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def at(seconds: float, what: Fact | Command | Step, call: str | None = None) -> Entry:
    """`what`, so many seconds after noon in Moscow; the monotonic clock began 1,000 s before."""
    return entry_of(what, at=NOON + timedelta(seconds=seconds), mono=1000.0 + seconds, call=call)


def notes(count: int, *, first: int = 1) -> list[Entry]:
    """Numbered steps that belong to no call."""
    return [at(n, PromptPlayed(f"prompt-{n}")) for n in range(first, first + count)]


def why(waited: float = 0.0) -> Why:
    considered = (
        Considered(OperatorId("op1"), 35.0, "chosen"),
        Considered(OperatorId("op2"), 12.0, "idle less long"),
    )
    counts = {"ready": 2, "talking": 5, "paused": 1}
    return Why("longest idle", "policy-1", waited, 0, {"medical": 3}, considered, counts)  # type: ignore[dict-item]


def typical_call(id: str, start: float = 0.0) -> list[Entry]:
    """Menu, queue, a missed ring, an answer, a talk of a minute: 16 entries."""
    call, op1, op2 = CallId(id), OperatorId("op1"), OperatorId("op2")
    return [
        at(start, CallStarted("1000", "p-mfzwc5lbnrqxgzlm", "PJSIP/caller1-00000001", "ru", "menu-1"), id),
        at(start, MenuStep("started", "greeting", {"version": "menu-1", "language": "ru"}), id),
        at(start, PromptPlayed("main.greeting.say", "ru"), id),
        at(start + 4, MenuStep("branch", "hours", {"on": "hours", "case": "reception"}), id),
        at(start + 4, MenuStep("ask", "topic"), id),
        at(start + 4, PromptPlayed("main.topic.ask", "ru"), id),
        at(start + 9, MenuStep("menu choice", "topic", {"key": "1", "choice": "medical"}), id),
        at(start + 9, MenuStep("enqueue", "to_medical", {"topic": "medical"}), id),
        at(start + 9, CallQueued(call, TopicId("medical"), priority=10)),
        at(start + 9, RingOperator(call, op1, 1000 + start + 17, why())),
        at(start + 17, OperatorMissed(call, op1)),
        at(start + 17, RingOperator(call, op2, 1000 + start + 25, why(8.0))),
        at(start + 17, Announce(call, 1, None)),
        at(start + 20, OperatorAnswered(call, op2)),
        at(start + 80, CallerHungUp(call)),
        at(start + 80, CallEnded("caller", "normal"), id),
    ]
