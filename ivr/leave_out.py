"""Leave out what is wrong, so that the rest of a file is checked in the same run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import BaseModel

from ivr.plain_errors import errors_at
from ivr.yaml_source import Placed, Source, Steps

_DEEPEST = 20  # a removal can make its parent incomplete, and so on up: never deeper than the models


class LeftOut(NamedTuple):
    """keys: at the top, replaced or removed. words: names that stood in what was removed. paths: of that."""

    keys: frozenset[str]
    words: frozenset[str]
    paths: frozenset[Steps]


def leave_out(
    source: Source, model: type[BaseModel], stand_ins: Mapping[str, type], prefix: Steps = ()
) -> LeftOut:
    """Remove wrong values from the source until the model accepts it.

    A value whose required part is missing goes as a whole. stand_ins: for keys at the top, an empty value
    that the model accepts.
    """
    lost: set[str] = set()
    words: set[str] = set()
    gone: set[Steps] = set()
    for _ in range(_DEEPEST):
        wrong = errors_at(source, model, prefix)
        if not wrong:
            break
        for path in sorted(
            {_removable(source, path, len(prefix)) for path, _ in wrong}, key=_last_first, reverse=True
        ):
            placed = source.at(path)
            words |= set(names_in(placed)) | {step for step in path if isinstance(step, str)}
            source.remove(path)
            gone.add(path)
            if len(path) == len(prefix) + 1:
                lost.add(str(path[-1]))
        for key, kind in stand_ins.items():
            root = source.at(prefix)
            if root is not None and isinstance(root.content, dict) and key not in root.content:
                root.content[key] = Placed(kind(), root.line, root.column, root.key_line, root.key_column)
                lost.add(key)
    return LeftOut(frozenset(lost), frozenset(words), frozenset(gone))


def _removable(source: Source, path: Steps, depth: int) -> Steps:
    """The value itself; if there is none (it is missing), what it is missing in, but never the root."""
    while len(path) > depth + 1 and source.at(path) is None:
        path = path[:-1]
    return path


def _last_first(path: Steps) -> list[tuple[int, str, int]]:
    """Later list items are removed first, so that the earlier ones keep their places."""
    return [(0, step, 0) if isinstance(step, str) else (1, "", step) for step in path]


def names_in(placed: Placed | None) -> Iterator[str]:
    """Every key and every text of a value, at any depth."""
    if placed is None:
        return
    if isinstance(placed.content, dict):
        for key, child in placed.content.items():
            yield key
            yield from names_in(child)
    elif isinstance(placed.content, list):
        for child in placed.content:
            yield from names_in(child)
    elif isinstance(placed.content, str):
        yield placed.content
