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
from ivr.demo.menu_book import NoMenu
from ivr.demo.play import Interrupted, Play
from ivr.demo.rehearsal import rehearse
from ivr.demo.stage import prepare_site
from ivr.demo.view import speech_sentence, speech_table, summary_table
from ivr.instance import PROMPTS, Instance
from ivr.menus import Menus, MenusRefused
from ivr.site_loading import SiteUnusable
from ivr.starting import CannotStart, ensure_asterisk, settings_of
from ivr.switch_plan import account_names
from softphone_sim.farm import PhonesNotRegistered
from softphone_sim.process_pool import FarmStopped
from speech.saying.sound_cache import CacheUnwritable
from speech.saying.synthesizer import SynthesisFailed

console = Console(stderr=True)
MOST_OPERATORS = 16  # as many as have a tone of their own
CANNOT_RUN = (
    SiteUnusable,
    MenusRefused,
    CannotStart,
    PhonesNotRegistered,
    FarmStopped,
    SynthesisFailed,
    CacheUnwritable,
    NoMenu,
    OSError,
)


def run_demo(
    example: Path,
    operators: int,
    calls_per_minute: float,
    seed: int,
    seconds: float,
    json: Path | None,
    keep: bool,
    speaking: float = 0.5,
) -> int:
    """0 when everybody who stayed talked with the right operator and nothing else went wrong.

    speaking: share of callers who speak instead of pressing keys, 0..1.
    """
    begun = float(
        os.environ.get("HOTLINE_BEGUN", time.monotonic())
    )  # the launcher's: set-up is part of the wait
    if not 1 <= operators <= MOST_OPERATORS or not 0 < calls_per_minute <= 120 or seconds <= 0:
        return _refuse(
            f"--operators goes from 1 to {MOST_OPERATORS}, --calls-per-minute up to 120, --for is above 0"
        )
    if not 0 <= speaking <= 1:
        return _refuse("--speaking is a share of the callers, from 0 to 1")
    instance = Instance.named(f"demo-{os.getpid()}")
    try:
        ensure_asterisk(_say)
        instance.create()
        site = prepare_site(example, instance.home / "site", operators)
        _say("preparing prompts")
        menus = Menus(site, PROMPTS)
        loaded = asyncio.run(menus.load())
        settings_of(loaded.site, instance).write(instance)
        secrets = instance.secrets_for(["ami", *account_names(loaded.site)])
        how = {"seed": seed, "per_minute": calls_per_minute, "seconds": seconds, "speaking": speaking}
        rehearsal = asyncio.run(rehearse(loaded, menus.sounds, secrets, **how))
        if speaking and not any(one.part for one in rehearsal.cast.arrivals):
            _say("nobody speaks: no menu phrases, or no synthesis, in the callers' language")
        play = Play(instance, loaded.site, secrets, rehearsal, seconds=seconds)
        summary = asyncio.run(_run(play))
    except CANNOT_RUN as error:
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
    if summary.speech.total.callers:
        Console().print(speech_table(summary.speech))
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
    if summary.speech.total.callers:
        print(speech_sentence(summary.speech))
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
