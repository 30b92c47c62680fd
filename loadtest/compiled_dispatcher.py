"""The dispatcher's decisions, compiled: a mirror of `acd.core` for the rules that a scenario can state.

It is no second dispatcher: it is admitted only because the same days give the same trace under both
(tests/loadtest/test_compiled.py). What the mirror does not have: languages, regions, wishes for an operator,
calls that nobody picks up, closed topics. Names are those of `acd.core.floor`; words are of `compiled_memory`.
"""

# ruff: noqa: F403, F405 - the names of memory are this file's vocabulary

from __future__ import annotations

import numpy as np

from loadtest.compiled_code import inner
from loadtest.compiled_memory import *

# --- facts ----------------------------------------------------------------------------------------


@inner
def call_queued(m: Ints, f: Floats, call: int, now: float) -> None:
    f[call + C_SINCE] = now
    m[call + C_SEQ] = _next_seq(m)
    m[call + C_POOL] = m[m[call + C_TOPIC] + T_POOL]
    m[call + C_STATE] = CALL_WAITING
    _admit(m, f, call, now, True)


@inner
def caller_hung_up(m: Ints, f: Floats, call: int, now: float) -> None:
    operator, state = m[call + C_OPERATOR], m[call + C_STATE]
    m[call + C_STATE] = NONE
    if state == CALL_WAITING:
        _unqueue(m, f, call, now)
    elif state == CALL_RINGING:
        _ask_for(m, f, STOP, call, operator, 0.0)
        m[operator + O_STATE] = READY
        m[operator + O_CALL] = NONE
        if m[WAITING] == 0 or not _serve(m, f, operator, now):
            _enter(m, f, operator)


@inner
def operator_answered(m: Ints, call: int, operator: int) -> None:
    m[call + C_STATE] = CALL_TALKING
    m[operator + O_STATE] = TALKING


@inner
def talk_ended(m: Ints, f: Floats, call: int, operator: int, now: float) -> None:
    m[call + C_STATE] = NONE
    _after_talk(m, f, operator, m[call + C_LINE], now)


@inner
def transfer_asked(m: Ints, f: Floats, call: int, operator: int, from_line: int, now: float) -> None:
    """To the topic's second line. from_line: where they have talked."""
    m[call + C_STATE] = CALL_WAITING
    m[call + C_OPERATOR] = NONE
    m[call + C_POOL] = m[m[call + C_TOPIC] + T_SECOND]
    _admit(m, f, call, now, False)
    _after_talk(m, f, operator, from_line, now)


@inner
def signed_in(m: Ints, f: Floats, operator: int, now: float) -> None:
    if m[operator + O_STATE] == SIGNED_OUT:
        _ready(m, f, operator, now)
    elif m[operator + O_THEN] == SIGNED_OUT:
        m[operator + O_THEN] = NONE


@inner
def leaves(m: Ints, f: Floats, operator: int, then: int, now: float) -> None:
    """He signs out or pauses: at once, or after the talk he is in."""
    state = m[operator + O_STATE]
    if state == TALKING:
        m[operator + O_THEN] = then
    elif state != SIGNED_OUT:
        call = m[operator + O_CALL]
        if call != NONE:
            _ask_for(m, f, STOP, call, operator, 0.0)
        _leave(m, f, operator, then, now)


@inner
def operator_ready(m: Ints, f: Floats, operator: int, now: float) -> None:
    state = m[operator + O_STATE]
    if state == TALKING:
        m[operator + O_THEN] = NONE
    elif state in (WRAPPING_UP, PAUSED):
        _ready(m, f, operator, now)


@inner
def wrap_up_finished(m: Ints, f: Floats, operator: int, now: float) -> None:
    if m[operator + O_STATE] == WRAPPING_UP:
        _ready(m, f, operator, now)


@inner
def tick(m: Ints, f: Floats, now: float) -> None:
    """Queues whose heads more operators may take by now, in the order of their alarms."""
    end = m[POOL] + m[POOLS] * m[POOL_SIZE]
    f[WAKE_AT] = np.inf
    for pool in range(m[POOL], end, m[POOL_SIZE]):
        f[pool + Q_WAS] = f[pool + Q_DUE]
        if f[pool + Q_DUE] > now:
            f[WAKE_AT] = min(f[WAKE_AT], f[pool + Q_DUE])
    m[SOONER] = 0
    first = _first_alarm(m, f, now)
    while first != NONE:
        if f[first + Q_DUE] == f[first + Q_WAS]:
            f[first + Q_DUE] = np.inf
            _relax(m, f, first, now)
        f[first + Q_WAS] = np.inf
        first = _first_alarm(m, f, now)
    if f[WAKE_AT] < np.inf:
        _ask_for(m, f, WAKE, NONE, NONE, f[WAKE_AT])


@inner
def _first_alarm(m: Ints, f: Floats, now: float) -> int:
    first = NONE
    for pool in range(m[POOL], m[POOL] + m[POOLS] * m[POOL_SIZE], m[POOL_SIZE]):
        was = f[pool + Q_WAS]
        if was <= now and (
            first == NONE
            or was < f[first + Q_WAS]
            or (was == f[first + Q_WAS] and m[pool + Q_ALARM] < m[first + Q_ALARM])
        ):
            first = pool
    return first


