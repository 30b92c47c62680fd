"""Which models there are: those that ship with the project, and those installed on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from speech.recognition.model_folder import ModelFolder, files_of, language_of, read_model_folder
from speech.recognition.model_proof import prove
from speech.recognizer import ModelUnusable

_PROJECT = Path(__file__).resolve().parents[2]
SHIPPED = _PROJECT / "speech" / "models"
INSTALLED = _PROJECT / "var" / "models"
PROOFS = _PROJECT / "var" / "models" / ".proofs"
"""Where it is kept which models were proved, see speech.recognition.model_proof."""


class Listed(msgspec.Struct, frozen=True):
    """A model on this machine. bytes: of its files. trouble: why it cannot be used; "" when it can.

    made_for: Hz of the sound it learnt from; 0 for one that is not whole. shipped: with the project.
    used_for: the language that it is used for; "" for one that only lies there.
    """

    name: str
    language: str
    bytes: int
    made_for: int
    path: Path
    shipped: bool
    trouble: str = ""
    used_for: str = ""


def default_models() -> dict[str, str]:
    """Language -> the name of the model that ships for it."""
    return {"ru": "vosk-model-tiny-ru-8k"}


def models_in_use(wanted: Mapping[str, str] | None = None, installed: Path = INSTALLED) -> dict[str, str]:
    """Language -> the model's name or folder: what a site asks for, else the one that ships, else the smallest
    installed one of that language.

    wanted: language -> name or folder, as a site file has it. Languages without any are not in it: keys only.
    """
    by_size = sorted(_folders(installed), key=lambda path: -_size(path))
    found = {language: path.name for path in by_size if (language := language_of(path))}
    return found | default_models() | dict(wanted or {})


def find_model(name_or_path: str, installed: Path = INSTALLED) -> ModelFolder:
    """A model by name (an installed one before one that ships), or by its folder if there is a "/" in it.

    Raises ModelUnusable, naming what was sought and the way out.
    """
    if "/" in name_or_path:
        return read_model_folder(Path(name_or_path))
    for path in (*_folders(installed), *_folders(SHIPPED)):
        if path.name == name_or_path:
            return read_model_folder(path)
    raise ModelUnusable(f'no speech model is called "{name_or_path}"; ./hotline models shows which there are')


def list_models(
    wanted: Mapping[str, str] | None = None, installed: Path = INSTALLED, proofs: Path = PROOFS
) -> list[Listed]:
    """Every model there is, each proved; those of the site's own folders (`wanted`) too. By language and name."""
    used = models_in_use(wanted, installed)
    own = [Path(place) for place in used.values() if "/" in place]
    there = [*_folders(installed), *_folders(SHIPPED), *own]
    listed = [_listed(path, proofs) for path in there]
    for language, place in used.items():
        for at, one in enumerate(listed):
            if place in (one.name, str(one.path)):
                listed[at] = msgspec.structs.replace(one, used_for=language)
                break  # an installed one comes before a shipped one of the same name
    return sorted(listed, key=lambda one: (one.language, one.name))


def _listed(path: Path, proofs: Path) -> Listed:
    trouble, made_for = "", 0
    try:
        made_for = read_model_folder(path).made_for
        prove(path, proofs)
    except ModelUnusable as fault:
        trouble = str(fault)
    return Listed(path.name, language_of(path), _size(path), made_for, path, path.parent == SHIPPED, trouble)


def _folders(home: Path) -> list[Path]:
    if not home.is_dir():
        return []
    return sorted(path for path in home.iterdir() if path.is_dir() and not path.name.startswith("."))


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in files_of(path)) if path.is_dir() else 0
