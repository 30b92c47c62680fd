"""The compiled day's memory: one block of words, in which everybody has an address.

Seen as integers (`m`) and as floats (`f`), two views of the same words. An operator, a call, a pool ... is named by
the address of its first word; `m[call + C_STATE]` is a call's state, `f[call + C_SINCE]` the time it waits since.
Two arrays is all that a compiled function is given, and that is what makes its calls cheap. Addresses are > 0; -1
is nobody, NaN is never.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE = -1

# the world, at address 0; floats first
(NOW, WAKE_AT, DAY_WAKE_AT, ORBIT, HORIZON, INTERVAL, SLOTS_A_SECOND,
 SEQ, WAITING, ALARM, SOONER, IN_SYSTEM, PEAK, TRUNKS,
 NEXT_CALL, LAST_CALL, ARRIVAL, LAST_ARRIVAL, ARRIVAL_NUMBER, WANTED_TOPIC,
 FIRST, SECOND, RING_TRACE, COMMANDS, COMMAND, CLASSES, CLASS, CLASS_SIZE, POOLS, POOL, POOL_SIZE, RINGS,
 OPERATORS, OPERATOR, CALLS, HANDLING, DUTY, INTERVALS, DRAWS_ROW,
 NUMBER, SLOT, HELD, HELD_LIST, SLOT_LIST, FREE, PENDING, SHIFTS, LAST_SHIFT, WORLD) = range(49)  # fmt: skip

# a topic; T_COLUMN + purpose: where its first attempts' draws for this purpose begin, -1 for none; DRAWS_ROW after
# them those of further attempts, when they are drawn
(T_INDEX, T_LINE, T_POOL, T_SECOND, T_LINE2, T_LIMIT, T_MENU, T_PATIENCE, T_WRAPS, T_CONTAINED, T_RETRY, T_TRANSFER,
 T_WAITING, T_DRAWN, T_COLUMN) = range(15)  # fmt: skip
# a line
L_INDEX, L_WRAPS, L_SIZE = range(3)
# a pool, as in acd.core.matching: one (topic, line); Q_AFTER + k: when ring k begins, inf where there is none
Q_INDEX, Q_RANK, Q_BOOST, Q_HEAD, Q_TAIL, Q_ALARM, Q_DUE, Q_WAS, Q_AFTER = range(9)
# operators of equal skills on one line; K_STAGES + p: the first ring of pool p that they satisfy, -1 for never
K_HEAD, K_TAIL, K_STAGES = range(3)
# a group of the roster, and what it does when: S_LENGTH is where the length of a break stands, if it is one
S_AT, S_KIND, S_GROUP, S_LENGTH, S_SIZE = range(5)
G_FIRST, G_COUNT, G_SIZE = range(3)
(O_STATE, O_THEN, O_CALL, O_SEQ, O_BEFORE, O_BEHIND, O_STANDING, O_ON_BREAK, O_STAMP, O_CLASS, O_LINE,
 O_IDLE, O_SINCE, O_AFTER_TALK, O_WRAPPING, O_TALK, O_SIZE) = range(17)  # fmt: skip
# a call; C_SINCE is the dispatcher's and survives a transfer, C_ASKED is when it asked on this line
(C_TOPIC, C_NUMBER, C_ATTEMPT, C_STATE, C_LINE, C_POOL, C_SEQ, C_RINGS, C_QUEUED, C_SECOND, C_OPERATOR, C_IN_QUEUE,
 C_BEFORE, C_BEHIND, C_SINCE, C_ASKED, C_SIZE) = range(17)  # fmt: skip
A_AT, A_TOPIC, A_NUMBER, A_SIZE = range(4)  # an arrival
R_KIND, R_TOPIC, R_LINE, R_AT, R_WAIT, R_QUEUED, R_SIZE = range(7)  # an outcome, as loadtest.record.Outcome
V_AT, V_CALL, V_OPERATOR, V_SIZE = range(4)  # a ring of the trace
M_WHAT, M_CALL, M_OPERATOR, M_AT, M_SIZE = range(5)  # a command of the dispatcher
E_TIME, E_NUMBER, E_KIND, E_WHO, E_MORE, E_NEXT, E_SIZE = range(7)  # an event

# states of an operator
SIGNED_OUT, READY, RINGING, TALKING, WRAPPING_UP, PAUSED = range(6)
# states of a call: the dispatcher has it, or the menu or nobody yet (NONE), or it is over
CALL_WAITING, CALL_RINGING, CALL_TALKING = range(3)
OVER = -2
# commands
RING, STOP, TURN_AWAY, WAKE = range(4)
# kinds of events
ARRIVES, AFTER_MENU, LOSES_PATIENCE, ANSWERS, TALK_ENDS, WRITTEN_UP, COMES, RESTS, GOES, BACK, WAKES = range(
    11
)
# what the kernel says when it stops
DONE, MORE_DRAWS, FULL = range(3)
