"""What people at telephones do, as data, and what became of it. Seconds throughout; tones in Hz."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Press:
    """Keys pressed `after` seconds, counted from the answer or from the keys before."""

    after: float
    keys: str


@dataclass(frozen=True)
class Caller:
    """One caller. tone: what he 'says', all the time, so that others can be checked to hear him.

    hangs_up_after: seconds from the answer until he gives up or is done; he stays longer only if
    talk_for is given and the operator's tone was heard: then he hangs up `talk_for` seconds after that
    (None: waits for the operator to hang up).
    """

    name: str
    number: str
    tone: float
    presses: tuple[Press, ...] = ()
    hangs_up_after: float = 120.0
    talk_for: float | None = None


@dataclass(frozen=True)
class OperatorPhone:
    """An operator's softphone and the habits of the one who sits before it.

    answers_after: seconds of ringing; None never answers. rejects: answers 486 at once.
    talk_for: hangs up that long after answering; None leaves it to the caller.
    unplugged_at: seconds after start at which the phone vanishes without a word (no unregister, no BYE).
    dials: feature codes dialled after start, (seconds, code). transfers: (seconds of talk, code or number)
    he gives every call on to, blind.
    """

    name: str
    secret: str = field(repr=False)
    tone: float
    answers_after: float | None = 0.5
    rejects: bool = False
    talk_for: float | None = None
    unplugged_at: float | None = None
    dials: tuple[tuple[float, str], ...] = ()
    transfers: tuple[float, str] | None = None


@dataclass(frozen=True)
class PhoneEvent:
    """Something a phone saw. at: seconds on the machine's monotonic clock.

    phone: a Caller's or OperatorPhone's name. kind: registered, registration_failed, dialled, ringing,
    answered, rejected, media, keys, transferred, hung_up (by us), ended (by the other side), failed, unplugged,
    heard.
    call: number of the phone's call, from 1. detail: status code, reason, tone heard ...
    """

    phone: str
    kind: str
    at: float
    call: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Recording:
    """What one phone heard during one call: 8 kHz mono 16-bit WAV. answered, ended: monotonic seconds."""

    phone: str
    call: int
    path: Path
    answered: float
    ended: float
