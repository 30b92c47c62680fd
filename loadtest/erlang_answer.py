"""What a closed form answered: figures for one number of servers, and for one fewer and one more."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

Figures = Mapping[str, float | Mapping[str, float]]

_LABELS = {
    "servers": "operators",
    "trunks": "trunks",
    "positions": "people on the roster",
    "load": "offered load, erlangs",
    "carried": "carried load, erlangs",
    "blocking": "blocked",
    "p_wait": "wait at all",
    "p_abandon": "hang up waiting",
    "asa_s": "average speed of answer, s",
    "mean_wait_all_s": "mean wait of all calls, s",
    "queue": "callers waiting, mean",
    "occupancy": "occupancy",
    "of_offered": "in time, of offered",
    "short_abandons_excluded": "in time, short abandons left out",
    "of_answered": "in time, of answered",
}
_SHARES = {
    "blocking",
    "p_wait",
    "p_abandon",
    "occupancy",
    "of_offered",
    "short_abandons_excluded",
    "of_answered",
}


@dataclass(frozen=True)
class Answer:
    """A closed form's answer.

    title: the model, in words. inputs: what was asked, with units in the names. key: "servers" or "trunks".
    figures: one entry per number of servers, in rising order. chosen: which of them is the answer.
    Times are seconds, shares in [0, 1]; what is infinite or about nobody is null in JSON.
    """

    title: str
    inputs: Mapping[str, float | str | None]
    key: str
    chosen: int
    figures: tuple[Figures, ...]

    def as_json(self) -> dict[str, object]:
        """The chosen figures, what was asked, and the neighbours under `around`."""
        mine = next(one for one in self.figures if one[self.key] == self.chosen)
        around = [_plain(one) for one in self.figures if one is not mine]
        return {
            "model": self.title,
            "inputs": {k: v for k, v in self.inputs.items() if v is not None},
            **_plain(mine),
            "around": around,
        }


def print_answer(answer: Answer, json_wanted: bool) -> None:
    """Write it to standard output, as a table or as one JSON object."""
    if json_wanted:
        text = json.dumps(answer.as_json(), ensure_ascii=False, indent=2, allow_nan=False)
        sys.stdout.write(text + "\n")
        return
    Console(highlight=False).print(_table(answer))


def _plain(figures: Figures) -> dict[str, object]:
    return {
        key: _plain(value) if isinstance(value, Mapping) else (value if math.isfinite(value) else None)
        for key, value in figures.items()
    }


def _table(answer: Answer) -> Table:
    table = Table(title=answer.title, box=box.SIMPLE_HEAD, title_justify="left")
    columns = [_flat(one) for one in answer.figures]
    table.add_column(_LABELS[answer.key])
    for one in columns:
        chosen = one[answer.key] == answer.chosen
        table.add_column(f"{one[answer.key]:g}", justify="right", style="bold" if chosen else "dim")
    for key in columns[0]:
        if key != answer.key:
            table.add_row(_LABELS[key], *(_shown(key, one[key]) for one in columns))
    return table


def _flat(figures: Figures) -> dict[str, float]:
    flat: dict[str, float] = {}
    for key, value in figures.items():
        flat.update(value if isinstance(value, Mapping) else {key: value})
    return flat


def _shown(key: str, value: float) -> str:
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "∞"
    if key in _SHARES:
        return f"{value:.2%}"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
