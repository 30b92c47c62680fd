"""What the sessions of all calls share, and what the parts of one session share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from acd.core import events as acd_facts
from acd.core.model import OperatorId, TopicId
from ivr.asterisk.call_control import CallControl
from ivr.core.events import AnyEvent
from ivr.hearing.pool import WorkerPool


class Place(StrEnum):
    """Where the caller is. The dispatcher has its own view; this one is about the channel."""

    MENU = "menu"
    QUEUED = "queued"
    RINGING = "ringing"
    TALKING = "talking"
    OVER = "over"


@dataclass
class Standing:
    """How a call stands.

    in_agi: prompts can be played now. on_entry: what the conversation is told when they can be the next time.
    ended_by: who will have ended the call if it ends now.
    """

    place: Place = Place.MENU
    operator: OperatorId | None = None
    in_agi: bool = False
    on_entry: AnyEvent | None = None
    ended_by: str = "caller"


class Recorder(Protocol):
    """Writes steps of the call's story."""

    def step(self, name: str, call: str, body: Mapping[str, object]) -> None: ...


@dataclass
class Parts:
    """What every session shares. hearing: the speech workers, None when the site listens to nobody."""

    control: CallControl
    submit: Callable[[acd_facts.AnyFact], None]
    recorder: Recorder
    wall: Callable[[], datetime]
    endpoint_of: Callable[[OperatorId], str]
    fallback_topic: Callable[[], TopicId]
    hearing: WorkerPool | None = None
