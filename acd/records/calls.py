"""The table of calls: one row per call, worked out from the journal's entries and from nothing else.

`project` is pure, so the table can be thrown away and made again, row for row the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from acd.ports import Entry

MENU, QUEUE, RINGING, TALKING, SERVED, REFUSED, ENDED = (
    "menu",
    "queue",
    "ringing",
    "talking",
    "served",
    "refused",
    "ended",
)
"""Where a call is. served: the operator hung up, the caller is still there."""

RESULTS = (
    "answered",
    "abandoned_in_menu",
    "abandoned_in_queue",
    "abandoned_while_ringing",
    "refused",
    "finished_in_menu",
    "failed",
)
"""finished_in_menu: the hotline hung up at the menu's end (closed, or served without a person)."""


class CallRow(msgspec.Struct, frozen=True):
    """One call. Times are aware UTC; seconds are wall time, never negative.

    number: as dialled. caller: pseudonym. topic, line: those he was answered for, or last waited for.
    operator: who answered first. queued: when the wait began that was answered, refused or given up.
    wait_seconds: from queued until answered, refused or ended; None if he never queued.
    talk_seconds: all talks together, transfers included; the one going on counts when it ends.
    talk_began: of the latest talk. offers: how often a phone was rung for him.
    hung_up_by: "caller", "operator", "hotline", or None when nobody saw it.
    """

    id: str
    started: datetime
    number: str | None = None
    caller: str | None = None
    language: str | None = None
    topic: str | None = None
    line: str | None = None
    operator: str | None = None
    queued: datetime | None = None
    first_offered: datetime | None = None
    answered: datetime | None = None
    talk_began: datetime | None = None
    ended: datetime | None = None
    wait_seconds: float | None = None
    talk_seconds: float | None = None
    state: str = MENU
    result: str | None = None
    hung_up_by: str | None = None
    offers: int = 0
    flow: str | None = None
    policy: str | None = None


class Rules(msgspec.Struct, frozen=True):
    """What holds when an entry is written: the policy's version, and each topic's own line."""

    policy: str | None = None
    lines: dict[str, str] = {}


class Changes(msgspec.Struct, frozen=True):
    """What a batch of entries makes of the table: the rows that changed, and the rules afterwards."""

    rows: dict[str, CallRow]
    rules: Rules


def project(entries: Iterable[Entry], known: Mapping[str, CallRow], rules: Rules) -> Changes:
    """The rows that `entries` change. known: the present rows of their calls; a missing one is new."""
    rows: dict[str, CallRow] = {}
    for entry in entries:
        if entry.name == "PolicyChanged":
            rules = rules_of(entry)
        if entry.call is None:
            continue
        before = rows.get(entry.call) or known.get(entry.call)
        after = _after(before or CallRow(id=entry.call, started=entry.at), entry, rules)
        if after != before:
            rows[entry.call] = after
    return Changes(rows, rules)


def rules_of(entry: Entry) -> Rules:
    """The rules that a PolicyChanged entry brings."""
    policy: Any = entry.body["policy"]
    lines = {name: topic["line"] for name, topic in policy["topics"].items()}
    return Rules(policy["version"], lines)


