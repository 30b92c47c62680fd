"""A YAML file as a tree that knows the line of each key and each value.

The tree is built from ruamel.yaml's nodes and not from its finished values, because only so every duplicate
key is seen, `0800` and `+7495...` stay the digits they are, and a file of aliases that multiply is refused
before it fills the memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode
from ruamel.yaml.reader import ReaderError

from ivr.finding import Finding, Severity, about_file
from ivr.yaml_syntax import syntax_finding

MAX_BYTES = 4_000_000
MAX_NODES = 400_000
_INT = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_TAGS = {"str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value"}

Steps = tuple[str | int, ...]
Scalar = str | int | float | bool | None


@dataclass
class Placed:
    """A value and where it stands. line, column from 1; key_line, key_column: of its key (or list item)."""

    content: dict[str, Placed] | list[Placed] | Scalar
    line: int
    column: int
    key_line: int
    key_column: int

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.content, dict):
            return {key: child.plain() for key, child in self.content.items()}
        if isinstance(self.content, list):
            return [child.plain() for child in self.content]
        return self.content

    def child(self, step: str | int) -> Placed | None:
        if isinstance(self.content, dict):
            return self.content.get(str(step))
        if isinstance(self.content, list) and isinstance(step, int) and 0 <= step < len(self.content):
            return self.content[step]
        return None


@dataclass
class Source:
    """One YAML file. file: how findings name it. text: as read, for its hash."""

    file: str
    text: str
    root: Placed

    def at(self, path: Steps) -> Placed | None:
        """The value at this path, None if the file has none there."""
        here: Placed | None = self.root
        for step in path:
            here = here.child(step) if here is not None else None
        return here

    def plain_at(self, path: Steps) -> Any:
        """The value at this path without places, None if there is none."""
        placed = self.at(path)
        return placed.plain() if placed is not None else None

    def nearest(self, path: Steps) -> tuple[Placed, bool]:
        """The value at the longest part of the path that the file has, and whether that is all of it."""
        here = self.root
        for step in path:
            child = here.child(step)
            if child is None:
                return here, False
            here = child
        return here, True

    def plain(self) -> Any:
        return self.root.plain()

    def remove(self, path: Steps) -> None:
        """Take the value at the path out; nothing happens if it is not there."""
        parent = self.at(path[:-1])
        if parent is None or not path or parent.child(path[-1]) is None:
            return
        if isinstance(parent.content, dict):
            del parent.content[str(path[-1])]
        elif isinstance(parent.content, list) and isinstance(path[-1], int):
            del parent.content[path[-1]]

    def finding(
        self, path: Steps, code: str, sentence: str, severity: Severity = "error", *, key: bool = False
    ) -> Finding:
        """A finding at this path, or at the nearest place above it. key: at the key, not at its value."""
        place, exact = self.nearest(path)
        if key or not exact:
            return Finding(self.file, place.key_line, place.key_column, severity, code, sentence)
        return Finding(self.file, place.line, place.column, severity, code, sentence)

    def warning(self, path: Steps, code: str, sentence: str, *, key: bool = False) -> Finding:
        return self.finding(path, code, sentence, "warning", key=key)


def load_yaml(path: Path, shown_as: str | None = None) -> tuple[Source | None, list[Finding]]:
    """Read a file. The source is None when nothing can be made of it; the findings say why."""
    shown = shown_as or str(path)
    text = _read(path, shown)
    if isinstance(text, Finding):
        return None, [text]
    return parse_yaml(text, shown)


def _read(path: Path, shown: str) -> str | Finding:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return about_file(shown, "file-missing", "there is no such file; check its name and folder")
    except (IsADirectoryError, NotADirectoryError):
        return about_file(shown, "not-a-file", "this is a folder, not a file; name the YAML file in it")
    except (OSError, ValueError) as why:
        reason = getattr(why, "strerror", None) or str(why)
        return about_file(shown, "file-unreadable", f"the file cannot be read ({reason}); check its rights")
    if len(raw) > MAX_BYTES:
        return about_file(
            shown, "too-large", f"the file is larger than {MAX_BYTES // 1_000_000} MB; split it"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = raw.count(b"\n", 0, why.start) + 1
        column = why.start - (raw.rfind(b"\n", 0, why.start) + 1) + 1
        sentence = "this is not UTF-8 text; save the file in the UTF-8 encoding"
        return Finding(shown, line, column, "error", "not-utf8", sentence)


def parse_yaml(text: str, shown: str) -> tuple[Source | None, list[Finding]]:
    """Make the tree of a text. `shown` is the file's name in findings."""
    try:
        node = YAML().compose(text)
    except ReaderError as why:
        line, column = _place(text, why.position if isinstance(why.position, int) else 0)
        sentence = "a control character that cannot stand in YAML; delete it"
        return None, [Finding(shown, line, column, "error", "yaml-syntax", sentence)]
    except (MarkedYAMLError, YAMLError) as why:
        return None, [syntax_finding(why, shown)]
    except RecursionError:
        return None, [
            about_file(shown, "too-deep", "the values are nested too deeply; make the file flatter")
        ]
    except (ValueError, AttributeError, TypeError, IndexError, KeyError, AssertionError) as why:
        # ruamel.yaml lets some broken escapes and directives out as bare Python errors
        return None, [about_file(shown, "yaml-syntax", f"this is not YAML that can be read ({why})")]
    if node is None:
        return None, [about_file(shown, "file-empty", "the file is empty; start from examples/city_health")]
    return _build(node, text, shown)


