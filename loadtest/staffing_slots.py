"""Whom a planner can hire, and for which shifts: a slot is one kind of people on one shift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from loadtest.distribution import Numbers
from loadtest.record import INTERVAL_S
from loadtest.scenario import Break, Hire, OperatorGroup, Scenario, ShiftPattern, Staffing
from loadtest.staffing_formulas import positions

DAY_S = 86_400
LONGEST_WITHOUT_SHIFTS_H = 12.0
"""A horizon of no more hours is one shift where the scenario names none."""

USUAL = ShiftPattern(
    starts=[f"{hour:02}:00" for hour in range(0, 24, 2)],
    length_h=8,
    breaks=[Break(after_h=4, length_min=30)],
)
"""Where the scenario names no shift and is longer than one: eight hours from every even hour, half an hour's break."""


@dataclass(frozen=True)
class Slot:
    """kind: which of the kinds. group: one of them as the scenario's file would have it; its count is not meant.

    cost: of one on the roster for the whole horizon.
    """

    kind: int
    group: OperatorGroup
    cost: float

    @property
    def label(self) -> str:
        return f"{kind_label(self.group)}, {self.group.shift or 'whole day'}"


@dataclass(frozen=True)
class Offer:
    """Everybody who can be hired. kinds: bounds over all shifts. max_people: on the roster; None is no limit."""

    slots: tuple[Slot, ...]
    kinds: tuple[Hire, ...]
    max_people: int | None

    def on_roster(self, present: Sequence[int]) -> list[int]:
        """People on the roster, so that so many of each slot are present."""
        return [
            positions(people, slot.group.shrinkage) for people, slot in zip(present, self.slots, strict=True)
        ]

    def cost(self, present: Sequence[int]) -> float:
        return sum(n * slot.cost for n, slot in zip(self.on_roster(present), self.slots, strict=True))


def kind_label(group: OperatorGroup | Hire) -> str:
    skills = " ".join(f"{skill}:{level}" for skill, level in group.skills.items()) or "no skills"
    where = "+".join(group.on_lines) + (f", {group.region}" if group.region else "")
    return f"{skills} ({where})"


def offer(scenario: Scenario) -> Offer:
    """What the scenario lets be hired; without a word about it, the kinds of its operators for their shifts.

    A kind that does not work a shift yet would work it with the breaks of those who do.
    """
    rules = scenario.staffing or Staffing()
    kinds = tuple(rules.hire or _kinds(scenario))
    slots = [
        Slot(
            number,
            group,
            round(_paid_hours(scenario, group) * (kind.cost_per_hour or rules.cost_per_hour), 6),
        )
        for number, kind in enumerate(kinds)
        for group in _groups(scenario, kind, rules)
    ]
    return Offer(tuple(slots), kinds, rules.max_people)


def roster_now(scenario: Scenario, whole: Offer) -> list[int] | None:
    """How many of each slot the scenario's own operators have present; None if one of them is no slot."""
    places = {_key(slot.group): number for number, slot in enumerate(whole.slots)}
    people = [0] * len(whole.slots)
    for group in scenario.operators:
        place = places.get(_key(group))
        if place is None:
            return None
        people[place] += group.present
    return people


def with_roster(scenario: Scenario, whole: Offer, present: Sequence[int]) -> Scenario:
    """The scenario with this roster in place of its own; at least one must be present."""
    groups = [
        slot.group.model_copy(update={"count": count})
        for slot, count in zip(whole.slots, whole.on_roster(present), strict=True)
        if count
    ]
    return scenario.model_copy(update={"operators": groups})


