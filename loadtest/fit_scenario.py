"""What recorded calls say of a scenario: each part fitted (`fit_keys` writes it down)."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acd.core.model import Operator, Policy, Topic
from loadtest.distribution import Numbers
from loadtest.fit_calendar import Calendar, DayToDay, Rates, Span, day_to_day, rates
from loadtest.fit_durations import DurationFit, fit_durations
from loadtest.fit_patience import PatienceFit, fit_patience
from loadtest.fit_people import Kind, present
from loadtest.recorded_lives import ABANDONED, ANSWERED, NO_LIMIT_S, REFUSED, Life, Lives

AGAIN_WITHIN_S = 3600.0
NEGLIGIBLE_S = 0.05
"""Rings and wrap-ups that are shorter in the mean are left out."""


class TooLittle(ValueError):
    """No scenario can be made of this record. The message says what is missing."""


@dataclass(frozen=True)
class Share:
    """part of whole, both counted."""

    part: int
    whole: int

    @property
    def mean(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    @property
    def ci95(self) -> tuple[float, float]:
        """E. B. Wilson, JASA 22 (1927)."""
        if not self.whole:
            return 0.0, 1.0
        z2 = 1.959963984540054**2
        middle = (self.mean + z2 / (2 * self.whole)) / (1 + z2 / self.whole)
        spread = self.mean * (1 - self.mean) / self.whole + z2 / (4 * self.whole**2)
        half = math.sqrt(z2 * spread) / (1 + z2 / self.whole)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class TopicFit:
    """calls: recorded, retries among them. answered, abandoned, refused: of them. lent: without talks of its own,
    it was given the handling times of all topics."""

    name: str
    rates: Rates
    calls: int
    answered: int
    abandoned: int
    refused: int
    handling: DurationFit
    lent: bool
    wrap_up: DurationFit | None
    patience: PatienceFit
    retry: Share
    retry_after: DurationFit | None
    transfer: Share
    transfer_line: str | None
    transfer_handling: DurationFit | None


@dataclass(frozen=True)
class Fit:
    """The whole. from_at, until: seconds since 1970. peak: most calls at once, menu included."""

    policy: Policy
    covered: list[Span]
    from_at: float
    until: float
    days: int
    calls: int
    left_out: int
    topics: list[TopicFit]
    menu: DurationFit | None
    contained: Share
    ring: DurationFit | None
    people: dict[Kind, Numbers]
    day_to_day: DayToDay
    known_callers: Share
    peak: int


@dataclass
class _Call:
    """A call on the wall clock."""

    life: Life
    at: float
    caller: str | None
    lost_at: float | None
    retry: bool = False
    again_after: float | None = None
    watched: bool = False


@dataclass
class _Gathered:
    calls: list[_Call] = field(default_factory=list[_Call])
    menu: list[float] = field(default_factory=list[float])
    without_queue: int = 0
    came: int = 0
    moves: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])


def fit(every: Sequence[Lives], calendar: Calendar, rng: np.random.Generator) -> Fit:
    """Everything that the record tells. every: one for each run. Raises TooLittle."""
    policy = next((lives.policy for lives in reversed(every) if lives.policy is not None), None)
    if policy is None:
        raise TooLittle("no rules are in this journal: the hotline has never come up with it")
    covered = _covered(every)
    gathered = _gather(every, calendar)
    calls = gathered.calls
    if not calls:
        raise TooLittle("nobody asked for an operator in this record, so there is nothing to fit")
    every_talk = [talk for call in calls if (talk := call.life.first.talk) is not None]
    if not every_talk:
        raise TooLittle(f"{len(calls)} callers asked for an operator, and no talk was recorded to its end")
    _find_retries(calls, covered[-1][1])
    contained = Share(gathered.without_queue, gathered.came)
    by_topic: defaultdict[str, list[_Call]] = defaultdict(list)
    for call in calls:
        by_topic[str(call.life.asked.topic)].append(call)
    known = [topic for topic in policy.topics if by_topic.get(topic)]
    whole = fit_durations(np.array(every_talk), rng)
    topics = [
        _topic(policy, policy.topics[name], by_topic[name], whole, covered, calendar, contained, rng)
        for name in known
    ]
    if not topics:
        raise TooLittle("none of the recorded topics is in the last rules of this journal")
    spells = [
        (spell.who, (lives.run.wall(spell.begin), lives.run.wall(min(spell.end, lives.run.until))))
        for lives in every
        for spell in lives.spells
    ]
    rings = [leg.rang for call in calls for leg in call.life.legs if leg.rang is not None]
    firsts = [call.at for call in calls if not call.retry]
    return Fit(
        policy=policy,
        covered=covered,
        from_at=covered[0][0],
        until=covered[-1][1],
        days=len(calendar.seconds(covered)),
        calls=len(calls),
        left_out=len(calls) - sum(topic.calls for topic in topics),
        topics=topics,
        menu=_worth(gathered.menu, rng),
        contained=contained,
        ring=_worth(rings, rng),
        people=_people(calendar, spells, covered),
        day_to_day=day_to_day(calendar, firsts, covered),
        known_callers=Share(sum(call.caller is not None for call in calls), len(calls)),
        peak=_peak(gathered.moves),
    )


def _people(
    calendar: Calendar, spells: Sequence[tuple[Operator, Span]], covered: Sequence[Span]
) -> dict[Kind, Numbers]:
    people = present(calendar, spells, covered)
    if not any(float(mean.max(initial=0)) >= 0.5 for mean in people.values()):
        raise TooLittle("no operator was there for half of any half hour, so there is no staff to write down")
    return people


def _covered(every: Iterable[Lives]) -> list[Span]:
    """While a controller ran and wrote; each moment once."""
    spans = sorted(
        (lives.run.at, lives.run.wall(lives.run.until)) for lives in every if lives.policy is not None
    )
    found: list[Span] = []
    for begin, end in spans:
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _gather(every: Sequence[Lives], calendar: Calendar) -> _Gathered:
    found = _Gathered()
    for lives in every:
        run = lives.run
        asked = {str(life.asked.call): life for life in reversed(lives.calls)}
        for life in asked.values():
            came = run.came.get(str(life.asked.call))
            start = life.first.began if came is None else came.mono
            if not calendar.within(run.wall(start)):
                continue
            if came is not None:
                found.menu.append(max(0.0, life.first.began - came.mono))
            lost = life.left if life.outcome in (ABANDONED, REFUSED) else None
            caller = None if came is None else came.caller
            found.calls.append(_Call(life, run.wall(start), caller, None if lost is None else run.wall(lost)))
        for id, came in run.came.items():
            if calendar.within(run.wall(came.mono)):
                found.came += 1
                went = run.went.get(id)
                if id not in asked and went is not None and not went.failed:
                    found.without_queue += 1
                found.moves.append((run.wall(came.mono), 1))
                found.moves.append((run.wall(run.until if went is None else went.mono), -1))
    found.calls.sort(key=lambda call: call.at)
    return found


def _peak(moves: list[tuple[float, int]]) -> int:
    peak = now = 0
    for _, step in sorted(moves):
        now += step
        peak = max(peak, now)
    return peak


def _find_retries(calls: Sequence[_Call], until: float) -> None:
    """Who was lost and called again within an hour. Those lost in the record's last hour cannot be judged."""
    starts: defaultdict[str, list[tuple[float, _Call]]] = defaultdict(list)
    for call in calls:
        if call.caller is not None:
            starts[call.caller].append((call.at, call))
    for call in calls:
        if call.lost_at is None or call.caller is None:
            continue
        call.watched = call.lost_at <= until - AGAIN_WITHIN_S
        his = starts[call.caller]
        following = bisect_right([at for at, _ in his], call.lost_at)
        if following < len(his) and his[following][0] - call.lost_at <= AGAIN_WITHIN_S:
            his[following][1].retry = True
            call.again_after = his[following][0] - call.lost_at


