"""The speech workers there are, and which of them listens to the next caller."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal, Protocol
from uuid import uuid4

import structlog

from ivr.hearing.ear import Ear, News
from ivr.hearing.kept_utterances import folder_of
from ivr.hearing.messages import Began, Drain, FromController, FromWorker, Heard, Load, Open, Ready

log = structlog.get_logger()

LATEST = 200  # utterances, of which the figures are made
SHARE_OF_ONE = 0.02  # of a worker's threads that a further ear is taken to cost until the worker has said so


class Link(Protocol):
    """The connection to one worker: ivr.hearing.client.WorkerLink, or a test's own."""

    @property
    def ready(self) -> Ready | None: ...

    @property
    def load(self) -> Load | None: ...

    @property
    def well(self) -> bool: ...

    def start(self) -> None: ...

    async def close(self) -> None: ...

    def send(self, message: FromController) -> bool: ...


MakeLink = Callable[[str, Callable[[FromWorker], None], Callable[[bool], None]], Link]


@dataclass
class Worker:
    """One worker as the controller sees it. fresh: ears opened since its last `Load`."""

    address: str
    link: Link
    ears: dict[str, Ear] = field(default_factory=dict)
    fresh: int = 0
    draining: bool = False

    def hears(self, language: str) -> bool:
        ready = self.link.ready
        return self.link.well and ready is not None and language in ready.languages

    @property
    def accepting(self) -> bool:
        load = self.link.load
        return self.link.well and not self.draining and (load is None or load.accepting)

    @property
    def burden(self) -> float:
        """Share of its threads in use, with what it does not know of yet."""
        return (self.link.load.busy if self.link.load else 0.0) + SHARE_OF_ONE * self.fresh


class WorkerPool:
    """make_link: as WorkerLink, with the secret in it. keep_in: folder for what callers say, "" for none.

    full: callers who got keys only, because every worker that knows their language was full.
    away: callers who got keys only, because no such worker was there.
    """

    def __init__(self, addresses: Sequence[str], make_link: MakeLink, *, keep_in: str = "") -> None:
        self._keep_in = keep_in
        self._workers = [self._worker(address, make_link) for address in addresses]
        self.full = 0
        self.away = 0
        self._change = asyncio.Event()
        self._began: deque[float] = deque(maxlen=LATEST)
        self._heard: deque[float] = deque(maxlen=LATEST)

    def _worker(self, address: str, make_link: MakeLink) -> Worker:
        def heard_of(message: FromWorker) -> None:
            self._take(worker, message)

        def changed(well: bool) -> None:
            self._changed(worker, well)

        worker = Worker(address, make_link(address, heard_of, changed))
        return worker

    def start(self) -> None:
        for worker in self._workers:
            worker.link.start()

    async def close(self) -> None:
        for worker in self._workers:
            await worker.link.close()

    def hears(self, language: str) -> bool:
        """Whether any worker that is there has a model for this language."""
        return any(worker.hears(language) for worker in self._workers)

    def open(
        self, call: str, language: str, on_news: Callable[[News], None], avoid: Iterable[str] = ()
    ) -> Ear | None:
        """An ear at the least burdened worker that knows the language and has room; None: keys only.

        call: its id. avoid: workers that refused this caller. The sound is still to be sent to `ear.audio`.
        """
        tried = set(avoid)
        able = (one for one in self._workers if one.hears(language) and one.address not in tried)
        free = [one for one in able if one.accepting]
        if not free:
            return None
        worker = min(free, key=lambda one: (one.burden, len(one.ears)))
        ear = self._ear(worker, on_news)
        if not worker.link.send(Open(ear.id, folder_of(self._keep_in, call))):
            ear.close()
            return None
        return ear

    def count_keys_only(self, language: str) -> Literal["full", "away"]:
        """A caller is not listened to although he might have been; for the figures. Returns why."""
        if self.hears(language):
            self.full += 1
            return "full"
        self.away += 1
        return "away"

    async def all_there(self, within: float) -> bool:
        """Whether every worker is well, or is in so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not self._well:
                    self._change.clear()
                    await self._change.wait()
        return self._well

    @property
    def _well(self) -> bool:
        return all(worker.link.well for worker in self._workers)

    def _ear(self, worker: Worker, on_news: Callable[[News], None]) -> Ear:
        assert worker.link.ready is not None  # noqa: S101  `hears` has looked
        ear = Ear(
            str(uuid4()),
            worker=worker.address,
            audio=worker.link.ready.audio,
            languages=frozenset(worker.link.ready.languages),
            send=worker.link.send,
            on_news=on_news,
            on_end=lambda ear: self._ended(worker, ear),
        )
        worker.ears[ear.id] = ear
        worker.fresh += 1
        return ear

    def _ended(self, worker: Worker, ear: Ear) -> None:
        worker.ears.pop(ear.id, None)

    def drain(self, address: str, on: bool = True) -> bool:
        """No further callers for this worker, until on=False. False: there is no such worker."""
        found = [one for one in self._workers if one.address == address]
        for worker in found:
            worker.draining = on
            worker.link.send(Drain(on))
        return bool(found)

    def figures(self) -> dict[str, Any]:
        """For `status`, `top` and metrics; nothing of what anybody said.

        began_after, heard_after: median seconds, of the latest utterances, from their first sound until it was
        known to be speech, and from their last until it was understood; None before there was one.
        """
        workers = [_figures(one) for one in self._workers]
        return {
            "workers": workers,
            "ears": sum(len(one.ears) for one in self._workers),
            "speaking": sum(ear.speaking for one in self._workers for ear in one.ears.values()),
            "full": self.full,
            "away": self.away,
            "began_after": _middle(self._began),
            "heard_after": _middle(self._heard),
        }

    def _take(self, worker: Worker, message: FromWorker) -> None:
        if isinstance(message, Load):
            worker.fresh = 0
        elif not isinstance(message, Ready) and (ear := worker.ears.get(message.ear)):
            if isinstance(message, Began):
                self._began.append(message.delay)
            elif isinstance(message, Heard):
                self._heard.append(message.delay)
            ear.take(message)

    def _changed(self, worker: Worker, well: bool) -> None:
        worker.fresh = 0
        self._change.set()
        if well and worker.draining:
            worker.link.send(Drain())
        if not well:
            ears = list(worker.ears.values())
            log.error(
                "a speech worker is lost; its callers go on by key", worker=worker.address, ears=len(ears)
            )
            for ear in ears:
                ear.gone("worker gone")


def _middle(values: deque[float]) -> float | None:
    return round(median(values), 3) if values else None


def _figures(worker: Worker) -> dict[str, Any]:
    ready, load = worker.link.ready, worker.link.load
    return {
        "address": worker.address,
        "well": worker.link.well,
        "pid": ready.pid if ready else None,
        "languages": dict(ready.languages) if ready else {},
        "accepting": worker.accepting,
        "draining": worker.draining,
        "ears": len(worker.ears),
        "busy": load.busy if load else 0.0,
        "behind": load.behind if load else 0.0,
    }
