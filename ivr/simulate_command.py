"""`./hotline simulate`: a planner's scenario, simulated until its answer is sure enough."""

from __future__ import annotations

import json as json_text
import os
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ivr.scenario_file import read_scenario
from loadtest.figures import Days, report
from loadtest.replications import simulate
from loadtest.result_table import figures_table, verdict_lines
from loadtest.scenario import Scenario


def run_simulate(path: Path, json: Path | None = None, jobs: int | None = None) -> int:
    """Simulate, print the figures and the verdict. Returns 0 when it was simulated, whatever the verdict; 1 for
    a file that is wrong (each finding is printed) or cannot be written; 130 after Ctrl-C.

    json: where the report goes, too. jobs: processes; None is one for each core.
    """
    console, complaints = Console(highlight=False), Console(stderr=True, highlight=False, soft_wrap=True)
    scenario, findings = read_scenario(path)
    for finding in findings:
        complaints.print(str(finding), markup=False)
    if scenario is None:
        complaints.print("mend the scenario, then simulate again")
        return 1
    try:
        days = _with_progress(scenario, jobs or os.cpu_count() or 1, complaints)
    except KeyboardInterrupt:
        complaints.print("stopped; nothing was written")
        return 130
    told = report(days)
    console.print(figures_table(told))
    for line in verdict_lines(told):
        console.print(line)
    return 0 if json is None else _write(json, told, complaints)


def _with_progress(scenario: Scenario, jobs: int, console: Console) -> Days:
    columns = (TextColumn("days simulated"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=scenario.replications.max)
        return simulate(scenario, max(1, jobs), lambda done: progress.update(bar, completed=done))


def _write(path: Path, told: dict[str, object], console: Console) -> int:
    try:
        path.write_text(json_text.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as why:
        console.print(f"{path} cannot be written ({why.strerror}); name another file", markup=False)
        return 1
    return 0
