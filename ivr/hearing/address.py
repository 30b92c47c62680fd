"""Where a speech worker is reached: "host:port", "[::1]:port", or the path of a Unix socket."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ivr.socket_path import short_path

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class BadAddress(ValueError):
    """No "host:port" and no path. Whose: the site's."""


def split(address: str) -> tuple[str, int]:
    """Host and port. Raises BadAddress."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise BadAddress(f"{address!r} is no host:port, such as 127.0.0.1:7000")
    return host.removeprefix("[").removesuffix("]"), int(port)


def joined(host: str, port: int) -> str:
    """The other way: "host:port", an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def connect(address: str, limit: int) -> Streams:
    """A connection to it. limit: bytes a line may have. Raises OSError, BadAddress."""
    if "/" not in address:
        host, port = split(address)
        return await asyncio.open_connection(host, port, limit=limit)
    with short_path(Path(address)) as name:
        return await asyncio.open_unix_connection(name, limit=limit)
