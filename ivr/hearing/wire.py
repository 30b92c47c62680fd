"""Messages as lines of JSON and back. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from ivr.hearing.messages import FromController, FromWorker, Message

LONGEST_LINE = 1024 * 1024
"""Bytes. An `Expect` with a thousand phrases has 60,000."""

T = TypeVar("T")

_encoder = msgspec.json.Encoder()
_from_worker = msgspec.json.Decoder(FromWorker)
_from_controller = msgspec.json.Decoder(FromController)


class NotOurs(Exception):
    """The line is no message of `ivr.hearing.messages`. Whose: the peer's. The text quotes nothing of it."""


def line_of(message: Message) -> bytes:
    """The message with its line feed."""
    return _encoder.encode(message) + b"\n"


def from_worker(line: bytes) -> FromWorker:
    """Raises NotOurs."""
    return _read(_from_worker.decode, line)


def from_controller(line: bytes) -> FromController:
    """Raises NotOurs."""
    return _read(_from_controller.decode, line)


def _read(decode: Callable[[bytes], T], line: bytes) -> T:
    try:
        return decode(line)
    except (msgspec.DecodeError, RecursionError):
        raise NotOurs("a line that is none of the messages of a speech worker and its controller") from None
