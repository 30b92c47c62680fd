"""Models put on this machine and taken away again: in one step each, proved before they count."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from speech.recognition.model_archive import MOST_BYTES, ArchiveRefused, unpack
from speech.recognition.model_download import OFFICIAL, DownloadFailed, download, offered
from speech.recognition.model_folder import (
    NOTE,
    ModelFolder,
    check_sums,
    files_of,
    language_of,
    read_model_folder,
    write_sums,
)
from speech.recognition.model_proof import prove
from speech.recognition.models import INSTALLED, PROOFS, SHIPPED
from speech.recognizer import ModelUnusable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class NotInstalled(Exception):
    """Nothing was changed; the text says why and what to do."""


def add_model(
    source: str,
    language: str = "",
    installed: Path = INSTALLED,
    proofs: Path = PROOFS,
    base: str = OFFICIAL,
) -> ModelFolder:
    """Install a model from a folder or a zip file, or by Vosk's own name. Returns where it is now.

    language: ISO 639 code, for a model whose name does not say it. Raises NotInstalled.
    """
    if language and not _LANGUAGE.fullmatch(language):
        raise NotInstalled(f'"{language}" is no language code; give one like ru or en')
    installed.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=installed) as staging:
        try:
            found = _model_in(_brought(source, Path(staging), base), source)
            return _settled(found, language, installed, proofs)
        except (ArchiveRefused, DownloadFailed) as fault:
            raise NotInstalled(f"{source}: {fault}") from fault
        except ModelUnusable as fault:
            raise NotInstalled(
                str(fault).replace(str(staging), "").replace(str(Path(source)), source)
            ) from fault
        except OSError as fault:
            raise NotInstalled(f"{fault.filename or source}: {fault.strerror or fault}") from fault


def remove_model(name: str, installed: Path = INSTALLED, proofs: Path = PROOFS) -> None:
    """Delete an installed model. Who has it loaded goes on with it until his restart. Raises NotInstalled."""
    path = installed / name
    if not _NAME.fullmatch(name) or not path.is_dir():
        ships = _NAME.fullmatch(name) and (SHIPPED / name).is_dir()
        why = "it ships with the project and stays" if ships else "./hotline models shows which there are"
        raise NotInstalled(f'"{name}" is not installed: {why}')
    with tempfile.TemporaryDirectory(prefix=".removing-", dir=installed) as away:
        path.rename(Path(away) / name)
    (proofs / f"{name}.proof.json").unlink(missing_ok=True)


def _brought(source: str, staging: Path, base: str) -> Path:
    """A folder below `staging` with what the source holds."""
    path, into = Path(source), staging / "content"
    if path.is_dir():
        read_model_folder(path)  # before hundreds of megabytes are copied
        _demand_room(sum(file.stat().st_size for file in files_of(path)), staging)
        shutil.copytree(path, into / path.resolve().name, ignore=shutil.ignore_patterns(".*"))
        return into
    if not path.is_file():
        if "/" in source or source.endswith(".zip"):
            raise NotInstalled(f"{source}: there is no such file or folder")
        path = _fetched(source, staging, base)
    _demand_room(3 * path.stat().st_size, staging)
    into.mkdir()
    unpack(path, into)
    return into


def _fetched(name: str, staging: Path, base: str) -> Path:
    if not _NAME.fullmatch(name):
        raise NotInstalled(f'"{name}" is no name of a model')
    model = offered(name, base)
    _demand_room(4 * model.bytes, staging)
    archive = staging / f"{name}.zip"
    download(model, archive, base)
    return archive


def _model_in(content: Path, source: str) -> Path:
    """The model's own folder: archives have it below one of its name, or without."""
    if (content / "am").is_dir():
        return content.rename(content.with_name(Path(source).stem))
    below = [path for path in content.iterdir() if path.is_dir()]
    if len(below) != 1:
        raise NotInstalled(
            f"{source}: no speech model is in it; a model is one folder with am, conf and graph"
        )
    return below[0]


def _settled(found: Path, language: str, installed: Path, proofs: Path) -> ModelFolder:
    if not _NAME.fullmatch(found.name):
        raise NotInstalled(f'"{found.name}" is no name for a model: letters, digits, dots and dashes only')
    place = installed / found.name
    if place.exists():
        raise NotInstalled(
            f"{found.name} is installed already; to replace it: ./hotline models remove {found.name}"
        )
    spoken = language or language_of(found)
    if not spoken:
        raise NotInstalled(f"{found.name} does not say its language; add --language with its code, like ru")
    (found / NOTE).write_text(json.dumps({"language": spoken}) + "\n", "utf-8")
    read_model_folder(found)
    check_sums(found)
    write_sums(found)
    prove(found, proofs)
    found.rename(place)
    return read_model_folder(place)


def _demand_room(needed: int, where: Path) -> None:
    if needed > MOST_BYTES * 3:
        raise NotInstalled(f"it is larger ({needed >> 30} GB) than any model")
    free = shutil.disk_usage(where).free
    if needed > free:
        raise NotInstalled(
            f"it needs up to {needed >> 20} MB in {where.parent}, where {free >> 20} MB are free"
        )
