"""Prompts spoken by a person: `<folder>/<language>/<name>.wav` replaces the synthetic one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

_MAIN_PARTS = ("say", "ask")  # of a node, these are what it is known for


def recording_for(folder: Path | None, language: str, prompt: str) -> Path | None:
    """The recording of a prompt, or None.

    prompt: "main.topic.ask". `main.topic.ask.wav` is taken first, then `main.topic.wav`: a node's
    name alone stands for what it says or asks, not for its repetitions and apologies.
    """
    if folder is None:
        return None
    names = [prompt]
    node, _, part = prompt.rpartition(".")
    if node and part in _MAIN_PARTS:
        names.append(node)
    places = (folder / language / f"{name}.wav" for name in names)
    return next((place for place in places if place.is_file()), None)


def unused_recordings(folder: Path | None, prompts: Iterable[tuple[str, str]]) -> list[str]:
    """A sentence for each recording that replaces nothing, with the name that may have been meant.

    prompts: (language, name) of every prompt there is.
    """
    if folder is None or not folder.is_dir():
        return []
    known = list(prompts)
    used = {recording_for(folder, language, name) for language, name in known}
    remarks: list[str] = []
    for file in sorted(folder.glob("*/*")):
        if file.name.startswith(".") or file in used:
            continue
        names = sorted({name for language, name in known if language == file.parent.name})
        near = difflib.get_close_matches(file.stem, names, n=1)
        hint = f"; did you mean {near[0]}.wav?" if near else ""
        remarks.append(f"{file} replaces no prompt{hint}")
    return remarks
