"""What a run over test sound says in numbers. Shares are 0..1 of whole utterances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from speech.meaning.understanding import SURE, UNSURE
from speech.trial.evaluation import Outcome

Figures = dict[str, Any]


def figures(outcomes: Sequence[Outcome], sure: float = SURE, unsure: float = UNSURE) -> Figures:
    """{"by_condition": {condition: {kind: {...}}}, "overall", "confusions", "decide_s", "thresholds"}.

    kinds without a clip are left out. menu: n, right, wrong, rejected, accuracy, confirmed; other: n,
    false_accepts, false_accept, confirmed; digits and number: n, right, accuracy, confirmed. right and
    false_accepts count what the caller would be asked back about, too; confirmed is the number of those.
    """
    conditions = list(dict.fromkeys(one.condition for one in outcomes))
    return {
        "by_condition": {
            name: _by_kind([one for one in outcomes if one.condition == name], sure, unsure)
            for name in conditions
        },
        "overall": _by_kind(outcomes, sure, unsure),
        "confusions": _confusions(outcomes, unsure),
        "decide_s": {
            name: _waits(one.wait for one in outcomes if one.condition == name and one.meant is not None)
            for name in conditions
        },
        "thresholds": {"sure": sure, "unsure": unsure},
    }


def _by_kind(outcomes: Sequence[Outcome], sure: float, unsure: float) -> Figures:
    found: Figures = {}
    for kind in ("menu", "other", "digits", "number"):
        mine = [one for one in outcomes if one.clip.kind == kind]
        if mine:
            found[kind] = _kind(kind, mine, sure, unsure)
    return found


def _kind(kind: str, mine: Sequence[Outcome], sure: float, unsure: float) -> Figures:
    n, led = len(mine), [one for one in mine if one.leads(unsure)]
    if kind == "other":
        return {
            "n": n,
            "false_accepts": len(led),
            "false_accept": _share(len(led), n),
            "confirmed": _asked_back(led, sure),
        }
    right = [one for one in led if one.right(unsure)]
    counted: Figures = {"n": n, "right": len(right)}
    if kind == "menu":
        counted |= {"wrong": len(led) - len(right), "rejected": n - len(led)}
    return counted | {"accuracy": _share(len(right), n), "confirmed": _asked_back(right, sure)}


def _asked_back(outcomes: Iterable[Outcome], sure: float) -> int:
    return sum(one.meant is not None and one.meant.confidence < sure for one in outcomes)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4)


def _confusions(outcomes: Sequence[Outcome], unsure: float) -> list[Figures]:
    """The commonest first. said: the words; taken_for: "" when rejected or not heard."""
    pairs = Counter(
        (
            one.condition,
            one.clip.kind,
            one.clip.text,
            one.meant.name if one.meant and one.leads(unsure) else "",
        )
        for one in outcomes
        if (one.leads(unsure) if one.clip.kind == "other" else not one.right(unsure))
    )
    return [
        {"condition": condition, "kind": kind, "said": said, "taken_for": taken, "times": times}
        for (condition, kind, said, taken), times in pairs.most_common()
    ]


def _waits(waits: Iterable[float]) -> Figures:
    """Median and 95th percentile in seconds of sound: the machine's own time is not in it."""
    ordered = sorted(waits)
    if not ordered:
        return {"n": 0, "p50": None, "p95": None}
    at = {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for name, share in _PERCENTILES}
    return {"n": len(ordered), **{name: round(wait, 3) for name, wait in at.items()}}


_PERCENTILES = (("p50", 0.5), ("p95", 0.95))
