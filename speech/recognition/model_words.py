"""The words a model knows, read from its files without loading the engine (some 20 ms for 20,000 words)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_FST_MAGIC, _SYMBOLS_MAGIC = 2125659606, 2125658996
_HAS_INPUT_SYMBOLS, _HAS_OUTPUT_SYMBOLS = 1, 2
_MOST = 5_000_000  # words; a number beyond this is no number of words


class VocabularyUnreadable(Exception):
    """The model's word list is missing or of a form not known here; nothing is said about the model itself."""


@lru_cache(4)
def model_words(folder: Path) -> frozenset[str]:
    """From `graph/words.txt`, else from the symbols within `graph/Gr.fst`. Raises VocabularyUnreadable."""
    listed, graph = folder / "graph/words.txt", folder / "graph/Gr.fst"
    try:
        if listed.is_file():
            lines = listed.read_text("utf-8").splitlines()
            return frozenset(line.split()[0] for line in lines if line.strip())
        return frozenset(_symbols(graph.read_bytes()))
    except (OSError, UnicodeDecodeError, struct.error) as fault:
        raise VocabularyUnreadable(f"{folder}: its words cannot be read ({fault})") from fault


class _Reader:
    """OpenFst's binary form: little-endian, strings with their length before them."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, form: str) -> int:
        (value,) = struct.unpack_from("<" + form, self._content, self._at)
        self._at += struct.calcsize("<" + form)
        return int(value)

    def text(self) -> str:
        size = self.number("i")
        if not 0 <= size <= len(self._content) - self._at:
            raise struct.error("a length beyond the end")
        self._at += size
        return self._content[self._at - size : self._at].decode("utf-8")


def _symbols(content: bytes) -> Iterator[str]:
    """The output symbols, or the input ones where there are no others (they are the same in a grammar)."""
    reader = _Reader(content)
    if reader.number("i") != _FST_MAGIC:
        raise struct.error("not an OpenFst file")
    reader.text()  # kind of graph
    reader.text()  # kind of arcs
    reader.number("i")  # version
    flags = reader.number("i")
    for _properties_start_states_arcs in range(4):
        reader.number("q")
    if not flags & (_HAS_INPUT_SYMBOLS | _HAS_OUTPUT_SYMBOLS):
        raise struct.error("no words in the graph")
    yield from _table(reader)


def _table(reader: _Reader) -> Iterator[str]:
    if reader.number("i") != _SYMBOLS_MAGIC:
        raise struct.error("no symbol table")
    reader.text()  # where it came from
    reader.number("q")  # next free number
    count = reader.number("q")
    if not 0 <= count <= _MOST:
        raise struct.error("no number of words")
    for _ in range(count):
        yield reader.text()
        reader.number("q")
