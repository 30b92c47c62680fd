"""What the scenario itself says before a day is simulated: calls by half hour, and the operators they ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loadtest import erlang_a_staffing, erlang_c
from loadtest.distribution import Numbers
from loadtest.record import INTERVAL_S
from loadtest.scenario import Scenario, Target, TopicEntry


def half_hours(scenario: Scenario) -> Numbers:
    """Where half hours begin, and the horizon's end: seconds, shape (intervals + 1,)."""
    intervals = max(1, math.ceil(scenario.horizon_s / INTERVAL_S))
    return np.minimum(np.arange(intervals + 1) * INTERVAL_S, scenario.horizon_s)


def asking(scenario: Scenario, topic: TopicEntry) -> Numbers:
    """First attempts that will ask for an operator, calls a second, mean of each half hour of a mean day."""
    edges = half_hours(scenario)
    rates = topic.arrivals.per_hour
    if rates is None:
        calls = np.histogram(topic.arrivals.times_s, edges)[0].astype(float)
    else:
        parts = np.linspace(0, scenario.horizon_s, len(rates) + 1)
        cumulative = np.concatenate([[0.0], np.cumsum(np.array(rates) / 3600 * np.diff(parts))])
        calls = np.diff(np.interp(edges, parts, cumulative))
        calls = calls * (scenario.busyness.mean if scenario.busyness else 1.0)
    return calls * (1 - topic.contained) / np.diff(edges)


@dataclass(frozen=True)
class Work:
    """One kind of call on one line. rate: calls a second by half hour. handling: seconds, writing up included."""

    line: str
    rate: Numbers
    handling: float
    patience: float | None
    target: Target


def works(scenario: Scenario) -> list[Work]:
    """Every topic on its line, and on the line it is handed on to."""
    found: list[Work] = []
    for topic in scenario.topics:
        rate = asking(scenario, topic)
        wrap_up = topic.wrap_up_s.mean if topic.wrap_up_s else 0.0
        patience = topic.patience_s.mean if topic.patience_s else None
        target = topic.judged_by
        found.append(Work(topic.line, rate, topic.handling_s.mean + wrap_up, patience, target))
        if (on := topic.transfer) is not None:
            handling = on.handling_s.mean + wrap_up
            found.append(Work(on.to_line, rate * on.probability, handling, patience, target))
    return found


def needed_by_specialists(scenario: Scenario) -> Numbers:
    """Operators by half hour if every topic had people of its own: Erlang A (C for callers who never give up)."""
    return _sum([_needed(scenario, [work]) for work in works(scenario)])


def needed_by_one_pool(scenario: Scenario) -> Numbers:
    """Operators by half hour if everybody on a line could take everything there, and held its strictest target."""
    every = works(scenario)
    lines = dict.fromkeys(work.line for work in every)
    return _sum([_needed(scenario, [work for work in every if work.line == line]) for line in lines])


def _sum(parts: list[Numbers]) -> Numbers:
    return np.sum(parts, axis=0)


def _needed(scenario: Scenario, together: list[Work]) -> Numbers:
    rates = np.array([work.rate for work in together])
    found = np.zeros(rates.shape[1])
    seen: dict[tuple[float, ...], float] = {}
    for interval in range(len(found)):
        column = rates[:, interval]
        key = tuple(np.round(column, 9))
        if column.sum() > 0:
            if key not in seen:
                seen[key] = _operators(together, column)
            found[interval] = seen[key]
    return found


def _operators(together: list[Work], rates: Numbers) -> float:
    """nan when no number of operators would do, or more than the formulas bear."""
    share = rates / rates.sum()
    handling = float(sum(part * work.handling for part, work in zip(share, together, strict=True)))
    level = max(work.target.share for work in together)
    within = min(work.target.answered_within_s for work in together)
    load = float(rates.sum()) * handling
    patiences = [work.patience for work in together]
    try:
        if any(one is None for one in patiences):
            return float(erlang_c.operators_for(load, handling, level, within))
        patience = float(sum(part * (one or 0.0) for part, one in zip(share, patiences, strict=True)))
        return float(erlang_a_staffing.operators_for(load, handling, patience, level, within))
    except ValueError:
        return math.nan