def _topic(
    policy: Policy,
    topic: Topic,
    calls: list[_Call],
    whole: DurationFit,
    covered: list[Span],
    calendar: Calendar,
    contained: Share,
    rng: np.random.Generator,
) -> TopicFit:
    lives = [call.life for call in calls]
    legs = [life.first for life in lives]
    talks = [leg.talk for leg in legs if leg.talk is not None]
    wrap_up = [w for life in lives for leg in life.legs if (w := _wrap_up(policy, topic, leg)) is not None]
    waits = [
        (life.wait, life.outcome == ABANDONED)
        for life in lives
        if life.wait is not None and life.outcome in (ANSWERED, ABANDONED)
    ]
    watched = [call for call in calls if call.watched]
    again = [call.again_after for call in calls if call.again_after is not None]
    handed = [(life, leg.handed_on) for life in lives if (leg := life.first).handed_on is not None]
    to = Counter(str(fact.line) for _, fact in handed if fact is not None and fact.line is not None)
    line = to.most_common(1)[0][0] if to else None
    second = [
        life.legs[1].talk
        for life, fact in handed
        if fact is not None and str(fact.line) == line and life.legs[1].talk is not None
    ]
    first_attempts = rates(calendar, [call.at for call in calls if not call.retry], covered)
    outcomes = Counter(life.outcome for life in lives)
    return TopicFit(
        name=str(topic.id),
        rates=_before_containment(first_attempts, contained),
        calls=len(calls),
        answered=outcomes[ANSWERED],
        abandoned=outcomes[ABANDONED],
        refused=outcomes[REFUSED],
        handling=fit_durations(np.array(talks), rng) if talks else whole,
        lent=not talks,
        wrap_up=_worth(wrap_up, rng),
        patience=fit_patience(np.array([w for w, _ in waits]), np.array([gone for _, gone in waits], bool)),
        retry=Share(sum(call.again_after is not None for call in watched), len(watched)),
        retry_after=_worth(again, rng),
        transfer=Share(to[line] if line else 0, len(talks)),
        transfer_line=line if second else None,
        transfer_handling=_worth(second, rng),
    )


def _wrap_up(policy: Policy, topic: Topic, leg: Any) -> float | None:
    """As recorded; else to the line's limit, if it has one: its end is an alarm, which is not journaled."""
    if leg.wrap_up is not None or leg.ended is None:
        return leg.wrap_up
    limit = policy.lines[topic.line].wrap_up if topic.line in policy.lines else 0.0
    return limit if 0 < limit < NO_LIMIT_S else None


def _before_containment(found: Rates, contained: Share) -> Rates:
    """Which topic a caller would have chosen whom the menu answered is not known: every topic gets its share."""
    if contained.mean >= 1:
        return found
    scale = 1 / (1 - contained.mean)
    return Rates(found.per_hour * scale, found.calls, found.covered_s, found.days)


def _worth(values: Sequence[float | None], rng: np.random.Generator) -> DurationFit | None:
    known = np.array([one for one in values if one is not None], np.float64)
    return fit_durations(known, rng) if len(known) and float(known.mean()) > NEGLIGIBLE_S else None
