"""The report of a simulation on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.table import Table
from rich.text import Text

COLOURS = {"pass": "green", "fail": "bold red", "undecided": "yellow"}
Write = Callable[[float], str]


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %"


def _number(value: float) -> str:
    return f"{value:,.1f}"


ROWS: list[tuple[str, tuple[str, ...], Write]] = [
    ("offered", ("offered",), _number),
    ("answered", ("answered",), _number),
    ("abandoned / offered", ("p_abandon",), _percent),
    ("blocked / attempts", ("p_block",), _percent),
    ("had to wait", ("p_wait",), _percent),
    ("speed of answer, s", ("asa_s",), _number),
    ("called back", ("called_back",), _number),
    ("wait until called back, s", ("callback_wait_s",), _number),
    ("95 % of answered waited at most, s", ("wait_quantiles_s", "0.95"), _number),
    ("in time / offered", ("service_level", "of_offered"), _percent),
    ("in time, short abandons left out", ("service_level", "short_abandons_excluded"), _percent),
    ("in time / answered", ("service_level", "of_answered"), _percent),
    ("occupancy", ("occupancy",), _percent),
    ("most calls at once", ("peak_calls_in_system",), _number),
]


def figures_table(report: dict[str, Any]) -> Table:
    """The whole day's figures, each with its interval of 95 %."""
    table = Table(title=f"{report['scenario']}: mean of {report['replications']} days", title_justify="left")
    for heading in ("figure", "mean", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for label, path, write in ROWS:
        if path[0] not in report:
            continue
        figure: Any = report
        for step in path:
            figure = figure[step]
        if figure is None:
            table.add_row(label, "-", "-")
        else:
            low, high = figure["ci95"]
            table.add_row(label, write(figure["mean"]), f"{write(low)} to {write(high)}")
    return table


def verdict_lines(report: dict[str, Any]) -> list[Text]:
    """One line for each target, and one for all."""
    judged = report["verdict"]
    lines = [_verdict_line(name, one) for name, one in judged["by_target"].items()]
    overall = judged["overall"]
    if not lines:
        return [Text("no topic has a target, so there is nothing to judge")]
    return [*lines, Text("all targets: ").append(overall, COLOURS[overall])]


def _verdict_line(name: str, one: dict[str, Any]) -> Text:
    target, level = one["target"], one["service_level"]
    line = Text(f"{name}: ").append(one["verdict"], COLOURS[one["verdict"]])
    if level is None:
        return line.append(", for nobody called")
    low, high = (_percent(value) for value in level["ci95"])
    return line.append(
        f", {low} to {high} answered within {target['answered_within_s']:g} s of {target['of']},"
        f" and {_percent(target['share'])} asked for"
    )
