"""One simulated day, compiled: what the world does around the compiled dispatcher. A mirror of `loadtest.day`
and `loadtest.roster`, event by event and number by number: equal draws leave equal records.

The kernel stops when it needs draws of further attempts, and goes on where it was when they are there.
"""

# ruff: noqa: F403, F405 - the names of memory are this file's vocabulary

from __future__ import annotations

import numpy as np

from loadtest import record as outcome
from loadtest.calendar_queue import due, full, pop, push
from loadtest.compiled_code import entry, inner
from loadtest.compiled_dispatcher import (
    ask_to_be_woken,
    call_queued,
    caller_hung_up,
    leaves,
    operator_answered,
    operator_ready,
    signed_in,
    talk_ended,
    tick,
    transfer_asked,
    wrap_up_finished,
)
from loadtest.compiled_memory import *
from loadtest.draws import BLOCK, Purpose

MENU, CONTAINED, HANDLING_S, WRAP_UP = 2, 3, 4, 5
PATIENCE, RETRY, RETRY_AFTER, TRANSFER = 6, 7, 8, 9
SECOND_HANDLING, SECOND_WRAP_UP, SECOND_PATIENCE, ANSWER, SECOND_ANSWER = 10, 11, 12, 13, 14
assert [Purpose[name] for name in ("MENU", "TRANSFER", "SECOND_ANSWER")] == [2, 9, 14]  # noqa: S101

BLOCKED, TURNED_AWAY, BY_MENU, ANSWERED, ABANDONED = (
    outcome.BLOCKED, outcome.TURNED_AWAY, outcome.CONTAINED, outcome.ANSWERED, outcome.ABANDONED,
)  # fmt: skip


@entry
def run(m: Ints, f: Floats) -> int:
    """Go on until the day is over: DONE, MORE_DRAWS (WANTED_TOPIC), or FULL (more calls than there is room for)."""
    if m[SHIFTS] != NONE:
        _begin(m, f)
    while True:
        event, arrival = due(m, f), m[ARRIVAL]
        if arrival < m[LAST_ARRIVAL] and (event == NONE or _before(m, f, arrival, event)):
            f[NOW] = f[arrival + A_AT]
            _expect_next(m, arrival + A_SIZE)
            _arrives(m, f, _new_call(m, m[arrival + A_TOPIC], m[arrival + A_NUMBER], 0))
            continue
        if event == NONE:
            break
        kind, who, more = m[event + E_KIND], m[event + E_WHO], m[event + E_MORE]
        if kind == ARRIVES and not m[m[who + C_TOPIC] + T_DRAWN]:
            m[WANTED_TOPIC] = m[m[who + C_TOPIC] + T_INDEX]
            return MORE_DRAWS
        if m[NEXT_CALL] >= m[LAST_CALL] or full(m):
            return FULL
        f[NOW] = f[event + E_TIME]
        pop(m)
        _happens(m, f, kind, who, more)
    _end(m, f)
    return DONE


@inner
def _before(m: Ints, f: Floats, arrival: int, event: int) -> bool:
    if f[arrival + A_AT] != f[event + E_TIME]:
        return f[arrival + A_AT] < f[event + E_TIME]
    return m[ARRIVAL_NUMBER] < m[event + E_NUMBER]


@inner
def _begin(m: Ints, f: Floats) -> None:
    """Ask for every shift that touches the horizon, and for the first call."""
    for shift in range(m[SHIFTS], m[LAST_SHIFT], S_SIZE):
        push(m, f, f[shift + S_AT], m[shift + S_KIND], m[shift + S_GROUP], m[shift + S_LENGTH])
    m[SHIFTS] = NONE
    _expect_next(m, m[ARRIVAL])


@inner
def _expect_next(m: Ints, arrival: int) -> None:
    """The next arrival takes its number among the events now, as `Day._expect_next` does."""
    m[ARRIVAL] = arrival
    if arrival < m[LAST_ARRIVAL]:
        m[NUMBER] += 1
        m[ARRIVAL_NUMBER] = m[NUMBER]


@inner
def _happens(m: Ints, f: Floats, kind: int, who: int, more: int) -> None:
    if kind == AFTER_MENU:
        _after_menu(m, f, who)
    elif kind == TALK_ENDS:
        _talk_ends(m, f, who, more)
    elif kind == WRITTEN_UP:
        _written_up(m, f, who, more)
    elif kind == LOSES_PATIENCE:
        _loses_patience(m, f, who, more)
    elif kind == ANSWERS:
        _answers(m, f, who, more & 0xFFFFF, more >> 20)
    elif kind == ARRIVES:
        _arrives(m, f, who)
    elif kind == WAKES:
        if f[NOW] == f[DAY_WAKE_AT]:
            tick(m, f, f[NOW])
            _obey(m, f)
    elif kind == COMES:
        _come(m, f, who)
    elif kind == GOES:
        _go(m, f, who)
    elif kind == RESTS:
        _rest(m, f, who, f[more])
    else:
        _back(m, f, who)


