"""Stories and lists of calls on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from acd.records.calls import CallRow
from acd.records.story import Line, printable

_STYLES = {"fact": "", "decision": "cyan", "step": "dim"}


def call_view(row: CallRow, lines: Sequence[Line]) -> RenderableType:
    """One call: what became of it, then every line. Wall times in the machine's zone."""
    return Group(Text(_headline(row), style="bold"), Text(_summary(row)), Text(), _lines(lines))


def calls_view(rows: Sequence[CallRow]) -> RenderableType:
    """A table, one call a row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("call", "began", "to", "caller", "topic", "operator"):
        table.add_column(heading, no_wrap=True)
    for heading in ("wait s", "talk s", "offers"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("result", no_wrap=True)
    for row in rows:
        began = f"{row.started.astimezone():%d.%m. %H:%M:%S}"
        words = (row.id, began, row.number, row.caller, row.topic, row.operator)
        figures = (_figure(row.wait_seconds), _figure(row.talk_seconds), str(row.offers))
        table.add_row(*(Text(printable(word or "-")) for word in (*words, *figures, result_words(row))))
    return table


def printer(*, terminal_width: int | None = None) -> Console:
    """Wide when it is not a terminal, so that a pipe gets one line a line."""
    console = Console(highlight=False, markup=False, emoji=False, width=terminal_width)
    if not console.is_terminal and terminal_width is None:
        console.width = 200
    return console


def result_words(row: CallRow) -> str:
    """ "abandoned in queue", or where the call is now."""
    return (row.result or f"now in {row.state}").replace("_", " ")


def _headline(row: CallRow) -> str:
    return printable(f"Call {row.id}: {result_words(row)}")


def _summary(row: CallRow) -> str:
    parts = [f"{row.started.astimezone():%Y-%m-%d %H:%M:%S %Z}"]
    parts += [f"topic {row.topic}" if row.topic else "never queued"]
    parts += [f"operator {row.operator}"] if row.operator else []
    parts += [f"waited {row.wait_seconds:.1f} s"] if row.wait_seconds is not None else []
    parts += [f"talked {row.talk_seconds:.1f} s"] if row.talk_seconds is not None else []
    parts += [f"{row.offers} offers"] if row.offers > 1 else []
    parts += [f"hung up by {row.hung_up_by}"] if row.hung_up_by else []
    return printable(", ".join(parts))


def _lines(lines: Sequence[Line]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for line in lines:
        text = Text(line.text, style=_STYLES.get(line.kind, ""))
        for reason in line.because:
            text.append(f"\n  {reason}", style="dim")
        table.add_row(f"+{line.since:.1f}", _wall(line.at), text)
    return table


def _wall(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"


def _figure(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f}"
