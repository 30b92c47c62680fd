"""What a test wants to know of findings."""

from __future__ import annotations

from collections.abc import Iterable

from ivr.doctor.finding import Finding


def troubles(findings: Iterable[Finding]) -> list[str]:
    """The codes of what is not well; each has a cure with nothing left to fill in."""
    found = [one for one in findings if one.verdict != "ok"]
    assert all(one.cure and "{" not in one.cure + one.sentence for one in found)
    return [one.code for one in found]


def said(findings: Iterable[Finding], code: str) -> Finding:
    """The one finding with this code."""
    [found] = [one for one in findings if one.code == code]
    return found
