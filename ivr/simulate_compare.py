"""`./hotline simulate --compare A B`: what changes, on the same days, and whether that is more than luck."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ivr.report_files import write_json
from ivr.simulate_days import Means, read_or_say, simulated, stopped
from loadtest.dask_days import ClusterLost
from loadtest.figures import Days, targets
from loadtest.paired import CannotPair, comparison, difference, level_sums, what_is_paired
from loadtest.scenario import Scenario

_SHARES = ("service_level", "p_abandon", "p_block", "p_wait", "occupancy")
_LABELS = {
    "service_level": "in time / offered, %",
    "p_abandon": "abandoned / offered, %",
    "p_block": "blocked / attempts, %",
    "asa_s": "speed of answer, s",
    "p_wait": "had to wait, %",
    "occupancy": "occupancy, %",
    "answered": "answered a day",
    "peak_calls_in_system": "most calls at once",
}
_COLOURS = {"better": "green", "worse": "bold red", "no difference seen": "yellow"}


def run_compare(paths: tuple[Path, Path], json: Path | None, means: Means) -> int:
    """Simulate both on the same days and print what differs. Returns 0 when both were simulated; 1 when a file
    is wrong, the two cannot be paired or the report cannot be written; 130 after Ctrl-C."""
    console, complaints = Console(highlight=False), Console(stderr=True, highlight=False, soft_wrap=True)
    one, other = (read_or_say(path, complaints) for path in paths)
    if one is None or other is None:
        return 1
    try:
        notes = what_is_paired(one, other)
    except CannotPair as why:
        complaints.print(str(why), markup=False)
        return 1
    if other.seed != one.seed:
        notes = [f"both on the days of seed {one.seed}, that of {paths[0]}", *notes]
        other = other.model_copy(update={"seed": one.seed})
    try:
        both = _days(one, other, means, complaints)
    except (KeyboardInterrupt, ClusterLost) as why:
        return stopped(complaints, why)
    told = {
        "one": one.name,
        "other": other.name,
        "seed": one.seed,
        "replications": len(both[0].sums),
        "paired": notes or ["the same calls come to both"],
        **comparison(*both),
    }
    _print(told, console)
    return 0 if json is None or write_json(json, told, complaints) else 1


def _days(one: Scenario, other: Scenario, means: Means, complaints: Console) -> tuple[Days, Days]:
    """As many days of each as the difference of every target needs, as far as the first one's max goes."""
    wanted = one.replications
    number = max(wanted.min, other.replications.min)
    while True:
        days = tuple(simulated(_for(scenario, number), means, complaints) for scenario in (one, other))
        half = _half_width(days[0], days[1])
        if half <= wanted.half_width or number >= wanted.max:
            return days[0], days[1]
        more = math.ceil(1.1 * number * (half / wanted.half_width) ** 2)
        number = min(wanted.max, max(number + 5, more))


def _for(scenario: Scenario, number: int) -> Scenario:
    fixed = scenario.replications.model_copy(update={"min": number, "max": number})
    return scenario.model_copy(update={"replications": fixed})


def _half_width(one: Days, other: Days) -> float:
    """The widest interval among the differences of targets that both have; of the whole's level without any."""
    theirs = {topic.name: 1 + row for row, topic in enumerate(other.scenario.topics)}
    pairs = [
        (scope, theirs[name], target.of) for scope, name, target in targets(one.scenario) if name in theirs
    ]
    found = [
        difference(level_sums(one, mine, of), level_sums(other, its, of))
        for mine, its, of in pairs or [(0, 0, "offered")]
    ]
    return max((one[1] for one in found if one is not None), default=0.0)


def _print(told: dict[str, Any], console: Console) -> None:
    console.print(f"A: {told['one']}\nB: {told['other']}\n{told['replications']} days each", markup=False)
    for note in told["paired"]:
        console.print(f"  {note}", markup=False)
    table = Table(title="B - A, the same days", title_justify="left")
    for heading in ("figure", "A", "B", "B - A", "B is"):
        table.add_column(heading, justify="left" if heading in ("figure", "B is") else "right")
    for name, row in told["figures"].items():
        table.add_row(_LABELS[name], *_cells(row, share=name in _SHARES))
    for topic, row in told["by_target"].items():
        table.add_row(f"{topic}: in time, %", *_cells(row["service_level"], share=True))
        table.add_row(f"{topic}: abandoned, %", *_cells(row["p_abandon"], share=True))
    console.print(table)


def _cells(row: dict[str, Any], *, share: bool) -> list[str]:
    def write(value: float | None, sign: str = "") -> str:
        if value is None:
            return "-"
        return f"{100 * value:{sign}.2f}" if share else f"{value:{sign},.1f}"

    found, verdict = row["difference"], row["verdict"] or ""
    shown = "-"
    if found:
        low, high = found["ci95"]
        shown = f"{write(found['mean'], '+')} ± {write((high - low) / 2)}"
    colour = _COLOURS.get(verdict)
    return [write(row["one"]), write(row["other"]), shown, f"[{colour}]{verdict}[/]" if colour else verdict]
