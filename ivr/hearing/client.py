"""The controller's end of one speech worker: connected, known to be well, or neither."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

import structlog

from ivr.hearing.address import BadAddress, connect
from ivr.hearing.messages import FromController, FromWorker, Hello, Load, Ready
from ivr.hearing.wire import LONGEST_LINE, NotOurs, from_worker, line_of

T = TypeVar("T")

log = structlog.get_logger(__name__)

BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before the next attempt
SILENCE = 3.0  # seconds without a `Load` after which a worker is not well; it sends one each second
HANDSHAKE = 5.0  # seconds for connecting, and again for the answer to `Hello`
UNSENT = 4 * 1024 * 1024  # bytes a worker may leave unread before it is given up


class WorkerLink:
    """One worker, for as long as the controller runs; connected again whenever the connection is lost.

    address: "host:port", or the path of a Unix socket. token: the secret of both.
    on_message: everything the worker says, `Ready` and `Load` included, in order.
    on_state: True when it may be given callers, False when it went away, hangs or refused us; each only
    after the other, the first being True. A False ends all its ears: their `Lost` will not come.
    Both are called in the loop, and must not block; what they raise is logged and harms nothing.
    """

    def __init__(
        self,
        address: str,
        token: str,
        on_message: Callable[[FromWorker], None],
        on_state: Callable[[bool], None],
    ) -> None:
        self.address = address
        self._token = token
        self._on_message, self._on_state = on_message, on_state
        self._task: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._well = False
        self.ready: Ready | None = None
        self.load: Load | None = None

    @property
    def well(self) -> bool:
        """Connected, greeted, and heard of within the last seconds."""
        return self._well

    def start(self) -> None:
        """Begin to connect; needs a running loop."""
        self._task = asyncio.get_running_loop().create_task(self._keep())

    async def close(self) -> None:
        """No more messages, no more attempts; `on_state` is not called for this."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._drop()

    def send(self, message: FromController) -> bool:
        """Queue a message. False: there is no worker to take it, and `on_state` has told or will tell."""
        if self._writer is None or not self._well:
            return False
        self._writer.write(line_of(message))
        if self._writer.transport.get_write_buffer_size() > UNSENT:
            log.warning("a speech worker does not read", worker=self.address)
            self._writer.transport.abort()
            return False
        return True

    async def _keep(self) -> None:
        failures, told = 0, ""
        while True:
            try:
                await self._one_connection()
            except (OSError, TimeoutError, NotOurs, BadAddress, ValueError) as error:
                why = str(error) or type(error).__name__
            else:
                why = "it closed the connection"
            failures = 0 if self.ready else failures + 1
            self._lost()
            if why != told or not failures:
                log.warning("a speech worker is not there", worker=self.address, why=why)
            told = why
            await asyncio.sleep(BACKOFF[min(failures, len(BACKOFF) - 1)])

    async def _one_connection(self) -> None:
        async with asyncio.timeout(HANDSHAKE):
            reader, self._writer = await connect(self.address, LONGEST_LINE)
        self._writer.write(line_of(Hello(self._token)))
        patience = HANDSHAKE
        while True:
            async with asyncio.timeout(patience):
                message = await self._next_of_interest(reader)
            if message is None:
                return
            patience = SILENCE

    async def _next_of_interest(self, reader: asyncio.StreamReader) -> FromWorker | None:
        """Reads until the worker proved to be well; None at the connection's end."""
        while line := await reader.readline():
            message = from_worker(line)
            self._take(message)
            if isinstance(message, Ready | Load):
                return message
        return None

    def _take(self, message: FromWorker) -> None:
        if isinstance(message, Ready):
            self.ready = message
        elif isinstance(message, Load):
            self.load = message
        self._tell(self._on_message, message)
        if isinstance(message, Ready) and not self._well:
            self._well = True
            log.info("a speech worker is there", worker=self.address, languages=message.languages)
            self._tell(self._on_state, True)

    def _lost(self) -> None:
        self._drop()
        if self._well:
            self._well = False
            self._tell(self._on_state, False)

    def _drop(self) -> None:
        self.ready = self.load = None
        if self._writer:
            with contextlib.suppress(RuntimeError):
                self._writer.transport.abort()
            self._writer = None

    def _tell(self, listener: Callable[[T], None], news: T) -> None:
        try:
            listener(news)
        except Exception:
            log.exception("news of a speech worker could not be taken", worker=self.address)
