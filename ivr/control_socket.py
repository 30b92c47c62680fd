"""The door for `status`, `top`, `reload` and `down`: JSON lines over a Unix socket only its owner may open."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from ivr.socket_path import short_path

log = structlog.get_logger()

Answer = Mapping[str, Any]
Handler = Callable[[Mapping[str, Any]], Awaitable[Answer]]

LONGEST_LINE = 4 * 1024 * 1024


class NotRunning(Exception):
    """No controller answers in this folder."""


class ControlServer:
    """Answers one JSON object a line. handlers: the value of "do" -> what answers it."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self._path = path
        self._handlers = handlers
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        with short_path(self._path) as name:
            mask = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._serve, name, limit=LONGEST_LINE)
            finally:
                os.umask(mask)

    async def close(self) -> None:
        if self._server:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                answer = await self._answer(line)
                writer.write(json.dumps(answer, ensure_ascii=False, default=str).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            pass  # the peer left, or sent a line without end
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Answer:
        try:
            wish = json.loads(line)
            handler = self._handlers[wish["do"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            return {"error": f"it understands: {', '.join(sorted(self._handlers))}"}
        try:
            return await handler(wish)
        except Exception as error:
            log.exception("a request at the control socket failed", do=wish["do"])
            return {"error": f"{type(error).__name__}: {error}"}


class ControlClient:
    """One connection to a running controller."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, do: str, **more: object) -> dict[str, Any]:
        """The answer to one wish. Raises NotRunning when the controller goes away before it answers."""
        self._writer.write(json.dumps({"do": do, **more}).encode() + b"\n")
        try:
            await self._writer.drain()
            line = await self._reader.readline()
        except ConnectionError:
            line = b""
        if not line:
            raise NotRunning("the controller went away")
        return json.loads(line)


@contextlib.asynccontextmanager
async def connected(path: Path) -> AsyncIterator[ControlClient]:
    """A connection to the controller whose socket this is. Raises NotRunning."""
    if not path.exists():
        raise NotRunning("no hotline is running here; start it with: ./hotline up")
    try:
        with short_path(path) as name:
            reader, writer = await asyncio.open_unix_connection(name, limit=LONGEST_LINE)
    except (ConnectionRefusedError, FileNotFoundError):
        raise NotRunning("its controller is not there; see: ./hotline status") from None
    try:
        yield ControlClient(reader, writer)
    finally:
        writer.close()
