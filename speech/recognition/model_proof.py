"""Whether a model really works, found out where it can do no harm.

Vosk is C++: a model whose files are broken inside ends the process that loads it, with every call's ear in it.
So a model never seen before is loaded once by a process of its own, and the result is kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np

from speech.recognition.model_folder import check_sums, read_model_folder, stamp_of, unusable
from speech.recognizer import ModelUnusable

_PROJECT = Path(__file__).resolve().parents[2]
_SECONDS = 120.0  # the largest model, from a cold disk


def prove(path: Path, kept: Path, seconds: float = _SECONDS) -> None:
    """Make sure that the model can be loaded; at once if that was found out before and no file changed since.

    kept: folder for the results, made if need be; one that cannot be written to costs a proof at each start.
    seconds: how long loading may take. Raises ModelUnusable.
    """
    read_model_folder(path)
    stamp = stamp_of(path)
    note = kept / f"{path.name}.proof.json"
    if _known(note, stamp):
        return
    check_sums(path)
    _load_elsewhere(path, seconds)
    _keep(note, stamp)


def _load_elsewhere(path: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "speech.recognition.model_proof", str(path.resolve())]
    try:
        done = subprocess.run(
            command,
            cwd=_PROJECT,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise unusable(path, f"it was not loaded within {seconds:.0f} s") from fault
    if done.returncode:
        raise unusable(path, _why(done.returncode, done.stderr))


def _why(code: int, words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    if code == 1 and lines and lines[-1].startswith("no: "):
        return lines[-1].removeprefix("no: ")
    return "Vosk broke down over it" if code < 0 else "Vosk does not take it"


def _known(note: Path, stamp: str) -> bool:
    try:
        return json.loads(note.read_text("utf-8")).get("stamp") == stamp
    except (OSError, ValueError, AttributeError):
        return False


def _keep(note: Path, stamp: str) -> None:
    part = note.with_name(f"{note.name}.{os.getpid()}.part")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"stamp": stamp}), "utf-8")
        part.replace(note)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _try(path: Path) -> None:
    """All that a caller would ask of it: load, listen with a grammar and without, decide."""
    from speech.recognition.vosk_recognizer import VoskRecognizer  # noqa: PLC0415  the parent must not load Vosk

    engine = VoskRecognizer(path, "")
    noise = np.random.default_rng(1).normal(0, 3000, 8000).astype(np.int16)
    for grammar in (["[unk]"], None):
        utterance = engine.utterance(grammar)
        utterance.feed(noise)
        utterance.partial()
        utterance.finish()


if __name__ == "__main__":
    try:
        _try(Path(sys.argv[1]))
    except ModelUnusable:
        sys.exit("no: Vosk cannot load it")
    except Exception as fault:  # whatever Vosk says about it
        sys.exit(f"no: Vosk says {str(fault).lower()}")
