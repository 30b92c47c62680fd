"""Which ports are in use on this machine, and by whom. Looked up once."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from ivr.doctor.judge.ports import Ephemeral, Listening

IPV4 = Path("/proc/sys/net/ipv4")
SOMEBODY = "a program of another user"


@dataclass(frozen=True)
class Used:
    """kind: "udp" or "tcp" (listening only). pid: None when we may not know."""

    kind: str
    address: str
    port: int
    pid: int | None


def used_ports() -> list[Used]:
    """Every UDP port and every listening TCP port in use."""
    found: list[Used] = []
    for kind in ("udp", "tcp"):
        for one in psutil.net_connections(kind):
            if one.laddr and (kind == "udp" or one.status == psutil.CONN_LISTEN):
                found.append(Used(kind, one.laddr.ip, one.laddr.port, one.pid))
    return found


def listening(used: list[Used], pid: int) -> Listening | None:
    """What this process listens on; None when we may not know."""
    own = [one for one in used if one.pid == pid]
    if not own:
        return None
    return Listening(
        udp=frozenset(one.port for one in own if one.kind == "udp"),
        tcp={one.port: one.address for one in own if one.kind == "tcp"},
    )


def program(pid: int | None) -> str:
    """ "sipp (pid 812)", or "the Asterisk of the hotline city (pid 812)"."""
    if pid is None:
        return SOMEBODY
    try:
        process = psutil.Process(pid)
        return f"{named(process.name(), process.cmdline())} (pid {pid})"
    except psutil.Error:
        return SOMEBODY


def named(name: str, argv: list[str]) -> str:
    """What a process is to people. A private Asterisk goes by the name of its loader."""
    config = argv[argv.index("-C") + 1] if "-C" in argv[:-1] else ""
    if config.endswith("/asterisk/etc/asterisk.conf"):
        return f"the Asterisk of the hotline {Path(config).parents[2].name}"
    return name


def holder(used: list[Used], kind: str, port: int) -> str:
    return program(next((one.pid for one in used if (one.kind, one.port) == (kind, port)), None))


def within(used: list[Used], first: int, last: int) -> Iterator[Used]:
    """UDP ports of a range."""
    return (one for one in used if one.kind == "udp" and first <= one.port <= last)


def refused(address: str, port: int) -> tuple[int, str]:
    """The kernel's errno, and its words, for a try to have this UDP port; (0, "") when it is free."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, port))
    except OSError as error:
        return error.errno or errno.EIO, os.strerror(error.errno or errno.EIO)
    return 0, ""


def own_addresses() -> tuple[str, ...]:
    families = (socket.AF_INET, socket.AF_INET6)
    found = [one.address for card in psutil.net_if_addrs().values() for one in card if one.family in families]
    return tuple(address for address in found if "%" not in address)


def ephemeral() -> Ephemeral:
    low, high = map(int, (IPV4 / "ip_local_port_range").read_text().split())
    return Ephemeral(low, high, ranges((IPV4 / "ip_local_reserved_ports").read_text()))


def ranges(text: str) -> tuple[tuple[int, int], ...]:
    """ "8080,9148-9150" -> ((8080, 8080), (9148, 9150))"""
    pairs = (part.partition("-") for part in text.strip().split(",") if part)
    return tuple((int(low), int(high or low)) for low, _, high in pairs)
