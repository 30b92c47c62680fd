"""Facts, decisions and steps as lines of the journal, and back."""

from __future__ import annotations

from datetime import datetime

import msgspec

from acd.core.commands import AnyCommand, Command
from acd.core.events import AnyFact, Fact
from acd.ports import Entry
from acd.records.steps import AnyStep, Step

FACT, DECISION, STEP = "fact", "decision", "step"
KINDS = (FACT, DECISION, STEP)
_TYPES = {FACT: AnyFact, DECISION: AnyCommand, STEP: AnyStep}


def entry_of(
    what: Fact | Command | Step,
    *,
    at: datetime,
    mono: float,
    call: str | None = None,
    operator: str | None = None,
) -> Entry:
    """The line for `what`. call, operator: its own fields of that name unless given."""
    kind = FACT if isinstance(what, Fact) else DECISION if isinstance(what, Command) else STEP
    body = msgspec.json.decode(msgspec.json.encode(what))  # lists, as it will be read again
    return Entry(
        kind=kind,
        name=body.pop("type"),  # it is the entry's name already
        at=at,
        mono=mono,
        body=body,
        call=call or getattr(what, "call", None),
        operator=operator or getattr(what, "operator", None),
    )


def value_of(entry: Entry) -> AnyFact | AnyCommand | AnyStep:
    """What was written, as it was. Raises ValueError for a name this version does not know."""
    kind = _TYPES.get(entry.kind)
    if kind is None:
        raise ValueError(f"journal entry {entry.seq} is of an unknown kind {entry.kind!r}")
    try:
        return msgspec.convert({"type": entry.name, **entry.body}, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"journal entry {entry.seq} ({entry.name}) is not understood: {error}") from error


def demand_good(entry: Entry) -> None:
    """Raises ValueError unless the entry may be appended: a known kind, an aware time."""
    if entry.kind not in KINDS:
        raise ValueError(f"entry {entry.name!r}: kind {entry.kind!r} is none of {', '.join(KINDS)}")
    if entry.at.utcoffset() is None:
        raise ValueError(f"entry {entry.name!r}: the time {entry.at.isoformat()} has no zone")
