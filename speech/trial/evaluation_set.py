"""A set of test sound: a table of WAV files with what is said in each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from speech.pcm import TELEPHONE_RATE, Samples
from speech.wav import SoundUnreadable, read_wav

Kind = Literal["menu", "other", "digits", "number"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COLUMNS = ("file", "kind", "condition", "text")
_OLDER = {"oog": "other", "numbers": "number"}


class SetUnreadable(Exception):
    """The table or a file of it cannot be used; the text names file and line. Whose: who made the set."""


@dataclass(frozen=True)
class Clip:
    """One utterance. file: absolute. kind: "other" is speech that fits no choice. condition: a free word for
    the sort of sound. text: the words said. line: of the table."""

    file: Path
    kind: Kind
    condition: str
    text: str
    line: int

    def sound(self) -> Samples:
        """8 kHz int16 mono. Raises SetUnreadable."""
        try:
            rate, samples = read_wav(self.file)
        except SoundUnreadable as fault:
            raise SetUnreadable(f"line {self.line} of the table: {fault}") from fault
        if rate != TELEPHONE_RATE:
            raise SetUnreadable(
                f"line {self.line} of the table: {self.file} has {rate} Hz; make it {TELEPHONE_RATE} Hz, "
                "as a telephone line has"
            )
        return samples


def read_set(path: Path) -> list[Clip]:
    """The clips of a TSV file with a line of column names: `COLUMNS` in any order, others are ignored.

    The sound is not read yet, but every file must be there. Raises SetUnreadable.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise SetUnreadable(f"{path}: {getattr(fault, 'strerror', None) or 'it is not UTF-8'}") from fault
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise SetUnreadable(
            f"{path}:1: no column {', '.join(missing)}; the first line names the columns, with a tab between: "
            f"{', '.join(COLUMNS)}"
        )
    clips = [_clip(path, number, row) for number, row in enumerate(rows, start=2)]
    if not clips:
        raise SetUnreadable(f"{path}: there is no clip in it; give each a line under the columns' names")
    return clips


def _clip(path: Path, number: int, row: dict[str, str | None]) -> Clip:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    kind = _OLDER.get(values["kind"], values["kind"])
    if kind not in KINDS:
        raise SetUnreadable(f"{path}:{number}: the kind is {', '.join(KINDS)}, not {values['kind']!r}")
    for name in ("file", "condition", "text"):
        if not values[name]:
            raise SetUnreadable(f"{path}:{number}: the column {name} is empty")
    file = (path.parent / values["file"]).absolute()
    if not file.is_file():
        raise SetUnreadable(f"{path}:{number}: there is no file {file}")
    return Clip(file, cast(Kind, kind), values["condition"], values["text"], number)
