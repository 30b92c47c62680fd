"""The search for the cheapest roster that meets every goal on the days it is tried on. The simulator is an argument.

First rosters that cover the closed forms' needs, each topic's need stretched until its goal is just met; then
cuts from simulated differences, on the way down. Sources: Z. Feldman, A. Mandelbaum, W. Massey, W. Whitt,
"Staffing of time-varying queues to achieve time-stable performance" (2008) for the stretching; J. Atlason,
M. Epelman, S. Henderson, "Optimizing call center staffing using simulation and analytic center cutting-plane
methods" (2008) and M. T. Cezik, P. L'Ecuyer, "Staffing multiskill call centers via linear programming and
simulation" (2008) for the cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from loadtest.distribution import Numbers
from loadtest.staffing_master import Cut, Neighbourhood, Staff, cheapest_near, covering

Measure = Callable[[Sequence[int], int], Numbers]
"""(people present by slot, days) -> (days, goals, 2): calls in time, and calls that count, on the same days always."""

Roster = Sequence[int] | np.ndarray

STRETCHES = 12
TRIES = 12
"""Rosters tried around one picture of a neighbourhood, before a fresh picture is taken."""

OPTIMISM = 0.004
"""Service level that a picture may be wrong by; rosters so close to their goals are tried all the same, at first."""

PICTURES = 12
STEEPER, STEEPEST = 1.5, 3.0
QUICK_SHARE = 0.5
"""Slopes are measured on this share of the days: differences on the same days vary less than levels do."""


class NoRoster(Exception):
    """The bounds of the offer contradict one another."""


@dataclass(frozen=True)
class Problem:
    """staff: who can be had. demand: the closed forms' operators, (pools, intervals). goal_of: for each pool the
    goal that speaks for it, -1 for none. days: how many a roster is tried on. hours: goals of all calls of some
    half hours."""

    staff: Staff
    demand: Numbers
    goal_of: Sequence[int]
    days: int
    hours: Sequence[tuple[int, Sequence[int]]] = ()


@dataclass(frozen=True)
class Tried:
    """A roster on the trial days. people: present, by slot. shares: what each goal got. cost: on the roster."""

    people: tuple[int, ...]
    shares: Numbers
    cost: float

    def meets(self, need: Numbers) -> bool:
        return bool((self.shares >= need).all())


class Search:
    """Remembers the best roster whatever interrupts it. told: called with each roster that is the best so far."""

    def __init__(
        self, problem: Problem, measure: Measure, told: Callable[[Tried, bool], None] | None = None
    ) -> None:
        self.problem, self._measure, self._told = problem, measure, told
        self.best: Tried | None = None
        self.nearest: Tried | None = None

    def run(self, need: Numbers, start: Roster | None = None, own: Roster | None = None) -> Tried | None:
        """The cheapest roster found whose goals are met; None when all that were tried fall short.

        need: the share that each goal must reach on the trial days, (goals,). start: a roster to set out from.
        own: one that is there already, tried beside those of the closed forms.
        Raises NoRoster when the bounds contradict one another.
        """
        self.best = self.nearest = None
        self._need = need
        if start is not None:
            self._try(start)
        else:
            if own is not None:
                self._try(own)
            self._stretch()
        self._descend()
        return self.best

    def _try(self, people: Roster) -> Tried:
        found = self._shares(people, self.problem.days)
        tried = Tried(tuple(int(n) for n in people), found, self._cost(people))
        if tried.meets(self._need):
            if self.best is None or tried.cost < self.best.cost - 1e-9:
                self.best = tried
                self._tell(tried, True)
        elif self.best is None and (self.nearest is None or self._short(tried) < self._short(self.nearest)):
            self.nearest = tried
            self._tell(tried, False)
        return tried

    def _tell(self, tried: Tried, met: bool) -> None:
        if self._told is not None:
            self._told(tried, met)

    def _short(self, tried: Tried) -> float:
        return float((self._need - tried.shares).clip(0).sum())

    def _shares(self, people: Roster, days: int) -> Numbers:
        return shares_of(self._measure(tuple(int(n) for n in people), days))

    def _cost(self, people: Roster) -> float:
        staff = self.problem.staff
        roster = np.ceil(np.round(np.asarray(people) / staff.present_share, 9))
        return float((roster * staff.cost).sum())

    # the beginning

    def _stretch(self) -> None:
        """Rosters that cover the needs, stretched for goals that are short and eased for goals that are not."""
        problem = self.problem
        factor, seen = np.ones(problem.demand.shape), set[tuple[int, ...]]()
        for _ in range(STRETCHES):
            people = covering(problem.staff, problem.demand * factor)
            if people is None:
                raise NoRoster
            tried = self._try(people)
            if tried.people in seen:
                break
            seen.add(tried.people)
            factor *= self._stretching(tried)

    def _stretching(self, tried: Tried) -> Numbers:
        """Factors on each pool's need by half hour: with reserve, a service level moves about as a normal share."""
        normal = NormalDist()
        steps = np.array(
            [
                normal.inv_cdf(min(0.995, wanted + 0.002)) - normal.inv_cdf(min(0.995, max(0.005, got)))
                for wanted, got in zip(self._need, tried.shares, strict=True)
            ]
        )
        demand = self.problem.demand
        factors = np.ones(demand.shape)
        for pool, goal in enumerate(self.problem.goal_of):
            if goal >= 0:
                factors[pool] = _factor(steps[goal], demand[pool].max())
        for goal, half_hours in self.problem.hours:
            if steps[goal] > 0:
                there = list(half_hours)
                factors[:, there] *= _factor(steps[goal], demand[:, there].sum(axis=0).max())
        return factors

    # the way down

    def _descend(self) -> None:
        """Picture after picture of the best roster's neighbourhood, each searched until it holds nothing cheaper."""
        here, wide = self.best or self.nearest, True
        for _ in range(PICTURES):
            if here is None:
                return
            self._look_around(here, wide)
            following = self.best or self.nearest
            if following is here and not wide:
                return
            wide = wide and following is not here
            here = following

    def _look_around(self, here: Tried, wide: bool) -> None:
        near = self._picture(here, self._steps(here, wide), wide)
        seen, failures = {here.people}, 0
        while failures < TRIES:
            below = None if self.best is None else self.best.cost
            optimism = OPTIMISM if failures < TRIES // 2 else 0.0
            people = cheapest_near(self.problem.staff, near, below, optimism)
            if people is None or tuple(people.tolist()) in seen:
                return
            tried = self._try(people)
            seen.add(tried.people)
            failures = 0 if tried is self.best or tried is self.nearest else failures + 1
            near.cuts.extend(self._cuts(here, tried, near, wide))

    def _steps(self, here: Tried, wide: bool) -> np.ndarray:
        """How many people a slope is measured with: few in a crowd change too little to be seen."""
        people = np.array(here.people)
        return np.maximum(1, people.sum() // 100 if wide else 1) * np.ones(len(people), dtype=int)

    def _picture(self, here: Tried, steps: np.ndarray, wide: bool) -> Neighbourhood:
        people = np.array(here.people)
        days = max(2, round(self.problem.days * (QUICK_SHARE if wide else 1)))
        base = self._shares(people, days)
        up = np.zeros((len(base), len(people)))
        down = np.zeros_like(up)
        for slot, change in self._changes(people, steps):
            there = people.copy()
            there[slot] += change
            slope = ((self._shares(there, days) - base) / change).clip(min=0)
            (up if change > 0 else down)[:, slot] = slope
        # Who is added helps no more than who is taken away would be missed.
        present = people > 0
        up[:, present] = np.minimum(up, down)[:, present]
        reach = np.maximum(2 * steps, people // 8) if wide else np.full(len(people), 2)
        return Neighbourhood(people, here.shares - self._need, up, down, reach)

    def _changes(self, people: np.ndarray, steps: np.ndarray) -> Iterator[tuple[int, int]]:
        for slot, step in enumerate(steps):
            yield slot, int(step)
            if people[slot]:
                yield slot, -int(min(step, people[slot]))

    def _cuts(self, here: Tried, tried: Tried, near: Neighbourhood, wide: bool) -> list[Cut]:
        """What a roster that falls short says about all that are like it: somebody must come where he is missed.

        Fewer people are missed more, so slopes seen from `here` are too flat at what was tried: they are made as
        steep as the way between both was, and steeper, lest a cut take away a roster that would do.
        """
        slack, known = tried.shares - self._need, here.shares - self._need
        at = np.array(tried.people)
        cuts = []
        for goal in np.flatnonzero(slack < 0):
            slopes = np.maximum(near.up[goal], near.down[goal])
            believed = float(slopes @ (near.at - at))
            found = float(known[goal] - slack[goal])
            steeper = max(1.0, found / believed) if believed > 0 else 1.0
            cuts.append(Cut(at, float(slack[goal]), slopes * steeper * (STEEPER if wide else STEEPEST)))
        return cuts


def _factor(step: float, load: float) -> float:
    return float(np.clip(1 + step / np.sqrt(max(load, 1.0)), 0.8, 1.3))


def shares_of(counts: Numbers) -> Numbers:
    """In time / counted, for each goal, over days; 1 where nobody called. counts: (days, goals, 2)."""
    whole = counts.sum(axis=0)
    return np.where(whole[:, 1] > 0, whole[:, 0] / np.maximum(whole[:, 1], 1e-12), 1.0)
