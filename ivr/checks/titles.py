"""Names and languages: each title in every language of the site."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.checks.subject import Subject
from ivr.finding import Finding
from ivr.site_words import Texts
from ivr.yaml_source import Steps


def titles(subject: Subject) -> Iterator[Finding]:
    site = subject.site
    for place, language in enumerate(site.languages):
        if language in site.languages[:place]:
            yield subject.error(
                ("languages", place), "language-twice", f"'{language}' stands here twice; delete one"
            )
    for path, texts, spoken in _titles(subject):
        for language in texts:
            known = (*path, language)
            yield from subject.unknown("languages", "language", language, site.languages, known)
        for language in site.languages:
            if texts.get(language, "").strip() or language in subject.words:
                continue
            if spoken:
                sentence = f"no text in '{language}', and it is spoken on the telephone; write it"
                yield subject.error((*path, language), "no-text", sentence)
            else:
                yield subject.warning((*path, language), "no-title", f"no text in '{language}'; write it")


def _titles(subject: Subject) -> Iterator[tuple[Steps, Texts, bool]]:
    """(where, texts, whether somebody hears them)"""
    site = subject.site
    if "name" not in subject.lost:
        yield ("name",), site.name, False
    for name, line in site.lines.items():
        yield ("lines", name, "title"), line.title, False
    for name, topic in site.topics.items():
        yield ("topics", name, "title"), topic.title, True
    for name, pause in site.pauses.items():
        yield ("pauses", name, "title"), pause.title, True
