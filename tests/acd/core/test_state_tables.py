"""The tables themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from acd.core import call_state, diagrams, operator_state
from acd.core.transitions import ImpossibleTransitionError, mermaid


def test_the_page_in_the_docs_is_what_the_tables_print():
    page = Path(__file__).parents[3] / "docs" / "state-machines.md"
    assert page.read_text(encoding="utf-8") == diagrams.page(), (
        "run python -m acd.core.diagrams > docs/state-machines.md"
    )


def test_a_pair_that_is_missing_is_an_error_with_a_name():
    with pytest.raises(ImpossibleTransitionError, match="nothing follows from 'answered' in state 'gone'"):
        call_state.TABLE[call_state.GONE, operator_state.ANSWERED]


def test_every_state_of_an_operator_is_left_and_reached():
    left = {state for state, _ in operator_state.TABLE}
    reached = set(operator_state.TABLE.values())
    assert left == reached == set(operator_state.STATES)


def test_a_call_can_end_in_every_state_and_never_comes_back():
    for state in (call_state.WAITING, call_state.RINGING, call_state.TALKING):
        assert call_state.TABLE[state, call_state.CALLER_LEFT] == call_state.GONE
    assert all(state != call_state.GONE for state, _ in call_state.TABLE)


def test_a_diagram_joins_the_events_that_lead_the_same_way():
    assert "wrapping_up --> ready: wrote up, came back" in mermaid(operator_state.TABLE, operator_state.READY)
