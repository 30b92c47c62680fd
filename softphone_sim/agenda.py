"""What a caller does in the menu, one thing after the other, and when its time has come. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from softphone_sim.person import Press, Reply, Say


class Agenda:
    """Acts in order, and answers to what he is told. Times: monotonic seconds."""

    def __init__(self, acts: Iterable[Press | Say], replies: Iterable[Reply] = ()) -> None:
        self._acts = deque(acts)
        self._replies = [(frozenset(reply.to), deque(reply.acts)) for reply in replies]
        self._answer: tuple[float, deque[Press | Say]] | None = None  # when, and whose first act it is
        self._since: float | None = None  # the end of what he did last; None: not begun, or he is speaking
        self._quiet_since: float | None = None
        self._sounded = False  # something was heard since then

    def begin(self, at: float) -> None:
        """The call was answered."""
        self._since = at

    def go_on(self, at: float) -> None:
        """He has said what he was saying."""
        if self._since is None:
            self._done(at)

    def line_is(self, kind: str, at: float) -> None:
        """kind: "sounds" or "quiet", as the phone hears it."""
        self._quiet_since = at if kind == "quiet" else None
        self._sounded = self._sounded or kind == "sounds"
        self._answer = None  # it went on, or this is another end

    def understood(self, sentence: str, at: float) -> None:
        """What he heard before the line went quiet `at` that time was this sentence."""
        if self._since is None or at != self._quiet_since or at < self._since:
            return
        acts = next((acts for to, acts in self._replies if sentence in to and acts), None)
        self._answer = (at + acts[0].after, acts) if acts else None

    def give_up(self) -> None:
        """What is left is left undone."""
        self._acts.clear()
        self._replies.clear()
        self._answer = None

    def wake_at(self) -> float | None:
        """When the next act is due; None while it cannot be known."""
        times = (self._answer[0] if self._answer else None, self._next_at())
        return min((at for at in times if at is not None), default=None)

    def _next_at(self) -> float | None:
        if not self._acts or self._since is None:
            return None
        act = self._acts[0]
        if act.when == "time":
            return self._since + act.after
        if self._quiet_since is None or not self._sounded:
            return None
        return max(self._since, self._quiet_since) + act.after

    def next_due(self, now: float) -> Press | Say | None:
        """The act whose time has come, once; None when there is none. While he speaks there is none."""
        at = self.wake_at()
        if at is None or at > now:
            return None
        act = self._answer[1].popleft() if self._answer and self._answer[0] <= now else self._acts.popleft()
        self._answer = None
        if isinstance(act, Say):
            self._since = None
        else:
            self._done(at)
        return act

    def _done(self, at: float) -> None:
        self._since = at
        self._sounded = self._quiet_since is None  # what sounds now counts: its end is an end of sound
