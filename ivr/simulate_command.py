"""`./hotline simulate`: a planner's scenario, simulated until its answer is sure enough."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ivr.report_files import write_json, write_page
from ivr.scenario_file import read_scenario
from loadtest.figures import Days, report
from loadtest.replications import simulate
from loadtest.report_words import Language
from loadtest.result_table import figures_table, verdict_lines
from loadtest.scenario import Scenario


def run_simulate(
    path: Path,
    json: Path | None = None,
    jobs: int | None = None,
    html: Path | None = None,
    language: Language = "en",
) -> int:
    """Simulate, print the figures and the verdict. Returns 0 when it was simulated, whatever the verdict; 1 for
    a file that is wrong (each finding is printed) or cannot be written; 130 after Ctrl-C.

    json: where the report goes, too. html: the folder of its page, in this language. jobs: processes; None is
    one for each core.
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
    if html is not None and not write_page(html, _page(days, told, language), complaints):
        return 1
    return 0 if json is None or write_json(json, told, complaints) else 1


def _page(days: Days, told: dict[str, Any], language: Language) -> str:
    from loadtest.report_page import report_page  # noqa: PLC0415 - matplotlib takes its time, few ask for a page

    return report_page(days, told, language)


def _with_progress(scenario: Scenario, jobs: int, console: Console) -> Days:
    columns = (TextColumn("days simulated"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=scenario.replications.max)
        return simulate(scenario, max(1, jobs), lambda done: progress.update(bar, completed=done))
