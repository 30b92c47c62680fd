"""What the days say: each figure with its interval, the conventions it follows, and the verdict on the targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from acd.core import statistics
from loadtest.counts import BY_HALF_HOUR, FIELDS, WAIT_EDGES, DayCounts, scopes
from loadtest.distribution import Numbers
from loadtest.intervals import mean, ratio
from loadtest.record import INTERVAL_S
from loadtest.scenario import Scenario, Target

QUANTILES = (0.5, 0.9, 0.95, 0.99)
CONVENTION = {
    "offered": "calls that asked for an operator: answered + abandoned + unserved; a retry counts anew, and "
    "calls that were blocked, turned away or answered by the menu alone are counted apart",
    "service_level.of_offered": statistics.OF_OFFERED,
    "service_level.short_abandons_excluded": statistics.WITHOUT_SHORT_ABANDONS.replace(
        "abandoned in time", "abandoned within the target's short time, or in time if it names none"
    ),
    "service_level.of_answered": statistics.OF_ANSWERED,
    "in time": "within the threshold of the topic's own target, 20 s where it has none",
    "asa_s": "mean wait of answered calls, ringing included; callers who were called back are left out, and of "
    "the quantiles too",
    "mean_wait_all_s": "mean wait of all offered calls but those who were called back",
    "called_back": "callers who hung up on the promise of a call and were called: offered and answered, and in time "
    "only if the operator took the call within the threshold",
    "callback_wait_s": "mean time from asking for an operator to being called back",
    "share_of_intervals_meeting_target": "half hours with calls in which the topic's target was held / half hours "
    "with calls, over all days; read it beside p_abandon: who gives up makes the queue shorter for the others",
    "p_wait": "offered calls that found no operator free / offered",
    "p_abandon": "abandoned / offered",
    "p_block": "blocked / (all attempts, retries included)",
    "occupancy": "talking and writing up / signed in and not on a break, within the horizon",
    "orbit": "callers waiting to call again, time average over the horizon",
    "interval": "a call counts in the half hour in which it asked for an operator",
    "ci95": "Student's interval over independent days; ratios are ratios of sums (delta method)",
    "verdict": "pass: the whole interval is at or above the target; fail: below; undecided: the target is in it",
}

Figure = dict[str, Any] | None


class Days:
    """The counts of all replications so far: sums (day, scope, field), waits (day, scope, class)."""

    def __init__(self, scenario: Scenario, days: Sequence[DayCounts]) -> None:
        self.scenario = scenario
        self.scopes = scopes(scenario)
        self.sums = np.stack([day.sums for day in days])
        self.waits = [day.waits for day in days]
        self.days = list(days)

    def column(self, scope: int, *fields: str) -> Numbers:
        """The fields' sum, one value per day."""
        return sum((self.sums[:, scope, FIELDS.index(field)] for field in fields), np.zeros(len(self.sums)))

    def offered(self, scope: int) -> Numbers:
        return self.column(scope, "answered", "abandoned", "unserved")


def service_level(days: Days, scope: int, of: str) -> tuple[float, float] | None:
    """(share, half width) under the convention that a target's `of` names."""
    whole = days.offered(scope)
    if of == "answered":
        whole = days.column(scope, "answered")
    elif of != "offered":
        whole = whole - days.column(scope, "abandoned_short")
    return ratio(days.column(scope, "answered_in_time"), whole)


def intervals_met(days: Days, topic: int) -> tuple[float, float] | None:
    """(share, half width) of the topic's half hours with calls in which its target was held; None without one."""
    target = days.scenario.topics[topic].target
    if target is None:
        return None
    table = np.stack([day.half_hours[topic] for day in days.days]).astype(float)
    cell = {name: table[:, :, number] for number, name in enumerate(BY_HALF_HOUR)}
    whole = cell["answered"] if target.of == "answered" else cell["offered"]
    if target.of not in ("answered", "offered"):
        whole = whole - cell["abandoned_short"]
    met = (whole > 0) & (cell["answered_in_time"] >= target.share * whole)
    return ratio(met.sum(axis=1).astype(float), (whole > 0).sum(axis=1).astype(float))


def targets(scenario: Scenario) -> list[tuple[int, str, Target]]:
    """(scope, topic, target) of every topic that has one."""
    return [(1 + n, topic.name, topic.target) for n, topic in enumerate(scenario.topics) if topic.target]


def precise(days: Days) -> bool:
    """Whether every target's service level (without any target: the whole's) is known well enough."""
    asked = [service_level(days, scope, target.of) for scope, _, target in targets(days.scenario)]
    wanted = days.scenario.replications.half_width
    return all(one is None or one[1] <= wanted for one in asked or [service_level(days, 0, "offered")])


