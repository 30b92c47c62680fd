"""The files of a Kaldi model, looked over from outside: are they what their names say, and whole?

Only what the files say of their own length is checked, without decoding them; that a model really works is
for `model_proof`. Each check returns what is wrong, in words that follow the file's name; "" if nothing is.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_FST_MAGIC = 2125659606
_MDL_HEAD = b"\0B<TransitionModel>"
_MDL_TAIL = b"</Nnet3> <LeftContext> "
_GIT_LFS = b"version https://git-lfs"


def fault_of_fst(path: Path) -> str:
    """An OpenFst file: its header, and for a constant one that all states and arcs are there."""
    head = _head(path, 512)
    if fault := _no_binary(head):
        return fault
    if struct.unpack_from("<i", head) != (_FST_MAGIC,):
        return "is no OpenFst file"
    try:
        kind, at = _string(head, 4)
        _, at = _string(head, at)
        states, arcs = struct.unpack_from(
            "<qq", head, at + 4 + 4 + 8 + 8
        )  # after version, flags, properties, start
    except (struct.error, ValueError):
        return "is cut off"
    least = at + 40 + states * 20 + arcs * 16 if kind == b"const" else at + 40
    return "is cut off" if path.stat().st_size < least else ""


def fault_of_nnet(path: Path) -> str:
    """The acoustic model, final.mdl: a transition model, a network, and the priors at its very end."""
    head = _head(path, 64)
    if fault := _no_binary(head):
        return fault
    if not head.startswith(_MDL_HEAD):
        return "is no acoustic model of Kaldi"
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        network_ends = data.rfind(_MDL_TAIL)
        priors = data.rfind(b"<Priors> FV ", max(0, network_ends))
        if network_ends < 0 or priors < 0 or priors + 17 > len(data):
            return "is cut off"
        (many,) = struct.unpack_from("<i", data, priors + 13)
        return "" if len(data) == priors + 17 + 4 * many else "is cut off"


def fault_of_text(path: Path) -> str:
    """A list or a configuration: there must be something in it."""
    head = _head(path, 64)
    if head.startswith(_GIT_LFS):
        return _no_binary(head)
    return "" if head.strip() else "is empty"


def options_of(path: Path) -> dict[str, str]:
    """Kaldi's configuration: --name=value a line, # begins a comment. Underscores in names count as dashes."""
    found: dict[str, str] = {}
    for line in path.read_text("utf-8", errors="replace").splitlines():
        option = line.split("#", 1)[0].strip()
        if option.startswith("--"):
            name, _, value = option[2:].partition("=")
            found[name.strip().replace("_", "-")] = value.strip()
    return found


def _no_binary(head: bytes) -> str:
    if not head:
        return "is empty"
    if head.startswith(_GIT_LFS):
        return "is only git's pointer to a large file: fetch the file itself (git lfs pull)"
    return "is cut off" if len(head) < 32 else ""


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from("<i", data, at)
    if not 0 <= length <= 64:
        raise ValueError("no such name")
    return data[at + 4 : at + 4 + length], at + 4 + length
