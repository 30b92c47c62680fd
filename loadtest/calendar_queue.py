"""What is due next, compiled: a calendar of short time slots, each with the few events that fall into it.

Events come out by (time, number), as from the heap of `engine.PlainLoop`, at a cost that does not grow with how many
are pending. Source: R. Brown, "Calendar queues" (1988), CACM 31(10).
"""

from __future__ import annotations

import numpy as np

from loadtest.compiled_code import inner
from loadtest.compiled_memory import (
    E_KIND,
    E_MORE,
    E_NEXT,
    E_NUMBER,
    E_TIME,
    E_WHO,
    FREE,
    HELD,
    HELD_LIST,
    NONE,
    NUMBER,
    PENDING,
    SLOT,
    SLOT_LIST,
    SLOTS_A_SECOND,
    Floats,
    Ints,
)

SLOTS = 1 << 13


@inner
def push(m: Ints, f: Floats, time: float, kind: int, who: int, more: int) -> None:
    """One more event. who, more: any integers. There must be room: `full` is false."""
    event = m[FREE]
    m[FREE] = m[event + E_NEXT]
    m[NUMBER] += 1
    m[PENDING] += 1
    f[event + E_TIME] = time
    m[event + E_NUMBER] = m[NUMBER]
    m[event + E_KIND], m[event + E_WHO], m[event + E_MORE] = kind, who, more
    slot = int(time * f[SLOTS_A_SECOND])
    if slot <= m[SLOT]:
        _hold(m, f, event)
    else:
        chain = m[SLOT_LIST] + (slot & (SLOTS - 1))
        m[event + E_NEXT] = m[chain]
        m[chain] = event


@inner
def full(m: Ints) -> bool:
    """Whether there may be no room for what one event can bring about."""
    return m[m[FREE] + E_NEXT] == NONE


@inner
def _hold(m: Ints, f: Floats, event: int) -> None:
    """Into the present slot's list, at its place: last is due first."""
    at = m[HELD_LIST] + m[HELD]
    time, number = f[event + E_TIME], m[event + E_NUMBER]
    while at > m[HELD_LIST]:
        other = m[at - 1]
        if f[other + E_TIME] > time or (f[other + E_TIME] == time and m[other + E_NUMBER] > number):
            break
        m[at] = other
        at -= 1
    m[at] = event
    m[HELD] += 1


@inner
def due(m: Ints, f: Floats) -> int:
    """The next event, which stays; NONE when nothing is pending."""
    if m[PENDING] == 0:
        return NONE
    passed = 0
    while m[HELD] == 0:
        m[SLOT] += 1
        passed += 1
        if passed > SLOTS:  # nothing for a whole round: go to the earliest at once
            m[SLOT] = _earliest_slot(m, f)
            passed = 0
        _turn_to(m, f, m[SLOT])
    return int(m[m[HELD_LIST] + m[HELD] - 1])


@inner
def _turn_to(m: Ints, f: Floats, slot: int) -> None:
    """Take what belongs to this slot, and not to the same place of a later round, out of its chain."""
    before = m[SLOT_LIST] + (slot & (SLOTS - 1)) - E_NEXT  # as if the chain's head were an event
    event = m[before + E_NEXT]
    while event != NONE:
        following = m[event + E_NEXT]
        if int(f[event + E_TIME] * f[SLOTS_A_SECOND]) == slot:
            m[before + E_NEXT] = following
            _hold(m, f, event)
        else:
            before = event
        event = following


@inner
def _earliest_slot(m: Ints, f: Floats) -> int:
    earliest = np.inf
    for chain in range(m[SLOT_LIST], m[SLOT_LIST] + SLOTS):
        event = m[chain]
        while event != NONE:
            earliest = min(earliest, f[event + E_TIME])
            event = m[event + E_NEXT]
    return int(earliest * f[SLOTS_A_SECOND])


@inner
def pop(m: Ints) -> None:
    """Take out the event that `due` has just named; its words stay as they are until the next `push`."""
    m[HELD] -= 1
    m[PENDING] -= 1
    event = m[m[HELD_LIST] + m[HELD]]
    m[event + E_NEXT] = m[FREE]
    m[FREE] = event
