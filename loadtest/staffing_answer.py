"""What the search for a roster answers: for the terminal, and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from loadtest.result_table import COLOURS
from loadtest.staffing_days import Trials
from loadtest.staffing_plan import Change, Level, Progress, Verified
from loadtest.staffing_slots import Offer, kind_label

STATES = {
    "verified": "verified on fresh days",
    "failed": "found, but its verification did not pass",
    "unverified": "found, and meets every target on the trial days; not verified",
    "short": "the nearest so far; it falls short on the trial days",
    "none": "no roster yet",
}
CONVENTION = {
    "service_level": "share of the target's convention, mean of the days of the verification, Student's 95 %",
    "verdict": "pass: the whole interval is at or above the target; the verification's days are of another seed",
    "line NAME": "all calls of a line to which calls are transferred, held to the strictest target among them",
    "from HH:00": "all calls of an hour; judged by the mean of the days",
    "marginal": "change of the service level by one operator present more or less, paired on the same days, 95 %",
    "cost": "paid hours within the horizon, breaks and absent people included, times the cost per hour",
}


def state_of(progress: Progress) -> str:
    """One of STATES."""
    if progress.verified is not None:
        return "verified"
    if progress.failed is not None:
        return "failed"
    if progress.tried is None:
        return "none"
    return "unverified" if progress.tried_meets else "short"


def people_of(progress: Progress) -> Sequence[int] | None:
    """The roster that the answer is about: present, by slot."""
    known = progress.verified or progress.failed or progress.tried
    return None if known is None else known.people


def answer(progress: Progress, whole: Offer, trials: Trials, seconds: float) -> dict[str, Any]:
    """Ready for JSON. marginal: by kind."""
    people, checked = people_of(progress), progress.verified or progress.failed
    return {
        "state": state_of(progress),
        "stopped": progress.stopped,
        "people": None if people is None else sum(whole.on_roster(people)),
        "cost": None if people is None else whole.cost(people),
        "roster": [] if people is None else list(_roster(whole, people)),
        "verification": None if checked is None else _verification(checked),
        "marginal": [_change(whole, change) for change in progress.marginal],
        "simulated_days": trials.simulated,
        "seconds": seconds,
        "convention": CONVENTION,
    }


def _roster(whole: Offer, people: Sequence[int]) -> Iterator[dict[str, Any]]:
    for slot, count, present in zip(whole.slots, whole.on_roster(people), people, strict=True):
        if count:
            said = slot.group.model_dump(exclude_defaults=True) | {"count": count}
            yield said | {"present": present, "cost": count * slot.cost}


def _verification(checked: Verified) -> dict[str, Any]:
    return {
        "days": checked.days,
        "seed": checked.seed,
        "passes": checked.passes,
        "by_target": {level.goal.name: _level(level) for level in checked.levels},
    }


def _level(level: Level) -> dict[str, Any]:
    shown = {"mean": level.share, "ci95": _interval(level.share, level.half_width)}
    return {"verdict": level.verdict, "service_level": shown, "target": level.goal.target.model_dump()}


def _interval(mean: float, half: float) -> list[float]:
    return [max(0.0, mean - half), min(1.0, mean + half)]


def _change(whole: Offer, change: Change) -> dict[str, Any]:
    slot = whole.slots[change.slot]
    half = change.half_width
    return {
        "kind": kind_label(slot.group),
        "shift": slot.group.shift,
        "more": change.more,
        "target": change.goal.name,
        "change": {"mean": change.change, "ci95": [change.change - half, change.change + half]},
    }


def roster_table(progress: Progress, whole: Offer) -> Table | None:
    """People by kind and shift."""
    people = people_of(progress)
    if people is None:
        return None
    table = Table(title=f"roster: {STATES[state_of(progress)]}", title_justify="left")
    table.add_column("kind")
    table.add_column("shift")
    for heading in ("people", "of them present", "cost"):
        table.add_column(heading, justify="right")
    rows = zip(whole.slots, whole.on_roster(people), people, strict=True)
    for slot, count, present in sorted(rows, key=lambda row: (row[0].kind, row[0].group.shift or "")):
        if count:
            shift, cost = slot.group.shift or "whole day", f"{count * slot.cost:,.0f}"
            table.add_row(kind_label(slot.group), shift, str(count), str(present), cost)
    table.add_section()
    table.add_row(
        "all", "", str(sum(whole.on_roster(people))), str(sum(people)), f"{whole.cost(people):,.0f}"
    )
    return table


def verification_lines(progress: Progress) -> Iterator[Text]:
    """A line for each target."""
    checked = progress.verified or progress.failed
    if checked is None:
        return
    for level in checked.levels:
        if level.goal.hour:
            continue
        low, high = _interval(level.share, level.half_width)
        target = level.goal.target
        line = Text(f"{level.goal.name}: ").append(level.verdict, COLOURS[level.verdict])
        yield line.append(
            f", {low:.1%} to {high:.1%} answered within {target.answered_within_s:g} s of {target.of},"
            f" and {target.share:.1%} asked for"
        )
    hours = [level for level in checked.levels if level.goal.hour]
    if hours:
        worst = min(hours, key=lambda level: level.share)
        line = Text("each hour: ").append(worst.verdict, COLOURS[worst.verdict])
        yield line.append(
            f", the worst is {worst.goal.name} with {worst.share:.1%}, and {worst.goal.target.share:.1%} asked for"
        )
    yield Text(f"verified on {checked.days} fresh days")


def marginal_table(progress: Progress, whole: Offer) -> Table | None:
    """What one operator more and one less would do to the target that feels it most."""
    if not progress.marginal:
        return None
    table = Table(title="one operator more, one less", title_justify="left")
    for heading in ("kind", "shift", "one", "target", "change of its service level, 95 %"):
        table.add_column(heading)
    felt: dict[tuple[int, int], Change] = {}
    for change in progress.marginal:
        known = felt.get((change.slot, change.more))
        if known is None or abs(change.change) > abs(known.change):
            felt[change.slot, change.more] = change
    for (slot, more), change in felt.items():
        group, word = whole.slots[slot].group, "more" if more > 0 else "less"
        points = f"{100 * change.change:+.2f} ± {100 * change.half_width:.2f} points"
        table.add_row(kind_label(group), group.shift or "whole day", word, change.goal.name, points)
    return table