@inner
def _obey(m: Ints, f: Floats) -> None:
    """Carry out what the dispatcher asks for about a fact. Nothing of it makes him ask for more."""
    ask_to_be_woken(m, f)
    for n in range(m[COMMANDS]):
        command = m[COMMAND] + n * M_SIZE
        what, call = m[command + M_WHAT], m[command + M_CALL]
        if what == RING:
            _rings(m, f, call, m[command + M_OPERATOR])
        elif what == STOP:
            if m[call + C_STATE] != OVER:
                m[call + C_RINGS] += 1
        elif what == TURN_AWAY:
            _note(m, f, TURNED_AWAY, call, 0.0)
            _leaves_system(m, call)
            _may_retry(m, f, call)
        else:
            f[DAY_WAKE_AT] = f[command + M_AT]
            push(m, f, f[command + M_AT], WAKES, 0, 0)
    m[COMMANDS] = 0


# --- callers --------------------------------------------------------------------------------------


@inner
def _new_call(m: Ints, topic: int, number: int, attempt: int) -> int:
    call = m[NEXT_CALL]
    m[NEXT_CALL] = call + C_SIZE
    m[call + C_TOPIC], m[call + C_NUMBER], m[call + C_ATTEMPT] = topic, number, attempt
    m[call + C_STATE] = m[call + C_OPERATOR] = NONE
    m[call + C_RINGS] = m[call + C_QUEUED] = m[call + C_SECOND] = m[call + C_IN_QUEUE] = 0
    return call


@inner
def _drawn(m: Ints, f: Floats, call: int, purpose: int) -> float:
    column, number = m[m[call + C_TOPIC] + T_COLUMN + purpose], m[call + C_NUMBER]
    attempt = m[call + C_ATTEMPT]
    if attempt == 0:
        return float(f[column + number])
    place = number & -BLOCK  # as draws.place_again
    place += (number + (attempt - 1) * (74 * purpose + 37)) & (BLOCK - 1)
    return float(f[m[DRAWS_ROW] + column + place])


@inner
def _arrives(m: Ints, f: Floats, call: int) -> None:
    topic = m[call + C_TOPIC]
    f[call + C_ASKED] = f[NOW]
    m[call + C_LINE] = m[topic + T_LINE]
    if m[TRUNKS] >= 0 and m[IN_SYSTEM] >= m[TRUNKS]:
        _note(m, f, BLOCKED, call, 0.0)
        m[call + C_STATE] = OVER
        _may_retry(m, f, call)
        return
    m[IN_SYSTEM] += 1
    m[PEAK] = max(m[PEAK], m[IN_SYSTEM])
    if m[topic + T_MENU]:
        push(m, f, f[NOW] + _drawn(m, f, call, MENU), AFTER_MENU, call, 0)
    else:
        _after_menu(m, f, call)


@inner
def _after_menu(m: Ints, f: Floats, call: int) -> None:
    contained = f[m[call + C_TOPIC] + T_CONTAINED]
    if contained > 0 and _drawn(m, f, call, CONTAINED) < contained:
        _note(m, f, BY_MENU, call, 0.0)
        _leaves_system(m, call)
        return
    f[call + C_ASKED] = f[NOW]
    before = m[call + C_RINGS]
    call_queued(m, f, call, f[NOW])
    _obey(m, f)
    _looks_at_watch(m, f, call, before, PATIENCE)


@inner
def _waits(m: Ints, call: int) -> bool:
    """Not yet answered, whether a phone rings for him or not."""
    return m[call + C_STATE] == CALL_WAITING or m[call + C_STATE] == CALL_RINGING


@inner
def _looks_at_watch(m: Ints, f: Floats, call: int, before: int, purpose: int) -> None:
    if _waits(m, call):
        m[call + C_QUEUED] = m[call + C_RINGS] == before
        if m[m[call + C_TOPIC] + T_PATIENCE]:
            when = f[NOW] + _drawn(m, f, call, purpose)
            push(m, f, when, LOSES_PATIENCE, call, m[call + C_SECOND])


