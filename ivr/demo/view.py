"""The demonstration's live table, and its summary, for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ivr.demo.judge import Summary, Waits
from ivr.live_table import operators_table, topics_table


def live(figures: dict[str, Any], *, elapsed: float, dialled: int, done: int, language: str) -> Group:
    """One picture of the play. figures: of the control socket."""
    head = Text(
        f"{elapsed:5.1f} s   callers dialled {dialled}, done {done}   calls now: {_places(figures['calls'])}"
    )
    return Group(head, topics_table(figures, language), operators_table(figures))


def _places(places: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(places.items())) or "none"


def summary_table(summary: Summary) -> Table:
    table = Table(title="What came of it", title_justify="left")
    for heading in ("topic", "offered", "answered", "abandoned", "failed", "wait p50", "p95", "max, s"):
        table.add_column(heading, justify="left" if heading == "topic" else "right")
    for topic, count in summary.per_topic.items():
        table.add_row(
            topic, *_cells(count.offered, count.answered, count.abandoned, count.failed, count.wait)
        )
    total = summary.calls
    table.add_section()
    table.add_row("all", *_cells(total.offered, total.answered, total.abandoned, total.failed, total.wait))
    return table


def _cells(offered: int, answered: int, abandoned: int, failed: int, wait: Waits) -> list[str]:
    seconds = ["-" if value is None else f"{value:.1f}" for value in (wait.p50, wait.p95, wait.max)]
    return [str(offered), str(answered), str(abandoned), str(failed), *seconds]
