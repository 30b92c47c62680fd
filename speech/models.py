"""Which models there are: those that ship with the project, and those installed on this machine."""

from __future__ import annotations

from pathlib import Path

from speech.model_folder import ModelFolder, read_model_folder
from speech.recognizer import ModelUnusable

SHIPPED = Path(__file__).resolve().parent / "models"


def default_models() -> dict[str, str]:
    """Language -> the name of the model that ships for it."""
    return {"ru": "vosk-model-tiny-ru-8k"}


def find_model(name_or_path: str, installed: Path | None = None) -> ModelFolder:
    """A model by name (installed ones first) or by its folder. installed: folder of the installed models.

    Raises ModelUnusable, naming what was sought and the way out.
    """
    if "/" in name_or_path:
        return read_model_folder(Path(name_or_path))
    for home in (installed, SHIPPED):
        if home is not None and (home / name_or_path).is_dir():
            return read_model_folder(home / name_or_path)
    raise ModelUnusable(f'no model "{name_or_path}" here; ./hotline models shows which there are')
