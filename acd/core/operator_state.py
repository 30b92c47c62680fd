"""What an operator is doing, and what may happen to him then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from acd.core.transitions import Table

if TYPE_CHECKING:
    from collections import deque

    from acd.core.call_state import LiveCall
    from acd.core.model import Operator, OperatorId
    from acd.core.waiting import Queue

# states
SIGNED_OUT: Final[str] = "signed out"
READY: Final[str] = "ready"
RINGING: Final[str] = "ringing"
TALKING: Final[str] = "talking"
WRAPPING_UP: Final[str] = "wrapping up"
PAUSED: Final[str] = "paused"
NOT_ANSWERING: Final[str] = "not answering"
STATES: Final[tuple[str, ...]] = (SIGNED_OUT, READY, RINGING, TALKING, WRAPPING_UP, PAUSED, NOT_ANSWERING)

# events
SIGNED_IN: Final[str] = "signed in"
SIGNED_OFF: Final[str] = "signed off"
CAME_BACK: Final[str] = "came back"
TOOK_PAUSE: Final[str] = "took a pause"
OFFERED: Final[str] = "call offered"
ANSWERED: Final[str] = "answered"
NOT_TAKEN: Final[str] = "not taken"  # missed, declined, timed out, or the phone could not be rung
CALL_WENT: Final[str] = "call went away"  # the caller hung up, or another operator answered
TALK_OVER: Final[str] = "talk over"
TALK_OVER_READY: Final[str] = "talk over, nothing to write up"
TALK_OVER_PAUSE: Final[str] = "talk over, pause asked for"
TALK_OVER_SIGN_OFF: Final[str] = "talk over, sign-off asked for"
WROTE_UP: Final[str] = "wrote up"

TABLE: Final = Table(
    {
        # The races first. An answer that crossed our StopRinging, our ring timeout, or his own key presses:
        # the switch has connected them, so he is talking, whatever we thought of him.
        (NOT_ANSWERING, ANSWERED): TALKING,
        (READY, ANSWERED): TALKING,
        (PAUSED, ANSWERED): TALKING,
        (WRAPPING_UP, ANSWERED): TALKING,
        (SIGNED_OUT, ANSWERED): TALKING,
        # The caller, or he himself, leaves while his phone rings.
        (RINGING, CALL_WENT): READY,
        (RINGING, TOOK_PAUSE): PAUSED,
        (RINGING, SIGNED_OFF): SIGNED_OUT,
        # The ordinary way.
        (SIGNED_OUT, SIGNED_IN): READY,
        (READY, OFFERED): RINGING,
        (RINGING, ANSWERED): TALKING,
        (RINGING, NOT_TAKEN): NOT_ANSWERING,  # out of rotation until he says he is back
        (TALKING, TALK_OVER): WRAPPING_UP,
        (TALKING, TALK_OVER_READY): READY,
        (TALKING, TALK_OVER_PAUSE): PAUSED,
        (TALKING, TALK_OVER_SIGN_OFF): SIGNED_OUT,
        (WRAPPING_UP, WROTE_UP): READY,
        (WRAPPING_UP, CAME_BACK): READY,
        (WRAPPING_UP, TOOK_PAUSE): PAUSED,
        (WRAPPING_UP, SIGNED_OFF): SIGNED_OUT,
        (READY, TOOK_PAUSE): PAUSED,
        (READY, SIGNED_OFF): SIGNED_OUT,
        (PAUSED, CAME_BACK): READY,
        (PAUSED, TOOK_PAUSE): PAUSED,  # another reason
        (PAUSED, SIGNED_OFF): SIGNED_OUT,
        (NOT_ANSWERING, CAME_BACK): READY,
        (NOT_ANSWERING, TOOK_PAUSE): PAUSED,
        (NOT_ANSWERING, SIGNED_OFF): SIGNED_OUT,
    }
)

IdlePlace = tuple[float, int, "LiveOperator"]


class LiveOperator:
    """An operator as the dispatcher sees him now.

    config: None for one the policy does not (or no longer) know: he only finishes his talk.
    then: the state that follows his talk when he asked for one: PAUSED or SIGNED_OUT.
    idle_since, idle_seq: his place among the idle (seconds, tie-breaker). place: his entry in the idle
    queues while he is ready, else None: entries that are not his `place` are leftovers.
    pools: the idle queues he stands in when ready. serves: (queue, seconds waited from which he may have
    its head). wished: calls that wait for him by name. due: his alarm (end of wrap-up).
    """

    __slots__ = (
        "call", "config", "due", "id", "idle_seq", "idle_since", "place",
        "pools", "reason", "serves", "state", "then", "wished",
    )  # fmt: skip

    def __init__(self, id: OperatorId, config: Operator | None, state: str = SIGNED_OUT) -> None:
        self.id = id
        self.config = config
        self.state = state
        self.reason: str | None = None
        self.then: str | None = None
        self.call: LiveCall | None = None
        self.idle_since = 0.0
        self.idle_seq = 0
        self.place: IdlePlace | None = None
        self.pools: list[deque[IdlePlace]] = []
        self.serves: list[tuple[Queue, float]] = []
        self.wished: Queue | None = None
        self.due = math.inf

    def can_come(self) -> bool:
        """Whether it makes sense to wait for him by name."""
        return self.config is not None and self.state not in (SIGNED_OUT, NOT_ANSWERING)
