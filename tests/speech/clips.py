"""The test sound of the Russian model: who said what, how it was spoilt."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from speech.pcm import Samples
from speech.wav import read_wav

FOLDER = Path(__file__).parents[1] / "sounds" / "speech"


class Clip(NamedTuple):
    file: str
    condition: str
    kind: str
    text: str
    voice: str


@cache
def clips(kind: str = "", condition: str = "") -> list[Clip]:
    """Of this kind and condition; all of them where nothing is asked for."""
    with (FOLDER / "eval.tsv").open(encoding="utf-8") as file:
        rows = [Clip(**row) for row in csv.DictReader(file, delimiter="\t")]
    return [one for one in rows if kind in ("", one.kind) and condition in ("", one.condition)]


@cache
def sound_of(clip: Clip) -> Samples:
    rate, samples = read_wav(FOLDER / clip.file)
    assert rate == 8000
    return samples
