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
    if rule == LONGEST_IDLE:
        if ring:
            considered += _compared(pool, chosen, ring, now)
        if pool.later[ring]:
            considered = (*considered, *_not_asked_yet(pool, chosen, ring, now))
    needs = pool.topic.rings[ring].needs
    return Why(rule, version, now - since, ring, needs, considered, counts.copy())


def _compared(pool: Pool, chosen: LiveOperator, ring: int, now: float) -> tuple[Considered, ...]:
    """The longest idle of the other stages that the ring asks."""
    places = [head(idle) for _, idle, _ in pool.idle[: ring + 1]]
    return tuple(
        Considered(place[2].id, now - place[0], IDLE_LESS_LONG)
        for place in places
        if place is not None and place[2] is not chosen
    )


def _not_asked_yet(pool: Pool, chosen: LiveOperator, ring: int, now: float) -> list[Considered]:
    """Those who are idle for longer, with skills that are asked for later only."""
    longer: list[Considered] = []
    chosen_since = chosen.idle_since
    for _, idle, not_yet in pool.later[ring]:
        if idle and idle[0][0] < chosen_since:  # a leftover at the head is older than who stands behind it
            place = head(idle)
            if place is not None and place[0] < chosen_since:
                longer.append(Considered(place[2].id, now - place[0], not_yet))
    return longer
