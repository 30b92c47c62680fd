"""A Vosk model's folder: what it is, and whether all of it is there."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from speech.recognizer import ModelUnusable

_LANGUAGE = re.compile(r"^vosk-model(?:-small|-tiny|-big)?-([a-z]{2,3})(?:-|$)")


class ModelFolder(msgspec.Struct, frozen=True):
    """name: the folder's. language: ISO 639 code, from the name. rate: Hz of the sound it was made for.
    grammars: whether phrases can be given at run time; otherwise it always listens for anything.
    """

    path: Path
    name: str
    language: str
    rate: int
    grammars: bool
    bytes: int


def read_model_folder(path: Path) -> ModelFolder:
    """Look the files over, without loading them. Raises ModelUnusable."""
    if not (path / "am" / "final.mdl").is_file():
        raise ModelUnusable(f"{path}: no Vosk model (am/final.mdl is missing)")
    named = _LANGUAGE.match(path.name)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return ModelFolder(
        path=path,
        name=path.name,
        language=named[1] if named else "",
        rate=8000 if path.name.endswith("8k") else 16000,
        grammars=(path / "graph" / "HCLr.fst").is_file(),
        bytes=size,
    )
