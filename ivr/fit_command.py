"""`./hotline fit`: a planner's scenario from the calls that a hotline recorded."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from rich.console import Console
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from acd.records.errors import JournalError
from ivr.config import load_site
from ivr.instance import Instance
from ivr.journal_reading import read_journal
from ivr.report_files import write_page
from ivr.scenario_file import read_scenario
from ivr.settings import Settings
from loadtest.distribution import Numbers
from loadtest.fit_calendar import Calendar
from loadtest.fit_keys import scenario_keys
from loadtest.fit_scenario import Fit, fit
from loadtest.fit_words import WEEKDAYS, headline, topic_lines, warnings, whole_lines
from loadtest.recorded_lives import lives_of
from loadtest.report_words import Language

SEED = 1
"""Of the goodness-of-fit tests' bootstrap: the same journal is always judged alike."""

WIDTH = 160


def run_fit(
    journal: str,
    output: Path | None = None,
    html: Path | None = None,
    *,
    zone: str | None = None,
    weekday: str | None = None,
    language: Language = "en",
) -> int:
    """Read, fit, tell, write. Returns 0; 1, with a sentence on stderr, when there is too little, the journal
    cannot be read, a file cannot be written, or the scenario made would be refused by `simulate`.

    zone: of the wall clock, e.g. Europe/Moscow; None takes the hotline's own, else UTC. weekday: only these days.
    """
    console = Console(highlight=False, soft_wrap=True)
    complaints = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        calendar = Calendar(_zone(journal, zone), _weekday(weekday))
        recording = asyncio.run(read_journal(journal))
        every = [lives_of(run) for run in recording.runs]
        found = fit(every, calendar, np.random.default_rng(SEED))
    except (JournalError, ValueError) as why:
        complaints.print(str(why), markup=False)
        return 1
    where = Path(recording.where).name if "://" not in recording.where else recording.where
    _tell(found, where, calendar, console)
    if html is not None and not write_page(html, _page(found, where, calendar, language), complaints):
        return 1
    if output is None:
        console.print("No scenario was written; --output SCENARIO.yaml writes it.")
        return 0
    return _write(found, where, calendar, output, console, complaints)


def _zone(journal: str, zone: str | None) -> tzinfo:
    if zone is None:
        instance = Instance.named(journal)
        if "/" in journal or not instance.settings_file.exists():
            return ZoneInfo("UTC")
        site, _ = load_site(Settings.read(instance).site)
        zone = "UTC" if site is None else site.timezone
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{zone} is no time zone; name one like Europe/Moscow") from None


def _weekday(name: str | None) -> int | None:
    if name is None:
        return None
    found = [n for n, day in enumerate(WEEKDAYS) if len(name) >= 2 and day.startswith(name.lower())]
    if len(found) != 1:
        raise ValueError(f"{name} is no weekday; name one of {', '.join(WEEKDAYS)}")
    return found[0]


def _tell(found: Fit, where: str, calendar: Calendar, console: Console) -> None:
    for line in [*headline(found, where, calendar), *whole_lines(found)]:
        console.print(line, markup=False)
    for topic in found.topics:
        console.print(f"\n{topic.name}", style="bold", markup=False)
        for line in topic_lines(topic):
            console.print(f"  {line}", markup=False)
    console.print()
    for line in warnings(found, calendar):
        console.print(f"Note: {line}", markup=False)


def _page(found: Fit, where: str, calendar: Calendar, language: Language) -> str:
    from loadtest.fit_page import fit_page  # noqa: PLC0415 - matplotlib takes its time, few ask for a page

    return fit_page(found, headline(found, where, calendar), list(warnings(found, calendar)), language)


def _write(
    found: Fit, where: str, calendar: Calendar, output: Path, console: Console, complaints: Console
) -> int:
    keys, files = scenario_keys(found, f"From {where}", output.stem)
    try:
        for name, values in files.items():
            _write_values(output.parent / name, values)
        output.write_text(scenario_text(found, keys, _remarks(found, where, calendar)), encoding="utf-8")
    except OSError as why:
        complaints.print(f"{output} cannot be written ({why.strerror}); name another file", markup=False)
        return 1
    scenario, findings = read_scenario(output)
    for finding in findings:
        complaints.print(str(finding), markup=False)
    beside = (
        f", with {len(files)} {'file' if len(files) == 1 else 'files'} of recorded values" if files else ""
    )
    console.print(f"{output} is written{beside}; next: ./hotline simulate {output}", markup=False)
    if scenario is None:
        print("the record gives no scenario that can be simulated; mend the places named", file=sys.stderr)
        return 1
    return 0


def _write_values(path: Path, values: Numbers) -> None:
    path.write_text("seconds\n" + "".join(f"{value:.3f}\n" for value in values.tolist()), encoding="utf-8")


def _remarks(found: Fit, where: str, calendar: Calendar) -> list[str]:
    return [
        *headline(found, where, calendar),
        *whole_lines(found),
        *(f"Note: {line}" for line in warnings(found, calendar)),
    ]


def scenario_text(found: Fit, keys: dict[str, Any], remarks: Sequence[str]) -> str:
    """The scenario file, what it was made from in its comments."""
    tree: Any = CommentedMap((key, _block(value)) for key, value in keys.items())
    tree.yaml_set_start_comment("\n".join(remarks))
    for topic, fitted in zip(tree["topics"], found.topics, strict=True):
        topic.yaml_set_comment_before_after_key("line", before="\n".join(topic_lines(fitted)), indent=4)
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _block(value: Any) -> Any:
    """A mapping or list of mappings line by line, whatever is below them in one line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        several = [_flow(one) if "count" in one else _lines(one) for one in value]
        return CommentedSeq(several)
    return _flow(value)


def _lines(value: dict[str, Any]) -> CommentedMap:
    return CommentedMap((key, _flow(one)) for key, one in value.items())


def _flow(value: Any) -> Any:
    if isinstance(value, dict):
        found: Any = CommentedMap((key, _flow(one)) for key, one in value.items())
    elif isinstance(value, list):
        found = CommentedSeq([_flow(one) for one in value])
    else:
        return value
    found.fa.set_flow_style()
    return found
