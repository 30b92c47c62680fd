"""WAV bytes to samples and back. What phones, studios and synthesizers write, not only what we write."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from speech.pcm import Samples

_PCM, _FLOAT, _ALAW, _ULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE


class SoundUnreadable(Exception):
    """The file is no sound we can read; the message says why and what to do. Whose: who recorded it."""


def read_wav(path: Path) -> tuple[int, Samples]:
    """Rate in Hz and int16 mono samples of a WAV file. Raises SoundUnreadable, naming the file."""
    try:
        return parse_wav(path.read_bytes())
    except (OSError, SoundUnreadable) as fault:
        raise SoundUnreadable(f"{path}: {getattr(fault, 'strerror', None) or fault}") from fault


def parse_wav(data: bytes) -> tuple[int, Samples]:
    """Rate and int16 mono samples; more channels are mixed to one.

    Reads PCM of 8 to 32 bits, float, A-law and mu-law. A program that writes to a pipe cannot know the
    length beforehand and writes a huge one: then the sound ends with the data.
    Raises SoundUnreadable.
    """
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise SoundUnreadable("not a WAV file; save it as WAV, 8 kHz or more, 16 bits")
    layout: bytes | None = None
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if kind == b"fmt ":
            layout = body
        elif kind == b"data":
            return _decode(layout, body)
        at += 8 + size + size % 2
    raise SoundUnreadable("the WAV file has no sound in it; it was cut off or never finished")


def wav_bytes(samples: Samples, rate: int) -> bytes:
    """A 16-bit mono WAV file."""
    body = samples.astype("<i2").tobytes()
    layout = struct.pack("<HHIIHH", _PCM, 1, rate, rate * 2, 2, 16)
    riff = struct.pack("<4sI4s4sI", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16)
    return riff + layout + struct.pack("<4sI", b"data", len(body)) + body


def is_telephone_wav(path: Path) -> bool:
    """Whether Asterisk will play it: a whole 8 kHz 16-bit mono PCM file with some sound in it."""
    try:
        with path.open("rb") as file:
            head = file.read(44)
    except OSError:
        return False
    if len(head) < 44 or head[:4] != b"RIFF" or head[12:16] != b"fmt " or head[36:40] != b"data":
        return False
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", head, 20)
    (length,) = struct.unpack_from("<I", head, 40)
    whole = length > 0 and path.stat().st_size >= 44 + length
    return whole and (code, channels, rate, bits) == (_PCM, 1, 8000, 16)


def _decode(layout: bytes | None, body: bytes) -> tuple[int, Samples]:
    if layout is None or len(layout) < 16:
        raise SoundUnreadable("the WAV file does not say what it holds (no fmt part)")
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", layout)
    if code == _EXTENSIBLE and len(layout) >= 26:
        (code,) = struct.unpack_from("<H", layout, 24)
    if not channels or not rate:
        raise SoundUnreadable("the WAV file says it has no channels or no rate")
    flat = _values(code, bits, body)
    whole = flat[: flat.size // channels * channels].reshape(-1, channels)
    mono = whole.mean(axis=1) if channels > 1 else whole[:, 0]
    return rate, np.clip(np.rint(mono), -32768, 32767).astype(np.int16)


def _values(code: int, bits: int, body: bytes) -> npt.NDArray[np.float64]:
    """All channels interleaved, on int16's scale."""
    if code in (_ALAW, _ULAW) and bits == 8:
        table = _alaw() if code == _ALAW else _ulaw()
        return table[np.frombuffer(body, np.uint8)]
    if code == _PCM and bits in (8, 16, 24, 32):
        return _integers(body, bits)
    if code == _FLOAT and bits in (32, 64):
        size = bits // 8
        sound = np.frombuffer(body[: len(body) // size * size], f"<f{size}").astype(np.float64)
        return np.nan_to_num(sound) * 32767.0
    raise SoundUnreadable(f"the WAV file's coding ({code}, {bits} bits) is not known; save it as 16-bit PCM")


def _integers(body: bytes, bits: int) -> npt.NDArray[np.float64]:
    if bits == 8:  # the one that has no sign
        return (np.frombuffer(body, np.uint8).astype(np.float64) - 128.0) * 256.0
    size = bits // 8
    whole = np.frombuffer(body[: len(body) // size * size], np.uint8).reshape(-1, size)
    return whole[:, -2:].copy().view("<i2")[:, 0].astype(np.float64)  # the lower bytes are below 16 bits


def _alaw() -> npt.NDArray[np.float64]:
    """ITU-T G.711 A-law, 256 codes."""
    code = np.arange(256) ^ 0x55
    segment, step = (code & 0x70) >> 4, (code & 0x0F) << 4
    value = np.where(segment == 0, step + 8, (step + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, value, -value).astype(np.float64)


def _ulaw() -> npt.NDArray[np.float64]:
    """ITU-T G.711 mu-law, 256 codes."""
    code = ~np.arange(256) & 0xFF
    value = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -value, value).astype(np.float64)
