"""From a scenario to a roster that was verified on days it had not been sought on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from loadtest.distribution import Numbers
from loadtest.figures import Days
from loadtest.intervals import ratio
from loadtest.scenario import Scenario
from loadtest.staffing_days import Goal, OutOfTime, Trials, goal_counts, goals
from loadtest.staffing_demand import able, needed, pools
from loadtest.staffing_master import Staff
from loadtest.staffing_search import NoRoster, Problem, Search, Tried, shares_of
from loadtest.staffing_slots import Offer, coverage, offer, roster_now

ROUNDS = 6
"""Verifications at most. Each is on a seed of its own."""

SLACK_WORTH_A_ROUND = 1.0
"""A verified roster whose every goal is this many half widths too good may hold somebody who is not needed."""

FEWEST_DAYS, MOST_DAYS = 20, 60
MARGINAL_DAYS = 40


@dataclass(frozen=True)
class Level:
    """A goal on the days of the verification. verdict: as `simulate` gives it; an hour's is that of its mean."""

    goal: Goal
    share: float
    half_width: float

    @property
    def verdict(self) -> str:
        wanted = self.goal.target.share
        if self.goal.hour:
            return "pass" if self.share >= wanted else "fail"
        low, high = self.share - self.half_width, self.share + self.half_width
        return "pass" if low >= wanted else "fail" if high < wanted else "undecided"


@dataclass(frozen=True)
class Verified:
    """A roster, (present, by slot), on fresh days."""

    people: tuple[int, ...]
    cost: float
    levels: tuple[Level, ...]
    days: int
    seed: int

    @property
    def passes(self) -> bool:
        return all(level.verdict == "pass" for level in self.levels)


@dataclass(frozen=True)
class Change:
    """What `more` people (1 or -1) in the slot do to a goal's service level, paired on the same days."""

    slot: int
    more: int
    goal: Goal
    change: float
    half_width: float


@dataclass
class Progress:
    """Where the work stands, to be read at any time; what is left of it when it is interrupted.

    tried: the best roster of the search so far. tried_meets: whether it meets every goal on the trial days.
    """

    stage: str = "begin"
    tried: Tried | None = None
    tried_meets: bool = False
    verified: Verified | None = None
    failed: Verified | None = None
    marginal: list[Change] = field(default_factory=list)
    stopped: str | None = None


Told = Callable[[Progress], None]


def seed_of(scenario: Scenario, number: int) -> int:
    """0: the trial days; 1, 2, ...: verifications. None is the scenario's own: that is `simulate`'s."""
    return int(np.random.SeedSequence([scenario.seed, 5, number]).generate_state(1)[0])


def problem_of(scenario: Scenario, whole: Offer, days: int) -> Problem:
    """The search's numbers."""
    found = pools(scenario)
    can, all_goals = able(scenario, whole, found), goals(scenario)
    goal_of = []
    for pool in found:
        names = [g for g, goal in enumerate(all_goals) if goal.topic == pool.topic and pool.own]
        names += [g for g, goal in enumerate(all_goals) if not pool.own and goal.name == f"line {pool.line}"]
        goal_of.append(names[0] if names else -1)
    load = np.array([pool.load for pool in found])
    spoken_for = np.array(goal_of) >= 0
    cover = np.array([coverage(scenario, slot.group) for slot in whole.slots])
    limit = np.inf if whole.max_people is None else whole.max_people
    staff = Staff(
        cost=np.array([slot.cost for slot in whole.slots]),
        present_share=np.array([1 - slot.group.shrinkage for slot in whole.slots]),
        kind=np.array([slot.kind for slot in whole.slots]),
        cover=cover,
        least=np.array([kind.least for kind in whole.kinds]),
        most=np.array([kind.most for kind in whole.kinds]),
        max_people=float(limit),
        can=can,
        guaranteed=np.where(spoken_for[:, None], 0.0, load),
    )
    hours = [(g, goal.hour) for g, goal in enumerate(all_goals) if goal.hour]
    return Problem(staff, needed(scenario, found, can), goal_of, days, hours)


