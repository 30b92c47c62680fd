"""Where Asterisk's AudioSocket channels connect: one connection, one caller's sound. Nothing is ever sent back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import structlog

from ivr.asterisk.audiosocket import (
    Audio,
    AudioSocketDecoder,
    AudioSocketMessage,
    Digit,
    HungUp,
    Identified,
    NotAudioSocket,
    PeerError,
)

log = structlog.get_logger(__name__)

PATIENCE = 2.0  # seconds in which a connection must say whose it is, and that one must be waited for
CONNECTIONS = 1000


class Sink(Protocol):
    """Takes one caller's sound. Called in the loop; must not block."""

    def sound(self, pcm: bytes, rate: int) -> None:
        """int16 little-endian mono."""
        ...

    def digit(self) -> None:
        """He pressed a key."""
        ...

    def ended(self, why: str) -> None:
        """No more will come; called once, also after `close` of the source."""
        ...


class Source(Protocol):
    """What a sink may do with its connection."""

    def close(self) -> None: ...


Claim = Callable[[UUID, Source], Sink | None]
"""Who waits for this id: its sink, or None when nobody does. An id is claimed by one connection."""


class AudioSocketServer:
    """claim: see `Claim`. patience: seconds a connection may take to say its id, and an id to be waited for:
    the switch may be here before the controller's word is. connections: at once; a further one is closed."""

    def __init__(self, claim: Claim, *, patience: float = PATIENCE, connections: int = CONNECTIONS) -> None:
        self._claim = claim
        self._patience = patience
        self._most = connections
        self._open: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    @property
    def connections(self) -> int:
        return len(self._open)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port in force."""
        assert self._server is not None  # noqa: S101 - only a started server has one
        return self._server.sockets[0].getsockname()[:2]

    @property
    def port(self) -> int:
        return self.address[1]

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen. port: 0 for any. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, port, backlog=512)

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for connection in list(self._open):
            connection.close()

    def opened(self, connection: _Connection) -> bool:
        if len(self._open) >= self._most:
            log.warning("more AudioSocket connections than allowed", allowed=self._most)
            return False
        self._open.add(connection)
        return True

    def closed(self, connection: _Connection) -> None:
        self._open.discard(connection)

    def claim(self, id: UUID, source: Source) -> Sink | None:
        return self._claim(id, source)

    @property
    def patience(self) -> float:
        return self._patience


class _Connection(asyncio.Protocol):
    """One peer. Its faults end it, and nothing else."""

    def __init__(self, server: AudioSocketServer) -> None:
        self._server = server
        self._decoder = AudioSocketDecoder()
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._id: UUID | None = None
        self._sink: Sink | None = None
        self._why = "closed by the peer"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream's
        self._transport = transport
        if not self._server.opened(self):
            transport.abort()
            return
        with contextlib.suppress(OSError):
            peer: socket.socket = transport.get_extra_info("socket")
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # The network's half of a switch that vanished: known after a minute, not never.
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 20)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 4)
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + self._server.patience
        self._deadline = self._loop.call_at(self._until, self._give_up)

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._decoder.feed(data):
                self._take(message)
        except NotAudioSocket as fault:
            log.warning("a peer does not speak AudioSocket", why=str(fault))
            self._end("garbage")
        except Exception:
            log.exception("a caller's sound could not be taken")
            self._end("our fault")

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.closed(self)
        if self._deadline:
            self._deadline.cancel()
        sink, self._sink = self._sink, None
        if sink:
            sink.ended(self._why)

    def close(self) -> None:
        """Source.close: the ear needs no more sound."""
        self._end("closed by us")

    def _take(self, message: AudioSocketMessage) -> None:
        match message:
            case Audio(sound, rate) if self._sink:
                self._sink.sound(sound, rate)
            case Digit() if self._sink:
                self._sink.digit()
            case HungUp():
                self._end("hung up")
            case PeerError(code):
                self._end(f"the switch reports error {code}")
            case Identified(id):
                self._id = id
                self._look_for_sink()
            case _:
                pass  # before anybody waits for it

    def _look_for_sink(self) -> None:
        """Again and again within the patience: the sound before is nobody's and is dropped."""
        if self._id is None or self._transport is None or self._transport.is_closing():
            return
        self._sink = self._server.claim(self._id, self)
        if self._sink:
            if self._deadline:
                self._deadline.cancel()
        elif self._loop.time() < self._until:
            self._loop.call_later(0.05, self._look_for_sink)

    def _give_up(self) -> None:
        log.warning("an AudioSocket connection that nobody waits for", identified=self._id is not None)
        self._end("nobody waits for it")

    def _end(self, why: str) -> None:
        if self._transport and not self._transport.is_closing():
            self._why = why
            # Not close(): with nothing to send it would do, but a peer that never reads must not matter.
            self._transport.abort()
