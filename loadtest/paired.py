"""Two scenarios on the same days: differences with intervals that the days' own luck does not widen."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from loadtest.distribution import Numbers
from loadtest.figures import Days
from loadtest.intervals import ratio, student_quantile
from loadtest.scenario import Scenario, Target, TopicEntry

Sums = tuple[Numbers, Numbers]
"""(part, whole), one value per day."""

Of = Callable[[Days, int], Sums]


def difference(one: Sums, other: Sums) -> tuple[float, float] | None:
    """(ratio of `other` - ratio of `one`, half width of its 95 % interval); None when either whole is nothing.

    The days are the same for both, so the residuals of the delta method are subtracted day by day. Source:
    A. M. Law, "Simulation Modeling and Analysis" (5th ed.), sections 10.2.1 and 9.4.1.
    """
    found, its = ratio(*one), ratio(*other)
    if found is None or its is None:
        return None
    first, second = found[0], its[0]
    number = len(one[0])
    residuals = (other[0] - second * other[1]) / other[1].mean() - (one[0] - first * one[1]) / one[1].mean()
    spread = math.sqrt(float((residuals**2).sum()) / (number - 1) / number)
    return second - first, student_quantile(number - 1) * spread


def level_sums(days: Days, scope: int, of: str) -> Sums:
    """What a target's service level is the ratio of."""
    whole = days.column(scope, "answered") if of == "answered" else days.offered(scope)
    if of not in ("answered", "offered"):
        whole = whole - days.column(scope, "abandoned_short")
    return days.column(scope, "answered_in_time"), whole


def _column(part: tuple[str, ...], whole: tuple[str, ...]) -> Of:
    return lambda days, scope: (days.column(scope, *part), days.column(scope, *whole))


def _held(days: Days, scope: int) -> Sums:
    held = days.column(scope, "answered") - days.column(scope, "called_back")
    return days.column(scope, "wait_of_answered"), held


def _a_day(field: str) -> Of:
    def sums(days: Days, scope: int) -> Sums:
        values = days.column(scope, field)
        return values, values * 0 + 1

    return sums


OFFERED = ("answered", "abandoned", "unserved")
_lost = _column(("abandoned",), OFFERED)
FIGURES: list[tuple[str, Of, bool | None]] = [
    ("service_level", lambda days, scope: level_sums(days, scope, "offered"), True),
    ("p_abandon", _lost, False),
    ("p_block", _column(("blocked",), ("attempts",)), False),
    ("asa_s", _held, False),
    ("p_wait", _column(("queued",), OFFERED), False),
    ("occupancy", _column(("handling",), ("duty",)), None),
    ("answered", _a_day("answered"), None),
    ("peak_calls_in_system", _a_day("peak"), None),
]
"""(name, its sums, whether more is better: None where neither side is)."""


class CannotPair(Exception):
    """The two scenarios have nothing in common to be compared day by day. The message says what, in a sentence."""


def what_is_paired(one: Scenario, other: Scenario) -> list[str]:
    """Where the callers of the two differ, in sentences; empty when all the same calls come to both.

    Raises CannotPair when a difference would not mean anything.
    """
    if one.horizon_s != other.horizon_s:
        raise CannotPair(
            f"'{one.name}' has a day of {one.horizon_h:g} h and '{other.name}' one of {other.horizon_h:g} h;"
            " give both the same horizon_h"
        )
    mine, theirs = ({topic.name: topic for topic in scenario.topics} for scenario in (one, other))
    both = mine.keys() & theirs.keys()
    if not both:
        raise CannotPair(
            f"'{one.name}' and '{other.name}' have no topic in common: their callers are different people;"
            " give what is the same the same name"
        )
    sentences = [
        f"'{name}' is in one of the two only: its callers are paired with nobody"
        for name in sorted(mine.keys() ^ theirs.keys())
    ]
    for name in (topic.name for topic in one.topics if topic.name in both):
        sentences += _differs(name, mine[name], theirs[name])
    if one.busyness != other.busyness:
        sentences.append(
            "busyness differs: the factor of a day is drawn by the same chance, from two distributions"
        )
    return sentences


_DRAWN = ("ivr_s", "contained", "handling_s", "wrap_up_s", "patience_s", "retry", "callback", "transfer")


def _differs(name: str, mine: TopicEntry, theirs: TopicEntry) -> list[str]:
    if (mine.arrivals.per_hour is None) != (theirs.arrivals.per_hour is None) or (
        mine.arrivals.process != theirs.arrivals.process
    ):
        raise CannotPair(
            f"the calls of '{name}' come in two different ways (rate or trace, or two processes): no call of one day"
            " is a call of the other; give both the same arrivals"
        )
    sentences: list[str] = []
    if mine.arrivals != theirs.arrivals:
        recorded = mine.arrivals.per_hour is None
        how = (
            "the n-th call of one trace meets that of the other"
            if recorded
            else "the same callers come sooner or later"
        )
        sentences.append(f"'{name}' has other arrivals: {how}")
    changed = [key for key in _DRAWN if getattr(mine, key) != getattr(theirs, key)]
    if changed:
        sentences.append(
            f"'{name}' has another {', '.join(changed)}: drawn by the same chance, caller by caller"
        )
    return sentences


def comparison(one: Days, other: Days) -> dict[str, Any]:
    """Differences `other` - `one`, ready for JSON: of the whole, and of each target that both have.

    A verdict is "better", "worse" or "no difference seen" of `other`, where one direction is the good one.
    """
    whole = {name: _told(sums(one, 0), sums(other, 0), good) for name, sums, good in FIGURES}
    return {"figures": whole, "by_target": dict(_by_target(one, other))}


def _by_target(one: Days, other: Days) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    theirs = {topic.name: row for row, topic in enumerate(other.scenario.topics)}
    for row, topic in enumerate(one.scenario.topics):
        if topic.name not in theirs or topic.target is None:
            continue
        target: Target = topic.target
        scopes = one.scopes.topic_row(row), other.scopes.topic_row(theirs[topic.name])
        told = _told(level_sums(one, scopes[0], target.of), level_sums(other, scopes[1], target.of), True)
        lost = _told(_lost(one, scopes[0]), _lost(other, scopes[1]), False)
        found.append((topic.name, {"target": target.model_dump(), "service_level": told, "p_abandon": lost}))
    return found


def _told(one: Sums, other: Sums, good: bool | None) -> dict[str, Any]:
    """{one, other, difference: {mean, ci95}, verdict}; None for what there is not."""
    found = difference(one, other)
    first, second = ratio(*one), ratio(*other)
    told: dict[str, Any] = {
        "one": first[0] if first else None,
        "other": second[0] if second else None,
        "difference": None,
        "verdict": None,
    }
    if found is not None:
        middle, half = found
        told["difference"] = {"mean": middle, "ci95": [middle - half, middle + half]}
        if good is not None:
            told["verdict"] = _verdict(middle if good else -middle, half)
    return told


def _verdict(gain: float, half: float) -> str:
    if abs(gain) <= half or gain == 0:
        return "no difference seen"
    return "better" if gain > 0 else "worse"
