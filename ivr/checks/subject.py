"""What is being checked: the site as far as it could be read, and the lines of its file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ivr.core.suggestion import did_you_mean
from ivr.finding import Finding
from ivr.site import Site
from ivr.yaml_source import Source, Steps


@dataclass(frozen=True)
class Subject:
    """lost: parts of the file left out as a whole. words: names that stood in values left out."""

    site: Site
    source: Source
    lost: frozenset[str]
    words: frozenset[str]

    def error(self, path: Steps, code: str, sentence: str, *, key: bool = False) -> Finding:
        return self.source.finding(path, code, sentence, key=key)

    def warning(self, path: Steps, code: str, sentence: str, *, key: bool = False) -> Finding:
        return self.source.warning(path, code, sentence, key=key)

    def unknown(
        self, part: str, kind: str, name: str, known: Collection[str], path: Steps
    ) -> Iterator[Finding]:
        """A finding if there is no such name in that part; none if it may be among what could not be read."""
        if name not in known and name not in self.words and part not in self.lost:
            sentence = f"there is no {kind} '{name}'; {did_you_mean(name, known)}"
            yield self.error(path, f"unknown-{kind}", sentence)
