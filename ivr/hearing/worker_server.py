"""Controllers' connections to a speech worker: proven by the secret, then one message a line each way."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
from pathlib import Path

import structlog

from ivr.hearing.address import joined, split
from ivr.hearing.messages import FromWorker, Hello
from ivr.hearing.wire import LONGEST_LINE, NotOurs, from_controller, line_of
from ivr.hearing.worker import Worker
from ivr.socket_path import short_path

log = structlog.get_logger(__name__)

HELLO_WITHIN = 5.0  # seconds
UNREAD = 4 * 1024 * 1024  # bytes a controller may leave unread
CONNECTIONS = 64


class ControllerLink:
    """One connected controller, as the worker sees it."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.draining = False
        self._writer = writer

    def tell(self, message: FromWorker) -> None:
        """Never waits: one that does not read is cut off, and its ears end."""
        if self._writer.is_closing():
            return
        self._writer.write(line_of(message))
        if self._writer.transport.get_write_buffer_size() > UNREAD:
            log.warning("a controller does not read and is cut off")
            self._writer.transport.abort()


class WorkerServer:
    """address: "host:port", or the path of a Unix socket, which only its owner may open. token: the secret."""

    def __init__(self, worker: Worker, address: str, token: str) -> None:
        self._worker = worker
        self._address = address
        self._token = token.encode()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen; returns the address with the port in force. Raises OSError, BadAddress."""
        if "/" in self._address:
            await self._start_unix(Path(self._address))
            return self._address
        host, port = split(self._address)
        self._server = await asyncio.start_server(self._serve, host, port, limit=LONGEST_LINE)
        return joined(host, self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """What was said is still delivered, to those who read it within a second."""
        if self._server:
            self._server.close()
        for writer in list(self._writers):
            writer.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        if "/" in self._address:
            Path(self._address).unlink(missing_ok=True)

    async def _start_unix(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        with short_path(path) as name:
            mask = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._serve, name, limit=LONGEST_LINE)
            finally:
                os.umask(mask)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if len(self._writers) >= CONNECTIONS or task is None:
            writer.transport.abort()
            return
        self._writers.add(writer)
        self._tasks.add(task)
        try:
            if await self._proven(reader):
                await self._talk(reader, writer)
        except (ConnectionError, TimeoutError):
            pass
        except (
            NotOurs,
            ValueError,
        ) as fault:  # ValueError: a line too long, or a message that makes no sense
            log.warning("a controller broke the protocol", why=str(fault))
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _proven(self, reader: asyncio.StreamReader) -> bool:
        async with asyncio.timeout(HELLO_WITHIN):
            hello = from_controller(await reader.readline())
        if isinstance(hello, Hello) and hmac.compare_digest(hello.token.encode(), self._token):
            return True
        log.warning("a controller does not know this worker's secret")
        return False

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = ControllerLink(writer)
        self._worker.joined(link)
        try:
            while line := await reader.readline():
                self._worker.take(link, from_controller(line))
                # Lines that are here already come without a wait: one that floods us must not stop the others.
                await asyncio.sleep(0)
        finally:
            self._worker.left(link)