def _after(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    if row.policy is None and rules.policy is not None:
        row = replace(row, policy=rules.policy)
    handle = _HANDLERS.get(entry.name)
    if handle is None or (row.ended is not None and handle is not _ended):
        return row
    return handle(row, entry, rules)


def _started(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    body: Any = entry.body
    return replace(
        row,
        started=entry.at,
        number=body.get("number"),
        caller=body.get("caller"),
        language=body.get("language"),
        flow=body.get("flow"),
    )


def _queued(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    body: Any = entry.body
    row = replace(row, language=body.get("language") or row.language)
    if row.answered is not None:
        return replace(row, state=QUEUE)
    since = body.get("since")
    began = entry.at if since is None else entry.at - timedelta(seconds=max(0.0, entry.mono - since))
    if row.state in {QUEUE, RINGING} and row.queued is not None:
        began = min(began, row.queued)  # queued again by a new controller: the wait goes on
    topic = body["topic"]
    line = body.get("line") or rules.lines.get(topic)
    return replace(row, topic=topic, line=line, queued=began, state=QUEUE, wait_seconds=None)


def _offered(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    first = row.first_offered or entry.at
    return replace(row, state=RINGING, offers=row.offers + 1, first_offered=first)


def _back_in_queue(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    return replace(row, state=QUEUE) if row.state == RINGING else row


def _answered(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    if row.state == TALKING:
        return row
    row = replace(row, state=TALKING, talk_began=entry.at)
    if row.answered is not None:
        return row
    wait = seconds(row.queued, entry.at)
    return replace(row, answered=entry.at, operator=entry.operator, wait_seconds=wait)


def _talk_over(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    if row.state == RINGING:  # the talk was so short that its beginning was never told
        row = _answered(row, entry, rules)
    return replace(_talk_counted(row, entry.at), state=SERVED) if row.state == TALKING else row


def _transferred(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    return replace(_talk_counted(row, entry.at), state=QUEUE) if row.state == TALKING else row


def _refused(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    wait = row.wait_seconds if row.answered else seconds(row.queued, entry.at)
    return replace(row, state=REFUSED, wait_seconds=wait)


def _caller_left(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    return _ended_at(row, entry.at, by="caller", failed=False)


def _ended(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    """The switch saw who hung up; the dispatcher only knew that the caller was gone, so this corrects it."""
    body: Any = entry.body
    return _ended_at(row, entry.at, by=body.get("by") or None, failed=bool(body.get("failed")))


def _adopted(row: CallRow, entry: Entry, rules: Rules) -> CallRow:
    """A new controller found it: what changed while nobody watched is known from now on."""
    body: Any = entry.body
    if body["state"] == "talking":
        return _answered(row, entry, rules)
    row = _talk_counted(row, entry.at) if row.state == TALKING else row
    return replace(row, state=QUEUE if body["state"] == "waiting" else MENU)


def _ended_at(row: CallRow, at: datetime, *, by: str | None, failed: bool) -> CallRow:
    if row.ended is not None:
        result = "failed" if failed else _CORRECTED.get((by, row.result), row.result)
        return replace(row, hung_up_by=by or row.hung_up_by, result=result)
    state = row.state
    row = _talk_counted(row, at) if state == TALKING else row
    wait = seconds(row.queued, at) if row.wait_seconds is None else row.wait_seconds
    result = _result(row, state, by, failed)
    return replace(row, state=ENDED, ended=at, hung_up_by=by, wait_seconds=wait, result=result)


def _result(row: CallRow, state: str, by: str | None, failed: bool) -> str:
    if failed:
        return "failed"
    if row.answered is not None:
        return "answered"
    if state == REFUSED:
        return "refused"
    result = {QUEUE: "abandoned_in_queue", RINGING: "abandoned_while_ringing"}.get(state, "abandoned_in_menu")
    return _CORRECTED.get((by, result), result)


_CORRECTED: dict[tuple[str | None, str | None], str] = {
    ("hotline", "abandoned_in_menu"): "finished_in_menu",
    ("hotline", "abandoned_in_queue"): "failed",  # we hung up on somebody who was waiting
    ("hotline", "abandoned_while_ringing"): "failed",
}


def _talk_counted(row: CallRow, at: datetime) -> CallRow:
    talked = (row.talk_seconds or 0.0) + (seconds(row.talk_began, at) or 0.0)
    return replace(row, talk_seconds=talked)


def seconds(since: datetime | None, until: datetime) -> float | None:
    """Wall seconds between, 0 when the clock was set back; None without a beginning."""
    return None if since is None else max(0.0, (until - since).total_seconds())


_HANDLERS: dict[str, Callable[[CallRow, Entry, Rules], CallRow]] = {
    "CallStarted": _started,
    "CallQueued": _queued,
    "RingOperator": _offered,
    "StopRinging": _back_in_queue,
    "OperatorMissed": _back_in_queue,
    "OperatorDeclined": _back_in_queue,
    "OperatorUnreachable": _back_in_queue,
    "OperatorAnswered": _answered,
    "TalkEnded": _talk_over,
    "TransferAsked": _transferred,
    "Overflow": _refused,
    "CallerHungUp": _caller_left,
    "CallEnded": _ended,
    "CallAdopted": _adopted,
}
