"""The why of a decision: built from the heads that were looked at, never from the whole floor."""

from __future__ import annotations

from acd.core.call_state import LiveCall
from acd.core.commands import Considered, Why
from acd.core.demand import ring_at
from acd.core.operator_state import LiveOperator
from acd.core.places import head

LONGEST_IDLE = "longest idle"
FIRST_COME = "first come"
WANTED_OPERATOR = "wanted operator"

CHOSEN = "chosen"
IDLE_LESS_LONG = "idle less long"


def why(
    rule: str, call: LiveCall, chosen: LiveOperator, *, version: str, counts: dict[str, int], now: float
) -> Why:
    """The reason why `chosen` gets the call.

    longest idle: the call came and found idle operators; the heads of all stages are named.
    first come: the operator became free and this was the first call he may take; nobody else was idle.
    wanted operator: it was asked for by name.
    """
    pool = call.pool
    ring = 0 if len(pool.idle) == 1 else ring_at(pool.topic, call.since, now)
    considered: tuple[Considered, ...] = (Considered(chosen.id, now - chosen.idle_since, CHOSEN),)
    if rule is LONGEST_IDLE and len(pool.idle) > 1:
        considered += _others(call, chosen, ring, now)
    return Why(rule, version, now - call.since, ring, pool.topic.rings[ring].needs, considered, counts.copy())


def _others(call: LiveCall, chosen: LiveOperator, ring: int, now: float) -> tuple[Considered, ...]:
    """The other stages' longest idle operators, and why none of them has the call."""
    others: list[Considered] = []
    for stage, (after, idle) in enumerate(call.pool.idle):
        place = head(idle)
        if place is not None and place[2] is not chosen:
            verdict = IDLE_LESS_LONG if stage <= ring else f"asked only after {after:g} s of waiting"
            others.append(Considered(place[2].id, now - place[0], verdict))
    return tuple(others)