def _build(node: YamlNode, text: str, shown: str) -> tuple[Source | None, list[Finding]]:
    builder = _Builder(shown)
    try:
        root = builder.place(node, node)
    except _TooLarge:
        sentence = f"more than {MAX_NODES} values (aliases counted in full); split the file"
        return None, [about_file(shown, "too-large", sentence)]
    except RecursionError:
        return None, [about_file(shown, "too-deep", "a value contains itself, or is nested too deeply")]
    return Source(shown, text, root), builder.findings


class _TooLarge(Exception):
    pass


class _Builder:
    """Turns ruamel.yaml's nodes into placed values. A shared (aliased) node is built anew for each use."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.findings: list[Finding] = []
        self.left = MAX_NODES

    def place(self, node: YamlNode, key: YamlNode) -> Placed:
        self.left -= 1
        if self.left < 0:
            raise _TooLarge
        line, column = _mark(node)
        key_line, key_column = _mark(key)
        return Placed(self._content(node), line, column, key_line, key_column)

    def _content(self, node: YamlNode) -> dict[str, Placed] | list[Placed] | Scalar:
        if str(node.tag).removeprefix("tag:yaml.org,2002:") not in _TAGS:
            self._add(node, "yaml-tag", f"the tag {node.tag} means nothing here; remove it")
        if isinstance(node, MappingNode):
            return self._mapping(node)
        if isinstance(node, SequenceNode):
            return [self.place(item, item) for item in node.value]
        return _scalar(node)

    def _mapping(self, node: MappingNode) -> dict[str, Placed]:
        children: dict[str, Placed] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._add(key, "yaml-key", "a key must be one word, not a list or a mapping")
            elif key.value == "<<" and not key.style:
                self._add(key, "yaml-merge", "merging with << is not supported; write the keys out")
            elif str(key.value) in children:
                first = children[str(key.value)].key_line
                sentence = f"'{key.value}' stands here twice (first in line {first}); keep one of them"
                self._add(key, "duplicate-key", sentence)
            else:
                children[str(key.value)] = self.place(value, key)
        return children

    def _add(self, node: YamlNode, code: str, sentence: str) -> None:
        self.findings.append(Finding(self.shown, *_mark(node), "error", code, sentence))


def _scalar(node: YamlNode) -> Scalar:
    """Plain words become numbers only where no digit is lost by it: 0800 and +7495... stay text."""
    text = str(node.value)
    if getattr(node, "style", None):
        return text
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _mark(node: YamlNode) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