@inner
def _loses_patience(m: Ints, f: Floats, call: int, second: int) -> None:
    if not _waits(m, call) or m[call + C_SECOND] != second:
        return
    _note(m, f, ABANDONED, call, f[NOW] - f[call + C_ASKED])
    caller_hung_up(m, f, call, f[NOW])
    _leaves_system(m, call)
    _obey(m, f)
    if not second:
        _may_retry(m, f, call)


@inner
def _leaves_system(m: Ints, call: int) -> None:
    m[call + C_STATE] = OVER
    m[IN_SYSTEM] -= 1


@inner
def _may_retry(m: Ints, f: Floats, call: int) -> None:
    probability = f[m[call + C_TOPIC] + T_RETRY]
    if probability < 0 or _drawn(m, f, call, RETRY) >= probability:
        return
    when = f[NOW] + _drawn(m, f, call, RETRY_AFTER)
    f[ORBIT] += max(0.0, min(when, f[HORIZON]) - f[NOW])
    if when < f[HORIZON]:
        again = _new_call(m, m[call + C_TOPIC], m[call + C_NUMBER], m[call + C_ATTEMPT] + 1)
        push(m, f, when, ARRIVES, again, 0)


@inner
def _note(m: Ints, f: Floats, kind: int, call: int, wait: float) -> None:
    end = SECOND if m[call + C_SECOND] else FIRST
    row = m[end]
    m[end] = row + R_SIZE
    m[row + R_KIND], m[row + R_QUEUED] = kind, m[call + C_QUEUED]
    m[row + R_TOPIC], m[row + R_LINE] = m[m[call + C_TOPIC] + T_INDEX], m[m[call + C_LINE] + L_INDEX]
    f[row + R_AT], f[row + R_WAIT] = f[call + C_ASKED], wait


# --- phones ---------------------------------------------------------------------------------------


@inner
def _rings(m: Ints, f: Floats, call: int, operator: int) -> None:
    m[call + C_RINGS] += 1
    ring = m[RING_TRACE]
    if ring != NONE:
        f[ring + V_AT], m[ring + V_CALL], m[ring + V_OPERATOR] = f[NOW], call, operator
        m[RING_TRACE] = ring + V_SIZE
    purpose = SECOND_ANSWER if m[call + C_SECOND] else ANSWER
    if m[m[call + C_TOPIC] + T_COLUMN + purpose] == NONE:
        _answers(m, f, call, m[call + C_RINGS], operator)
    else:
        when = f[NOW] + _drawn(m, f, call, purpose)
        push(m, f, when, ANSWERS, call, (operator << 20) | m[call + C_RINGS])


@inner
def _answers(m: Ints, f: Floats, call: int, ring: int, operator: int) -> None:
    if not _waits(m, call) or m[call + C_RINGS] != ring:
        return
    _note(m, f, ANSWERED, call, f[NOW] - f[call + C_ASKED])
    operator_answered(m, call, operator)
    length = _drawn(m, f, call, SECOND_HANDLING if m[call + C_SECOND] else HANDLING_S)
    f[operator + O_TALK] = f[NOW]
    push(m, f, f[NOW] + length, TALK_ENDS, call, operator)


@inner
def _talk_ends(m: Ints, f: Floats, call: int, operator: int) -> None:
    topic, line, second = m[call + C_TOPIC], m[call + C_LINE], m[call + C_SECOND]
    wrap_up = 0.0 if m[line + L_WRAPS] else np.nan
    if m[topic + T_WRAPS]:
        wrap_up = _drawn(m, f, call, SECOND_WRAP_UP if second else WRAP_UP)
    handed_on = (
        not second and f[topic + T_TRANSFER] >= 0 and _drawn(m, f, call, TRANSFER) < f[topic + T_TRANSFER]
    )
    _talked(m, f, operator, wrap_up)
    if handed_on:
        m[call + C_SECOND], m[call + C_QUEUED] = 1, 0
        m[call + C_LINE] = m[topic + T_LINE2]
        f[call + C_ASKED] = f[NOW]
        before = m[call + C_RINGS]
        transfer_asked(m, f, call, operator, line, f[NOW])
        _obey(m, f)
        _looks_at_watch(m, f, call, before, SECOND_PATIENCE)
    else:
        talk_ended(m, f, call, operator, f[NOW])
        _leaves_system(m, call)
        _obey(m, f)


# --- operators' time ------------------------------------------------------------------------------


@inner
def _last_of(m: Ints, group: int) -> int:
    return m[group + G_FIRST] + m[group + G_COUNT] * O_SIZE


