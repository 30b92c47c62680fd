"""`./hotline load speech`: how many callers this machine can listen to."""

from __future__ import annotations

import asyncio
import json as json_text
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

from rich.console import Console

from ivr.hearing.admission import AdmissionSettings
from ivr.hearing.worker_settings import cores
from ivr.instance import PROJECT
from ivr.site_loading import SiteUnusable
from ivr.speech_load.clips import Clip, clips, question
from ivr.speech_load.figures import LONGEST_DELAY, Trial, quantile, told
from ivr.speech_load.measured_worker import WorkerFailed
from ivr.speech_load.search import search
from ivr.speech_load.trial import Plan, run_trial
from speech.expectation import Expectation
from speech.saying.sound_cache import CacheUnwritable
from speech.saying.synthesizer import SynthesisFailed
from speech.wav import SoundUnreadable

CLIPS = PROJECT / "var" / "load-speech"
ROOM = AdmissionSettings().room  # share of a core that a planner may fill
MOST_STREAMS, MOST_SECONDS = 500, 600.0

Trying = Callable[[Plan], Trial]


def run_load_speech(
    site: Path,
    *,
    streams: int = 10,
    seconds: float = 20.0,
    threads: int | None = None,
    find: bool = False,
    speaks: float = 0.3,
    json: Path | None = None,
) -> int:
    """Measure, print, and return 0 when it was measured, whatever came out; 1 when it could not be.

    find: seek the most streams that are heard in time, instead of trying `streams`. speaks: share of a menu
    caller's time in which he speaks, for the planner.
    """
    console, complaints = (
        Console(highlight=False, soft_wrap=True),
        Console(stderr=True, highlight=False, soft_wrap=True),
    )
    threads = threads or cores()
    if not (1 <= streams <= MOST_STREAMS and 1 <= seconds <= MOST_SECONDS and 0 <= speaks <= 1):
        complaints.print(f"1 to {MOST_STREAMS} streams, 1 to {MOST_SECONDS:.0f} seconds, a share of 0 to 1")
        return 1
    try:
        with console.status("making test speech"):
            asked = question(site, "ru")
            spoken = clips(asked, CLIPS)
        attempt = partial(_attempt, console, asked, spoken)
        if find:
            most, trial = _find(attempt, threads, seconds)
        else:
            most, trial = None, attempt(Plan(streams, threads, seconds))
    except (SiteUnusable, SynthesisFailed, CacheUnwritable, SoundUnreadable, WorkerFailed, ValueError) as why:
        complaints.print(str(why), markup=False)
        return 1
    except KeyboardInterrupt:
        complaints.print("stopped; nothing was measured")
        return 130
    answer = told(trial, ROOM, speaks) | {"cores": cores()}
    if most is not None:
        answer |= {"most_streams": most, "most_streams_per_thread": round(most / threads, 1)}
    for line in lines(trial, answer):
        console.print(line)
    return 0 if json is None else _write(json, answer, complaints)


def _attempt(console: Console, asked: Expectation, spoken: Sequence[Clip], plan: Plan) -> Trial:
    with console.status(f"{plan.streams} callers speak for {plan.seconds:.0f} s"):
        return asyncio.run(run_trial(plan, asked, spoken))


def _find(attempt: Trying, threads: int, seconds: float) -> tuple[int, Trial]:
    """The most streams that held, and the trial of them (of the fewest tried, when none held)."""
    tried: dict[int, Trial] = {}
    searching = search()
    streams = next(searching)
    while True:
        trial = tried[streams] = attempt(Plan(streams, threads, seconds, take_all=True))
        try:
            streams = searching.send(trial.holds)
        except StopIteration as found:
            return found.value, tried[found.value or min(tried)]


def lines(trial: Trial, answer: dict[str, Any]) -> list[str]:
    """What is printed."""
    factor, planner, memory = answer["real_time_factor"], answer["planner"], answer["memory_mb"]
    phrases = answer["phrases"]
    said = [
        f"{trial.streams} callers at once, each saying a phrase and waiting, {trial.seconds:.0f} s; "
        f"{trial.threads} threads, {answer['cores']} cores",
        f"  refused or given up          {trial.refused}",
        f"  phrases decided              {phrases['decided']} of {phrases['played']}, {phrases['right']} right",
        f"  end of speech to decision    p50 {_shown(trial.delay(0.5))}, p95 {_shown(trial.delay(0.95))}",
        f"  onset of speech to barge-in  p50 {_shown(quantile(trial.began, 0.5))}, "
        f"p95 {_shown(quantile(trial.began, 0.95))}",
        f"  real-time factor             {factor['speaking']:.3f} speaking, {factor['idle']:.3f} silent",
        f"  memory                       {memory['worker']:.0f} MB and {memory['each_ear']:.1f} MB for each caller",
        f"  oldest unheard sound         {_shown(trial.behind)}",
    ]
    if (most := answer.get("most_streams")) is not None:
        each = answer["most_streams_per_thread"]
        said.append(
            f"most callers heard with p95 within {LONGEST_DELAY * 1000:.0f} ms: {most}, {each:g} for each thread"
            if most
            else f"not even {trial.streams} callers were heard within {LONGEST_DELAY * 1000:.0f} ms"
        )
    said.append(
        f"plan {planner['cores_per_100_speaking']:.1f} cores for 100 speaking callers, "
        f"{planner['cores_per_100_in_menus']:.1f} for 100 in menus of whom {planner['speaks']:.0%} speak; "
        f"{planner['room']:.0%} of a core is planned for"
    )
    return said


def _shown(seconds: float) -> str:
    return "never" if seconds == inf else f"{seconds * 1000:.0f} ms"


def _write(path: Path, answer: dict[str, Any], complaints: Console) -> int:
    try:
        path.write_text(json_text.dumps(answer, indent=2) + "\n", encoding="utf-8")
    except OSError as why:
        complaints.print(f"{path} cannot be written ({why.strerror}); name another file", markup=False)
        return 1
    return 0
