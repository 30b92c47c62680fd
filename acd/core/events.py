"""Facts that reach the dispatcher, past tense. None carries a time: `handle(fact, now)` gets it.

They are journaled before they are acted on, so they are values that turn into JSON and back
(`msgspec.json`, tagged by their class name) and equal themselves afterwards.
"""

from __future__ import annotations

import msgspec

from acd.core.model import CallId, Language, LineId, OperatorId, Policy, Region, Skill, TopicId


class Fact(msgspec.Struct, frozen=True, tag=True, gc=False, omit_defaults=True):
    """Something that happened."""


class CallQueued(Fact, frozen=True):
    """A caller asks for a topic. since: when his waiting began, if that was before now (seconds).

    line: None starts at the topic's own line. wanted_operator: served by him alone at first.
    """

    call: CallId
    topic: TopicId
    language: Language | None = None
    region: Region | None = None
    line: LineId | None = None
    priority: int | None = None
    since: float | None = None
    wanted_operator: OperatorId | None = None


class CallerHungUp(Fact, frozen=True):
    """The caller left, in whatever state his call was: waiting, ringing, talking."""

    call: CallId


class OperatorSignedIn(Fact, frozen=True):
    operator: OperatorId


class OperatorSignedOut(Fact, frozen=True):
    """During a talk it takes effect at its end."""

    operator: OperatorId


class OperatorReady(Fact, frozen=True):
    """Back from a pause, from wrap-up, or from not answering."""

    operator: OperatorId


class OperatorPaused(Fact, frozen=True):
    """During a talk it takes effect at its end. reason: the site's pause id."""

    operator: OperatorId
    reason: str


class OperatorAnswered(Fact, frozen=True):
    call: CallId
    operator: OperatorId


class OperatorMissed(Fact, frozen=True):
    """His phone rang as long as it may and nobody picked up (the switch's own timer said so)."""

    call: CallId
    operator: OperatorId


class OperatorDeclined(Fact, frozen=True):
    """He pressed reject, or his phone said busy."""

    call: CallId
    operator: OperatorId


class OperatorUnreachable(Fact, frozen=True):
    """His phone could not be rung at all: not registered, or it does not answer the switch."""

    call: CallId
    operator: OperatorId


class TalkEnded(Fact, frozen=True):
    """The operator hung up; the caller is still there (a survey may follow)."""

    call: CallId
    operator: OperatorId


class WrapUpFinished(Fact, frozen=True):
    operator: OperatorId


class TransferAsked(Fact, frozen=True):
    """The operator hands his caller on: to a line, a topic (or both), or one wanted operator."""

    call: CallId
    operator: OperatorId
    topic: TopicId | None = None
    line: LineId | None = None
    wanted_operator: OperatorId | None = None


class OperatorChanged(Fact, frozen=True):
    operator: OperatorId
    skills: dict[Skill, int]
    lines: tuple[LineId, ...]


class PolicyChanged(Fact, frozen=True):
    """New rules. Calls waiting keep their places under them; operators that are gone finish their talk."""

    policy: Policy


class TopicClosed(Fact, frozen=True):
    """No further calls; those waiting are turned away."""

    topic: TopicId


class TopicOpened(Fact, frozen=True):
    topic: TopicId


class CallState(msgspec.Struct, frozen=True):
    """One call in a snapshot. state: waiting or talking (one that rings counts as waiting).

    wanted_until: when others may have it too; None starts the time anew.
    """

    call: CallId
    topic: TopicId
    line: LineId
    state: str
    since: float
    operator: OperatorId | None = None
    language: Language | None = None
    region: Region | None = None
    priority: int | None = None
    wanted_operator: OperatorId | None = None
    wanted_until: float | None = None


class OperatorPresence(msgspec.Struct, frozen=True):
    """One operator in a snapshot. state: a name from operator_state; until: of a wrap-up.

    then: what he asked for while talking, and has when the talk ends: "paused" (reason) or "signed out".
    """

    operator: OperatorId
    state: str
    reason: str | None = None
    idle_since: float | None = None
    until: float | None = None
    then: str | None = None


class Reconciled(Fact, frozen=True):
    """What a new controller found: replaces all that was known of calls and operators."""

    calls: tuple[CallState, ...]
    operators: tuple[OperatorPresence, ...]
    closed_topics: tuple[TopicId, ...] = ()


class Tick(Fact, frozen=True):
    """The time asked for by `WakeAt` has come (or any other time: a Tick is always harmless)."""


AnyFact = (
    CallQueued
    | CallerHungUp
    | OperatorSignedIn
    | OperatorSignedOut
    | OperatorReady
    | OperatorPaused
    | OperatorAnswered
    | OperatorMissed
    | OperatorDeclined
    | OperatorUnreachable
    | TalkEnded
    | WrapUpFinished
    | TransferAsked
    | OperatorChanged
    | PolicyChanged
    | TopicClosed
    | TopicOpened
    | Reconciled
    | Tick
)
