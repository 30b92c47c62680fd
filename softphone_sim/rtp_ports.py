"""Blocks of UDP ports for sound, one per process: pjsua counts up from a base and must not be alone to choose."""

from __future__ import annotations

import socket
from collections.abc import Iterator

FIRST, LAST = 20000, 32000
"""Below the range from which the kernel gives ports away (32768 and up)."""

BLOCK = 128
"""Ports per process: eight accounts with room for four calls of two ports and as many just closed."""


def free_blocks(bind: str, salt: int) -> Iterator[int]:
    """First ports of blocks that are free now. salt: farms with different ones begin at different places."""
    count = (LAST - FIRST) // BLOCK
    for index in range(count):
        block = FIRST + BLOCK * ((index + salt * 29) % count)
        if all(_is_free(bind, port) for port in range(block, block + BLOCK)):
            yield block


def _is_free(bind: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True
