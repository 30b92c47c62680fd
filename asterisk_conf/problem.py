"""What a rule of the linter looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from asterisk_conf.conf_file import ConfFile
from asterisk_conf.dialplan import Dialplan


@dataclass(frozen=True, order=True)
class Problem:
    """file: e.g. "pjsip.conf". line: counted from 1, 0 for the whole file. rule: its short name."""

    file: str
    line: int
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence} [{self.rule}]"


@dataclass(frozen=True)
class Files:
    """What the rules look at. A missing file is an empty one here; the rule `missing-file` tells of it."""

    by_name: Mapping[str, ConfFile]
    dialplan: Dialplan

    def __getitem__(self, name: str) -> ConfFile:
        return self.by_name.get(name) or ConfFile(name)


Rule = Callable[[Files], Iterator[Problem]]
