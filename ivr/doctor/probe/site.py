"""The site file as the checker sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ivr.config import timezone
from ivr.doctor.finding import Finding
from ivr.doctor.judge import site
from ivr.doctor.judge.site import SiteFacts
from ivr.doctor.subject import Subject, short
from speech.saying.phrases import FIXED


def examine(subject: Subject) -> Iterator[Finding]:
    known = subject.site
    yield from site.judge(
        SiteFacts(
            name=subject.name,
            file=short(subject.site_file),
            findings=subject.findings,
            asked=subject.asked,
            version=subject.loaded.version if subject.loaded else None,
            running=subject.status.get("version") if subject.status else None,
            timezone=known.timezone if known else "",
            now=datetime.now(UTC).astimezone(timezone(known)) if known else None,
            languages=tuple(known.languages) if known else (),
            phrases_in=phrase_languages(),
        )
    )


def phrase_languages() -> tuple[str, ...]:
    """Languages in which every sentence of the hotline's own is written."""
    return tuple(sorted(set.intersection(*(set(texts) for texts in FIXED.values()))))
