"""`./hotline staff`: the cheapest roster that holds every target of a planner's scenario."""

from __future__ import annotations

import json as json_text
import os
import time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from ivr.scenario_file import read_scenario
from ivr.scenario_writer import scenario_with_roster
from loadtest.scenario import Scenario
from loadtest.staffing_answer import (
    STATES,
    answer,
    marginal_table,
    people_of,
    roster_table,
    state_of,
    verification_lines,
)
from loadtest.staffing_days import Trials
from loadtest.staffing_demand import nobody_for
from loadtest.staffing_plan import Planner, Progress, planner
from loadtest.staffing_search import NoRoster
from loadtest.staffing_slots import Offer, offer, with_roster

TITLES = {
    "verified": "the roster holds every target",
    "failed": "no roster passed its verification; raise replications.max, or give it more --max-minutes",
    "unverified": "the roster is not verified; give it more --max-minutes",
    "short": "no roster that holds every target was found; allow more people or other shifts, or more --max-minutes",
    "none": "no roster was found; give it more --max-minutes",
}


def run_staff(
    path: Path,
    json: Path | None = None,
    output: Path | None = None,
    max_minutes: float | None = None,
    jobs: int | None = None,
) -> int:
    """Seek, verify and print the roster. Returns 0 only when a verified roster was found; 130 after Ctrl-C
    without one, else 1. Out of time or interrupted, it prints the best so far, and how far that is proved.

    json: where the answer goes, too. output: where the scenario goes with the roster in it.
    """
    console, complaints = Console(highlight=False), Console(stderr=True, highlight=False, soft_wrap=True)
    scenario = _readable(path, complaints)
    if scenario is None:
        return 1
    begin = time.monotonic()
    late_at = None if max_minutes is None else begin + 60 * max_minutes
    whole = offer(scenario)
    try:
        progress, trials = _sought(scenario, whole, jobs or os.cpu_count() or 1, late_at, complaints)
    except NoRoster:
        complaints.print(
            "the bounds of staffing contradict one another: least asks for more people than max_people allows"
        )
        return 1
    told = answer(progress, whole, trials, time.monotonic() - begin)
    _show(progress, whole, told, console)
    if progress.stopped:
        complaints.print(f"{progress.stopped}: {STATES[told['state']]}")
    complaints.print(TITLES[told["state"]])
    written = _write(path, json, output, scenario, progress, whole, told, complaints)
    if told["state"] == "verified":
        return 0 if written else 1
    return 130 if progress.stopped == "interrupted" else 1


def _readable(path: Path, complaints: Console) -> Scenario | None:
    scenario, findings = read_scenario(path)
    for finding in findings:
        complaints.print(str(finding), markup=False)
    if scenario is None:
        complaints.print("mend the scenario, then seek again")
        return None
    if not any(topic.target for topic in scenario.topics):
        complaints.print("no topic has a target, so any roster would do; add target: to a topic")
        return None
    for name in nobody_for(scenario, offer(scenario)):
        complaints.print(
            f"nobody who can be hired may take '{name}'; add a kind with its skills on its line to staffing.hire",
            markup=False,
        )
        return None
    return scenario


def _sought(
    scenario: Scenario, whole: Offer, jobs: int, late_at: float | None, console: Console
) -> tuple[Progress, Trials]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("beginning", total=None)
        seeker: Planner

        def told(progress: Progress) -> None:
            doing = _doing(progress, whole, trials.simulated)
            bar.update(task, description=doing)
            if not console.is_terminal:
                console.print(doing, markup=False)

        seeker, trials = planner(
            scenario, jobs, lambda: late_at is not None and time.monotonic() > late_at, told
        )
        try:
            return seeker.run(), trials
        finally:
            trials.close()


def _doing(progress: Progress, whole: Offer, days: int) -> str:
    people = people_of(progress)
    if people is None:
        return f"{progress.stage}, {days} days simulated"
    state = STATES[state_of(progress)]
    return f"{progress.stage}, {days} days simulated; {sum(whole.on_roster(people))} people, {state}"


def _show(progress: Progress, whole: Offer, told: dict[str, object], console: Console) -> None:
    for table in (roster_table(progress, whole), marginal_table(progress, whole)):
        if table is not None:
            console.print(table)
    for line in verification_lines(progress):
        console.print(line)
    console.print(f"{told['simulated_days']} days simulated in {told['seconds']:.0f} s")


def _write(
    path: Path,
    json: Path | None,
    output: Path | None,
    scenario: Scenario,
    progress: Progress,
    whole: Offer,
    told: dict[str, object],
    complaints: Console,
) -> bool:
    texts: list[tuple[Path, str]] = []
    if json is not None:
        texts.append((json, json_text.dumps(told, ensure_ascii=False, indent=2) + "\n"))
    people = people_of(progress)
    if output is not None and people is not None:
        found = with_roster(scenario, whole, people).operators
        remark = f"found by ./hotline staff: {sum(one.count for one in found)} people, {STATES[state_of(progress)]}"
        texts.append((output, scenario_with_roster(path, found, remark)))
    for file, text in texts:
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as why:
            complaints.print(f"{file} cannot be written ({why.strerror}); name another file", markup=False)
            return False
    return True
