"""The last hour of the hotline's logs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from acd.mask import mask_text
from ivr.doctor.finding import Finding
from ivr.doctor.judge import logs
from ivr.doctor.judge.logs import MINUTES, LogFacts
from ivr.doctor.subject import Subject, short

TAIL = 1_000_000  # bytes; an hour's log is far shorter, or tells enough
LONGEST = 100
DIED = "a part died and is started again"
KEEPER_LINE = re.compile(r"^(\d{4}-\d\d-\d\dT\S+?)Z? +\[(?:error|critical) *\] (.*)")
SWITCH_LINE = re.compile(r"^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[.\d]*\] ERROR\[\d+\](?:\[\S+\])? (.*)")

Seen = Iterator[tuple[datetime, str]]
"""When, and what, of each error."""


def examine(subject: Subject) -> Iterator[Finding]:
    if not subject.running or subject.stranger:
        return
    since = datetime.now(UTC) - timedelta(minutes=MINUTES)
    home = subject.instance
    found = (
        facts(subject.name, home.logs / "keeper.log", of_keeper, since),
        facts(subject.name, home.logs / "controller.log", of_controller, since),
        facts(subject.name, home.switch / "log/messages.log", of_switch, since),
    )
    yield from logs.judge_all(found)


def facts(name: str, file: Path, read, since: datetime) -> LogFacts:
    errors = [what for at, what in read(_tail(file)) if at >= since]
    died = sum(what.startswith(DIED) for what in errors)
    counted = Counter(what[:LONGEST] for what in errors if not what.startswith(DIED))
    return LogFacts(name, short(file), sum(counted.values()), next(iter(counted.most_common(1)), None), died)


def _tail(file: Path) -> list[str]:
    try:
        with file.open("rb") as log:
            log.seek(max(0, file.stat().st_size - TAIL))
            return log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def of_controller(lines: list[str]) -> Seen:
    """One JSON object a line; what is cut off or no object is passed over."""
    for line in lines:
        try:
            entry = json.loads(line)
            if entry["level"] in {"error", "critical"}:
                yield datetime.fromisoformat(entry["timestamp"]), mask_text(str(entry["event"]))
        except (ValueError, KeyError, TypeError):
            continue


def of_keeper(lines: list[str]) -> Seen:
    """structlog's console lines, in UTC."""
    for line in lines:
        if match := KEEPER_LINE.match(line):
            at = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
            yield at, mask_text(re.split(r"\s{2,}|\s+\w+=", match[2])[0])


def of_switch(lines: list[str]) -> Seen:
    """Asterisk's lines, in the machine's time."""
    for line in lines:
        if match := SWITCH_LINE.match(line):
            yield datetime.fromisoformat(match[1]).astimezone(), mask_text(match[2])
