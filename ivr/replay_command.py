"""`./hotline replay`: recorded calls through the dispatcher again, under the recorded rules or a site file's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from acd.core.model import Policy
from acd.records.errors import JournalError
from acd.records.why_words import because
from ivr.config import load_site, policy
from ivr.journal_reading import read_journal
from ivr.report_files import write_json
from loadtest.recorded_lives import Life, Lives, lives_of
from loadtest.recording import Recording
from loadtest.replay_exact import exactness
from loadtest.replay_figures import Answer, Change, changes, figures, replayed
from loadtest.replay_words import change_line, exact_json, exact_lines, table

DIFFERENT = 1
SHOWN_IN_JSON = 200


def run_replay(
    journal: str,
    rules: Path | None = None,
    json: Path | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    exact: bool = False,
    draws: int = 10,
    seed: int = 1,
    shown: int = 5,
) -> int:
    """Replay and tell. Returns 0; 1 when something cannot be read or written, or, with `exact`, a decision differs.

    since, until: only calls that asked then are counted (a time without a zone is UTC); all are replayed. draws:
    how often what the record does not know is drawn. shown: how many changed calls are told.
    """
    console = Console(highlight=False, soft_wrap=True)
    complaints = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        if exact and rules is not None:
            raise ValueError("--exact is about the recorded rules; leave --rules out, or --exact")
        if draws < 1:
            raise ValueError("--draws is at least 1")
        other = None if rules is None else _rules(rules, complaints)
        recording = asyncio.run(read_journal(journal))
        if exact:
            return _exact(recording, json, console, complaints)
        every = [lives_of(run) for run in recording.runs]
        answer = _replayed(every, other, draws, seed, _wanted(since, until), complaints)
    except (JournalError, ValueError) as why:
        complaints.print(str(why), markup=False)
        return 1
    told, moved = figures(answer), changes(answer)
    _tell(answer, told, moved, shown, console)
    document = told | {"changes": [_plain(one) for one in moved[:SHOWN_IN_JSON]], "changed": len(moved)}
    return 0 if json is None or write_json(json, document, complaints) else 1


def _rules(path: Path, complaints: Console) -> Policy:
    site, findings = load_site(path)
    for finding in findings:
        if finding.severity == "error" or site is None:
            complaints.print(str(finding), markup=False)
    if site is None:
        raise ValueError(f"the rules of {path} cannot be used; ./hotline check {path} says why")
    return policy(site, path.stem)


def _wanted(since: datetime | None, until: datetime | None) -> Callable[[Lives, Life], bool]:
    def at(moment: datetime | None) -> float | None:
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

    from_at, to_at = at(since), at(until)

    def wanted(lives: Lives, life: Life) -> bool:
        asked = lives.run.wall(life.first.began)
        return (from_at is None or asked >= from_at) and (to_at is None or asked < to_at)

    return wanted


def _exact(recording: Recording, json: Path | None, console: Console, complaints: Console) -> int:
    found = exactness(recording)
    for line in exact_lines(found):
        console.print(line, markup=False)
    if json is not None and not write_json(json, exact_json(found), complaints):
        return 1
    return DIFFERENT if found.partings else 0


def _replayed(
    every: list[Lives],
    rules: Policy | None,
    draws: int,
    seed: int,
    wanted: Callable[[Lives, Life], bool],
    complaints: Console,
) -> Answer:
    columns = (TextColumn("replayed"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=complaints, transient=True) as progress:
        bar = progress.add_task("", total=draws * (1 if rules is None else 2))
        return replayed(every, rules, draws, seed, wanted, lambda done: progress.update(bar, completed=done))


def _tell(answer: Answer, told: dict[str, Any], moved: list[Change], shown: int, console: Console) -> None:
    under = (
        "the recorded rules" if answer.rules is None else f"the recorded rules and {answer.rules.version}'s"
    )
    console.print(
        f"{told['calls']} recorded calls, replayed {told['draws']} times under {under}.", markup=False
    )
    console.print(table(told))
    for line in _notes(answer):
        console.print(f"Note: {line}", markup=False)
    ways = (
        ("recorded", "replayed") if answer.rules is None else ("under the recorded rules", "under the others")
    )
    if moved:
        console.print(f"Fared otherwise: {len(moved)} of {told['calls']} calls; most of all:", markup=False)
    else:
        console.print("No call fared otherwise.")
    for change in moved[:shown]:
        console.print(f"  {change_line(change, ways)}", markup=False)
        for way, why in zip(ways, change.whys, strict=True):
            for number, line in enumerate(because(why) if why is not None else ()):
                console.print(f"      {way + ': ' if number == 0 else '  '}{line}", markup=False)


def _notes(answer: Answer) -> list[str]:
    found: list[str] = []
    if answer.rules is None:
        return found
    topics = {str(life.asked.topic) for life in answer.calls} - set(map(str, answer.rules.topics))
    if topics:
        found.append(
            f"the other rules have no topic {', '.join(sorted(topics))}: those calls are turned away"
        )
    gone = set(map(str, answer.policy.operators)) - set(map(str, answer.rules.operators))
    if gone:
        found.append(
            f"the other rules do not know the operators {', '.join(sorted(gone))}: they take no calls"
        )
    new = set(map(str, answer.rules.operators)) - set(map(str, answer.policy.operators))
    if new:
        found.append(f"nobody recorded when {', '.join(sorted(new))} would be there: they take no calls")
    return found


def _plain(change: Change) -> dict[str, Any]:
    def lot(number: int) -> dict[str, Any]:
        outcome, wait = (change.before, change.after)[number]
        return {
            "outcome": outcome,
            "wait_s": wait,
            "operator": change.operators[number],
            "why": change.whys[number],
        }

    return {"call": change.call, "topic": change.topic, "before": lot(0), "after": lot(1)}
