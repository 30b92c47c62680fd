"""What came of the demonstration: figures from the records, checked against what the phones saw and heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from acd.ports import Entry
from acd.records.calls import CallRow
from ivr.demo.cast import Arrival, Cast, able
from ivr.demo.heard import End, Heard, SpeechFigures, speech_figures, what_became
from ivr.demo.menu_book import MenuBook
from ivr.demo.story import Story, stories, whose
from ivr.demo.waits import Waits
from ivr.site import Site
from softphone_sim.call_log import CallerOutcome
from softphone_sim.person import PhoneEvent, Recording
from softphone_sim.verdict import Talk, Verdict, check_audio

OVER = frozenset({"hung_up", "ended", "failed", "rejected", "unplugged"})


@dataclass
class Count:
    """offered: calls that queued. abandoned: the caller left before an operator answered. wait: seconds from the
    queue to the operator's answer, of answered calls.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    failed: int = 0
    wait: Waits = field(default_factory=Waits)


@dataclass
class Summary:
    """The demonstration's result. calls: offered is every caller who dialled.

    wrong_operator: connected to somebody without the skill. audio_checked: talks whose two recordings were
    looked at; audio_failed: of them, one side did not hear the other, or heard somebody else.
    double_rings: a phone rung for two calls at once, or a call ringing two phones. stuck_operators: still
    ringing or talking when no call was left. speech: of the callers who speak. faults: a sentence for each thing
    that went wrong.
    """

    calls: Count
    per_topic: dict[str, Count]
    wrong_operator: int
    audio_checked: int
    audio_failed: int
    double_rings: int
    stuck_operators: int
    speech: SpeechFigures = field(default_factory=SpeechFigures)
    first_answer_after: float | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ok": self.ok}


@dataclass(frozen=True)
class Evidence:
    """All that was seen. outcomes: caller's name -> what became of him. states: operators at the end."""

    site: Site
    cast: Cast
    outcomes: Mapping[str, CallerOutcome]
    events: Sequence[PhoneEvent]
    recordings: Sequence[Recording]
    tones: Mapping[str, float]
    rows: Sequence[CallRow]
    entries: Sequence[Entry]
    states: Mapping[str, str]
    book: MenuBook

    def of_phone(self, name: str) -> list[PhoneEvent]:
        return [event for event in self.events if event.phone == name]


def judge(seen: Evidence) -> Summary:
    faults: list[str] = []
    calls = whose(stories(seen.entries), seen.outcomes)
    ends = _ends(seen, calls)
    talks = list(_talks(seen))
    verdicts = check_audio(talks, seen.recordings, seen.tones)
    wrong = _wrong(seen, ends)
    doubles = _double_phones(seen.events) + _double_calls(seen.entries)
    stuck = [name for name, state in seen.states.items() if state in ("ringing", "talking")]
    failed = _not_served(seen)
    faults += failed + wrong + doubles
    faults += [f"{name} is stuck: {seen.states[name]}, with no call left" for name in stuck]
    faults += [_told(verdict) for verdict in verdicts if not verdict.ok]
    faults += _against_records(seen, len(talks))
    return Summary(
        calls=_count(seen.rows, offered=len(seen.outcomes), failed=len(failed)),
        per_topic={topic: _count([r for r in seen.rows if r.topic == topic]) for topic in seen.site.topics},
        wrong_operator=len(wrong),
        audio_checked=sum(verdict.judged for verdict in verdicts),
        audio_failed=sum(not verdict.ok for verdict in verdicts),
        double_rings=len(doubles),
        stuck_operators=len(stuck),
        speech=speech_figures(seen.cast.arrivals, ends, calls, {name: seen.of_phone(name) for name in ends}),
        faults=faults,
    )


def _ends(seen: Evidence, calls: Mapping[str, Story]) -> dict[str, Heard]:
    """What became of those who speak, as far as they came to speak."""
    return {
        name: what_became(one.part, seen.book, calls.get(name), seen.of_phone(name))
        for one in seen.cast.arrivals
        if one.part and (name := one.caller.name) in seen.outcomes
    }


def _told(verdict: Verdict) -> str:
    return f"{verdict.talk.caller} and {verdict.talk.operator}: {verdict.why}"


def _count(rows: Sequence[CallRow], *, offered: int | None = None, failed: int | None = None) -> Count:
    answered = [row for row in rows if row.answered is not None]
    left = ("abandoned_in_menu", "abandoned_in_queue", "abandoned_while_ringing")
    return Count(
        offered=len(rows) if offered is None else offered,
        answered=len(answered),
        abandoned=sum(row.result in left for row in rows),
        failed=sum(row.result in ("failed", "refused") for row in rows) if failed is None else failed,
        wait=Waits.of(row.wait_seconds or 0.0 for row in answered),
    )


