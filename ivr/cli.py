"""The command line: a contract. Every command ends with 0 only when what it was asked for is done."""

from __future__ import annotations

import logging
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from ivr.instance import PROJECT
from ivr.logs import configure_logs

EXAMPLE = PROJECT / "examples" / "city_health" / "site.yaml"


def _version() -> str:
    """The project is run from its folder and is no installed package: the version stands in one place only."""
    with (PROJECT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


app = App(
    name="hotline",
    help="A telephone hotline: menus, a distributor of calls to operators, and the proof that the wait is short.",
    version=_version,
    version_flags=["--version"],
    result_action="return_value",
)
flow = App(name="flow", help="Look at a menu file without a telephone.")
app.command(flow)
erlang = App(
    name="erlang", help="How long callers wait, how many operators and trunks it takes: closed forms."
)
app.command(erlang)
speech = App(name="speech", help="How much of what callers say is understood, and by which workers.")
app.command(speech)
models = App(name="models", help="The speech models of this machine; alone: which there are.")
app.command(models)
load = App(name="load", help="What this machine carries, measured.")
app.command(load)

Name = Annotated[
    str, Parameter(help="which hotline of this machine: the name of its folder in var/instances")
]
Json = Annotated[bool, Parameter(help="figures as JSON")]
Calls = Annotated[float | None, Parameter(help="calls that arrive in an interval")]
Minutes = Annotated[float, Parameter(help="the interval's length, minutes")]
Load = Annotated[float | None, Parameter(help="instead of calls: offered load, erlangs")]
Aht = Annotated[float | None, Parameter(help="mean handling time, seconds")]
Servers = Annotated[
    int | None, Parameter(help="operators to look at; left out, the fewest that do are sought")
]
Share = Annotated[float, Parameter(help="share of calls to be answered in time")]
Within = Annotated[float, Parameter(help="what is in time, seconds")]
Busy = Annotated[float, Parameter(help="ceiling on operators' occupancy")]
Away = Annotated[
    float | None, Parameter(help="share of paid time away from calls; shows people on the roster")
]


@app.command
def demo(
    *,
    operators: int = 8,
    calls_per_minute: float = 24.0,
    seed: int = 1,
    for_: Annotated[float, Parameter(name="--for", help="seconds in which callers arrive")] = 60.0,
    json: Annotated[Path | None, Parameter(help="write the summary here")] = None,
    keep: Annotated[bool, Parameter(help="keep the demo's folder: logs, recordings, journal")] = False,
    speaking: Annotated[
        float, Parameter(help="share of callers who say what they need, 0 to 1; the others press keys")
    ] = 0.5,
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
        speaking=speaking,
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
def erase(
    id: Annotated[str | None, Parameter(help="the call, or the beginning of its id")] = None,
    *,
    caller: Annotated[
        str | None, Parameter(help="instead: a caller's number, or p-..., with all calls of his")
    ] = None,
    name: Name = "hotline",
) -> int:
    """Erase a caller's number, and the recordings of what he said, of one call or of all of his."""
    from ivr.erase_command import run_erase

    return run_erase(name, id, caller)


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


@app.command
def simulate(
    scenario: Path | None = None,
    *,
    compare: Annotated[
        tuple[Path, Path] | None,
        Parameter(negative=(), help="instead: two scenarios on the same days, what differs"),
    ] = None,
    sweep: Annotated[
        str | None, Parameter(help="KEY=FROM:TO:STEP: the scenario for each value, e.g. load=0.8:1.2:0.1")
    ] = None,
    json: Annotated[Path | None, Parameter(help="write the report here")] = None,
    html: Annotated[Path | None, Parameter(help="write a page with pictures into this folder")] = None,
    language: Annotated[Literal["en", "ru"], Parameter(help="of the page")] = "en",
    jobs: Annotated[int | None, Parameter(help="processes; one for each core if left out")] = None,
    dask: Annotated[
        str | None, Parameter(help="HOST:PORT of a Dask scheduler whose workers simulate")
    ] = None,
    exact: Annotated[
        bool, Parameter(negative="", help="the dispatcher itself, not its faster compiled mirror")
    ] = False,
) -> int:
    """Days of a planner's scenario under the real dispatcher: waits, staff's occupancy, targets held or not."""
    from ivr.simulate_command import run
    from ivr.simulate_days import Means

    means = Means(jobs, exact, dask)
    return run(scenario, compare, sweep, json=json, html=html, language=language, means=means)


@app.command
def fit(
    journal: Annotated[
        str | None, Parameter(help="an SQLite file or a postgresql:// URL; left out, this hotline's")
    ] = None,
    *,
    output: Annotated[Path | None, Parameter(help="write the scenario here")] = None,
    html: Annotated[Path | None, Parameter(help="a page with pictures into this folder")] = None,
    name: Name = "hotline",
    timezone: Annotated[
        str | None, Parameter(help="of the wall clock: Europe/Moscow; the hotline's own, else UTC")
    ] = None,
    weekday: Annotated[str | None, Parameter(help="only these days: monday")] = None,
    language: Annotated[Literal["en", "ru"], Parameter(help="of the page")] = "en",
) -> int:
    """A planner's scenario from recorded calls: rates, handling times, patience, staff, each with how well it fits."""
    from ivr.fit_command import run_fit

    return run_fit(journal or name, output, html, zone=timezone, weekday=weekday, language=language)


@app.command
def replay(
    journal: Annotated[
        str | None, Parameter(help="an SQLite file or a postgresql:// URL; left out, this hotline's")
    ] = None,
    *,
    rules: Annotated[
        Path | None, Parameter(help="a site file, whose rules are tried beside those recorded")
    ] = None,
    from_: Annotated[
        datetime | None, Parameter(name="--from", help="count calls that asked from then on")
    ] = None,
    to: Annotated[datetime | None, Parameter(help="and before then; UTC, as 2026-11-20T08:00")] = None,
    exact: Annotated[
        bool, Parameter(help="instead: does the dispatcher still decide what it decided?")
    ] = False,
    draws: Annotated[int, Parameter(help="how often what nobody recorded is drawn")] = 10,
    seed: int = 1,
    changes: Annotated[int, Parameter(help="so many calls whose lot changed most are told")] = 5,
    json: Annotated[Path | None, Parameter(help="write the figures here")] = None,
    name: Name = "hotline",
) -> int:
    """Recorded calls through the dispatcher again, under the recorded rules or those of another site file."""
    from ivr.replay_command import run_replay

    return run_replay(
        journal or name, rules, json,
        since=from_, until=to, exact=exact, draws=draws, seed=seed, shown=changes,
    )  # fmt: skip


@app.command
def staff(
    scenario: Path,
    *,
    json: Annotated[Path | None, Parameter(help="write the answer here")] = None,
    output: Annotated[Path | None, Parameter(help="write the scenario with the roster found here")] = None,
    max_minutes: Annotated[float | None, Parameter(help="after so long, the best so far")] = None,
    jobs: Annotated[int | None, Parameter(help="processes; one for each core if left out")] = None,
) -> int:
    """The cheapest roster that holds every target of a scenario, proved on days it was not sought on."""
    from ivr.staff_command import run_staff

    return run_staff(scenario, json, output, max_minutes, jobs)


@models.default
def models_there(*, json: Json = False) -> int:
    """Which speech models there are, whether they work, and for which language each is used."""
    from ivr.models_command import run_models

    return run_models(json)


@models.command
def add(
    source: Annotated[
        str, Parameter(help="a model's folder or zip file, or Vosk's name: vosk-model-small-ru-0.22")
    ],
    *,
    language: Annotated[str, Parameter(help="its code, when the model's name does not say it")] = "",
) -> int:
    """Install a larger model, or one of another language."""
    from ivr.models_command import run_add

    return run_add(source, language)


@models.command
def remove(name: str) -> int:
    """Delete an installed model."""
    from ivr.models_command import run_remove

    return run_remove(name)


@app.command
def listen(
    file: Path,
    *,
    menu: Annotated[
        str, Parameter(help="the question, FLOW:NODE of the site, or MENUFILE:NODE")
    ] = "main:topic",
    config: Annotated[Path, Parameter(help="the site file")] = EXAMPLE,
    language: Annotated[str | None, Parameter(help="the site's first if left out")] = None,
    model: Annotated[str | None, Parameter(help="a speech model's name or folder")] = None,
    json: Json = False,
) -> int:
    """A WAV file through the ear of a call: what is heard, how sure, what it means, where the call would go."""
    from ivr.listen_command import run_listen

    return run_listen(file, menu=menu, site=config, language=language, model=model, json=json)


@speech.command
def eval(
    table: Path,
    *,
    menu: Annotated[
        str | None, Parameter(help="the question, FLOW:NODE; left out, the table's texts are the choices")
    ] = None,
    config: Annotated[Path, Parameter(help="the site file")] = EXAMPLE,
    model: Annotated[str | None, Parameter(help="a speech model's name or folder")] = None,
    language: str | None = None,
    conditions: Annotated[
        str | None, Parameter(help="lines to lay over the clean clips, e.g. g711,gsm,noise10,babble10,loss3")
    ] = None,
    json: Annotated[Path | None, Parameter(help="write the figures here")] = None,
) -> int:
    """A table of test sound (TSV: file, kind, condition, text) through the ear of a call: right, wrong, how late."""
    from ivr.speech_eval_command import run_speech_eval

    return run_speech_eval(
        table,
        menu=menu,
        site=config,
        model=model,
        language=language,
        conditions=conditions,
        json=json,
    )


@speech.command
def drain(
    worker: Annotated[str | None, Parameter(help="its address; left out, the only one")] = None,
    *,
    off: Annotated[bool, Parameter(negative="", help="let it have callers again")] = False,
    name: Name = "hotline",
) -> int:
    """No further callers for a speech worker; it goes on hearing those it has."""
    from ivr.up_command import run_drain

    return run_drain(name, worker, on=not off)


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


@erlang.command
def b(
    *,
    load: Load = None,
    calls: Calls = None,
    interval: Minutes = 60.0,
    aht: Aht = None,
    trunks: Annotated[int | None, Parameter(help="lines")] = None,
    blocking: Annotated[float | None, Parameter(help="share of calls lost")] = None,
    json: Json = False,
) -> int:
    """Trunks: two of load, trunks and blocking give the third."""
    from loadtest.erlang_command import run_erlang_b

    return run_erlang_b(load, calls, interval, aht, trunks, blocking, json)


@erlang.command
def c(
    *,
    aht: Aht = None,
    load: Load = None,
    calls: Calls = None,
    interval: Minutes = 60.0,
    servers: Servers = None,
    share: Share = 0.8,
    within: Within = 20.0,
    max_occupancy: Busy = 1.0,
    cv: Annotated[
        float, Parameter(help="variation of handling time: deviation over mean; 1 exponential")
    ] = 1.0,
    shrinkage: Away = None,
    json: Json = False,
) -> int:
    """Operators, when nobody hangs up: a careful upper bound."""
    from loadtest.erlang_command import run_erlang_c

    return run_erlang_c(
        load, calls, interval, aht, servers, share, within, max_occupancy, cv, shrinkage, json
    )


@erlang.command
def a(
    *,
    aht: Aht = None,
    patience: Annotated[float | None, Parameter(help="mean patience, seconds")] = None,
    load: Load = None,
    calls: Calls = None,
    interval: Minutes = 60.0,
    servers: Servers = None,
    share: Share = 0.8,
    within: Within = 20.0,
    of: Annotated[
        Literal["offered", "offered_less_short_abandons", "answered"],
        Parameter(help="what the calls answered in time are divided by"),
    ] = "offered",
    short: Annotated[
        float | None, Parameter(help="hanging up within so many seconds is short; --within if left out")
    ] = None,
    max_occupancy: Busy = 1.0,
    max_abandoned: Annotated[float, Parameter(help="ceiling on the share that hangs up")] = 1.0,
    shrinkage: Away = None,
    json: Json = False,
) -> int:
    """Operators, when callers hang up."""
    from loadtest.erlang_command import run_erlang_a

    return run_erlang_a(
        load=load,
        calls=calls,
        interval=interval,
        aht=aht,
        patience=patience,
        servers=servers,
        share=share,
        within=within,
        of=of,
        short=short,
        max_occupancy=max_occupancy,
        max_abandoned=max_abandoned,
        shrinkage=shrinkage,
        json=json,
    )


@load.command(name="speech")
def load_speech(
    *,
    streams: Annotated[int, Parameter(help="callers at once")] = 10,
    seconds: Annotated[float, Parameter(help="how long they speak")] = 20.0,
    threads: Annotated[int | None, Parameter(help="that hear; as many as cores if left out")] = None,
    find: Annotated[bool, Parameter(help="seek how many are heard in time, from few to many")] = False,
    speaks: Annotated[float, Parameter(help="share of his time in a menu that a caller speaks")] = 0.3,
    json: Annotated[Path | None, Parameter(help="write the figures here")] = None,
) -> int:
    """Callers who speak at once: delay from the end of speech to the decision, memory, cores to plan for."""
    from ivr.load_command import run_load_speech

    return run_load_speech(
        EXAMPLE, streams=streams, seconds=seconds, threads=threads, find=find, speaks=speaks, json=json
    )


def main() -> None:
    """Entry point; a Ctrl-C is an answer, not a failure of ours."""
    configure_logs(None, level=logging.WARNING)
    try:
        sys.exit(app())
    except KeyboardInterrupt:
        sys.exit(130)
    except PermissionError as error:
        sys.exit(f"hotline: {error.filename or error}: it belongs to another user; be that user, or root")


if __name__ == "__main__":
    main()
