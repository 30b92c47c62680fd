"""The command line: a contract. Every command ends with 0 only when what it was asked for is done."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from ivr.instance import PROJECT
from ivr.logs import configure_logs

EXAMPLE = PROJECT / "examples" / "city_health" / "site.yaml"

app = App(
    name="hotline",
    help="A telephone hotline: menus, a distributor of calls to operators, and the proof that the wait is short.",
    version_flags=["--version"],
    result_action="return_value",
)
flow = App(name="flow", help="Look at a menu file without a telephone.")
app.command(flow)

Name = Annotated[
    str, Parameter(help="which hotline of this machine: the name of its folder in var/instances")
]
Json = Annotated[bool, Parameter(help="figures as JSON")]


@app.command
def demo(
    *,
    operators: int = 8,
    calls_per_minute: float = 24.0,
    seed: int = 1,
    for_: Annotated[float, Parameter(name="--for", help="seconds in which callers arrive")] = 60.0,
    json: Annotated[Path | None, Parameter(help="write the summary here")] = None,
    keep: Annotated[bool, Parameter(help="keep the demo's folder: logs, recordings, journal")] = False,
) -> int:
    """The city health hotline with softphones: callers dial, press, wait and talk, and everything is checked."""
    from ivr.demo.command import run_demo

    return run_demo(
        EXAMPLE,
        operators=operators,
        calls_per_minute=calls_per_minute,
        seed=seed,
        seconds=for_,
        json=json,
        keep=keep,
    )


@app.command
def test(*arguments: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> int:
    """All tests, the live ones included. Arguments go to pytest: `./hotline test -k NAME`."""
    from ivr.test_command import run_tests

    return run_tests(arguments)


@app.command
def up(config: Path = EXAMPLE, *, name: Name = "hotline") -> int:
    """Start a hotline for people's own softphones."""
    from ivr.up_command import run_up

    return run_up(config, name)


@app.command
def down(*, name: Name = "hotline") -> int:
    """Stop it, with the calls it has."""
    from ivr.up_command import run_down

    return run_down(name)


@app.command
def status(*, name: Name = "hotline", json: Json = False) -> int:
    """Whether it runs, and how it is."""
    from ivr.up_command import run_status

    return run_status(name, json)


@app.command
def accounts(*, name: Name = "hotline", json: Json = False) -> int:
    """Who registers where with which password: the secrets of this hotline's phones."""
    from ivr.up_command import run_accounts

    return run_accounts(name, json)


@app.command
def reload(*, name: Name = "hotline") -> int:
    """New menus and rules for calls to come; calls in progress finish on their version."""
    from ivr.up_command import run_reload

    return run_reload(name)


@app.command
def top(*, name: Name = "hotline", json: Json = False, language: str = "ru") -> int:
    """Queues and operators, live. Ctrl-C leaves it."""
    from ivr.top_command import run_top

    return run_top(name, json, language)


@app.command
def call(
    id: str | None = None,
    *,
    last: Annotated[int, Parameter(help="list the latest calls instead")] = 0,
    name: Name = "hotline",
    json: Json = False,
) -> int:
    """One call's story, from ring to hang-up, with the reason of every decision."""
    from acd.records.call_command import run_call
    from ivr.up_command import records_url

    url = records_url(name)
    return 1 if url is None else run_call(url, id, last, json)


@app.command
def doctor(config: Path = EXAMPLE, *, name: Name = "hotline", json: Json = False) -> int:
    """Look over the machine and this hotline; each finding with its cure."""
    from ivr.doctor.command import run_doctor

    return run_doctor(config, name, json)


@app.command
def check(config: Path = EXAMPLE, *, json: Json = False) -> int:
    """Prove a site file and its menus: every mistake with file, line and the way out."""
    from ivr.check_command import run_check

    return run_check(config, json)


@flow.command
def walk(
    file: Path,
    *,
    language: str | None = None,
    site: Annotated[Path | None, Parameter(help="whose opening hours hold")] = None,
) -> int:
    """The menu in the terminal: type keys, see what would be said and where the call would go."""
    from ivr.flow_walk import run_walk

    return run_walk(file, language, site)


@flow.command
def draw(
    file: Path,
    *,
    output: Annotated[Path | None, Parameter(help="the SVG; beside the menu if left out")] = None,
    language: str | None = None,
) -> int:
    """Draw the menu as SVG."""
    from ivr.flow_draw import run_draw

    return run_draw(file, output, language)


def main() -> None:
    """Entry point; a Ctrl-C is an answer, not a failure of ours."""
    configure_logs(None, level=logging.WARNING)
    try:
        sys.exit(app())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
