"""GSM 06.10 full rate, as mobile networks and old trunks carry speech: 13 kbit/s, 160 samples a frame.

The codec is libgsm (J. Degener and C. Bormann, TU Berlin), which every Asterisk of Debian brings with it;
there is no other file that knows it. It is only needed to measure recognition, not to take calls.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from speech.pcm import Samples

_FRAME, _CODED = 160, 33  # samples, bytes


class GsmMissing(Exception):
    """No libgsm on this machine; the text says what to install. Whose: the installer."""


def through_gsm(samples: Samples, folders: Iterable[Path] = ()) -> Samples:
    """8 kHz int16 mono, coded and decoded; not delayed, the same length.

    folders: where libgsm.so.1 may lie beside the system's places. Raises GsmMissing.
    """
    library = _library(folders)
    coder, decoder = library.gsm_create(), library.gsm_create()
    padded = np.pad(samples, (0, -samples.size % _FRAME)).astype(np.int16)
    out = np.empty_like(padded)
    coded = (ctypes.c_ubyte * _CODED)()
    try:
        for at in range(0, padded.size, _FRAME):
            frame = np.ascontiguousarray(padded[at : at + _FRAME])
            library.gsm_encode(coder, frame.ctypes.data, coded)
            library.gsm_decode(decoder, coded, frame.ctypes.data)
            out[at : at + _FRAME] = frame
    finally:
        library.gsm_destroy(coder)
        library.gsm_destroy(decoder)
    return out[: samples.size]


def _library(folders: Iterable[Path]) -> ctypes.CDLL:
    near = [file for folder in folders for file in sorted(folder.glob("**/libgsm.so.1"))]
    name = ctypes.util.find_library("gsm") or (str(near[0]) if near else "libgsm.so.1")
    try:
        library = ctypes.CDLL(name)
    except OSError as fault:
        raise GsmMissing(
            "no libgsm on this machine; install Debian's package libgsm1, or leave out the condition gsm"
        ) from fault
    library.gsm_create.restype = ctypes.c_void_p
    library.gsm_destroy.argtypes = [ctypes.c_void_p]
    library.gsm_encode.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    library.gsm_decode.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    return library
