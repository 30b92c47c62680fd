"""What the judge calls a fault of callers who spoke."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from acd.ports import Entry
from ivr.demo.cast import Arrival, Cast, Kind
from ivr.demo.judge import Evidence, Summary, judge
from ivr.demo.speaking import Manner, Part
from softphone_sim.call_log import CallerOutcome
from softphone_sim.person import Caller, PhoneEvent
from tests.ivr.demo.people import book, loaded

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PART = Part(Manner.WAITS, "medical", (), ())
CHOSE_DONORS = ("menu choice", {"by": "speech", "choice": "donors"})
CHOSE_MEDICAL = ("menu choice", {"by": "speech", "choice": "medical"})
ASKED_BACK = ("asked back", {"by": "speech", "choice": "donors"})
CONFIRMED = ("confirmed", {"choice": "donors", "answer": "speech"})
LOST_AGAIN = ("no match", {"by": "speech"})


def judged(operator: str, topic: str, *notes: tuple[str, dict[str, str]]) -> Summary:
    """One caller who wants a doctor, what the menu made of his words, and whom he heard in the end."""
    caller = Caller("caller-1", "1000", 2000.0)
    arrival = Arrival(0.5, Kind.SPEAKS, "medical", caller, PART, "clean")
    steps = [*notes, ("enqueue", {"topic": topic})]
    entries = [Entry("step", "CallStarted", NOW, 1.0, {}, "a")]
    entries += [
        Entry("step", "MenuStep", NOW, 2.0 + at, {"step": name, "node": "main.topic", "detail": detail}, "a")
        for at, (name, detail) in enumerate(steps)
    ]
    entries.append(Entry("step", "CallEnded", NOW + timedelta(seconds=20), 21.0, {}, "a"))
    outcome = CallerOutcome("caller-1", 1.0, 21.0, "caller", 200, None, 21.0, operator)
    return judge(
        Evidence(
            site=loaded().site,
            cast=Cast((), (arrival,), None, None),
            outcomes={"caller-1": outcome},
            events=[PhoneEvent("caller-1", "says", 1.5, 1)],
            recordings=[],
            tones={},
            rows=[],
            entries=entries,
            states={},
            book=book(),
        )
    )


def of_operators(summary: Summary) -> list[str]:
    return [fault for fault in summary.faults if "was given to" in fault]


def test_a_misheard_caller_with_the_wrong_operator_is_a_fault():
    summary = judged("op7", "donors", CHOSE_DONORS)
    assert of_operators(summary) == ["caller-1 wanted medical and was given to op7 (misheard)"]
    assert (summary.wrong_operator, summary.speech.total.misheard) == (1, 1)


def test_not_if_the_operator_can_help_him_all_the_same():
    summary = judged("op6", "donors", CHOSE_DONORS)
    assert of_operators(summary) == []
    assert summary.speech.total.misheard == 1


def test_not_if_he_said_yes_to_it_himself():
    summary = judged("op7", "donors", ASKED_BACK, CONFIRMED, CHOSE_DONORS)
    assert of_operators(summary) == []
    assert summary.speech.total.wrongly_confirmed == 1


def test_a_caller_nobody_understood_is_to_be_helped_where_he_was_sent():
    assert of_operators(judged("op8", "general", LOST_AGAIN, LOST_AGAIN)) == []
    assert len(of_operators(judged("op7", "general", LOST_AGAIN, LOST_AGAIN))) == 1


@pytest.mark.parametrize(("operator", "faults"), [("op1", 0), ("op7", 1)])
def test_one_who_was_understood_must_come_to_the_right_operator(operator: str, faults: int):
    summary = judged(operator, "medical", CHOSE_MEDICAL)
    assert len(of_operators(summary)) == faults
    assert summary.speech.total.heard == 1