@inner
def ask_to_be_woken(m: Ints, f: Floats) -> None:
    """What every fact ends with."""
    if m[SOONER]:
        m[SOONER] = 0
        first = np.inf
        for pool in range(m[POOL], m[POOL] + m[POOLS] * m[POOL_SIZE], m[POOL_SIZE]):
            first = min(first, f[pool + Q_DUE])
        if first < f[WAKE_AT]:
            f[WAKE_AT] = first
            _ask_for(m, f, WAKE, NONE, NONE, first)


# --- calls ----------------------------------------------------------------------------------------


@inner
def _next_seq(m: Ints) -> int:
    m[SEQ] += 1
    return m[SEQ]


@inner
def _ask_for(m: Ints, f: Floats, what: int, call: int, operator: int, at: float) -> None:
    command = m[COMMAND] + m[COMMANDS] * M_SIZE
    m[command + M_WHAT], m[command + M_CALL], m[command + M_OPERATOR] = what, call, operator
    f[command + M_AT] = at
    m[COMMANDS] += 1


@inner
def _admit(m: Ints, f: Floats, call: int, now: float, new: bool) -> None:
    if _seek(m, f, call, now):
        return
    topic = m[call + C_TOPIC]
    if new and m[topic + T_LIMIT] >= 0 and m[topic + T_WAITING] >= m[topic + T_LIMIT]:
        m[call + C_STATE] = NONE
        _ask_for(m, f, TURN_AWAY, call, NONE, 0.0)
    else:
        _wait(m, f, call, now)


@inner
def _seek(m: Ints, f: Floats, call: int, now: float) -> bool:
    """Offer it to the longest idle of those who may have it. False: nobody."""
    pool, since = m[call + C_POOL], f[call + C_SINCE]
    place = m[pool + Q_INDEX]
    best = NONE
    for own in range(m[CLASS], m[CLASS] + m[CLASSES] * m[CLASS_SIZE], m[CLASS_SIZE]):
        operator = m[own + K_HEAD]
        stage = m[own + K_STAGES + place]
        if operator == NONE or stage < 0:
            continue
        after = f[pool + Q_AFTER + stage]
        if after > 0 and since + after > now:
            continue
        if best == NONE or _idle_longer(m, f, operator, best):
            best = operator
    if best == NONE:
        return False
    _offer(m, f, call, best, now)
    return True


@inner
def _idle_longer(m: Ints, f: Floats, one: int, other: int) -> bool:
    if f[one + O_IDLE] != f[other + O_IDLE]:
        return f[one + O_IDLE] < f[other + O_IDLE]
    return m[one + O_SEQ] < m[other + O_SEQ]


@inner
def _offer(m: Ints, f: Floats, call: int, operator: int, now: float) -> None:
    if m[call + C_IN_QUEUE]:
        _unqueue(m, f, call, now)
    m[call + C_STATE] = CALL_RINGING
    m[call + C_OPERATOR] = operator
    m[operator + O_STATE] = RINGING
    m[operator + O_CALL] = call
    _stand_down(m, operator)
    _ask_for(m, f, RING, call, operator, 0.0)


@inner
def _wait(m: Ints, f: Floats, call: int, now: float) -> None:
    """At its place: last, unless it has been transferred or taken back; then nearly always first."""
    pool = m[call + C_POOL]
    m[WAITING] += 1
    m[m[call + C_TOPIC] + T_WAITING] += 1
    before = m[pool + Q_TAIL]
    if before != NONE and _came_sooner(m, f, call, m[pool + Q_HEAD]):
        before = NONE
    while before != NONE and _came_sooner(m, f, call, before):
        before = m[before + C_BEFORE]
    behind = m[pool + Q_HEAD] if before == NONE else m[before + C_BEHIND]
    m[call + C_BEFORE], m[call + C_BEHIND] = before, behind
    if before == NONE:
        m[pool + Q_HEAD] = call
    else:
        m[before + C_BEHIND] = call
    if behind == NONE:
        m[pool + Q_TAIL] = call
    else:
        m[behind + C_BEFORE] = call
    m[call + C_IN_QUEUE] = 1
    _watch(m, f, pool, now)


@inner
def _came_sooner(m: Ints, f: Floats, one: int, other: int) -> bool:
    if f[one + C_SINCE] != f[other + C_SINCE]:
        return f[one + C_SINCE] < f[other + C_SINCE]
    return m[one + C_SEQ] < m[other + C_SEQ]


@inner
def _unqueue(m: Ints, f: Floats, call: int, now: float) -> None:
    if not m[call + C_IN_QUEUE]:
        return
    pool = m[call + C_POOL]
    before, behind = m[call + C_BEFORE], m[call + C_BEHIND]
    if before == NONE:
        m[pool + Q_HEAD] = behind
    else:
        m[before + C_BEHIND] = behind
    if behind == NONE:
        m[pool + Q_TAIL] = before
    else:
        m[behind + C_BEFORE] = before
    m[call + C_IN_QUEUE] = 0
    m[WAITING] -= 1
    m[m[call + C_TOPIC] + T_WAITING] -= 1
    _watch(m, f, pool, now)


