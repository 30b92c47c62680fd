"""Where the caller is in the flows, and how he came there."""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

from ivr.core.flow import FlowError
from ivr.core.route import Flows, Place, beginning, follow

STEP_LIMIT = 50
"""Nodes passed with neither a question nor a talk before the flow counts as going round and round."""

VISIT_LIMIT = 10
"""Times one question may be come back to: beyond it nobody is choosing (a fax, a stuck key, a child)."""

HISTORY = 20
"""Questions that "back" can lead back to."""


class Walk:
    """start: "flow" or "flow.node". asked: the questions on his way, the present one last.

    Raises FlowError for a way that leads nowhere or round and round.
    """

    def __init__(self, flows: Flows, start: str) -> None:
        self.flows = flows
        self.place = beginning(flows, start)
        self.asked: list[Place] = []
        self._steps = 0
        self._visits: Counter[str] = Counter()

    def to(self, target: str) -> None:
        """Go on to a `next` of this node."""
        self._steps += 1
        if self._steps > STEP_LIMIT:
            self.fail("goes round and round without asking the caller")
        self.place = follow(self.flows, self.place, target)

    def rest(self) -> None:
        """The caller had a say."""
        self._steps = 0

    def visit(self) -> bool:
        """He comes to a question. Returns False when he came to it too often for it to be asked again."""
        self._visits[str(self.place)] += 1
        if self._visits[str(self.place)] > VISIT_LIMIT:
            return False
        self.rest()
        if self.place not in self.asked[-1:]:
            self.asked = [*self.asked[1 - HISTORY :], self.place]
        return True

    def back(self) -> None:
        """To the question before; where there was none, this one stays."""
        if len(self.asked) > 1:
            self.asked.pop()
            self.place = self.asked.pop()

    def forget(self) -> None:
        """No question lies behind him any more."""
        self.asked = []

    def fail(self, why: str) -> NoReturn:
        raise FlowError(self.place.flow, self.place.name, why)
