"""What every kind of simulation does: read the scenario or say what is wrong with it, simulate with a bar."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ivr.finding import Finding
from ivr.scenario_file import read_scenario
from loadtest.figures import Days
from loadtest.replications import simulate
from loadtest.scenario import Scenario

INTERRUPTED = 130


def read_or_say(path: Path, complaints: Console) -> Scenario | None:
    """The scenario; None, and every mistake printed, when it is wrong."""
    scenario, findings = read_scenario(path)
    say(findings, complaints, mend=scenario is None)
    return scenario


def say(findings: list[Finding], complaints: Console, *, mend: bool) -> None:
    for finding in findings:
        complaints.print(str(finding), markup=False)
    if mend:
        complaints.print("mend the scenario, then simulate again")


def jobs_or_all(jobs: int | None) -> int:
    """So many processes; None is one for each core."""
    return max(1, jobs or os.cpu_count() or 1)


def simulated(scenario: Scenario, jobs: int, complaints: Console, what: str = "days simulated") -> Days:
    """Every day the scenario needs, with a progress bar. Ctrl-C comes out as KeyboardInterrupt."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=complaints, transient=True) as progress:
        bar = progress.add_task("", total=scenario.replications.max)
        return simulate(scenario, jobs, lambda done: progress.update(bar, completed=done))


def stopped(complaints: Console) -> int:
    """After Ctrl-C: say so, and what the command ends with."""
    complaints.print("stopped; nothing was written")
    return INTERRUPTED
