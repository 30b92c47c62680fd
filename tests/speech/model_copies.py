"""Copies of the model that ships, to be broken."""

from __future__ import annotations

import shutil
from pathlib import Path

from speech.recognition.model_folder import SUMS
from speech.recognition.models import SHIPPED, default_models

SOURCE = SHIPPED / default_models()["ru"]


def model_copy(folder: Path, name: str = "vosk-model-small-ru-9.9", sums: bool = False) -> Path:
    """A whole model under another name. sums: with its checksums."""
    ignored = shutil.ignore_patterns() if sums else shutil.ignore_patterns(SUMS)
    return Path(shutil.copytree(SOURCE, folder / name, ignore=ignored))


def cut(file: Path, share: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])


def flip(file: Path) -> None:
    """Turn the bits of 64 bytes in its middle round."""
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(255 - one for one in data[middle : middle + 64])
    file.write_bytes(bytes(data))
