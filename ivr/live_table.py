"""Queues and operators as tables for a terminal: what `top` shows, and the demonstration."""

from __future__ import annotations

from typing import Any

from rich.table import Table

STATE_STYLE = {
    "ready": "green",
    "ringing": "yellow",
    "talking": "cyan",
    "wrapping up": "blue",
    "paused": "magenta",
    "not answering": "red",
    "signed out": "dim",
}


def topics_table(figures: dict[str, Any], language: str) -> Table:
    """One line a topic; today's figures, waits in seconds."""
    table = Table(box=None, pad_edge=False)
    table.add_column("topic")
    for heading in ("waiting", "longest", "offered", "answered", "in time", "abandoned", "level", "target"):
        table.add_column(heading, justify="right")
    for topic in figures["topics"]:
        table.add_row(
            title_in(topic["title"], language),
            str(topic["waiting"]),
            f"{topic['longest_wait']:.0f}" if topic["waiting"] else "",
            str(topic["offered"]),
            str(topic["answered"]),
            str(topic["within_target"]),
            str(topic["abandoned"]),
            _service_level(topic),
            _promise(topic["target"]),
            style="bold" if topic["waiting"] else "",
        )
    return table


def _service_level(topic: dict[str, Any]) -> str:
    level, target = topic["service_level"], topic["target"]
    if level is None:
        return ""
    colour = "green" if level >= target["share"] else "red"
    return f"[{colour}]{level:.0%}[/]"


def _promise(target: dict[str, Any]) -> str:
    """80/20: of the calls offered, 80 % within 20 s."""
    return f"{target['share']:.0%}/{target['within']:g} s"


def operators_table(figures: dict[str, Any], most: int = 40) -> Table:
    """One line an operator, the busy ones with what they are at; beyond `most` only the counts."""
    operators = figures["operators"]
    counts: dict[str, int] = {}
    for one in operators:
        counts[one["state"]] = counts.get(one["state"], 0) + 1
    caption = ", ".join(f"{state} {count}" for state, count in sorted(counts.items()))
    table = Table(box=None, pad_edge=False, caption=f"operators: {caption}", caption_justify="left")
    for heading in ("operator", "name", "state", "at"):
        table.add_column(heading)
    for one in operators[:most]:
        style = STATE_STYLE.get(one["state"], "")
        idle = (
            f"for {one['idle_for']:.0f} s" if one["state"] == "ready" and one["idle_for"] is not None else ""
        )
        at = one["topic"] or one["reason"] or idle
        table.add_row(one["id"], one["name"], f"[{style}]{one['state']}[/]" if style else one["state"], at)
    return table


def speech_line(speech: dict[str, Any]) -> str:
    """Who listens to callers, in one line; a trouble comes first."""
    if not speech["on"]:
        return "; ".join(["off: callers are served by key", *speech["missing"]])
    workers = speech["workers"]
    there = [worker for worker in workers if worker["well"]]
    said = list(speech["missing"])
    if len(there) < len(workers):
        said.append(f"{len(workers) - len(there)} of {len(workers)} workers away")
    languages = sorted({language for worker in there for language in worker["languages"]})
    if there:
        busy = max(worker["busy"] for worker in there)
        said.append(f"{' '.join(languages)}, busy {busy:.0%}" + ("" if _any_room(there) else ", full"))
    said.append(f"listening to {speech['ears']}, speaking {speech['speaking']}")
    said.append(f"by key only: {speech['full']} (full), {speech['away']} (no worker)")
    return "; ".join(said)


def hears(speech: dict[str, Any]) -> bool:
    """Whether callers are listened to as the site file wants it."""
    workers = speech["workers"]
    return (
        not speech["missing"]
        and all(worker["well"] for worker in workers)
        and (not workers or _any_room(workers))
    )


def _any_room(workers: list[dict[str, Any]]) -> bool:
    return any(worker["accepting"] for worker in workers)


def title_in(title: dict[str, str], language: str) -> str:
    return title.get(language) or next(iter(title.values()), "")
