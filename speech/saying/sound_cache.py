"""A folder of sounds named by what is in them. Several processes may use it at once."""

from __future__ import annotations

import os
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from speech.pcm import TELEPHONE_RATE, Samples
from speech.wav import is_telephone_wav, wav_bytes

_ABANDONED = 3600.0  # seconds after which a half-written file's writer is surely gone


class CacheUnwritable(Exception):
    """The folder takes no sounds: full, read-only, no permission. Whose: the installer."""


class SoundCache:
    """`<folder>/<language>/<hash>.wav`, 8 kHz 16-bit mono. A file under its final name is whole.

    Sentences made for one caller are apart, in `<folder>/<language>/said/`: what they say may be personal,
    so they go when nobody has needed them for long. Fixed prompts stay until the folder is removed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()  # Asterisk is told where a prompt is, and has its own working folder

    def place(self, language: str, *content: str, said: bool = False) -> Path:
        """Where the sound made from `content` is, or will be."""
        name = sha256("\0".join(content).encode()).hexdigest()[:32]
        return self.folder / language / ("said" if said else "") / f"{name}.wav"

    def has(self, place: Path) -> bool:
        """Whether the sound is there, whole and playable (a look at its head and length)."""
        return is_telephone_wav(place)

    def store(self, place: Path, samples: Samples) -> None:
        """Write it under another name, to the disk, then give it its own: never seen half written.

        Raises CacheUnwritable.
        """
        unfinished: Path | None = None
        try:
            _open_folder(place.parent)
            handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.stem}.", suffix=".tmp")
            unfinished = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(wav_bytes(samples, TELEPHONE_RATE))
                file.flush()
                os.fsync(file.fileno())
            unfinished.chmod(0o644)  # the switch, another user, plays it
            unfinished.replace(place)
        except OSError as fault:
            if unfinished:
                unfinished.unlink(missing_ok=True)
            raise CacheUnwritable(
                f"cannot write prompts into {place.parent}: {fault.strerror}; "
                "make room there or give the hotline another folder"
            ) from fault

    def sweep(self, *, unused_for: float = 30 * 86400.0) -> int:
        """Remove what a killed process left half written, and said sentences unused for so many seconds.

        Returns how many files went.
        """
        unfinished = [*self.folder.glob("*/.*.tmp"), *self.folder.glob("*/said/.*.tmp")]
        gone = sum(_removed(file, _ABANDONED) for file in unfinished)
        return gone + sum(_removed(file, unused_for) for file in self.folder.glob("*/said/*.wav"))

    def touch(self, place: Path) -> None:
        """Somebody uses it: it stays."""
        try:
            os.utime(place)
        except OSError:  # a read-only cache still plays
            return


def _removed(file: Path, age: float) -> bool:
    try:
        old = time.time() - file.stat().st_mtime > age
        if old:
            file.unlink()
    except OSError:  # another process was quicker, or we may not: it is only room that is lost
        return False
    return old


def _open_folder(folder: Path) -> None:
    """The switch may be another user and must read the sounds; what is said may be personal.

    So others may open a sound whose name, a hash of its text, they know, but not list the names.
    """
    if folder.exists():
        return
    _open_folder(folder.parent)  # each of them, or a strict umask shuts the switch out half-way
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