class Planner:
    """trials: simulates with the seed of the search; `fresh` with others."""

    def __init__(self, scenario: Scenario, whole: Offer, trials: Trials, told: Told) -> None:
        self._scenario, self._whole, self._trials, self._told = scenario, whole, trials, told
        self._goals, self._own = goals(scenario), _own(scenario, whole)
        wanted = scenario.replications
        days = min(wanted.max, max(FEWEST_DAYS, min(MOST_DAYS, wanted.min)))
        self._search = Search(problem_of(scenario, whole, days), trials.measure, self._found)
        self.progress = Progress()

    def run(self) -> Progress:
        """Search, verify, mend, and what one more or less would do.

        Out of time, or interrupted, it says so in `stopped`; the best so far is in what it returns.
        Raises NoRoster when the offer's bounds contradict one another.
        """
        try:
            self._plan()
            if self.progress.verified is not None:
                self._stage("marginal values")
                self.progress.marginal = self._marginal(self.progress.verified)
        except OutOfTime:
            self.progress.stopped = "out of time"
        except KeyboardInterrupt:
            self.progress.stopped = "interrupted"
        return self.progress

    def _plan(self) -> None:
        target = np.array([goal.target.share for goal in self._goals])
        proved = np.array([not goal.hour for goal in self._goals])
        need, start = target + proved * self._scenario.replications.half_width, None
        for number in range(1, ROUNDS + 1):
            self._stage(f"search {number}")
            found = self._search.run(np.minimum(need, 0.9999), start, self._own)
            if found is None:
                return
            known = self.progress.verified
            if known is not None and found.cost >= known.cost - 1e-9:
                return
            fresh = self._verify(found, number)
            half = np.array([level.half_width for level in fresh.levels])
            spare = np.array([level.share for level in fresh.levels]) - half - target
            if fresh.passes:
                self.progress.verified = fresh
                self._told(self.progress)
                if known is not None or (spare < SLACK_WORTH_A_ROUND * half)[proved].any():
                    return
            else:
                self.progress.failed = fresh
                if known is not None:
                    return
            # The trial days differ from others by what their few days happen to be; the same for like rosters.
            luck = found.shares - np.array([level.share for level in fresh.levels])
            mended = target + luck + half * np.where(proved, 1.2, 0.1)
            need = mended if fresh.passes else np.maximum(need, mended)
            start = found.people

    def _verify(self, found: Tried, number: int) -> Verified:
        self._stage(f"verification {number}")
        seed = seed_of(self._scenario, number)
        days = self._trials.fresh(found.people, seed)
        return Verified(found.people, found.cost, tuple(self._levels(days)), len(days.sums), seed)

    def _levels(self, days: Days) -> list[Level]:
        counts = np.stack([goal_counts(self._goals, sums) for sums in days.sums])
        levels = []
        for number, goal in enumerate(self._goals):
            found = ratio(counts[:, number, 0], counts[:, number, 1])
            levels.append(Level(goal, *(found if found is not None else (1.0, 0.0))))
        return levels

    # one more, one less

    def _marginal(self, verified: Verified) -> list[Change]:
        """For each kind, in the shift where most of it works (or, of those not hired, that covers most)."""
        days = min(verified.days, MARGINAL_DAYS)
        counts = self._counts(verified.people, verified.seed, days)
        changes = []
        for slot in self._slots_of_kinds(verified.people):
            for more in (1, -1) if verified.people[slot] else (1,):
                people = list(verified.people)
                people[slot] += more
                other = self._counts(people, verified.seed, days)
                changes += self._paired(slot, more, counts, other)
        return changes

    def _counts(self, people: Sequence[int], seed: int, days: int) -> Numbers:
        return np.stack(
            [goal_counts(self._goals, sums) for sums in self._trials.some(people, seed, days).sums]
        )

    def _slots_of_kinds(self, people: Sequence[int]) -> list[int]:
        cover = self._search.problem.staff.cover.sum(axis=1)
        best: dict[int, int] = {}
        for slot, one in enumerate(self._whole.slots):
            now = best.get(one.kind)
            if now is None or (people[slot], cover[slot]) > (people[now], cover[now]):
                best[one.kind] = slot
        return list(best.values())

    def _paired(self, slot: int, more: int, before: Numbers, after: Numbers) -> list[Change]:
        """The difference of two ratios on the same days: the delta method on both at once."""
        found = []
        for number, goal in enumerate(self._goals):
            if goal.hour:
                continue
            old, new = shares_of(before)[number], shares_of(after)[number]
            # Linearised: each day's part of the ratio's error, for both rosters, subtracted day by day.
            errors = [
                (counts[:, number, 0] - share * counts[:, number, 1])
                / max(counts[:, number, 1].mean(), 1e-12)
                for counts, share in ((before, old), (after, new))
            ]
            spread = ratio(errors[1] - errors[0], np.ones(len(before)))
            found.append(Change(slot, more, goal, float(new - old), spread[1] if spread else 0.0))
        return found

    # progress

    def _stage(self, stage: str) -> None:
        self.progress.stage = stage
        self._told(self.progress)

    def _found(self, tried: Tried, meets: bool) -> None:
        self.progress.tried, self.progress.tried_meets = tried, meets
        self._told(self.progress)


def _own(scenario: Scenario, whole: Offer) -> list[int] | None:
    """The scenario's own operators, if they could all be hired: who goes on with a roster found before begins there."""
    people = roster_now(scenario, whole)
    return people if people is not None and _allowed(whole, people) else None


def _allowed(whole: Offer, people: Sequence[int]) -> bool:
    counts = whole.on_roster(people)
    by_kind = [0] * len(whole.kinds)
    for slot, number in zip(whole.slots, counts, strict=True):
        by_kind[slot.kind] += number
    within = all(kind.least <= n <= kind.most for kind, n in zip(whole.kinds, by_kind, strict=True))
    return within and (whole.max_people is None or sum(counts) <= whole.max_people)


def planner(
    scenario: Scenario,
    jobs: int = 1,
    late: Callable[[], bool] = lambda: False,
    told: Told = lambda _: None,
) -> tuple[Planner, Trials]:
    """Everything put together for one scenario. Close the trials when done."""
    whole = offer(scenario)
    trials = Trials(scenario.model_copy(update={"seed": seed_of(scenario, 0)}), whole, jobs, late)
    return Planner(scenario, whole, trials, told), trials


__all__ = ["NoRoster", "Planner", "Progress", "Verified", "planner"]
