"""The findings as a person reads them, and as a program does."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ivr.doctor.finding import Finding, errors, warnings
from ivr.doctor.subject import Subject, short

MARKS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "error": ("ERROR", "bold red")}


def show(console: Console, subject: Subject, findings: list[Finding]) -> None:
    console.print(
        Text(f"{subject.name}: site file {short(subject.site_file)}, folder {short(subject.instance.home)}")
    )
    width = max(len(one.what) for one in findings)
    for area, group in groupby(findings, key=lambda one: one.area):
        console.print(Text(f"\n{area}", style="bold"))
        console.print(Padding(_table(list(group), width), (0, 0, 0, 2)))
    console.print()
    console.print(Text(summary(subject, findings), style="bold"))


def _table(findings: list[Finding], width: int) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, width=len("warning"))
    table.add_column(no_wrap=True, width=width)
    table.add_column(overflow="fold")
    for one in findings:
        mark, style = MARKS[one.verdict]
        table.add_row(Text(mark, style=style), Text(one.what), Text(one.sentence))
        if one.cure:
            table.add_row("", "", Text(f"→ {one.cure}", style="cyan"))
    return table


def summary(subject: Subject, findings: list[Finding]) -> str:
    """How it stands, in one sentence, and what to do next."""
    wrong, doubtful = len(list(errors(findings))), len(list(warnings(findings)))
    counted = f"{_count(wrong, 'error')}, {_count(doubtful, 'warning')}"
    now = subject.situation
    if now == "unknown":
        verdict, following = "it was not looked into", f"run this as '{subject.stranger}'"
    elif now == "stopped":
        verdict = "it would not start, or not serve its calls" if wrong else "it would start"
        start = f"start it: ./hotline up {short(subject.site_file)} --name {subject.name}"
        following = "mend the errors first" if wrong else start
    else:
        verdict = {"running": "it runs", "starting": "it is starting", "broken": "it is broken half-way"}[now]
        following = "mend the errors first" if wrong else f"watch it: ./hotline top --name {subject.name}"
    return f"{counted}: {verdict}; {following}"


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def as_json(subject: Subject, findings: list[Finding]) -> dict[str, Any]:
    """situation: stopped, starting, running, broken, or unknown when it is somebody else's. ok: no errors."""
    wrong = len(list(errors(findings)))
    return {
        "name": subject.name,
        "site": str(subject.site_file),
        "situation": subject.situation,
        "ok": wrong == 0,
        "errors": wrong,
        "warnings": len(list(warnings(findings))),
        "findings": [one.as_json() for one in findings],
    }