def coverage(scenario: Scenario, group: OperatorGroup) -> Numbers:
    """Share of each half hour of the horizon in which one of this group is on duty; shape (intervals,)."""
    intervals = max(1, int(-(-scenario.horizon_s // INTERVAL_S)))
    there = np.zeros(intervals)
    for begin, end in _spans(scenario, group):
        there += _overlap(begin, end, intervals)
        for rest in group.breaks:
            pause = begin + rest.after_h * 3600
            there -= _overlap(pause, min(end, pause + rest.length_min * 60), intervals)
    return there.clip(0, 1)


def _overlap(begin: float, end: float, intervals: int) -> Numbers:
    edges = np.arange(intervals) * INTERVAL_S
    return (np.minimum(end, edges + INTERVAL_S) - np.maximum(begin, edges)).clip(0) / INTERVAL_S


def _spans(scenario: Scenario, group: OperatorGroup) -> Iterator[tuple[float, float]]:
    """The shifts that touch the horizon, as `Roster` has them: yesterday's night shift works this morning."""
    if group.shift_s is None:
        yield 0.0, scenario.horizon_s
        return
    start, end = group.shift_s
    for day in range(-1, int(scenario.horizon_s // DAY_S) + 1):
        if end + day * DAY_S > 0 and start + day * DAY_S < scenario.horizon_s:
            yield start + day * DAY_S, end + day * DAY_S


def _paid_hours(scenario: Scenario, group: OperatorGroup) -> float:
    """Breaks are paid."""
    spans = _spans(scenario, group)
    return sum(min(end, scenario.horizon_s) - max(begin, 0.0) for begin, end in spans) / 3600


def _kind(of: OperatorGroup | Hire) -> tuple[object, ...]:
    return tuple(of.on_lines), of.region, tuple(sorted(of.skills.items())), of.shrinkage


def _key(group: OperatorGroup) -> tuple[object, ...]:
    return *_kind(group), group.shift, *((rest.after_h, rest.length_min) for rest in group.breaks)


def _hire(group: OperatorGroup) -> Hire:
    asked = {"skills", "line", "lines", "region", "shrinkage"}
    return Hire.model_validate(group.model_dump(include=asked))


def _kinds(scenario: Scenario) -> list[Hire]:
    return list({_kind(group): _hire(group) for group in scenario.operators}.values())


def _groups(scenario: Scenario, kind: Hire, rules: Staffing) -> Iterator[OperatorGroup]:
    """One group for each shift this kind may work."""
    patterns = kind.shifts or rules.shifts
    if patterns is not None:
        shifts = [(shift, pattern.breaks) for pattern in patterns for shift in _shifts(pattern)]
    else:
        shifts = list(_shifts_of(scenario, kind))
    for shift, breaks in shifts:
        yield OperatorGroup(
            count=1,
            skills=kind.skills,
            line=kind.line,
            lines=kind.lines,
            region=kind.region,
            shrinkage=kind.shrinkage,
            shift=shift,
            breaks=breaks,
        )


def _shifts(pattern: ShiftPattern) -> Iterator[str]:
    for start in pattern.starts:
        begin = int(start[:2]) * 60 + int(start[3:])
        end = (begin + round(pattern.length_h * 60)) % (24 * 60)
        yield f"{start}-{end // 60:02}:{end % 60:02}"


def _shifts_of(scenario: Scenario, kind: Hire) -> Iterator[tuple[str | None, list[Break]]]:
    """The shifts of the operators there are; those that this kind works have its own breaks."""
    if all(group.shift is None for group in scenario.operators):
        if scenario.horizon_h <= LONGEST_WITHOUT_SHIFTS_H:
            yield None, []
        else:
            yield from ((shift, USUAL.breaks) for shift in _shifts(USUAL))
        return
    own = [one for one in scenario.operators if _kind(one) == _kind(kind)]
    seen: set[object] = set()
    for group in (*own, *(one for one in scenario.operators if one.shift is not None)):
        works = any(one.shift == group.shift for one in own)
        what = (group.shift, tuple(group.breaks)) if works and group in own else (group.shift, None)
        if what in seen or (works and group not in own):
            continue
        seen.add(what)
        yield group.shift, group.breaks
