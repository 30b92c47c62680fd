"""Measured times from files: durations for an empirical distribution, moments of calls for a trace.

A file is text, one value a line (of a CSV file: its first column; a decimal comma is understood where commas do
not part columns), packed by gzip if its name ends in .gz. A
first line that is no value is a heading; empty lines and lines that begin with # say nothing.
"""

from __future__ import annotations

import csv
import gzip
import math
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

MOST_VALUES = 5_000_000
_LONGEST_LINE = 10_000


class Unreadable(Exception):
    """The file cannot be used. The message names file, line and the way out."""


class Measured:
    """The files that a scenario names, relative to its folder. Each is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[tuple[str, str], tuple[float, ...]] = {}

    def durations(self, name: str) -> tuple[float, ...]:
        """Seconds, each >= 0. Raises Unreadable."""
        return self._values("durations", name, lambda rows: tuple(_duration(name, *row) for row in rows))

    def calls(self, name: str) -> tuple[float, ...]:
        """Seconds from the scenario's midnight, rising. Raises Unreadable."""
        return self._values("calls", name, lambda rows: call_times(name, rows))

    def _values(
        self, kind: str, name: str, of: Callable[[Iterable[tuple[int, str]]], tuple[float, ...]]
    ) -> tuple[float, ...]:
        if (kind, name) not in self._read:
            try:
                values = of(_rows(name, self._folder / name))
            except UnicodeDecodeError as why:
                raise Unreadable(f"{name} is no UTF-8 text; save it as CSV in UTF-8") from why
            except (OSError, EOFError, zlib.error) as why:
                reason = getattr(why, "strerror", None) or str(why)
                raise Unreadable(f"{name} cannot be read ({reason}); check its name and rights") from why
            if not values:
                raise Unreadable(f"{name} has no values; put one into each line")
            self._read[kind, name] = values
        return self._read[kind, name]


def _rows(name: str, path: Path) -> Iterator[tuple[int, str]]:
    """(line, first column) of each line that says something; the heading is left out."""
    first = True
    with (
        gzip.open(path, "rt", encoding="utf-8-sig")
        if name.endswith(".gz")
        else path.open(encoding="utf-8-sig")
    ) as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), ""), 1):
            cell = _first_column(line)
            if not cell or cell.startswith("#"):
                continue
            if number > MOST_VALUES:
                raise Unreadable(f"{name} has more than {MOST_VALUES:,} lines; take a sample, or fewer days")
            heading = first and _number(cell) is None and _moment(cell) is None
            first = False
            if not heading:
                yield number, cell


def _first_column(line: str) -> str:
    """Columns stand apart by semicolons, tabs or, where there are none, commas."""
    apart = next((one for one in ";\t" if one in line), ",")
    if apart not in line and '"' not in line:  # nearly always, in a file of one column
        return line.strip()
    try:
        cells = next(csv.reader([line.rstrip("\r\n")], delimiter=apart, skipinitialspace=True), [""])
    except csv.Error:
        return line.strip()
    return cells[0].strip() if cells else ""


def _duration(name: str, line: int, cell: str) -> float:
    seconds = _number(cell)
    if seconds is None or seconds < 0:
        raise Unreadable(f"{name}:{line}: '{cell[:40]}' is no number of seconds, zero or more")
    return seconds


def call_times(name: str, rows: Iterable[tuple[int, str]]) -> tuple[float, ...]:
    """Moments as seconds from the scenario's midnight: numbers as they are, dates and times from the midnight
    before the earliest, on the clock that the file itself uses (the offset of its first time).

    rows: (line, text). Raises Unreadable for a line that is neither, or not of the same kind as the first.
    """
    seconds: list[float] = []
    moments: list[datetime] = []
    for line, cell in rows:
        number, moment = _number(cell), _moment(cell)
        if number is not None and number >= 0 and not moments:
            seconds.append(number)
        elif moment is not None and not seconds:
            if moments and (moment.tzinfo is None) != (moments[0].tzinfo is None):
                raise Unreadable(
                    f"{name}:{line}: '{cell[:40]}' and the lines before: some with an offset, some without"
                )
            moments.append(moment.astimezone(moments[0].tzinfo) if moments and moment.tzinfo else moment)
        else:
            raise Unreadable(
                f"{name}:{line}: '{cell[:40]}' is not a call's time; all are seconds, or all like 2026-11-20T08:00:01"
            )
    if moments:
        midnight = min(moments).replace(hour=0, minute=0, second=0, microsecond=0)
        seconds = [(moment - midnight).total_seconds() for moment in moments]
    return tuple(sorted(seconds))


def _number(cell: str) -> float | None:
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(cell: str) -> datetime | None:
    try:
        return datetime.fromisoformat(cell) if "-" in cell else None
    except ValueError:
        return None
