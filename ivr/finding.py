"""What the checker has to say: where, how grave, and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One finding of the checker; they sort by file and place.

    file: as the user named it, or beside the site file. line, column: from 1; 0 is the file as a whole.
    severity: an error keeps the hotline from starting, a warning does not.
    code: stable name of the kind of finding, e.g. "unknown-key". sentence: what is wrong and the way out.
    """

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.sentence}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def about_file(file: Path | str, code: str, sentence: str, severity: Severity = "error") -> Finding:
    """A finding about a file as a whole: it is missing, empty, not text."""
    return Finding(str(file), 0, 0, severity, code, sentence)


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(one.severity == "error" for one in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Each once, by file, line and column."""
    return sorted(set(findings))
