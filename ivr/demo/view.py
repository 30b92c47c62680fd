"""The demonstration's live table, and its summary, for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ivr.demo.heard import End, SpeechFigures
from ivr.demo.judge import Summary
from ivr.demo.waits import Waits
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


HEADINGS = {
    End.HEARD: "at once",
    End.CONFIRMED: "asked back",
    End.MISHEARD: "misheard",
    End.GIVEN_TO_PERSON: "to a person",
    End.BY_KEY: "by key",
    End.KEYS_ONLY: "keys only",
    End.WRONGLY_CONFIRMED: "yes to wrong",
    End.LEFT: "left",
}
RARE = (End.WRONGLY_CONFIRMED, End.LEFT)  # columns only where there is something in them


def speech_table(speech: SpeechFigures) -> Table:
    """What became of those who speak, by how their voices came over the line and by what they did."""
    shown = [end for end in HEADINGS if end not in RARE or getattr(speech.total, end.value)]
    table = Table(title="Callers who speak", title_justify="left")
    table.add_column("", no_wrap=True)
    for heading in ("spoke", *(HEADINGS[end] for end in shown)):
        table.add_column(heading, justify="right")
    for counts in (speech.per_condition, speech.per_behaviour, {"all": speech.total}):
        for name, count in counts.items():
            cells = (str(getattr(count, end.value)) for end in shown)
            table.add_row(name, str(count.callers), *cells)
        table.add_section()
    return table


def speech_sentence(speech: SpeechFigures) -> str:
    """The figures in words, one line."""
    total = speech.total
    who = "1 caller speaks" if total.callers == 1 else f"{total.callers} callers speak"
    said = (
        f"{who}: {total.heard} understood at once, {total.confirmed} after asking back, "
        f"{total.misheard} misheard, {total.given_to_person} given to a person, {total.by_key} pressed in the end, "
        f"{total.keys_only} had keys only"
    )
    if total.wrongly_confirmed:
        said += f", {total.wrongly_confirmed} said yes to something else"
    if total.left:
        said += f", {total.left} left"
    said += f"; {speech.barge_ins} cut a prompt short"
    if speech.prompt_stopped_after.p50 is not None:
        said += f", which stopped after {speech.prompt_stopped_after.p50:.2f} s (median)"
    if speech.decided_after.p50 is not None:
        said += f"; decided {speech.decided_after.p50:.2f} s after the last word (median)"
    return said + "."
