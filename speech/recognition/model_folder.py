"""A Vosk model's folder: what it is, and whether all of it is there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from speech.recognition.kaldi_files import fault_of_fst, fault_of_nnet, fault_of_text, options_of
from speech.recognizer import ModelUnusable

SUMS = "SHA256SUMS"
"""A file of this name in a model's folder, as sha256sum writes it, is what its files must be."""
NOTE = "installed.json"
"""What was said when the model was installed: {"language": "ru"}."""

_KALDI_RATE = 16000  # Kaldi's own when mfcc.conf names none
_NAME = re.compile(r"^vosk-model-(?:small-|tiny-|big-)?([a-z]{2,3})(?:-|$)")
_NOT_LANGUAGES = {"spk", "tts"}  # Alpha Cephei's models for other purposes, named alike
_OTHER_CODES = {
    "cn": "zh",
    "kz": "kk",
    "ua": "uk",
    "vn": "vi",
}  # countries, where the name should say a language
_NEEDED: dict[str, Callable[[Path], str]] = {
    "am/final.mdl": fault_of_nnet,
    "conf/mfcc.conf": fault_of_text,
    "conf/model.conf": fault_of_text,
}
_GRAMMAR_GRAPH = {
    "graph/HCLr.fst": fault_of_fst,
    "graph/Gr.fst": fault_of_fst,
    "graph/disambig_tid.int": fault_of_text,
}
_FIXED_GRAPH = {"graph/HCLG.fst": fault_of_fst, "graph/words.txt": fault_of_text}
_WORD_TIMES = {"graph/phones/word_boundary.int": fault_of_text}
_SPEAKER = ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")


class ModelFolder(msgspec.Struct, frozen=True):
    """name: the folder's. language: ISO 639 code; "" if neither its name nor a note says it.

    made_for: Hz of the sound it learnt from. fed: Hz it must be given: 8000, or its own rate when it refuses
    any other. grammars: whether phrases can be given at run time; otherwise it always listens for anything.
    """

    path: Path
    name: str
    language: str
    made_for: int
    fed: int
    grammars: bool
    bytes: int


def read_model_folder(path: Path) -> ModelFolder:
    """Look over the files, without loading them. Raises ModelUnusable: the folder, what is wrong, the way out."""
    try:
        return _read(path)
    except OSError as fault:
        raise unusable(path, f"{fault.filename or path}: {fault.strerror}") from fault


def unusable(path: Path, why: str) -> ModelUnusable:
    return ModelUnusable(
        f"the speech model in {path} cannot be used: {why}; install it again (./hotline models)"
    )


def language_of(path: Path) -> str:
    """By the note of its installation, else by its name ("vosk-model-small-ru-0.22"); "" if unknown."""
    try:
        noted = json.loads((path / NOTE).read_text("utf-8")).get("language", "")
    except (OSError, ValueError, AttributeError):
        noted = ""
    named = _NAME.match(path.name)
    code = named[1] if named and named[1] not in _NOT_LANGUAGES else ""
    return noted or _OTHER_CODES.get(code, code)


def files_of(path: Path) -> list[Path]:
    """Every file below, in a fixed order."""
    return sorted(file for file in path.rglob("*") if file.is_file())


def stamp_of(path: Path) -> str:
    """Changes when a file is added, taken away or written: names, sizes and times, so that 2 GB need no reading."""
    seen = sha256()
    for file in files_of(path):
        state = file.stat()
        seen.update(f"{file.relative_to(path)}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def write_sums(path: Path) -> None:
    """Note what each file is now, for `check_sums`."""
    lines = [f"{_sum(file)}  {file.relative_to(path)}\n" for file in files_of(path) if file.name != SUMS]
    (path / SUMS).write_text("".join(lines), "utf-8")


def check_sums(path: Path) -> None:
    """Reads every file that has a sum; nothing is wrong with a model without sums. Raises ModelUnusable."""
    if not (path / SUMS).is_file():
        return
    for line in (path / SUMS).read_text("utf-8").splitlines():
        expected, _, name = line.partition("  ")
        file = path / name
        if not file.is_file():
            raise unusable(path, f"{name} is missing")
        if _sum(file) != expected:
            raise unusable(path, f"{name} is not what it was when the model was made or installed")


def _read(path: Path) -> ModelFolder:
    if not path.is_dir():
        raise unusable(path, "there is no such folder")
    if not (path / "am").is_dir() and (path / "final.mdl").is_file():
        raise unusable(
            path, "it is of Vosk's first layout (before 2020), which is not read; take a newer one"
        )
    grammars = (path / "graph" / "HCLr.fst").is_file() or not (path / "graph" / "HCLG.fst").is_file()
    for fault in _faults(path, _NEEDED | (_GRAMMAR_GRAPH if grammars else _FIXED_GRAPH) | _WORD_TIMES):
        raise unusable(path, fault)
    made_for, fed = _rates(path)
    return ModelFolder(
        path=path,
        name=path.name,
        language=language_of(path),
        made_for=made_for,
        fed=fed,
        grammars=grammars,
        bytes=sum(file.stat().st_size for file in files_of(path)),
    )


def _faults(path: Path, needed: dict[str, Callable[[Path], str]]) -> Iterator[str]:
    for name, fault_of in needed.items():
        if not (path / name).is_file():
            yield f"{name} is missing"
        elif fault := fault_of(path / name):
            yield f"{name} {fault}"
    if (path / "ivector").is_dir():
        yield from (
            f"ivector/{name} is missing" for name in _SPEAKER if not (path / "ivector" / name).is_file()
        )
    if "endpoint.silence-phones" not in options_of(path / "conf" / "model.conf"):
        yield "conf/model.conf names no --endpoint.silence-phones, without which Vosk ends the process"


def _rates(path: Path) -> tuple[int, int]:
    """What it learnt from, and what it takes. Kaldi refuses a lower rate than its own unless it may raise it."""
    options = options_of(path / "conf" / "mfcc.conf")
    try:
        own = round(float(options.get("sample-frequency", _KALDI_RATE)))
    except ValueError as fault:
        raise unusable(path, "conf/mfcc.conf has a --sample-frequency that is no number") from fault
    if own % 8000 or not 8000 <= own <= 48000:
        raise unusable(
            path, f"it wants sound at {own} Hz; a telephone line gives 8000, which fits 8000 and 16000"
        )
    raises = options.get("allow-upsample", "false") in ("true", "")
    return 8000 if path.name.endswith("-8k") else own, 8000 if raises else own


def _sum(file: Path) -> str:
    seen = sha256()
    with file.open("rb") as data:
        while block := data.read(1 << 20):
            seen.update(block)
    return seen.hexdigest()
