"""What the doctor has to say: what was looked at, how it is, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["ok", "warning", "error"]
Gravity = Literal["warning", "error"]

AREAS = (
    "Site",
    "Asterisk",
    "Ports",
    "Prompts",
    "Speech",
    "Records",
    "Secrets",
    "Machine",
    "Running",
)
"""In the order in which they are shown."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    area: one of AREAS. what: the thing, in a word or three. code: stable name of the trouble, "" when all is
    well. sentence: what was seen. cure: a command or a setting; "" only when all is well.
    """

    area: str
    what: str
    verdict: Verdict
    sentence: str
    cure: str = ""
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "what": self.what,
            "verdict": self.verdict,
            "code": self.code,
            "sentence": self.sentence,
            "cure": self.cure,
        }


def well(area: str, what: str, sentence: str) -> Finding:
    """Looked at, and nothing to do."""
    return Finding(area, what, "ok", sentence)


@dataclass(frozen=True)
class Trouble:
    """A kind of trouble: the source of the finding and of its entry in docs/doctor.md.

    An error keeps the hotline from starting or from serving the calls it expects; a warning does not.
    sentence, cure: with {places} for what was seen. because: for the docs, why it matters; no places.
    """

    code: str
    area: str
    what: str
    gravity: Gravity
    sentence: str
    cure: str
    because: str

    def __call__(self, **seen: object) -> Finding:
        """The finding. Raises KeyError when a place of the text is not filled."""
        return Finding(
            self.area,
            self.what,
            self.gravity,
            self.sentence.format(**seen),
            self.cure.format(**seen),
            self.code,
        )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By area; within one as they came."""
    return sorted(findings, key=lambda one: AREAS.index(one.area))


def errors(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in findings if one.verdict == "error")


def warnings(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in findings if one.verdict == "warning")
