"""A model's zip file, unpacked with care: it comes from elsewhere."""

from __future__ import annotations

import stat
import zlib
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

MOST_BYTES = 8 << 30  # the largest that Alpha Cephei publishes take 5 GB
MOST_FILES = 2000
_BLOCK = 1 << 20


class ArchiveRefused(Exception):
    """Not a zip file that we unpack; the text says why."""


def unpack(archive: Path, into: Path, most_bytes: int = MOST_BYTES) -> None:
    """Unpack every file below `into`. Nothing is written outside, no link is made, no more than `most_bytes`.

    Raises ArchiveRefused; what was written until then stays, for the caller to clear away.
    """
    try:
        with ZipFile(archive) as packed:
            files = [entry for entry in packed.infolist() if not entry.is_dir()]
            _refuse(files, most_bytes)
            left = most_bytes
            for entry in files:
                left -= _write(packed, entry, into / entry.filename, left)
    except (BadZipFile, zlib.error, EOFError) as fault:
        raise ArchiveRefused("it is no whole zip file; fetch it again") from fault
    except (NotImplementedError, RuntimeError) as fault:  # an unknown method, a password
        raise ArchiveRefused(f"its files are packed in a way not known here ({fault})") from fault


def _refuse(files: list[ZipInfo], most_bytes: int) -> None:
    if len(files) > MOST_FILES:
        raise ArchiveRefused(f"it has {len(files)} files; no model has more than {MOST_FILES}")
    total = sum(entry.file_size for entry in files)
    if total > most_bytes:
        raise ArchiveRefused(f"it would take {total >> 20} MB; a model takes {most_bytes >> 20} at most")
    for entry in files:
        name = PurePosixPath(entry.filename)
        outside = name.is_absolute() or ".." in name.parts or "\\" in entry.filename or ":" in entry.filename
        if outside or not name.parts:
            raise ArchiveRefused("it has files that would land outside their folder")
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            raise ArchiveRefused("it has a link in it; a model has plain files only")


def _write(packed: ZipFile, entry: ZipInfo, to: Path, most: int) -> int:
    """Bytes written; counted here, because what an archive says of its sizes is only what it says."""
    to.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with packed.open(entry) as source, to.open("xb") as target:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > most:
                raise ArchiveRefused("it unpacks to more than it says")
            target.write(block)
    return written
