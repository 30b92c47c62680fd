"""How many operators each half hour asks for, by the closed forms: where the search for a roster begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loadtest.distribution import Numbers
from loadtest.erlang_a_staffing import operators_for
from loadtest.erlang_c import operators_for as operators_for_the_patient
from loadtest.forecast import asking as calls_asking
from loadtest.scenario import Scenario
from loadtest.staffing_slots import Offer


@dataclass(frozen=True)
class Pool:
    """Calls of one topic on one line. load: erlangs in each half hour, shape (intervals,). own: not transferred."""

    topic: int
    line: str
    load: Numbers
    own: bool


def pools(scenario: Scenario) -> list[Pool]:
    """Every topic on its line, and on the line to which it is transferred."""
    found = []
    for number, topic in enumerate(scenario.topics):
        asking = calls_asking(scenario, topic)
        wrap_up = topic.wrap_up_s.mean if topic.wrap_up_s else 0.0
        found.append(Pool(number, topic.line, asking * (topic.handling_s.mean + wrap_up), own=True))
        if topic.transfer is not None:
            handling = topic.transfer.handling_s.mean + wrap_up
            load = asking * topic.transfer.probability * handling
            found.append(Pool(number, topic.transfer.to_line, load, own=False))
    return found


def able(scenario: Scenario, whole: Offer, all_pools: Sequence[Pool]) -> np.ndarray:
    """Which kind may take which pool once its callers have waited long enough; shape (kinds, pools), bool."""
    return np.array(
        [
            [
                pool.line in kind.on_lines
                and any(
                    all(kind.skills.get(skill, 0) >= level for skill, level in ring.needs.items())
                    for ring in scenario.topics[pool.topic].demand
                )
                for pool in all_pools
            ]
            for kind in whole.kinds
        ]
    )


def nobody_for(scenario: Scenario, whole: Offer) -> list[str]:
    """Topics that nobody who can be hired may take, on their line or on the one they are transferred to."""
    found = pools(scenario)
    can = able(scenario, whole, found)
    names = [scenario.topics[pool.topic].name for n, pool in enumerate(found) if not can[:, n].any()]
    return list(dict.fromkeys(names))


def needed(scenario: Scenario, all_pools: Sequence[Pool], can: np.ndarray) -> Numbers:
    """Operators for each pool and half hour, shape (pools, intervals).

    Pools that share people stand in for one another, so the reserve above the load is that of all of them
    together (Erlang A, or Erlang C for callers who never give up), divided by their loads.
    """
    load = np.array([pool.load for pool in all_pools])
    need = load.copy()
    for together in _connected(can):
        for interval in range(load.shape[1]):
            whole = float(load[together, interval].sum())
            if whole > 0:
                fraction = load[together, interval] / whole
                people = _operators(scenario, [all_pools[n] for n in together], fraction, whole)
                need[together, interval] = fraction * people
    return need


def _operators(scenario: Scenario, together: Sequence[Pool], fraction: Numbers, load: float) -> float:
    topics = [scenario.topics[pool.topic] for pool in together]
    # A pool's share of the load is its share of the calls only where handling is alike; good enough to begin with.
    handling = sum(f * topic.handling_s.mean for f, topic in zip(fraction, topics, strict=True))
    within = sum(f * topic.judged_by.answered_within_s for f, topic in zip(fraction, topics, strict=True))
    share = sum(f * topic.judged_by.share for f, topic in zip(fraction, topics, strict=True))
    if any(topic.patience_s is None for topic in topics):
        return operators_for_the_patient(load, handling, share, within)
    patience = sum(
        f * topic.patience_s.mean for f, topic in zip(fraction, topics, strict=True) if topic.patience_s
    )
    return operators_for(load, handling, patience, share, within)


def _connected(can: np.ndarray) -> list[list[int]]:
    """Pools that people link, directly or through others."""
    left, found = set(range(can.shape[1])), []
    while left:
        group, border = set[int](), {left.pop()}
        while border:
            group |= border
            kinds = can[:, sorted(border)].any(axis=1)
            border = set(np.flatnonzero(can[kinds].any(axis=0)).tolist()) - group if kinds.any() else set()
        left -= group
        found.append(sorted(group))
    return found
