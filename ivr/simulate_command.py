"""`./hotline simulate`: a planner's scenario, simulated until its answer is sure enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from ivr.report_files import write_json, write_page
from ivr.simulate_compare import run_compare
from ivr.simulate_days import Means, read_or_say, simulated, stopped
from ivr.simulate_sweep import run_sweep
from loadtest.dask_days import ClusterLost
from loadtest.figures import Days, report
from loadtest.report_words import Language
from loadtest.result_table import figures_table, verdict_lines

WRONG_CALL = 2


def run(
    scenario: Path | None,
    compare: tuple[Path, Path] | None,
    sweep: str | None,
    *,
    json: Path | None,
    html: Path | None,
    language: Language,
    means: Means,
) -> int:
    """One scenario, a sweep of it, or two compared. Returns WRONG_CALL, and says why, for any other mixture."""
    complaints = Console(stderr=True, highlight=False, soft_wrap=True)
    if (scenario is None) == (compare is None) or (compare is not None and (sweep or html)):
        complaints.print(
            "name one scenario (with --sweep and --html if you like), or two with --compare A B and --json",
            markup=False,
        )
        return WRONG_CALL
    if compare is not None:
        return run_compare(compare, json, means)
    assert scenario is not None  # noqa: S101 - the check above
    if sweep is not None:
        return run_sweep(scenario, sweep, json, means, html, language)
    return run_simulate(scenario, json, means, html, language)


def run_simulate(
    path: Path,
    json: Path | None = None,
    means: Means | None = None,
    html: Path | None = None,
    language: Language = "en",
) -> int:
    """Simulate, print the figures and the verdict. Returns 0 when it was simulated, whatever the verdict; 1 for
    a file that is wrong (each finding is printed) or cannot be written; 130 after Ctrl-C.

    json: where the report goes, too. html: the folder of its page, in this language.
    """
    console, complaints = Console(highlight=False), Console(stderr=True, highlight=False, soft_wrap=True)
    scenario = read_or_say(path, complaints)
    if scenario is None:
        return 1
    try:
        days = simulated(scenario, means or Means(), complaints)
    except (KeyboardInterrupt, ClusterLost) as why:
        return stopped(complaints, why)
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