def _talks(seen: Evidence) -> Iterable[Talk]:
    """Who talked with whom, by the callers' ears, with the operator's phone as the clock."""
    for outcome in seen.outcomes.values():
        if outcome.heard is None or outcome.heard_whom is None:
            continue
        answered, ended = _operator_call(seen.events, outcome.heard_whom, outcome.heard)
        ended = min(ended, outcome.ended)
        tone = next((event.at for event in seen.of_phone(outcome.caller) if event.kind == "tone"), ended)
        yield Talk(outcome.caller, outcome.heard_whom, answered, ended, caller_from=tone)


def _operator_call(events: Sequence[PhoneEvent], operator: str, at: float) -> tuple[float, float]:
    """From answer to end of the operator's call that was going on at this time (a tone is heard a bit later)."""
    begun, ended = at, at
    number = None
    for event in events:
        if event.phone != operator:
            continue
        if event.kind == "answered" and event.at <= at + 0.5:
            begun, number, ended = event.at, event.call, float("inf")
        elif event.call == number and event.kind in OVER:
            ended = event.at
    return begun, ended


def _not_served(seen: Evidence) -> list[str]:
    """Every caller who stayed has to hear an operator; nobody's call may fail."""
    return [
        f"{arrival.caller.name} ({arrival.topic}, {arrival.behaviour}): {_fate(seen.outcomes[arrival.caller.name])}"
        for arrival in seen.cast.arrivals
        if arrival.caller.name in seen.outcomes and not _fine(arrival, seen.outcomes[arrival.caller.name])
    ]


def _fine(arrival: Arrival, outcome: CallerOutcome) -> bool:
    if outcome.ended_by == "failed":
        return False
    return outcome.heard is not None or not arrival.kind.stays


def _fate(outcome: CallerOutcome) -> str:
    if outcome.ended_by == "failed":
        return f"the call failed with {outcome.status}"
    return "stayed and was never connected"


def _wrong(seen: Evidence, ends: Mapping[str, Heard]) -> list[str]:
    """Callers with somebody who cannot help them. Who was misheard and never asked wants what he wanted; who was
    given to a person because nobody understood him, or said yes to another topic, is to be helped there."""
    operators = {one.endpoint: one for one in seen.site.operators}
    found = []
    for arrival in seen.cast.arrivals:
        outcome = seen.outcomes.get(arrival.caller.name)
        whom = outcome.heard_whom if outcome else None
        topic = _due(arrival, ends.get(arrival.caller.name))
        if whom and not able(seen.site, topic, operators[whom]):
            told = f" ({ends[arrival.caller.name].end.value})" if arrival.caller.name in ends else ""
            found.append(f"{arrival.caller.name} wanted {arrival.topic} and was given to {whom}{told}")
    return found


def _due(arrival: Arrival, heard: Heard | None) -> str:
    """The topic for which he must be served."""
    if heard and heard.topic and heard.end in (End.GIVEN_TO_PERSON, End.WRONGLY_CONFIRMED):
        return heard.topic
    if heard and heard.topic and heard.end is End.KEYS_ONLY and heard.topic != arrival.topic:
        return heard.topic  # he knew nothing to press, and came to a person
    return arrival.topic


def _double_phones(events: Sequence[PhoneEvent]) -> list[str]:
    """Phones that rang while they had a call. An operator's own call of a feature code counts as one."""
    busy: dict[str, int] = {}
    found = []
    for event in events:
        if event.phone.startswith("caller-"):
            continue
        second = event.kind == "rejected" and "second call" in event.detail
        if second or (event.kind == "ringing" and busy.get(event.phone, event.call) != event.call):
            found.append(f"{event.phone} was rung while it had another call")
        if event.kind in ("ringing", "dialled"):
            busy[event.phone] = event.call
        elif event.kind in OVER and busy.get(event.phone) == event.call:
            del busy[event.phone]
    return found


_NO_LONGER_RINGS = {
    "StopRinging",
    "OperatorMissed",
    "OperatorDeclined",
    "OperatorUnreachable",
    "OperatorAnswered",
    "CallerHungUp",
    "TalkEnded",
}


def _double_calls(entries: Sequence[Entry]) -> list[str]:
    """Calls for which a second phone was rung while the first one still did."""
    ringing: dict[str, str] = {}
    found = []
    for entry in entries:
        if entry.call is None:
            continue
        if entry.name == "RingOperator":
            if entry.call in ringing:
                found.append(f"call {entry.call} rang {ringing[entry.call]} and {entry.operator} at once")
            ringing[entry.call] = entry.operator or ""
        elif entry.name in _NO_LONGER_RINGS:
            ringing.pop(entry.call, None)
    return found


def _against_records(seen: Evidence, talks: int) -> list[str]:
    """The records must tell what the phones saw."""
    found = []
    if len(seen.rows) != len(seen.outcomes):
        found.append(f"{len(seen.outcomes)} callers dialled, the records have {len(seen.rows)} calls")
    answered = sum(row.answered is not None for row in seen.rows)
    if answered < talks:
        found.append(f"{talks} callers heard an operator, the records have {answered} answered calls")
    still_open = [row.id for row in seen.rows if row.ended is None]
    if still_open:
        found.append(f"calls without an end in the records: {', '.join(still_open)}")
    return found
