"""Each caller's way through the menu: the journal's notes of his call, found by the times that his phone saw. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from acd.ports import Entry
from softphone_sim.call_log import CallerOutcome

KEYS_ONLY = "keys only"
"""The name of the step that says that nobody could listen to him from here on."""

FAR_APART = 5.0
"""Seconds: the journal's call and the phone's begin within a fraction of one."""


@dataclass(frozen=True)
class Step:
    """A note of the menu (`ivr.core.commands.Note`). at: monotonic seconds, as of the phones."""

    at: float
    name: str
    node: str
    detail: Mapping[str, str]

    @property
    def by_speech(self) -> bool:
        return self.detail.get("by") == "speech" or self.detail.get("answer") == "speech"


@dataclass
class Story:
    """One call. began, ended: monotonic seconds; ended None when nobody saw it."""

    call: str
    began: float
    ended: float | None = None
    steps: list[Step] = field(default_factory=list)


def stories(entries: Sequence[Entry]) -> list[Story]:
    """Every call of the journal."""
    found: dict[str, Story] = {}
    for entry in entries:
        if entry.call is None:
            continue
        story = found.setdefault(entry.call, Story(entry.call, entry.mono))
        if entry.name == "CallEnded":
            story.ended = entry.mono
        elif entry.name == "KeysOnly":
            story.steps.append(Step(entry.mono, KEYS_ONLY, "", {"why": str(entry.body.get("why", ""))}))
        elif entry.name == "MenuStep":
            story.steps.append(_step(entry))
    return list(found.values())


def _step(entry: Entry) -> Step:
    body = entry.body
    detail = body.get("detail")
    shown = {str(key): str(value) for key, value in detail.items()} if isinstance(detail, dict) else {}
    return Step(entry.mono, str(body.get("step", "")), str(body.get("node", "")), shown)


def whose(calls: Sequence[Story], outcomes: Mapping[str, CallerOutcome]) -> dict[str, Story]:
    """Caller -> his call: those that begin and end together, the best fit first.

    Callers share accounts, so no number tells them apart; both sides keep the machine's monotonic clock.
    """
    fits = sorted(
        (_apart(story, outcome), name, index)
        for name, outcome in outcomes.items()
        for index, story in enumerate(calls)
    )
    found: dict[str, Story] = {}
    taken: set[int] = set()
    for apart, name, index in fits:
        if apart <= FAR_APART and name not in found and index not in taken:
            found[name] = calls[index]
            taken.add(index)
    return found


def _apart(story: Story, outcome: CallerOutcome) -> float:
    if outcome.answered is None:
        return FAR_APART + 1
    end = abs(story.ended - outcome.ended) if story.ended is not None else FAR_APART
    return abs(story.began - outcome.answered) + end