@inner
def _watch(m: Ints, f: Floats, pool: int, now: float) -> None:
    """An alarm for the moment at which more operators may take the head."""
    head = m[pool + Q_HEAD]
    if head == NONE or m[RINGS] == 1:
        return
    at = np.inf
    for ring in range(1, m[RINGS]):
        at = f[head + C_SINCE] + f[pool + Q_AFTER + ring]
        if at > now:
            break
        at = np.inf
    if at < f[pool + Q_DUE]:
        f[pool + Q_DUE] = at
        m[ALARM] += 1
        m[pool + Q_ALARM] = m[ALARM]
        if at < f[WAKE_AT]:
            m[SOONER] = 1


@inner
def _relax(m: Ints, f: Floats, pool: int, now: float) -> None:
    while m[pool + Q_HEAD] != NONE:
        if not _seek(m, f, m[pool + Q_HEAD], now):
            break
    _watch(m, f, pool, now)


# --- operators ------------------------------------------------------------------------------------


@inner
def _ready(m: Ints, f: Floats, operator: int, now: float) -> None:
    m[operator + O_STATE] = READY
    f[operator + O_IDLE] = now
    m[operator + O_SEQ] = _next_seq(m)
    if m[WAITING] == 0 or not _serve(m, f, operator, now):
        _enter(m, f, operator)


@inner
def _serve(m: Ints, f: Floats, operator: int, now: float) -> bool:
    """Give him the first call that he may take. False: there is none."""
    own = m[operator + O_CLASS]
    best, best_pool = NONE, NONE
    for number in range(m[POOLS]):
        pool = m[POOL] + number * m[POOL_SIZE]
        head, stage = m[pool + Q_HEAD], m[own + K_STAGES + number]
        if head == NONE or stage < 0:
            continue
        opens = f[pool + Q_AFTER + stage]
        if opens > 0 and f[head + C_SINCE] + opens > now:
            continue
        if best == NONE or _goes_first(m, f, head, pool, best, best_pool):
            best, best_pool = head, pool
    if best == NONE:
        return False
    _offer(m, f, best, operator, now)
    return True


@inner
def _goes_first(m: Ints, f: Floats, one: int, its: int, other: int, others: int) -> bool:
    if f[its + Q_RANK] != f[others + Q_RANK]:
        return f[its + Q_RANK] < f[others + Q_RANK]
    mine, theirs = f[one + C_SINCE] - f[its + Q_BOOST], f[other + C_SINCE] - f[others + Q_BOOST]
    if mine != theirs:
        return mine < theirs
    return m[one + C_SEQ] < m[other + C_SEQ]


@inner
def _enter(m: Ints, f: Floats, operator: int) -> None:
    """Among the idle, nearly always last; one who comes back to an earlier place goes up to it."""
    own = m[operator + O_CLASS]
    before = m[own + K_TAIL]
    while before != NONE and _idle_longer(m, f, operator, before):
        before = m[before + O_BEFORE]
    behind = m[own + K_HEAD] if before == NONE else m[before + O_BEHIND]
    m[operator + O_BEFORE], m[operator + O_BEHIND] = before, behind
    if before == NONE:
        m[own + K_HEAD] = operator
    else:
        m[before + O_BEHIND] = operator
    if behind == NONE:
        m[own + K_TAIL] = operator
    else:
        m[behind + O_BEFORE] = operator
    m[operator + O_STANDING] = 1


@inner
def _stand_down(m: Ints, operator: int) -> None:
    """He is no longer among the idle."""
    if not m[operator + O_STANDING]:
        return
    own = m[operator + O_CLASS]
    before, behind = m[operator + O_BEFORE], m[operator + O_BEHIND]
    if before == NONE:
        m[own + K_HEAD] = behind
    else:
        m[before + O_BEHIND] = behind
    if behind == NONE:
        m[own + K_TAIL] = before
    else:
        m[behind + O_BEFORE] = before
    m[operator + O_STANDING] = 0


@inner
def _leave(m: Ints, f: Floats, operator: int, state: int, now: float) -> None:
    call = m[operator + O_CALL]
    m[operator + O_STATE] = state
    _stand_down(m, operator)
    m[operator + O_CALL] = NONE
    if call != NONE:
        m[call + C_STATE] = CALL_WAITING
        m[call + C_OPERATOR] = NONE
        _admit(m, f, call, now, False)


@inner
def _after_talk(m: Ints, f: Floats, operator: int, line: int, now: float) -> None:
    m[operator + O_CALL] = NONE
    then = m[operator + O_THEN]
    m[operator + O_THEN] = NONE
    if then == PAUSED:
        m[operator + O_STATE] = PAUSED
    elif then == SIGNED_OUT:
        m[operator + O_STATE] = SIGNED_OUT
    elif m[line + L_WRAPS]:
        m[operator + O_STATE] = WRAPPING_UP
    else:
        _ready(m, f, operator, now)
