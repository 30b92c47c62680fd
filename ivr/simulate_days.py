"""What every kind of simulation does: read the scenario or say what is wrong with it, simulate with a bar."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ivr.finding import Finding
from ivr.scenario_file import read_scenario
from loadtest.dask_days import ClusterLost
from loadtest.figures import Days
from loadtest.replications import simulate
from loadtest.scenario import Scenario

FAILED, INTERRUPTED = 1, 130


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


@dataclass(frozen=True)
class Means:
    """What simulates: so many processes (None: one for each core), or the Dask cluster whose scheduler is there.

    exact: the dispatcher itself, and not its compiled mirror.
    """

    jobs: int | None = None
    exact: bool = False
    dask: str | None = None


def simulated(scenario: Scenario, means: Means, complaints: Console, what: str = "days simulated") -> Days:
    """Every day the scenario needs, with a progress bar. Ctrl-C comes out as KeyboardInterrupt, and a cluster that
    is gone as ClusterLost."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=complaints, transient=True) as progress:
        bar = progress.add_task("", total=scenario.replications.max)
        return simulate(
            scenario,
            max(1, means.jobs or os.cpu_count() or 1),
            lambda done: progress.update(bar, completed=done),
            exact=means.exact,
            dask=means.dask,
            tell=lambda sentence: progress.console.print(sentence, markup=False),
        )


def stopped(complaints: Console, why: BaseException) -> int:
    """Say why nothing came of it, Ctrl-C or ClusterLost, and what the command ends with."""
    if isinstance(why, ClusterLost):
        complaints.print(str(why), markup=False)
        return FAILED
    complaints.print("stopped; nothing was written")
    return INTERRUPTED
