"""What became of every phone's calls, told by what the phones saw. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from softphone_sim.person import PhoneEvent, Recording

OVER = frozenset({"hung_up", "ended", "failed", "rejected"})
"""Kinds of event after which a call is no more."""

_ENDED_BY = {"hung_up": "caller", "ended": "hotline"}


@dataclass
class CallerOutcome:
    """What became of a call, seen from the phone that made or took it. Times: monotonic seconds.

    ended_by: caller (this phone), hotline (the other side) or failed. status: the final SIP status (200, 486,
    603 ...), 0 if there was none. heard: when another phone's tone was first heard, heard_whom: whose.
    """

    caller: str
    answered: float | None = None
    ended: float = 0.0
    ended_by: str = "failed"
    status: int = 0
    recording: Recording | None = None
    heard: float | None = None
    heard_whom: str | None = None


@dataclass
class _Open:
    outcome: CallerOutcome
    recording: Path | None = None
    recording_from: float = 0.0


class CallLog:
    """Open calls by (phone, call number), and the recordings of those that are over."""

    def __init__(self) -> None:
        self.recordings: list[Recording] = []
        self._open: dict[tuple[str, int], _Open] = {}

    def __contains__(self, call: tuple[str, int]) -> bool:
        return call in self._open

    def __len__(self) -> int:
        return len(self._open)

    def handle(self, event: PhoneEvent) -> CallerOutcome | None:
        """Take down an event of a call (call > 0). Returns the outcome with the event that ends the call."""
        key = (event.phone, event.call)
        call = self._open.setdefault(key, _Open(CallerOutcome(event.phone)))
        match event.kind:
            case "answered":
                call.outcome.answered = event.at
            case "media":
                call.recording, call.recording_from = Path(event.detail), event.at
            case "heard" if call.outcome.heard is None:
                call.outcome.heard, call.outcome.heard_whom = event.at, event.detail
            case kind if kind in OVER:
                return self._close(self._open.pop(key), event)
        return None

    def _close(self, call: _Open, event: PhoneEvent) -> CallerOutcome:
        outcome = call.outcome
        outcome.ended = event.at
        outcome.ended_by = _ENDED_BY.get(event.kind, "failed")
        code = event.detail.partition(" ")[0]
        outcome.status = int(code) if code.isdigit() else 0
        if call.recording:
            outcome.recording = Recording(
                event.phone, event.call, call.recording, call.recording_from, event.at
            )
            self.recordings.append(outcome.recording)
        return outcome
