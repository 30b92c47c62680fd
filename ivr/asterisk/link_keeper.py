"""Keeping a link up: ask for signs of life, come back with growing pauses. Knows nothing of AMI."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import Protocol

import msgspec
import structlog

from .ami_errors import ActionTimedOut, AmiError

log = structlog.get_logger(__name__)


class Pace(msgspec.Struct, frozen=True):
    """ping_every, ping_patience: seconds; a silent peer is given up after at most their sum.

    backoff: seconds before each new attempt, the last one repeated.
    """

    ping_every: float = 3.0
    ping_patience: float = 5.0
    backoff: tuple[float, ...] = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Link(Protocol):
    """What is kept up. gone: done when the link is. reads: how often anything at all has come."""

    @property
    def gone(self) -> asyncio.Future[None]: ...

    @property
    def reads(self) -> int: ...

    async def probe(self, patience: float) -> None:
        """Ask for a sign of life. Raises ActionTimedOut if none comes, AmiError if it cannot ask."""
        ...

    def end(self, why: str) -> None: ...


class LinkKeeper:
    """open_again: one attempt; gives a link that is up, or raises AmiError."""

    def __init__(self, open_again: Callable[[], Awaitable[Link]], pace: Pace) -> None:
        self._open_again = open_again
        self._pace = pace

    async def keep(self, link: Link) -> None:
        """Watch the link, open it again whenever it is lost; ends only by being cancelled."""
        while True:
            await self._watch(link)
            link = await self._reopen()

    async def _watch(self, link: Link) -> None:
        """A half-open TCP connection gives no sign of itself, so ask.

        A switch under load that goes on sending events while it owes us the answer is not dead.
        """
        while not link.gone.done():
            await asyncio.wait([link.gone], timeout=self._pace.ping_every)
            reads = link.reads
            try:
                await link.probe(self._pace.ping_patience)
            except ActionTimedOut:
                if link.reads == reads:
                    link.end(f"nothing has come for {self._pace.ping_patience:g} s after a ping")
            except AmiError:
                pass  # it broke meanwhile, or the ping was refused: that is an answer, too

    async def _reopen(self) -> Link:
        for delay in chain(self._pace.backoff, repeat(self._pace.backoff[-1])):
            await asyncio.sleep(delay)
            try:
                return await self._open_again()
            except AmiError as error:
                log.warning("The link to Asterisk could not be restored yet", why=str(error))
        raise AssertionError("there is always a next attempt")
