"""What the dispatcher asks for, imperative. The service carries them out in the order given."""

from __future__ import annotations

import msgspec

from acd.core.model import CallId, OperatorId, Skill, TopicId


class Considered(msgspec.Struct, frozen=True):
    """An operator who could have had the call, and why he has it not (or `chosen`)."""

    operator: OperatorId
    idle_for: float
    verdict: str


class Why(msgspec.Struct, frozen=True):
    """The reason of a decision, kept in the journal with it.

    rule: what decided, e.g. "longest idle", "first come", "wanted operator".
    needs: the demand that held when it was decided, relaxed by `ring` steps after `waited` seconds.
    considered: the candidates at the heads that were compared (never the whole floor).
    counts: operators by state at that moment, so that "nobody was free" can be read later.
    """

    rule: str
    policy: str
    waited: float
    ring: int
    needs: dict[Skill, int]
    considered: tuple[Considered, ...] = ()
    counts: dict[str, int] = {}


class Command(msgspec.Struct, frozen=True, tag=True, gc=False, omit_defaults=True):
    """Something to be done."""


class RingOperator(Command, frozen=True):
    """Ring his phone for this caller until `until` (same clock as `now`)."""

    call: CallId
    operator: OperatorId
    until: float
    why: Why


class StopRinging(Command, frozen=True):
    """Stop his phone; the caller keeps waiting (another RingOperator may follow) or is gone."""

    call: CallId
    operator: OperatorId
    why: str


class Announce(Command, frozen=True):
    """Tell the caller his place (1 is next) and the forecast wait in seconds, None when unknown."""

    call: CallId
    position: int
    wait: float | None


class Overflow(Command, frozen=True):
    """The queue does not take this call (limit reached, or topic closed): the menu decides what follows."""

    call: CallId
    topic: TopicId
    why: str


class Release(Command, frozen=True):
    """The operator is out of rotation: missed a call, unreachable, or taken off. why: for him and the log."""

    operator: OperatorId
    why: str


class WakeAt(Command, frozen=True):
    """Send `Tick` at `at`. A later WakeAt replaces it."""

    at: float


AnyCommand = RingOperator | StopRinging | Announce | Overflow | Release | WakeAt
