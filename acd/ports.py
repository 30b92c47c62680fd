"""What the distributor needs from the world. Each port has an in-memory twin that ships with the product."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from acd.core.commands import Announce, Overflow, Release, RingOperator, StopRinging


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal.

    kind: "fact" (handled by the dispatcher), "decision" (a command it gave), "step" (the menu, the phone,
    the recording: everything else that belongs to a call's story).
    name: class name of the fact or command, or the step's name, e.g. "MenuChoice".
    at: aware UTC time. mono: seconds on the machine's monotonic clock (the dispatcher's `now`).
    body: the JSON of the fact, command or step. Digits and numbers are already masked in it.
    seq: given by the journal when it is appended, rising; 0 before.
    """

    kind: str
    name: str
    at: datetime
    mono: float
    body: dict[str, object]
    call: str | None = None
    operator: str | None = None
    seq: int = 0


class Journal(Protocol):
    """The truth: what happened, in order. An entry is on disk when `append` returns."""

    async def append(self, entries: Sequence[Entry]) -> None: ...

    def read(self, *, after: int = 0, call: str | None = None) -> AsyncIterator[Entry]: ...

    async def close(self) -> None: ...


class Telephony(Protocol):
    """The switch, as the distributor sees it. What comes of a command comes back as a fact."""

    async def ring_operator(self, command: RingOperator) -> None: ...

    async def stop_ringing(self, command: StopRinging) -> None: ...

    async def announce(self, command: Announce) -> None: ...

    async def overflow(self, command: Overflow) -> None: ...

    async def release(self, command: Release) -> None: ...


class Clock(Protocol):
    """Time as an argument. monotonic: seconds, never back, the same for every process of this boot."""

    def monotonic(self) -> float: ...

    def utc(self) -> datetime: ...

    async def sleep_until(self, at: float) -> None: ...
