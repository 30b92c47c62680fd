"""Bytes from Asterisk's AudioSocket to messages, and back. No I/O: it may be fed one byte at a time.

A message is one byte of kind, two of length (big-endian), and so many bytes of payload. Sound is int16
little-endian mono; the kind tells its rate.
Source: docs.asterisk.org, Configuration/Channel-Drivers/AudioSocket (rates other than 8 kHz: 22.7 and later).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from uuid import UUID

import msgspec

HANG_UP, ID, DIGIT, SOUND_8K, ERROR = 0x00, 0x01, 0x03, 0x10, 0xFF
RATES = {
    SOUND_8K: 8000,
    0x11: 12000,
    0x12: 16000,
    0x13: 24000,
    0x14: 32000,
    0x15: 44100,
    0x16: 48000,
    0x17: 96000,
    0x18: 192000,
}
LONGEST_SOUND = 16384
"""Bytes in one message: a second at 8 kHz, 40 ms at 192 kHz. Asterisk sends 20 ms."""
LONGEST_ERROR = 64
_HEAD = struct.Struct(">BH")


class Identified(msgspec.Struct, frozen=True):
    """Whose sound this will be; always the first message."""

    id: UUID


class Audio(msgspec.Struct, frozen=True):
    """sound: int16 little-endian mono, whole samples, maybe none. rate: Hz."""

    sound: bytes
    rate: int


class Digit(msgspec.Struct, frozen=True):
    """A key he pressed: 0-9, *, #, A-D. Personal."""

    digit: str


class HungUp(msgspec.Struct, frozen=True):
    """The peer ends it; it may also just close the connection."""


class PeerError(msgspec.Struct, frozen=True):
    """The peer is in trouble. code: Asterisk's 1 hung up, 2 frame not forwarded, 4 out of memory; None for none."""

    code: int | None


AudioSocketMessage = Identified | Audio | Digit | HungUp | PeerError


class NotAudioSocket(Exception):
    """The peer speaks something else, or breaks the protocol. Whose: the peer's."""


class AudioSocketDecoder:
    """One connection's bytes. Keeps at most one unfinished message, never more than `LONGEST_SOUND` and its head."""

    def __init__(self) -> None:
        self._rest = b""
        self._identified = False
        self._over = False
        self._fault: NotAudioSocket | None = None

    @property
    def kept(self) -> int:
        """Bytes of an unfinished message."""
        return len(self._rest)

    def feed(self, data: bytes) -> Iterator[AudioSocketMessage]:
        """The messages that `data` completes, in order; nothing more after `HungUp`.

        Raises NotAudioSocket, after the messages before the fault; and again whenever it is fed after that.
        """
        if self._fault:
            raise self._fault
        if self._over:
            return
        data = self._rest + data if self._rest else data
        self._rest, at = b"", 0
        try:
            while at + _HEAD.size <= len(data):
                kind, length = _HEAD.unpack_from(data, at)
                _check(kind, length, identified=self._identified)
                end = at + _HEAD.size + length
                if end > len(data):
                    break
                message = _message(kind, data[at + _HEAD.size : end])
                at = end
                self._identified = True
                self._over = kind == HANG_UP
                yield message
                if self._over:
                    return
        except NotAudioSocket as fault:
            self._fault = fault
            raise
        finally:
            if not self._over and not self._fault:
                self._rest = data[at:]


def encode(message: AudioSocketMessage) -> bytes:
    """The message as it is on the wire; what a switch would send. Raises ValueError for one that cannot be."""
    match message:
        case Identified(id):
            kind, payload = ID, id.bytes
        case Audio(sound, rate):
            kind, payload = {hz: code for code, hz in RATES.items()}[rate], sound
        case Digit(digit):
            kind, payload = DIGIT, digit.encode("ascii")
        case PeerError(code):
            kind, payload = ERROR, b"" if code is None else bytes([code])
        case HungUp():
            kind, payload = HANG_UP, b""
    try:
        _check(kind, len(payload), identified=kind != ID)
    except NotAudioSocket as fault:
        raise ValueError(str(fault)) from None
    return _HEAD.pack(kind, len(payload)) + payload


def _check(kind: int, length: int, *, identified: bool) -> None:
    """A message's head, as soon as it is there: garbage is known before its payload is waited for."""
    if kind == ID:
        fits = length == 16
    elif kind in RATES:
        fits = length % 2 == 0 and length <= LONGEST_SOUND
    elif kind == DIGIT:
        fits = length == 1
    elif kind == HANG_UP:
        fits = length == 0
    else:
        fits = kind == ERROR and length <= LONGEST_ERROR
    if not fits:
        raise NotAudioSocket(f"kind 0x{kind:02x} with {length} bytes is no AudioSocket message")
    if identified == (kind == ID):
        raise NotAudioSocket("a second id" if identified else "the id is not the first message")


def _message(kind: int, payload: bytes) -> AudioSocketMessage:
    if kind in RATES:
        return Audio(payload, RATES[kind])
    if kind == ID:
        return Identified(UUID(bytes=payload))
    if kind == DIGIT:
        if payload not in b"0123456789*#ABCD":
            raise NotAudioSocket("a digit that no telephone has")
        return Digit(payload.decode("ascii"))
    if kind == ERROR:
        return PeerError(payload[0] if payload else None)
    return HungUp()
