"""What a journal says, as plain values: the dispatcher's facts and decisions in order, and callers' ways.

Whoever reads the journal (`ivr/journal_reading.py`) makes them; fitting and replay look at nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from acd.core.commands import AnyCommand
from acd.core.events import AnyFact


@dataclass(frozen=True)
class Moment:
    """One fact and what was decided about it. fact None: the dispatcher's own alarm, which is not journaled.

    seq: the journal's number of the first of them. at: seconds since 1970 (UTC). mono: the dispatcher's clock.
    commands: as recorded, without WakeAt.
    """

    seq: int
    at: float
    mono: float
    fact: AnyFact | None
    commands: list[AnyCommand] = field(default_factory=list[AnyCommand])


@dataclass(frozen=True)
class Came:
    """A caller was met at the hotline's number. caller: his pseudonym, None when he withheld his number."""

    mono: float
    caller: str | None = None


@dataclass(frozen=True)
class Went:
    """His line is gone. by: caller, operator, hotline or "". failed: something of ours broke."""

    mono: float
    by: str
    failed: bool = False


@dataclass
class Run:
    """One life of a controller: its dispatcher began with nothing but what the journal told it.

    at, mono: of its first entry; until: of its last, on the clock of mono.
    """

    at: float
    mono: float
    until: float
    moments: list[Moment] = field(default_factory=list[Moment])
    came: dict[str, Came] = field(default_factory=dict[str, Came])
    went: dict[str, Went] = field(default_factory=dict[str, Went])

    def wall(self, mono: float) -> float:
        """Seconds since 1970 at a moment of the dispatcher's clock."""
        return self.at + mono - self.mono


@dataclass(frozen=True)
class Recording:
    """where: the journal, for messages (no password in it)."""

    where: str
    runs: list[Run]

    @property
    def moments(self) -> Iterable[Moment]:
        return (moment for run in self.runs for moment in run.moments)
