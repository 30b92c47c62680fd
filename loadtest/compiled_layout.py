"""Where everything of a compiled day stands in its memory; the same for every day of a scenario."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loadtest import compiled_memory as c
from loadtest.calendar_queue import SLOTS
from loadtest.compiled_memory import NONE, Floats, Ints
from loadtest.distribution import Numbers
from loadtest.draws import BLOCK, Purpose
from loadtest.record import INTERVAL_S, Columns
from loadtest.roster import DAY
from loadtest.rules import line_names
from loadtest.scenario import OperatorGroup, Scenario, TopicEntry

SLOTS_PER_CALL = 5
"""Of the calendar: so that about one event falls into each."""


class Layout:
    """room: calls that there is room for, as a multiple of first attempts. calls: of each topic, at most.

    Memory that is never touched is never given by the system, so much room costs little.
    """

    def __init__(self, scenario: Scenario, calls: list[int], trace: bool = False, room: int = 0) -> None:
        self.scenario, self._most, self._trace = scenario, calls, trace
        retrying = any(topic.retry for topic in scenario.topics)
        self.room = room or (2 if retrying else 1)
        self._build(sum(calls), sum(calls) * self.room + 1000)

    def larger(self) -> Layout:
        """Twice the room, and empty."""
        return Layout(self.scenario, self._most, self._trace, 2 * self.room)

    def fits(self, scenario: Scenario, calls: Sequence[int]) -> bool:
        """Whether a day of this scenario, with so many calls of each topic, may be laid out here."""
        same = scenario is self.scenario or scenario == self.scenario
        return same and all(n <= most for n, most in zip(calls, self._most, strict=True))

    def begin(self, times: Sequence[Numbers]) -> None:
        """A day begins, with these arrivals of each topic; its draws are the caller's part."""
        m, f = self.m, self.f
        free = int(m[c.FREE])
        m[: len(self._start)] = self._start
        m[c.FREE] = free
        every = np.concatenate(times)
        number = [len(one) for one in times]
        order = np.argsort(every, kind="stable")  # of equal times, the first topic and caller first
        rows = self.rows(int(m[c.ARRIVAL]), c.A_SIZE, count=len(every))
        rows[:, c.A_AT] = every[order].view(np.int64)
        rows[:, c.A_TOPIC] = np.repeat(self.topics, number)[order]
        rows[:, c.A_NUMBER] = np.concatenate([np.arange(n) for n in number])[order]
        m[c.LAST_ARRIVAL] = m[c.ARRIVAL] + len(every) * c.A_SIZE
        f[c.SLOTS_A_SECOND] = min(1e3, (SLOTS_PER_CALL * len(every) + 1) / self.scenario.horizon_s)

    def _build(self, arrivals: int, calls: int) -> None:
        scenario = self.scenario
        self._lines = line_names(scenario)
        self._pools = _pools(scenario)
        self._kinds = _kinds(scenario)
        self._rings = max(len(topic.demand) for topic in scenario.topics)
        people = sum(group.present for group in scenario.operators)
        used = [[purpose for purpose in Purpose if _draws_for(purpose, scenario, t)] for t in scenario.topics]
        row = sum(_blocks(n) * len(purposes) for n, purposes in zip(self._most, used, strict=True))
        events = calls // 2 + 4 * people + 4096
        self._end = c.WORLD + 1
        self.topics = self._many(len(scenario.topics), c.T_COLUMN + len(Purpose))
        self.lines = self._many(len(self._lines), c.L_SIZE)
        self.pools = self._many(len(self._pools), c.Q_AFTER + self._rings)
        self.kinds = self._many(len(self._kinds), c.K_STAGES + len(self._pools))
        self.groups = self._many(len(scenario.operators), c.G_SIZE)
        self.lengths = self._many(sum(len(group.breaks) for group in scenario.operators), 1)
        self.people = self._many(people, c.O_SIZE)
        shifts = _shifts(scenario, self.groups, self.lengths)
        at_shifts = self._room(len(shifts) * c.S_SIZE)
        tables = [self._room(len(self._lines) * _intervals(scenario)) for _ in range(2)]
        starting = self._end
        at_arrivals = self._room(arrivals * c.A_SIZE)
        slots, held = self._room(SLOTS), self._room(events)
        commands = self._room((calls + people + 10) * c.M_SIZE)
        self._events = self._room(events * c.E_SIZE)
        first_call = self._room(calls * c.C_SIZE)
        outcomes = [self._room(calls * c.R_SIZE) for _ in range(2)]
        self.record = list(zip(outcomes, (c.FIRST, c.SECOND), strict=True))
        self.trace = self._room(8 * calls * c.V_SIZE) if self._trace else NONE
        draws = self._room(2 * row)
        self.m: Ints = np.zeros(self._end, np.int64)
        self.f: Floats = self.m.view(np.float64)
        self._world(
            {c.TRUNKS: NONE if scenario.trunks is None else scenario.trunks, c.NEXT_CALL: first_call,
             c.LAST_CALL: first_call + (calls - 2) * c.C_SIZE, c.ARRIVAL: at_arrivals,
             c.FIRST: outcomes[0], c.SECOND: outcomes[1],
             c.RING_TRACE: self.trace, c.COMMAND: commands, c.CLASSES: len(self.kinds), c.POOLS: len(self.pools),
             c.CLASS_SIZE: c.K_STAGES + len(self._pools), c.POOL_SIZE: c.Q_AFTER + self._rings,
             c.RINGS: self._rings, c.OPERATORS: people, c.CALLS: first_call, c.HANDLING: tables[0],
             c.DUTY: tables[1], c.INTERVALS: _intervals(scenario), c.DRAWS_ROW: row,
             c.SHIFTS: at_shifts, c.LAST_SHIFT: at_shifts + len(shifts) * c.S_SIZE,
             c.HELD_LIST: held, c.SLOT_LIST: slots, c.FREE: self._events,
             c.CLASS: first(self.kinds), c.POOL: first(self.pools), c.OPERATOR: first(self.people)},
            {c.WAKE_AT: np.inf, c.HORIZON: scenario.horizon_s, c.INTERVAL: INTERVAL_S},
        )  # fmt: skip
        self.m[slots : slots + SLOTS] = NONE
        chain = np.arange(1, events + 1) * c.E_SIZE + self._events
        chain[-1] = NONE
        self.rows(self._events, c.E_SIZE, count=events)[:, c.E_NEXT] = chain
        for row, (at, *rest) in zip(self.rows(at_shifts, c.S_SIZE, count=len(shifts)), shifts, strict=True):
            row.view(np.float64)[c.S_AT] = at
            row[c.S_KIND :] = rest
        self._fill_topics(used, draws)
        self._fill_lines_and_pools()
        self._fill_people()
        self._start = self.m[:starting].copy()

    # room

    def _room(self, words: int) -> int:
        begin = self._end
        self._end += words
        return begin

    def _many(self, number: int, size: int) -> list[int]:
        begin = self._room(number * size)
        return [begin + n * size for n in range(number)]

    def rows(self, begin: int, size: int, *, count: int = 0, until: int = 0) -> Ints:
        """Blocks that follow one another, one a row: shape (count, size), words of the memory itself."""
        end = until or begin + count * size
        return self.m[begin:end].reshape(-1, size)

    def outcomes(self, begin: int, end: int) -> Columns:
        rows = self.rows(begin, c.R_SIZE, until=end) if end > begin else np.zeros((0, c.R_SIZE), np.int64)
        columns = np.ascontiguousarray(rows.T)  # a copy: the memory is the next day's
        kind, topic, line, queued = (columns[n] for n in (c.R_KIND, c.R_TOPIC, c.R_LINE, c.R_QUEUED))
        at, wait = (columns[n].view(np.float64) for n in (c.R_AT, c.R_WAIT))
        return Columns(kind, topic, line, at, wait, queued)

    # contents

    def _world(self, whole: dict[int, int], real: dict[int, float]) -> None:
        for place, value in whole.items():
            self.m[place] = value
        for place, value in real.items():
            self.f[place] = value

    def _fill_topics(self, used: list[list[Purpose]], column: int) -> None:
        m, f = self.m, self.f
        for n, (at, topic) in enumerate(zip(self.topics, self.scenario.topics, strict=True)):
            to = topic.transfer.to_line if topic.transfer else None
            m[at + c.T_INDEX] = n
            m[at + c.T_LINE] = self._line(topic.line)
            m[at + c.T_POOL] = self.pools[self._pools.index((n, topic.line))]
            m[at + c.T_SECOND] = NONE if to is None else self.pools[self._pools.index((n, to))]
            m[at + c.T_LINE2] = NONE if to is None else self._line(to)
            m[at + c.T_LIMIT] = NONE if topic.queue_limit is None else topic.queue_limit
            m[at + c.T_MENU] = topic.ivr_s is not None
            m[at + c.T_PATIENCE] = topic.patience_s is not None
            m[at + c.T_WRAPS] = topic.wrap_up_s is not None
            f[at + c.T_CONTAINED] = topic.contained
            f[at + c.T_RETRY] = topic.retry.probability if topic.retry else -1.0
            f[at + c.T_TRANSFER] = topic.transfer.probability if topic.transfer else -1.0
            m[at + c.T_COLUMN : at + c.T_COLUMN + len(Purpose)] = NONE
            for purpose in used[n]:
                m[at + c.T_COLUMN + purpose] = column
                column += _blocks(self._most[n])

    def _line(self, name: str) -> int:
        return self.lines[self._lines.index(name)]

    def _fill_lines_and_pools(self) -> None:
        m, f, scenario = self.m, self.f, self.scenario
        for n, (at, name) in enumerate(zip(self.lines, self._lines, strict=True)):
            m[at + c.L_INDEX], m[at + c.L_WRAPS] = n, _wraps_up(scenario, name)
        ageing = scenario.ageing_s
        for n, (at, (topic, _)) in enumerate(zip(self.pools, self._pools, strict=True)):
            priority = float(scenario.topics[topic].priority)
            m[at + c.Q_INDEX], m[at + c.Q_HEAD], m[at + c.Q_TAIL] = n, NONE, NONE
            f[at + c.Q_RANK] = -priority if ageing is None else 0.0
            f[at + c.Q_BOOST] = 0.0 if ageing is None else priority * ageing
            f[at + c.Q_DUE] = np.inf
            f[at + c.Q_AFTER : at + c.Q_AFTER + self._rings] = np.inf
            for ring, entry in enumerate(scenario.topics[topic].demand):
                f[at + c.Q_AFTER + ring] = entry.after
        for at, (line, skills) in zip(self.kinds, self._kinds, strict=True):
            m[at + c.K_HEAD] = m[at + c.K_TAIL] = NONE
            for n, (topic, of_line) in enumerate(self._pools):
                stage = _stage(scenario.topics[topic], dict(skills)) if of_line == line else NONE
                m[at + c.K_STAGES + n] = stage

    def _fill_people(self) -> None:
        m, f, nobody = self.m, self.f, 0
        lengths = iter(self.lengths)
        for at, group in zip(self.groups, self.scenario.operators, strict=True):
            m[at + c.G_FIRST] = first(self.people) + nobody * c.O_SIZE
            m[at + c.G_COUNT] = group.present
            nobody += group.present
            kind = self.kinds[self._kinds.index(_kind(group))]
            rows = self.rows(int(m[at + c.G_FIRST]), c.O_SIZE, count=group.present)
            rows[:, [c.O_THEN, c.O_CALL]] = NONE
            rows[:, c.O_CLASS], rows[:, c.O_LINE] = kind, self._line(group.line)
            rows.view(np.float64)[:, [c.O_SINCE, c.O_AFTER_TALK, c.O_WRAPPING]] = np.nan
            for rest in group.breaks:
                f[next(lengths)] = rest.length_min * 60