@inner
def _come(m: Ints, f: Floats, group: int) -> None:
    for operator in range(m[group + G_FIRST], _last_of(m, group), O_SIZE):
        f[operator + O_AFTER_TALK] = np.nan
        if np.isnan(f[operator + O_SINCE]):
            f[operator + O_SINCE] = f[NOW]
        signed_in(m, f, operator, f[NOW])
        _obey(m, f)


@inner
def _go(m: Ints, f: Floats, group: int) -> None:
    for operator in range(m[group + G_FIRST], _last_of(m, group), O_SIZE):
        m[operator + O_ON_BREAK] = 0
        _away(m, f, operator, SIGNED_OUT, 0.0)


@inner
def _rest(m: Ints, f: Floats, group: int, length: float) -> None:
    for operator in range(m[group + G_FIRST], _last_of(m, group), O_SIZE):
        if not np.isnan(f[operator + O_SINCE]) and np.isnan(f[operator + O_AFTER_TALK]):
            _away(m, f, operator, PAUSED, length)


@inner
def _away(m: Ints, f: Floats, operator: int, then: int, length: float) -> None:
    if m[operator + O_STATE] == TALKING:
        f[operator + O_AFTER_TALK] = length
    else:
        _off_duty(m, f, operator, length)
    leaves(m, f, operator, then, f[NOW])
    _obey(m, f)


@inner
def _off_duty(m: Ints, f: Floats, operator: int, length: float) -> None:
    since = f[operator + O_SINCE]
    if not np.isnan(since):
        _span(m, f, m[DUTY], operator, since, f[NOW])
        f[operator + O_SINCE] = np.nan
    _stop_wrapping(m, f, operator)
    if length > 0:
        m[operator + O_ON_BREAK] = 1
        push(m, f, f[NOW] + length, BACK, operator, 0)


@inner
def _back(m: Ints, f: Floats, operator: int) -> None:
    if m[operator + O_ON_BREAK]:
        m[operator + O_ON_BREAK] = 0
        f[operator + O_SINCE] = f[NOW]
        operator_ready(m, f, operator, f[NOW])
        _obey(m, f)


@inner
def _talked(m: Ints, f: Floats, operator: int, wrap_up: float) -> None:
    _span(m, f, m[HANDLING], operator, f[operator + O_TALK], f[NOW])
    length = f[operator + O_AFTER_TALK]
    if not np.isnan(length):
        f[operator + O_AFTER_TALK] = np.nan
        _off_duty(m, f, operator, length)
    elif not np.isnan(wrap_up):
        f[operator + O_WRAPPING] = f[NOW]
        m[operator + O_STAMP] += 1
        push(m, f, f[NOW] + wrap_up, WRITTEN_UP, operator, m[operator + O_STAMP])


@inner
def _written_up(m: Ints, f: Floats, operator: int, stamp: int) -> None:
    if m[operator + O_STAMP] == stamp and not np.isnan(f[operator + O_WRAPPING]):
        _stop_wrapping(m, f, operator)
        wrap_up_finished(m, f, operator, f[NOW])
        _obey(m, f)


@inner
def _stop_wrapping(m: Ints, f: Floats, operator: int) -> None:
    begin = f[operator + O_WRAPPING]
    if not np.isnan(begin):
        f[operator + O_WRAPPING] = np.nan
        _span(m, f, m[HANDLING], operator, begin, f[NOW])


@inner
def _interval(at: float, width: float) -> int:
    """int(at // width), at a tenth of its time."""
    number = int(at / width)
    return number - 1 if number * width > at else number


@inner
def _span(m: Ints, f: Floats, table: int, operator: int, begin: float, end: float) -> None:
    """As `Record._span`: the same sums in the same order."""
    row = table + m[m[operator + O_LINE] + L_INDEX] * m[INTERVALS]
    width = f[INTERVAL]
    end = min(end, f[HORIZON])
    interval = _interval(begin, width)
    if begin < end <= (interval + 1) * width:
        f[row + interval] += end - begin
        return
    while begin < end:
        interval = _interval(begin, width)
        until = min(end, (interval + 1) * width)
        f[row + interval] += until - begin
        begin = until


@inner
def _end(m: Ints, f: Floats) -> None:
    """Everybody still there has been there until now."""
    until = max(f[NOW], f[HORIZON])
    for operator in range(m[OPERATOR], m[OPERATOR] + m[OPERATORS] * O_SIZE, O_SIZE):
        if not np.isnan(f[operator + O_SINCE]):
            _span(m, f, m[DUTY], operator, f[operator + O_SINCE], until)


def compile_all() -> None:
    """All that Python calls; what is kept is loaded."""
    run.compile("(int64[::1], float64[::1])")
