"""What is written to the journal comes back as the same value."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from acd.core.commands import RingOperator
from acd.core.events import CallQueued
from acd.core.model import CallId, OperatorId, TopicId
from acd.records.entries import value_of
from acd.records.steps import CallEnded, MenuStep
from tests.contracts.call_entries import at, typical_call, why


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (CallQueued(CallId("c"), TopicId("medical"), priority=3), "fact"),
        (RingOperator(CallId("c"), OperatorId("op1"), 15.0, why()), "decision"),
        (MenuStep("menu choice", "topic", {"choice": "medical"}), "step"),
        (CallEnded("caller"), "step"),
    ],
)
def test_facts_decisions_and_steps_come_back_as_they_were(what, kind: str) -> None:
    entry = at(0, what)
    assert (entry.kind, entry.name) == (kind, type(what).__name__)
    assert value_of(entry) == what


def test_an_entry_belongs_to_the_call_and_operator_it_names() -> None:
    entry = at(0, RingOperator(CallId("c"), OperatorId("op1"), 15.0, why()))
    assert (entry.call, entry.operator) == ("c", "op1")


def test_an_entry_of_another_version_is_named() -> None:
    entry = typical_call("c")[8]
    with pytest.raises(ValueError, match="Rumour"):
        value_of(replace(entry, name="Rumour"))
    with pytest.raises(ValueError, match="kind 'rumour'"):
        value_of(replace(entry, kind="rumour"))
    with pytest.raises(ValueError, match="not understood"):
        value_of(replace(entry, body={"topic": 5}))
