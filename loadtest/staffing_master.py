"""The integer programmes of the search for a roster. OR-tools is imported here only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ortools.linear_solver import pywraplp

from loadtest.distribution import Numbers

NODES = 500
"""Branches at most: a bound by time would make the answer depend on the machine."""

GAP = 0.005
"""How much dearer than the least, as a share, an answer may be: far less than what simulation can tell apart."""

UNCOVERED_COSTS = 10.0
"""An operator who is missing for half an hour costs so much, as a multiple of the dearest person: where nobody can
be there (a break that all have at once), the rest of the day is covered all the same."""

MISSING_COSTS = 1e4
"""A service level that is short of its goal costs so much for each whole, as a multiple of the dearest person."""


@dataclass(frozen=True)
class Staff:
    """Numbers of the offer. By slot: cost, present_share (of the roster), kind, cover (slots, intervals).

    least, most: by kind, on the roster. can: (kinds, pools), bool. guaranteed: operators that each pool gets in
    each half hour whatever the goals say, (pools, intervals): calls that no goal speaks for are served, too.
    """

    cost: Numbers
    present_share: Numbers
    kind: np.ndarray
    cover: Numbers
    least: Numbers
    most: Numbers
    max_people: float
    can: np.ndarray
    guaranteed: Numbers


@dataclass(frozen=True)
class Cut:
    """slack + slopes x (people - at) >= 0 where people is the roster. slopes: (slots,)."""

    at: np.ndarray
    slack: float
    slopes: Numbers


@dataclass(frozen=True)
class Neighbourhood:
    """What is believed about rosters around `at`: the goals' slack there, (goals,), and how it changes for one
    person more (up) and one less (down), both (goals, slots). reach: how far each slot may move, (slots,)."""

    at: np.ndarray
    slack: Numbers
    up: Numbers
    down: Numbers
    reach: np.ndarray
    cuts: list[Cut] = field(default_factory=list)


class _Programme:
    """Variables: people on the roster and present, by slot; and the rules that hold for every roster."""

    def __init__(self, staff: Staff) -> None:
        solver: Any = pywraplp.Solver.CreateSolver("SCIP")
        # Ctrl-C is Python's: SCIP would take it for itself and go on with a worse answer
        settings = f"limits/nodes = {NODES}\nlimits/gap = {GAP}\nmisc/catchctrlc = FALSE\n"
        if not solver.SetSolverSpecificParametersAsString(settings):
            raise RuntimeError("SCIP does not know its settings")
        self.solver, self.staff = solver, staff
        slots = range(len(staff.cost))
        kinds = range(len(staff.least))
        self.roster = [solver.IntVar(0, float(staff.most[staff.kind[n]]), "") for n in slots]
        self.present = [solver.IntVar(0, solver.infinity(), "") for _ in slots]
        for n in slots:
            solver.Add(self.present[n] <= self.roster[n] * float(staff.present_share[n]) + 1e-9)
        for kind in kinds:
            of_kind = solver.Sum([self.roster[n] for n in slots if staff.kind[n] == kind])
            solver.Add(of_kind >= float(staff.least[kind]))
            solver.Add(of_kind <= float(staff.most[kind]))
        if np.isfinite(staff.max_people):
            solver.Add(solver.Sum(self.roster) <= float(staff.max_people))
        self.uncovered: list[Any] = []
        self.cost = solver.Sum([float(cost) * one for cost, one in zip(staff.cost, self.roster, strict=True)])

    def cover(self, demand: Numbers) -> None:
        """Every pool's operators in every half hour, (pools, intervals), from the kinds who can, as far as they can."""
        staff, solver = self.staff, self.solver
        for interval in np.flatnonzero(demand.sum(axis=0)):
            given: dict[int, list[Any]] = {}
            for pool in np.flatnonzero(demand[:, interval]):
                parts = [solver.NumVar(0, solver.infinity(), "")]
                self.uncovered.append(parts[0])
                for kind in np.flatnonzero(staff.can[:, pool]):
                    parts.append(solver.NumVar(0, solver.infinity(), ""))
                    given.setdefault(int(kind), []).append(parts[-1])
                solver.Add(solver.Sum(parts) >= float(demand[pool, interval]))
            for kind, parts in given.items():
                there = [
                    float(staff.cover[n, interval]) * self.present[n]
                    for n in np.flatnonzero(staff.kind == kind)
                    if staff.cover[n, interval]
                ]
                solver.Add(solver.Sum(parts) <= solver.Sum(there))

    def solve(self, objective: Any) -> np.ndarray | None:
        """The people present, by slot; None if the bounds of the offer leave no roster."""
        dear = UNCOVERED_COSTS * float(self.staff.cost.max())
        self.solver.Minimize(objective + self.solver.Sum(self.uncovered) * dear)
        if self.solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            return None
        return np.array([round(one.solution_value()) for one in self.present])


def covering(staff: Staff, demand: Numbers) -> np.ndarray | None:
    """The cheapest roster that covers the demand, (pools, intervals), each operator at one thing at a time.

    What cannot be covered is left uncovered; None if the bounds contradict one another.
    """
    programme = _Programme(staff)
    programme.cover(np.maximum(demand, staff.guaranteed))
    return programme.solve(programme.cost)


def cheapest_near(
    staff: Staff, near: Neighbourhood, below: float | None, optimism: float = 0.0
) -> np.ndarray | None:
    """The cheapest roster that, as far as is known, meets every goal; None if there is none.

    below: it must cost less than this; None: goals may stay short if they must, as little as possible.
    optimism: slack that may be missing in the linear picture of the neighbourhood (never in a cut).
    """
    programme = _Programme(staff)
    programme.cover(staff.guaranteed)
    solver, slots = programme.solver, range(len(near.at))
    up = [solver.IntVar(0, float(near.reach[n]), "") for n in slots]
    down = [solver.IntVar(0, float(min(near.at[n], near.reach[n])), "") for n in slots]
    for n in slots:
        solver.Add(programme.present[n] == float(near.at[n]) + up[n] - down[n])
    objective = programme.cost

    def demand(believed: Any, missing_allowed: float) -> None:
        nonlocal objective
        if below is not None:
            solver.Add(believed >= -missing_allowed)
            return
        missing = solver.NumVar(0, solver.infinity(), "")
        objective = objective + missing * (MISSING_COSTS * float(staff.cost.max()))
        solver.Add(believed + missing >= 0)

    for goal in range(len(near.slack)):
        changes = [float(near.up[goal, n]) * up[n] - float(near.down[goal, n]) * down[n] for n in slots]
        demand(solver.Sum(changes) + float(near.slack[goal]), optimism)
    for cut in near.cuts:
        moved = [float(cut.slopes[n]) * (programme.present[n] - float(cut.at[n])) for n in slots]
        demand(solver.Sum(moved) + float(cut.slack), 0.0)
    if below is not None:
        solver.Add(programme.cost <= below - 1e-6)
    return programme.solve(objective)
