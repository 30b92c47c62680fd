"""`./hotline simulate SCENARIO --sweep KEY=FROM:TO:STEP`: what one value of the scenario does to the wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivr.report_files import write_json, write_page
from ivr.scenario_file import read_text
from ivr.simulate_days import Means, say, simulated, stopped
from loadtest.dask_days import ClusterLost
from loadtest.figures import report
from loadtest.report_words import Language
from loadtest.result_table import COLOURS
from loadtest.scenario import Scenario
from loadtest.sweep import CannotSweep, moved, points_of

Points = list[tuple[float, Scenario]]


def run_sweep(
    path: Path, told: str, json: Path | None, means: Means, html: Path | None, language: Language
) -> int:
    """Simulate the scenario for every value and print a row for each. Every value is checked before the first is
    simulated. Returns 0 when all were; 1 when the file, the key or a value is wrong, or a report cannot be
    written; 130 after Ctrl-C."""
    console, complaints = Console(highlight=False), Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        key, values = points_of(told)
        points = _scenarios(path, key, values, complaints)
    except CannotSweep as why:
        complaints.print(str(why), markup=False)
        return 1
    if points is None:
        return 1
    reports: list[dict[str, Any]] = []
    try:
        for value, scenario in points:
            days = simulated(scenario, means, complaints, f"{key} = {value:g}, days simulated")
            reports.append({"value": value, "report": report(days)})
    except (KeyboardInterrupt, ClusterLost) as why:
        return stopped(complaints, why)
    swept = {"scenario": points[0][1].name, "seed": points[0][1].seed, "key": key, "points": reports}
    console.print(_table(swept))
    if html is not None and not write_page(html, _page(swept, language), complaints):
        return 1
    return 0 if json is None or write_json(json, swept, complaints) else 1


def _scenarios(path: Path, key: str, values: list[float], complaints: Console) -> Points | None:
    text, findings = read_text(path)
    if text is None:
        say(findings, complaints, mend=True)
        return None
    points: Points = []
    for value in values:
        scenario, found = text.scenario(lambda plain, value=value: moved(plain, key, value))
        if scenario is None:
            complaints.print(f"with {key} = {value:g}:", markup=False)
            say(found, complaints, mend=True)
            return None
        points.append((value, scenario))
    return points


def _page(swept: dict[str, Any], language: Language) -> str:
    from loadtest.sweep_page import sweep_page  # noqa: PLC0415 - matplotlib takes its time, few ask for a page

    return sweep_page(swept, language)


def _table(swept: dict[str, Any]) -> Table:
    table = Table(title=f"{swept['scenario']}, {swept['key']}", title_justify="left")
    for heading in (
        "value",
        "days",
        "in time, %",
        "abandoned, %",
        "answer, s",
        "occupancy, %",
        "targets",
    ):
        table.add_column(heading, justify="right")
    for point in swept["points"]:
        told = point["report"]
        overall = told["verdict"]["overall"] if told["verdict"]["by_target"] else ""
        table.add_row(
            f"{point['value']:g}",
            str(told["replications"]),
            _share(told["service_level"]["of_offered"]),
            _share(told["p_abandon"]),
            "-" if told["asa_s"] is None else f"{told['asa_s']['mean']:,.1f}",
            _share(told["occupancy"]),
            Text(overall, COLOURS.get(overall, "")),
        )
    return table


def _share(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "-"
    return f"{100 * figure['mean']:.1f} ± {50 * (figure['ci95'][1] - figure['ci95'][0]):.1f}"