def _shifts(scenario: Scenario, groups: list[int], lengths: list[int]) -> list[tuple[float, int, int, int]]:
    """(time, kind, group, where the break's length stands) of everybody's coming, breaks and going, in the order
    of `Roster.begin`."""
    horizon, length, found = scenario.horizon_s, iter(lengths), []
    for at, group in zip(groups, scenario.operators, strict=True):
        rests = [(rest.after_h * 3600, next(length)) for rest in group.breaks]
        begin, end = group.shift_s if group.shift_s is not None else (0.0, horizon)
        for day in range(-1, int(horizon // DAY) + 1) if group.shift_s is not None else range(1):
            found += _shift(at, (begin + day * DAY, end + day * DAY), rests, horizon)
    return found


def _shift(
    group: int, span: tuple[float, float], rests: list[tuple[float, int]], horizon: float
) -> list[tuple[float, int, int, int]]:
    begin, end = span
    if end <= 0 or begin >= horizon:
        return []
    found = [(max(begin, 0.0), c.COMES, group, 0)]
    found += [
        (begin + after, c.RESTS, group, length)
        for after, length in rests
        if 0 <= begin + after < min(end, horizon)
    ]
    return found if end >= horizon else [*found, (end, c.GOES, group, 0)]


def first(addresses: list[int]) -> int:
    return addresses[0] if addresses else NONE


def _intervals(scenario: Scenario) -> int:
    return max(1, int(-(-scenario.horizon_s // INTERVAL_S)))


def _pools(scenario: Scenario) -> list[tuple[int, str]]:
    own = [(n, topic.line) for n, topic in enumerate(scenario.topics)]
    second = [(n, topic.transfer.to_line) for n, topic in enumerate(scenario.topics) if topic.transfer]
    return list(dict.fromkeys(own + second))


Kind = tuple[str, tuple[tuple[str, int], ...]]


def _kind(group: OperatorGroup) -> Kind:
    return group.line, tuple(sorted(group.skills.items()))


def _kinds(scenario: Scenario) -> list[Kind]:
    return list(dict.fromkeys(_kind(group) for group in scenario.operators))


def _stage(topic: TopicEntry, skills: dict[str, int]) -> int:
    """As acd.core.demand.stage; -1 for never."""
    for number, ring in enumerate(topic.demand):
        if all(skills.get(skill, 0) >= level for skill, level in ring.needs.items()):
            return number
    return NONE


def _wraps_up(scenario: Scenario, line: str) -> bool:
    return any(
        topic.wrap_up_s is not None
        and (topic.line == line or (topic.transfer is not None and topic.transfer.to_line == line))
        for topic in scenario.topics
    )


def _draws_for(purpose: Purpose, scenario: Scenario, topic: TopicEntry) -> bool:
    """Whether this topic's calls ask chance for this."""
    handed_on = topic.transfer is not None
    return {
        Purpose.MENU: topic.ivr_s is not None,
        Purpose.CONTAINED: topic.contained > 0,
        Purpose.HANDLING: True,
        Purpose.WRAP_UP: topic.wrap_up_s is not None,
        Purpose.PATIENCE: topic.patience_s is not None,
        Purpose.RETRY: topic.retry is not None,
        Purpose.RETRY_AFTER: topic.retry is not None,
        Purpose.TRANSFER: handed_on,
        Purpose.SECOND_HANDLING: handed_on,
        Purpose.SECOND_WRAP_UP: handed_on and topic.wrap_up_s is not None,
        Purpose.SECOND_PATIENCE: handed_on and topic.patience_s is not None,
        Purpose.ANSWER: scenario.answer_s is not None,
        Purpose.SECOND_ANSWER: handed_on and scenario.answer_s is not None,
    }.get(purpose, False)


def _blocks(calls: int) -> int:
    """So many calls in whole blocks of draws."""
    return -(-calls // BLOCK) * BLOCK
