"""Who was there, by half hour and kind, written as shifts: the operators of a scenario from sign-ins and pauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from acd.core.model import Operator
from loadtest.distribution import Numbers
from loadtest.fit_calendar import SLOTS, Calendar, Span, clock

Kind = tuple[tuple[tuple[str, int], ...], tuple[str, ...], str | None]
"""Skills with levels, lines, region: people of one kind can stand in for one another."""


def kind_of(operator: Operator) -> Kind:
    return tuple(sorted(operator.skills.items())), tuple(operator.lines), operator.region


def present(
    calendar: Calendar, spells: Sequence[tuple[Operator, Span]], covered: Sequence[Span]
) -> dict[Kind, Numbers]:
    """People of each kind who were there for calls (pauses left out), mean of each half hour of the days covered."""
    exposure = sum(calendar.seconds(covered).values(), np.zeros(SLOTS))
    found: dict[Kind, Numbers] = {}
    for kind in dict.fromkeys(kind_of(who) for who, _ in spells):
        spans = [span for who, span in spells if kind_of(who) == kind]
        there = sum(calendar.seconds(spans).values(), np.zeros(SLOTS))
        found[kind] = np.divide(there, exposure, out=np.zeros(SLOTS), where=exposure > 0)
    return found


def groups(people: dict[Kind, Numbers]) -> list[dict[str, Any]]:
    """As a scenario's operators: whole people, each shift as long as so many were there.

    The n-th person of a kind is there in those half hours in which at least n were, so the shifts add up to the
    rounded numbers exactly.
    """
    found: list[dict[str, Any]] = []
    for (skills, lines, region), mean in people.items():
        counts = np.floor(mean + 0.5).astype(int)
        shifts: dict[tuple[int, int], int] = {}
        for level in range(1, int(counts.max(initial=0)) + 1):
            for shift in _stretches(counts >= level):
                shifts[shift] = shifts.get(shift, 0) + 1
        for (begin, end), count in sorted(shifts.items()):
            group: dict[str, Any] = {"count": count}
            if skills:
                group["skills"] = {str(name): level for name, level in skills}
            group |= {"line": str(lines[0])} if len(lines) == 1 else {"lines": [str(one) for one in lines]}
            if region is not None:
                group["region"] = str(region)
            if (begin, end) != (0, SLOTS):
                group["shift"] = f"{clock(begin)}-{clock(end)}"
            found.append(group)
    return found


def _stretches(there: np.ndarray[Any, np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(int)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
