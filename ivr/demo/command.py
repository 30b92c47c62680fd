"""`./hotline demo`: sets the stage, lets the play run, takes everything down, and has it judged."""

from __future__ import annotations

import asyncio
import json as jsons
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from rich.console import Console

from ivr.demo.judge import Summary
from ivr.demo.play import Interrupted, Play
from ivr.demo.stage import prepare_site
from ivr.demo.view import summary_table
from ivr.instance import Instance
from ivr.menus import MenusRefused
from ivr.site_loading import SiteUnusable
from ivr.starting import CannotStart, ensure_asterisk, prepare_sounds, settings_of
from ivr.switch_plan import account_names
from softphone_sim.farm import PhonesNotRegistered
from softphone_sim.process_pool import FarmStopped

console = Console(stderr=True)
MOST_OPERATORS = 16  # as many as have a tone of their own


def run_demo(
    example: Path,
    operators: int,
    calls_per_minute: float,
    seed: int,
    seconds: float,
    json: Path | None,
    keep: bool,
) -> int:
    """0 when everybody who stayed talked with the right operator and nothing else went wrong."""
    begun = float(
        os.environ.get("HOTLINE_BEGUN", time.monotonic())
    )  # the launcher's: set-up is part of the wait
    if not 1 <= operators <= MOST_OPERATORS or not 0 < calls_per_minute <= 120 or seconds <= 0:
        return _refuse(
            f"--operators goes from 1 to {MOST_OPERATORS}, --calls-per-minute up to 120, --for is above 0"
        )
    instance = Instance.named(f"demo-{os.getpid()}")
    try:
        ensure_asterisk(_say)
        instance.create()
        site = prepare_site(example, instance.home / "site", operators)
        _say("preparing prompts")
        loaded = prepare_sounds(site)
        settings_of(loaded.site, instance).write(instance)
        secrets = instance.secrets_for(["ami", *account_names(loaded.site)])
        play = Play(instance, loaded.site, secrets, seed=seed, per_minute=calls_per_minute, seconds=seconds)
        summary = asyncio.run(_run(play))
    except (SiteUnusable, MenusRefused, CannotStart, PhonesNotRegistered, FarmStopped, OSError) as error:
        return _refuse(f"the demo could not run: {error}")
    except Interrupted:
        _say("stopped")
        return 130
    finally:
        if not keep:
            shutil.rmtree(instance.home, ignore_errors=True)
    if play.first_heard is not None:
        summary.first_answer_after = round(play.first_heard - begun, 1)
    if json is not None:
        json.write_text(jsons.dumps(summary.as_json(), ensure_ascii=False, indent=2) + "\n")
    Console().print(summary_table(summary))
    _verdict(summary, seed)
    if keep:
        _say(f"everything is kept in {instance.home}")
    return 0 if summary.ok else 1


async def _run(play: Play) -> Summary:
    """The play, taken down whatever happens; a second Ctrl-C does not hurry it into leaving things behind."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, play.interrupt)
    return await play.run(console)


def _verdict(summary: Summary, seed: int) -> None:
    first = (
        "" if summary.first_answer_after is None else f"; first answer after {summary.first_answer_after} s"
    )
    checked = f"{summary.audio_checked} talks heard on both sides"
    if summary.ok:
        print(f"Everybody who stayed talked with an operator who could help; {checked}{first}; seed {seed}.")
        return
    print(f"{len(summary.faults)} things went wrong (seed {seed}):")
    for fault in summary.faults:
        print(f"  - {fault}")


def _say(what: str) -> None:
    console.print(f"hotline: {what}", highlight=False)


def _refuse(why: str) -> int:
    print(f"hotline: {why}", file=sys.stderr)
    return 1
