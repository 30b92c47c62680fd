"""The outcome of a call, from what a phone saw of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from softphone_sim.call_log import CallerOutcome, CallLog
from softphone_sim.person import PhoneEvent, Recording


def outcome_of(*seen: tuple[str, float, str]) -> CallerOutcome | None:
    log = CallLog()
    outcome = None
    for kind, at, detail in seen:
        outcome = log.handle(PhoneEvent("Anna", kind, at, 1, detail))
    return outcome


def test_a_call_from_dialling_to_the_end():
    outcome = outcome_of(
        ("dialled", 1, "1000"),
        ("ringing", 2, "180"),
        ("answered", 3, ""),
        ("media", 3.1, "/tmp/anna.wav"),  # noqa: S108
        ("heard", 9, "op1"),
        ("heard", 19, "op2"),
        ("ended", 30, "200 Normal call clearing"),
    )
    recording = Recording("Anna", 1, Path("/tmp/anna.wav"), 3.1, 30)  # noqa: S108
    assert outcome == CallerOutcome("Anna", 3, 30, "hotline", 200, recording, 9, "op1")


@pytest.mark.parametrize(
    ("kind", "detail", "ended_by", "status"),
    [
        ("hung_up", "487 Request Terminated", "caller", 487),
        ("ended", "200 OK", "hotline", 200),
        ("failed", "486 Busy Here", "failed", 486),
        ("failed", "the phone's process is gone", "failed", 0),
        ("rejected", "", "failed", 0),
    ],
)
def test_who_ended_it(kind: str, detail: str, ended_by: str, status: int):
    outcome = outcome_of(("dialled", 1, "1000"), (kind, 2, detail))
    assert outcome is not None
    assert (outcome.ended_by, outcome.status, outcome.recording) == (ended_by, status, None)


def test_calls_of_one_phone_are_kept_apart_and_forgotten_when_over():
    log = CallLog()
    log.handle(PhoneEvent("op1", "answered", 1, 1))
    log.handle(PhoneEvent("op1", "ringing", 2, 2))
    second = log.handle(PhoneEvent("op1", "rejected", 3, 2))
    assert second is not None and second.answered is None
    assert ("op1", 1) in log and ("op1", 2) not in log and len(log) == 1
