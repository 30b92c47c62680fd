"""The why of a decision: built from the heads that were looked at, never from the whole floor."""

from __future__ import annotations

from acd.core.call_state import LiveCall
from acd.core.commands import Considered, Why
from acd.core.matching import Pool
from acd.core.operator_state import LiveOperator
from acd.core.places import head

LONGEST_IDLE = "longest idle"
FIRST_COME = "first come"
WANTED_OPERATOR = "wanted operator"

CHOSEN = "chosen"
IDLE_LESS_LONG = "idle less long"


def why(
    version: str,
    rule: str,
    call: LiveCall,
    chosen: LiveOperator,
    counts: dict[str, int],
    now: float,
) -> Why:
    """The reason why `chosen` gets the call.

    longest idle: the call came and found idle operators; the heads it was given past are named.
    first come: the operator became free and this was the first call he may take; nobody else was idle.
    wanted operator: it was asked for by name.
    """
    pool, since = call.pool, call.since
    ring = len(pool.idle) - 1
    while ring and since + pool.idle[ring][0] > now:
        ring -= 1
    considered = (Considered(chosen.id, now - chosen.idle_since, CHOSEN),)
    if rule == LONGEST_IDLE and len(pool.idle) > 1:
        considered += _passed_over(pool, chosen, ring, now)
    return Why(rule, version, now - since, ring, pool.topic.rings[ring].needs, considered, counts.copy())


def _passed_over(pool: Pool, chosen: LiveOperator, ring: int, now: float) -> tuple[Considered, ...]:
    """The other stages' heads: they were compared, or are idle for longer and not asked yet."""
    idle_since = chosen.idle_since
    compared = [place for _, idle, _ in pool.idle[: ring + 1] if (place := head(idle))] if ring else ()
    others = [
        Considered(place[2].id, now - place[0], IDLE_LESS_LONG)
        for place in compared
        if place[2] is not chosen
    ]
    for _, idle, not_yet in pool.idle[ring + 1 :]:
        if idle and idle[0][0] < idle_since:  # a leftover is as old as that or older
            place = head(idle)
            if place is not None and place[0] < idle_since:
                others.append(Considered(place[2].id, now - place[0], not_yet))
    return tuple(others)
