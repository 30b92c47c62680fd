"""Asterisk's configuration files as data: sections, settings and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = re.compile(r"\[([^\]]+)\](?:\(([^)]*)\))?")
DIRECTIVE = re.compile(r"#\s*(\w+)")
TRUE = frozenset({"yes", "true", "y", "t", "1", "on"})


@dataclass(frozen=True)
class Setting:
    """key = value (or key => value), and its line, counted from 1."""

    key: str
    value: str
    line: int


@dataclass
class Section:
    """[name](!,parents). settings: its own, after those of its parents."""

    name: str
    line: int
    template: bool = False
    settings: list[Setting] = field(default_factory=list[Setting])

    def all(self, key: str) -> list[Setting]:
        return [setting for setting in self.settings if setting.key == key]

    def last(self, key: str) -> Setting | None:
        found = self.all(key)
        return found[-1] if found else None

    def value(self, key: str, default: str = "") -> str:
        found = self.last(key)
        return found.value if found else default

    def is_on(self, key: str, default: bool = False) -> bool:
        found = self.last(key)
        return found.value.lower() in TRUE if found else default


@dataclass
class ConfFile:
    """directives: lines such as #include, whose files nobody has looked at."""

    name: str
    sections: list[Section] = field(default_factory=list[Section])
    directives: list[Setting] = field(default_factory=list[Setting])
    unreadable: list[Setting] = field(default_factory=list[Setting])

    def section(self, name: str) -> Section | None:
        return next((section for section in self.sections if section.name == name), None)

    def of_type(self, kind: str) -> Iterator[Section]:
        """pjsip.conf: sections with type = kind; templates are not sections of their own."""
        for section in self.sections:
            if not section.template and section.value("type").lower() == kind:
                yield section


def parse(name: str, text: str) -> ConfFile:
    """Never raises: what is no section, setting, comment or directive comes back as unreadable."""
    file = ConfFile(name)
    for number, raw in enumerate(text.split("\n"), start=1):
        line = _without_comment(raw)
        if not line:
            continue
        if directive := DIRECTIVE.match(line):
            file.directives.append(Setting(directive.group(1).lower(), line, number))
        elif header := HEADER.fullmatch(line):
            file.sections.append(_opened(file, header.group(1), header.group(2) or "", number))
        elif "=" in line and file.sections:
            key, _, value = line.partition("=")
            setting = Setting(key.strip().rstrip("+").lower(), value.removeprefix(">").strip(), number)
            file.sections[-1].settings.append(setting)
        else:
            file.unreadable.append(Setting("", line, number))
    return file


def _opened(file: ConfFile, name: str, options: str, line: int) -> Section:
    words = [word.strip() for word in options.split(",") if word.strip()]
    section = Section(name, line, template="!" in words)
    for word in words:
        parent = file.section(word)
        if parent is not None:
            section.settings.extend(parent.settings)
        elif word not in ("!", "+"):
            file.unreadable.append(
                Setting(word, f"[{name}] follows [{word}], which does not stand before it", line)
            )
    return section


def _without_comment(raw: str) -> str:
    """A `;` begins a comment unless a backslash stands before it."""
    return re.split(r"(?<!\\);", raw, maxsplit=1)[0].strip()
