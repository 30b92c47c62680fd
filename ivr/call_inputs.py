"""What happens to a call, as its session is told: by the switch, by the dispatcher, by its own timers."""

from __future__ import annotations

from dataclasses import dataclass

from acd.core.commands import Announce, Overflow, RingOperator, StopRinging
from acd.core.model import OperatorId
from ivr.hearing.ear import News


@dataclass(frozen=True)
class Entered:
    """The channel is in AsyncAGI: prompts can be played."""


@dataclass(frozen=True)
class Pressed:
    """One key of the caller's telephone."""

    digit: str


@dataclass(frozen=True)
class Answered:
    """The operator picked up; the switch has connected the two."""

    operator: OperatorId


@dataclass(frozen=True)
class DeliveryEnded:
    """The channel came back from Dial. status: Asterisk's DIALSTATUS."""

    operator: OperatorId
    status: str


@dataclass(frozen=True)
class Transferred:
    """The operator sent the caller on. kind: line or topic."""

    operator: OperatorId
    kind: str
    to: str


@dataclass(frozen=True)
class Regained:
    """The link to the switch was lost and is back: what was being said is lost, the channel will enter anew."""


@dataclass(frozen=True)
class CallerLeft:
    """The channel is gone. cause: in the switch's words."""

    cause: str


@dataclass(frozen=True)
class PlayerDone:
    """The prompts of this run of the player have been heard."""

    run: int


@dataclass(frozen=True)
class ListenOver:
    """The caller's time to answer is over. number: of the listening that was meant."""

    number: int


@dataclass(frozen=True)
class SpeechOverdue:
    """He began to speak so long ago that the worker will say no more of it. number: of the speech meant."""

    number: int


@dataclass(frozen=True)
class MusicDue:
    """Nobody was free at once: the caller may hear music now."""


Input = (
    Entered
    | Pressed
    | Answered
    | DeliveryEnded
    | Transferred
    | Regained
    | CallerLeft
    | PlayerDone
    | ListenOver
    | SpeechOverdue
    | MusicDue
    | News
    | RingOperator
    | StopRinging
    | Announce
    | Overflow
)