def report(days: Days) -> dict[str, Any]:
    """The whole report, ready for JSON."""
    where = days.scopes
    return {
        "scenario": days.scenario.name,
        "seed": days.scenario.seed,
        "replications": len(days.sums),
        "router": " and ".join(sorted({day.router for day in days.days})),
        **_figures(days, 0, waits=True),
        "peak_calls_in_system": _interval(mean(days.column(0, "peak"))),
        "orbit": _interval(ratio(days.column(0, "orbit_s"), days.column(0, "horizon_s"))),
        "verdict": verdict(days),
        "by_topic": {
            n: _figures(days, where.topic_row(i), waits=True)
            | {"share_of_intervals_meeting_target": _share(intervals_met(days, i))}
            for i, n in enumerate(where.topics)
        },
        "by_line": {n: _figures(days, where.line_row(i), waits=True) for i, n in enumerate(where.lines)},
        "by_interval": [
            {"from_s": n * INTERVAL_S} | _figures(days, where.interval_row(n), waits=False)
            for n in range(where.intervals)
        ],
        "convention": CONVENTION,
    }


def verdict(days: Days) -> dict[str, Any]:
    """pass, fail or undecided for every target and for all together."""
    judged = {}
    for scope, name, target in targets(days.scenario):
        level = service_level(days, scope, target.of)
        judged[name] = {
            "verdict": _judge(level, target.share),
            "service_level": _share(level),
            "target": target.model_dump(),
        }
    words = {one["verdict"] for one in judged.values()}
    overall = "fail" if "fail" in words else "undecided" if "undecided" in words or not words else "pass"
    return {"overall": overall, "by_target": judged}


def _judge(level: tuple[float, float] | None, share: float) -> str:
    if level is None:
        return "undecided"
    estimate, half = level
    return "pass" if estimate - half >= share else "fail" if estimate + half < share else "undecided"


def _figures(days: Days, scope: int, *, waits: bool) -> dict[str, Any]:
    column, offered = days.column, days.offered(scope)
    attempts = column(scope, "attempts")
    names = ("answered", "abandoned", "unserved", "blocked", "turned_away", "contained")
    called_back = column(scope, "called_back")
    held = column(scope, "answered") - called_back
    shown: dict[str, Any] = {"offered": _interval(mean(offered))}
    shown |= {name: _interval(mean(column(scope, name))) for name in names}
    shown["p_wait"] = _share(ratio(column(scope, "queued"), offered))
    shown["asa_s"] = _interval(ratio(column(scope, "wait_of_answered"), held))
    shown["mean_wait_all_s"] = _interval(ratio(column(scope, "wait_of_all"), offered - called_back))
    if any(topic.callback for topic in days.scenario.topics):
        shown["called_back"] = _interval(mean(called_back))
        shown["callback_wait_s"] = _interval(ratio(column(scope, "callback_wait"), called_back))
    if waits:
        shown["wait_quantiles_s"] = {f"{q:g}": _quantile(days, scope, q) for q in QUANTILES}
    shown["service_level"] = {
        "of_offered": _share(service_level(days, scope, "offered")),
        "short_abandons_excluded": _share(service_level(days, scope, "short")),
        "of_answered": _share(service_level(days, scope, "answered")),
    }
    shown["p_abandon"] = _share(ratio(column(scope, "abandoned"), offered))
    shown["p_block"] = _share(ratio(column(scope, "blocked"), attempts))
    shown["occupancy"] = _share(ratio(column(scope, "handling"), column(scope, "duty")))
    return shown


def _quantile(days: Days, scope: int, share: float) -> Figure:
    """By inversion: the interval of P(wait <= x) at the quantile x, read back as waits. Classes are 1 % wide."""
    counts = np.stack([one[scope] for one in days.waits])
    answered = counts.sum(axis=1)
    pooled = np.cumsum(counts.sum(axis=0))
    if not pooled[-1]:
        return None
    place = _class_of(pooled, share)
    found = ratio(counts[:, : place + 1].sum(axis=1).astype(float), answered.astype(float))
    half = found[1] if found else 0.0
    low, high = (_class_of(pooled, min(1.0, max(0.0, share + side))) for side in (-half, half))
    return {"mean": WAIT_EDGES[place], "ci95": [WAIT_EDGES[low], WAIT_EDGES[high]]}


def _class_of(pooled: Numbers, share: float) -> int:
    return min(int(np.searchsorted(pooled, share * pooled[-1], side="left")), len(WAIT_EDGES) - 1)


def _share(found: tuple[float, float] | None) -> Figure:
    """As _interval; a share's interval ends at 0 and 1."""
    figure = _interval(found)
    if figure is not None:
        figure["ci95"] = [min(1.0, max(0.0, side)) for side in figure["ci95"]]
    return figure


def _interval(found: tuple[float, float] | None) -> Figure:
    if found is None:
        return None
    estimate, half = found
    return {"mean": estimate, "ci95": [estimate - half, estimate + half]}
