"""Where a call stands, and what may happen to it then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from acd.core.model import LineId
from acd.core.transitions import Table

if TYPE_CHECKING:
    from acd.core.events import CallQueued, CallState
    from acd.core.matching import Pool
    from acd.core.operator_state import LiveOperator
    from acd.core.waiting import Queue

OWN_LINE: Final = LineId("")
"""The line its topic names."""

# states
WAITING: Final[str] = "waiting"
RINGING: Final[str] = "ringing"
TALKING: Final[str] = "talking"
GONE: Final[str] = "gone"

# events
OFFERED: Final[str] = "offered to an operator"
ANSWERED: Final[str] = "operator answered"
TAKEN_BACK: Final[str] = "taken back from the operator"  # missed, declined, unreachable, he paused or left
CALLER_LEFT: Final[str] = "caller hung up"
TURNED_AWAY: Final[str] = "turned away"
TRANSFERRED: Final[str] = "transferred"
TALK_ENDED: Final[str] = "talk ended"

TABLE: Final = Table(
    {
        # The races first.
        (RINGING, CALLER_LEFT): GONE,
        (
            WAITING,
            ANSWERED,
        ): TALKING,  # he answered while we took the call off him: the talk is really happening
        (RINGING, TALK_ENDED): GONE,  # the talk was so short that its beginning was never told
        # The ordinary way.
        (WAITING, OFFERED): RINGING,
        (WAITING, CALLER_LEFT): GONE,
        (WAITING, TURNED_AWAY): GONE,
        (RINGING, ANSWERED): TALKING,
        (RINGING, TAKEN_BACK): WAITING,
        (TALKING, CALLER_LEFT): GONE,
        (TALKING, TALK_ENDED): GONE,
        (TALKING, TRANSFERRED): WAITING,
    }
)

Place = tuple[float, float, int, "LiveCall"]


class LiveCall:
    """A call as the dispatcher sees it now.

    told: the fact that brought it: language, region, priority. topic, line: as they are after transfers;
    OWN_LINE until the call has found its pool.
    since, seq: its place among its equals (seconds, tie-breaker); a transfer or a missed ring keeps both.
    pool, home: who may take it, and the queue of its class. queue: where it waits (home, or the queue of
    the operator it wants), None while it does not. place: its entry there, else None. position: where it
    stood when it joined, 1 was next.
    due: its alarm (the ring's end, or the end of waiting for `wanted` alone).
    """

    __slots__ = (
        "due", "home", "id", "line", "operator", "place", "pool", "position",
        "queue", "seq", "since", "state", "told", "topic", "wanted",
    )  # fmt: skip

    def __init__(self, told: CallQueued | CallState, line: LineId, since: float, seq: int) -> None:
        self.id = told.call
        self.told = told
        self.topic = told.topic
        self.line = line
        self.since = since
        self.seq = seq
        self.state = WAITING
        self.operator: LiveOperator | None = None
        self.wanted: LiveOperator | None = None
        self.queue: Queue | None = None
        self.place: Place | None = None
        self.position = 0
        self.due = math.inf
        self.pool: Pool
        self.home: Queue
