"""The demonstration's live table, and its summary, for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ivr.demo.heard import End, SpeechCount, SpeechFigures
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
    End.WRONGLY_CONFIRMED: "yes to wrong",
    End.GIVEN_TO_PERSON: "to a person",
    End.BY_KEY: "by key",
    End.KEYS_ONLY: "keys only",
    End.LEFT: "left",
}


def speech_table(speech: SpeechFigures) -> Table:
    """What became of those who spoke, by how their voices came over the line and by what they did."""
    table = Table(title="Callers who speak", title_justify="left")
    table.add_column("")
    for heading in ("callers", *HEADINGS.values()):
        table.add_column(heading, justify="right")
    for counts in (speech.per_condition, speech.per_behaviour, {"all": speech.total}):
        for name, count in counts.items():
            table.add_row(name, *_speech_cells(count))
        table.add_section()
    return table


def _speech_cells(count: SpeechCount) -> list[str]:
    return [str(count.callers), *(str(getattr(count, end.value)) for end in HEADINGS)]


def speech_sentence(speech: SpeechFigures) -> str:
    """The figures in words, one line."""
    total = speech.total
    said = (
        f"{total.callers} callers spoke: {total.heard} understood at once, {total.confirmed} after asking back, "
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
