"""What a trial of the speech worker says, and what a planner makes of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

LONGEST_DELAY = 0.7
"""Seconds from the end of speech to the decision that callers take for an answer."""


@dataclass(frozen=True)
class Answer:
    """One phrase played. delay: seconds from its last sample to the decision, inf for none in time."""

    right: bool
    delay: float


@dataclass(frozen=True)
class Trial:
    """streams: asked for. refused: of them. seconds: of speaking. threads: of the worker.
    speaking, idle: processor seconds of the worker per second of one stream's sound, while phrases follow
    one another, and while nobody says anything. memory: bytes per ear. resting: bytes without ears.
    began: seconds from the onset of speech until the prompt would be cut. voiced: share of the sound that is
    speech while phrases follow one another. behind: seconds of the oldest unheard sound, at worst.
    """

    streams: int
    refused: int
    threads: int
    seconds: float
    speaking: float
    idle: float
    voiced: float
    memory: float
    resting: float
    answers: tuple[Answer, ...]
    began: tuple[float, ...]
    busy: float
    behind: float

    @property
    def decided(self) -> int:
        return sum(answer.delay < inf for answer in self.answers)

    def delay(self, share: float) -> float:
        """That quantile of all phrases' delays; inf if so many were never decided."""
        return quantile([answer.delay for answer in self.answers], share)

    @property
    def holds(self) -> bool:
        """Everybody is heard in time."""
        return not self.refused and self.delay(0.95) <= LONGEST_DELAY


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed; inf for none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else inf


def cores_for(callers: float, cost: float, room: float) -> float:
    """Cores for so many at `cost` core-seconds a second each. room: share of a core that may be planned."""
    return callers * cost / room


def told(trial: Trial, room: float, speaks: float) -> dict[str, object]:
    """As JSON. speaks: share of a menu caller's time in which he speaks; times in milliseconds, sizes in MB."""
    menu = speaks * trial.speaking + (1 - speaks) * trial.idle
    return {
        "streams": trial.streams,
        "refused": trial.refused,
        "threads": trial.threads,
        "seconds": round(trial.seconds, 1),
        "phrases": {
            "played": len(trial.answers),
            "decided": trial.decided,
            "right": sum(answer.right for answer in trial.answers),
        },
        "real_time_factor": {"speaking": round(trial.speaking, 4), "idle": round(trial.idle, 4)},
        "speech_share": round(trial.voiced, 3),
        "delay_ms": {"p50": _ms(trial.delay(0.5)), "p95": _ms(trial.delay(0.95))},
        "onset_ms": {"p50": _ms(quantile(trial.began, 0.5)), "p95": _ms(quantile(trial.began, 0.95))},
        "memory_mb": {
            "worker": round(trial.resting / 2**20, 1),
            "each_ear": round(trial.memory / 2**20, 2),
        },
        "busy": round(trial.busy, 3),
        "behind_ms": _ms(trial.behind),
        "planner": {
            "room": room,
            "cores_per_100_speaking": round(cores_for(100, trial.speaking, room), 2),
            "speaks": speaks,
            "cores_per_100_in_menus": round(cores_for(100, menu, room), 2),
        },
    }


def _ms(seconds: float) -> int | None:
    """None for never: JSON has no infinity."""
    return None if seconds == inf else round(seconds * 1000)
