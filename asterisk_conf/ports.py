"""Is the port free, and who has it if not."""

from __future__ import annotations

import socket

import psutil


def udp_port_free(address: str, port: int) -> bool:
    return _can_bind(socket.SOCK_DGRAM, address, port)


def tcp_port_free(address: str, port: int) -> bool:
    return _can_bind(socket.SOCK_STREAM, address, port)


def _can_bind(kind: socket.SocketKind, address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            # a listener that has just gone leaves connections behind that do not matter
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def holder_of(kind: str, port: int) -> str:
    """ "asterisk (pid 812)", or "a program of another user". kind: udp or tcp."""
    try:
        connections = psutil.net_connections(kind)
    except psutil.AccessDenied:
        return "a program of another user"
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.pid and not connection.raddr:
            try:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
            except psutil.NoSuchProcess:
                continue
    return "a program of another user"
