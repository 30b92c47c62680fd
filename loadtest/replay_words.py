"""What a replay has to say in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.table import Table

from loadtest.recorded_lives import ABANDONED, ANSWERED
from loadtest.replay_exact import Exactness, Parting
from loadtest.replay_figures import Change, Outcome

MOST_PARTINGS = 5


def exact_lines(found: Exactness) -> Iterator[str]:
    """ "N of N decisions the same", or where they part."""
    yield f"{found.same} of {found.decisions} decisions the same, {found.facts} facts."
    for parting in found.partings[:MOST_PARTINGS]:
        yield f"entry {parting.seq}, {parting.fact}: recorded {_several(parting.recorded)}; now {_several(parting.now)}"
    if len(found.partings) > MOST_PARTINGS:
        yield f"and at {len(found.partings) - MOST_PARTINGS} more facts"


def exact_json(found: Exactness) -> dict[str, Any]:
    def plain(one: Parting) -> dict[str, Any]:
        return {"seq": one.seq, "fact": one.fact, "recorded": one.recorded, "now": one.now}

    return {
        "facts": found.facts,
        "decisions": found.decisions,
        "same": found.same,
        "partings": [plain(one) for one in found.partings],
    }


def _several(commands: list[dict[str, Any]]) -> str:
    return ", ".join(_one(command) for command in commands) or "nothing"


def _one(command: dict[str, Any]) -> str:
    whom = [str(command[key]) for key in ("operator", "call", "topic") if key in command]
    return " ".join([str(command["type"]), *whom])


def table(told: dict[str, Any]) -> Table:
    """told: `replay_figures.figures`. One line for each topic and way."""
    found = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title="in time and given up: of the calls offered; waits: of those answered, mean",
    )
    for head in ("topic", "calls", "asked", "refused", "in time", "given up", "wait"):
        found.add_column(head, justify="left" if head in ("topic", "calls") else "right", no_wrap=True)
    scopes = [*told["by_topic"].items()]
    if len(scopes) > 1:
        scopes.append(("all", told["whole"]))
    for topic, scope in scopes:
        rows = [("recorded", scope["recorded"]), ("replayed", scope["replayed"])]
        if "rules" in scope:
            rows.append(("by others", scope["rules"]))
        for number, (way, figures) in enumerate(rows):
            found.add_row(topic if number == 0 else "", way, *_cells(figures))
        if "difference" in scope:
            found.add_row("", "difference", "", "", *_differences(scope["difference"]))
        found.add_section()
    return found


def _cells(figures: dict[str, Any]) -> list[str]:
    return [
        f"{figures['offered']:.0f}",
        f"{figures['turned_away']:.0f}",
        _percent(figures["service_level"]),
        _percent(figures["p_abandon"]),
        "–" if figures["asa_s"] is None else f"{figures['asa_s']:.1f} s",
    ]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _differences(told: dict[str, Any]) -> list[str]:
    cells: list[str] = []
    for name, scale, unit in (("service_level", 100, ""), ("p_abandon", 100, ""), ("asa_s", 1, "")):
        one = told[name]
        if one is None:
            cells.append("–")
            continue
        half = (one["ci95"][1] - one["ci95"][0]) / 2
        cells.append(f"{scale * one['mean']:+.1f} ± {scale * half:.1f}{unit}")
    return cells


def change_line(change: Change, ways: tuple[str, str]) -> str:
    """ways: what before and after are called."""
    before = _lot(change.before, change.operators[0])
    after = _lot(change.after, change.operators[1])
    return f"{change.call} ({change.topic}): {ways[0]} {before}; {ways[1]} {after}"


def _lot(outcome: Outcome, operator: str | None) -> str:
    kind, wait = outcome
    after = "" if wait is None else f" after {wait:.1f} s"
    if kind == ANSWERED:
        return f"answered by {operator}{after}"
    return f"gave up{after}" if kind == ABANDONED else f"{kind}{after}"
