"""The why of a decision: built from the heads that were looked at, never from the whole floor."""

from __future__ import annotations

from acd.core.call_state import LiveCall
from acd.core.commands import Considered, Why
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

    longest idle: the call came and found idle operators; the heads of all stages are named.
    first come: the operator became free and this was the first call he may take; nobody else was idle.
    wanted operator: it was asked for by name.
    """
    pool = call.pool
    ring = pool.ring_at(call.since, now)
    mine = Considered(chosen.id, now - chosen.idle_since, CHOSEN)
    considered = (mine,)
    if rule == LONGEST_IDLE and len(pool.idle) > 1:
        considered = (mine, *_others(call, chosen, ring, now))
    needs = pool.topic.rings[ring].needs
    return Why(rule, version, now - call.since, ring, needs, considered, counts.copy())


def _others(call: LiveCall, chosen: LiveOperator, ring: int, now: float) -> list[Considered]:
    """The other stages' longest idle operators, and why none of them has the call."""
    others: list[Considered] = []
    for _, idle, not_yet in call.pool.idle:
        if idle:
            place = head(idle)
            if place is not None and place[2] is not chosen:
                verdict = IDLE_LESS_LONG if ring >= 0 else not_yet
                others.append(Considered(place[2].id, now - place[0], verdict))
        ring -= 1
    return others
