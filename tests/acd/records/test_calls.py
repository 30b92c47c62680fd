"""What the table of calls says of a call, for each way a call can go."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.core.commands import Overflow, StopRinging
from acd.core.events import (
    CallerHungUp,
    CallQueued,
    OperatorAnswered,
    OperatorDeclined,
    PolicyChanged,
    TalkEnded,
    TransferAsked,
)
from acd.core.model import CallId, Line, LineId, OperatorId, Policy, Ring, Topic, TopicId
from acd.ports import Entry
from acd.records.calls import RESULTS, CallRow, Rules, project
from acd.records.steps import CallAdopted, CallEnded, CallStarted
from tests.contracts.call_entries import NOON, at, typical_call

CALL = CallId("c")
OP1, OP2 = OperatorId("op1"), OperatorId("op2")
MEDICAL = TopicId("medical")
STARTED = at(0, CallStarted("1000", "p-x", language="ru", flow="menu-1"), "c")
QUEUED = at(10, CallQueued(CALL, MEDICAL))
DECLINED = at(13, OperatorDeclined(CALL, OP1))


def rings(seconds: float, operator: OperatorId = OP1) -> Entry:
    return Entry(
        "decision", "RingOperator", at(seconds, CallEnded("")).at, 1000 + seconds, {"why": {}}, "c", operator
    )


def ended(seconds: float, by: str, **how: Any) -> Entry:
    return at(seconds, CallEnded(by, **how), "c")


def row_of(*entries: Entry) -> CallRow:
    return project(entries, {}, Rules()).rows["c"]


def test_an_ordinary_call() -> None:
    row = row_of(STARTED, QUEUED, rings(10), at(14, OperatorAnswered(CALL, OP1)), ended(74, "caller"))
    assert (row.number, row.caller, row.language, row.topic, row.operator) == (
        "1000",
        "p-x",
        "ru",
        "medical",
        "op1",
    )
    assert (row.result, row.hung_up_by, row.wait_seconds, row.talk_seconds) == (
        "answered",
        "caller",
        4.0,
        60.0,
    )
    assert (row.started, row.flow, row.offers) == (NOON, "menu-1", 1)


@pytest.mark.parametrize(
    ("way", "result", "by", "wait"),
    [
        ([ended(5, "caller")], "abandoned_in_menu", "caller", None),
        ([ended(5, "hotline")], "finished_in_menu", "hotline", None),
        ([ended(5, "hotline", failed=True)], "failed", "hotline", None),
        ([QUEUED, ended(15, "caller")], "abandoned_in_queue", "caller", 5.0),
        ([QUEUED, ended(15, "")], "abandoned_in_queue", None, 5.0),
        ([QUEUED, ended(15, "hotline")], "failed", "hotline", 5.0),
        ([QUEUED, rings(11), ended(15, "caller")], "abandoned_while_ringing", "caller", 5.0),
        ([QUEUED, rings(11), DECLINED, ended(15, "caller")], "abandoned_in_queue", "caller", 5.0),
        ([QUEUED, at(10, Overflow(CALL, MEDICAL, "full")), ended(15, "hotline")], "refused", "hotline", 0.0),
        ([QUEUED, at(10, Overflow(CALL, MEDICAL, "full")), ended(15, "caller")], "refused", "caller", 0.0),
    ],
)  # fmt: skip
def test_a_call_nobody_answered(way: list[Entry], result: str, by: str | None, wait: float | None) -> None:
    row = row_of(STARTED, *way)
    assert (row.result, row.hung_up_by, row.wait_seconds, row.operator) == (result, by, wait, None)


def test_the_switch_corrects_who_hung_up() -> None:
    gone = at(15, CallerHungUp(CALL))
    assert row_of(STARTED, QUEUED, gone, ended(15, "hotline")).result == "failed"
    assert row_of(STARTED, gone, ended(15, "hotline")).result == "finished_in_menu"
    answered = row_of(STARTED, QUEUED, at(12, OperatorAnswered(CALL, OP1)), gone, ended(15.5, "operator"))
    assert (answered.result, answered.hung_up_by, answered.talk_seconds) == ("answered", "operator", 3.0)
    assert answered.ended == gone.at


def test_the_operator_hangs_up_and_the_menu_says_goodbye() -> None:
    talk = at(12, OperatorAnswered(CALL, OP1)), at(30, TalkEnded(CALL, OP1))
    row = row_of(STARTED, QUEUED, *talk, ended(35, "hotline"))
    assert (row.result, row.talk_seconds, row.hung_up_by) == ("answered", 18.0, "hotline")


def test_a_transfer_adds_a_talk_and_keeps_who_answered_first_and_for_what() -> None:
    way = [
        at(12, OperatorAnswered(CALL, OP1)),
        at(32, TransferAsked(CALL, OP1, topic=TopicId("donors"))),
        rings(32, OP2),
        at(40, OperatorAnswered(CALL, OP2)),
    ]
    row = row_of(STARTED, QUEUED, rings(10), *way, ended(50, "caller"))
    assert (row.operator, row.topic, row.wait_seconds, row.talk_seconds, row.offers) == (
        "op1",
        "medical",
        2.0,
        30.0,
        2,
    )


def test_a_talk_too_short_to_be_told_is_still_a_talk() -> None:
    row = row_of(STARTED, QUEUED, rings(10), at(12, TalkEnded(CALL, OP1)), ended(13, "operator"))
    assert (row.result, row.operator, row.talk_seconds) == ("answered", "op1", 0.0)


def test_an_answer_that_crossed_the_end_of_ringing_is_a_talk() -> None:
    crossing = at(18, StopRinging(CALL, OP1, "rang long enough")), at(18, OperatorAnswered(CALL, OP1))
    row = row_of(STARTED, QUEUED, rings(10), *crossing, ended(28, "caller"))
    assert (row.result, row.talk_seconds) == ("answered", 10.0)


def test_who_asks_again_after_a_refusal_waits_anew_for_what_he_asked_last() -> None:
    refused = at(10, Overflow(CALL, MEDICAL, "full"))
    again = at(20, CallQueued(CALL, TopicId("general"))), at(23, OperatorAnswered(CALL, OP1))
    row = row_of(STARTED, QUEUED, refused, *again, ended(30, "caller"))
    assert (row.topic, row.wait_seconds, row.result) == ("general", 3.0, "answered")


def test_a_new_controller_queues_the_call_again_and_the_wait_goes_on() -> None:
    adopted = at(30, CallAdopted("waiting"), "c"), at(30, CallQueued(CALL, MEDICAL, since=1010.0))
    row = row_of(
        STARTED, QUEUED, rings(12), *adopted, at(40, OperatorAnswered(CALL, OP1)), ended(50, "caller")
    )
    assert (row.wait_seconds, row.talk_seconds) == (30.0, 10.0)


def test_a_talk_begun_while_no_controller_ran_counts_from_its_adoption() -> None:
    row = row_of(STARTED, QUEUED, rings(12), at(30, CallAdopted("talking", "op1"), "c"), ended(50, "caller"))
    assert (row.result, row.operator, row.talk_seconds) == ("answered", "op1", 20.0)


def test_a_clock_set_back_makes_no_negative_time() -> None:
    row = row_of(STARTED, QUEUED, at(4, OperatorAnswered(CALL, OP1)), ended(3, "caller"))
    assert (row.wait_seconds, row.talk_seconds) == (0.0, 0.0)


def test_a_topic_brings_its_own_line_and_the_policy_its_version() -> None:
    topic = Topic(MEDICAL, LineId("first"), (Ring(0, {}),))
    policy = Policy("policy-7", {MEDICAL: topic}, {topic.line: Line(topic.line)}, {})
    rules = at(-100, PolicyChanged(policy))
    row = row_of(rules, STARTED, QUEUED)
    assert (row.line, row.policy) == ("first", "policy-7")
    assert row_of(rules, STARTED, at(10, CallQueued(CALL, MEDICAL, line=LineId("second")))).line == "second"


def test_what_comes_after_the_end_changes_nothing() -> None:
    over = [STARTED, QUEUED, rings(11), ended(15, "caller")]
    late = [
        at(16, StopRinging(CALL, OP1, "gone")),
        at(17, OperatorAnswered(CALL, OP1)),
        at(18, CallerHungUp(CALL)),
    ]
    assert row_of(*over, *late) == row_of(*over)


ALPHABET = [
    *typical_call("c"), QUEUED, rings(11), ended(15, "hotline"), ended(16, "", failed=True),
    at(20, TalkEnded(CALL, OP1)), at(21, TransferAsked(CALL, OP1)), at(22, Overflow(CALL, MEDICAL, "x")),
    at(23, CallAdopted("talking", "op2"), "c"), at(24, CallAdopted("menu"), "c"), at(25, OperatorDeclined(CALL, OP1)),
]  # fmt: skip


@given(st.lists(st.sampled_from(ALPHABET), max_size=40), st.lists(st.integers(0, 40)))
def test_in_any_order_and_however_it_is_cut_into_batches_the_row_is_the_same_and_sane(
    entries: list[Entry], cuts: list[int]
) -> None:
    rows: dict[str, CallRow] = {}
    rules = Rules()
    borders = [0, *sorted(cuts), len(entries)]
    for begin, end in itertools.pairwise(borders):
        changes = project(entries[begin:end], rows, rules)
        rows, rules = rows | changes.rows, changes.rules
    assert rows == project(entries, {}, Rules()).rows
    for row in rows.values():
        assert (row.result in RESULTS) == (row.ended is not None) == (row.state == "ended")
        assert min(row.wait_seconds or 0, row.talk_seconds or 0, row.offers) >= 0
        assert row.result != "answered" or row.answered is not None
