"""The worked cases other people published, by their number."""

from __future__ import annotations

import json
from pathlib import Path

_FILE = Path(__file__).parents[1] / "cases" / "erlang.json"


def published(case: str) -> tuple[dict, dict]:
    """(inputs, outputs) of a case in tests/cases/erlang.json, which also names its source."""
    found = next(one for one in json.loads(_FILE.read_text()) if one["id"] == case)
    return found["inputs"], found["outputs"]


def to_the_digits_of(printed: float) -> float:
    """Half a unit of the last digit printed: the most a correct value may differ by."""
    text = repr(printed)
    return 0.5 * 10.0 ** -len(text.partition(".")[2])
