"""Every prompt of the site: where its sound is, or why there is none."""

from __future__ import annotations

import contextlib
import os
import pwd
from collections.abc import Iterator, Sequence
from pathlib import Path

from ivr.doctor.finding import Finding
from ivr.doctor.judge import prompts
from ivr.doctor.judge.prompts import PromptFacts, Voice
from ivr.doctor.probe.users import existing, me, unreadable
from ivr.doctor.subject import Subject, short
from ivr.site import Site
from ivr.site_loading import Loaded, prompts_of
from ivr.sounds import Sounds
from speech.saying.prompt_job import Job, JobPlanner
from speech.saying.prompt_text import PromptText
from speech.saying.prompts import PromptStore
from speech.saying.recordings import unused_recordings
from speech.saying.sound_cache import SoundCache
from speech.saying.synthesis import available, choose
from speech.saying.synthesizer import SynthesisFailed, Synthesizer


def examine(subject: Subject, folder: Path, plays: str) -> Iterator[Finding]:
    """folder: where all prompts lie. plays: the user Asterisk runs as."""
    if subject.loaded is None:
        return
    site, texts, engines = subject.loaded.site, _texts(subject.loaded), available()
    voices = tuple(_voice(language, site, engines) for language in site.languages)
    dumb = {voice.language for voice in voices if voice.why}
    planner = JobPlanner(SoundCache(folder), engines, site.prompts.voices, site.recorded_folder())
    jobs, _ = planner.plan(texts)
    there = [job for job in jobs if job.place.exists()]
    missing = {(job.prompt.language, job.prompt.name) for job in jobs if not job.place.exists()}
    yield from prompts.judge(
        PromptFacts(
            name=subject.name,
            site=short(subject.site_file),
            folder=short(folder),
            running=subject.running,
            total=len(texts),
            voices=voices,
            recorded=sum(job.recorded for job in jobs),
            missing=tuple(sorted(f"{name} ({language})" for language, name in missing)),
            broken=tuple(_broken(folder, site, engines, texts, missing, dumb)),
            unused=tuple(unused_recordings(site.recorded_folder(), [(t.language, t.name) for t in texts])),
            unreadable=tuple(_unreadable(there, plays)),
            plays=plays,
            writes=me(),
            writable=os.access(existing(folder), os.W_OK | os.X_OK),
        )
    )


def _texts(loaded: Loaded) -> list[PromptText]:
    texts = prompts_of(loaded)
    with contextlib.suppress(ValueError):  # a language without our own sentences is found elsewhere
        texts += Sounds.fixed(loaded.site)
    return texts


def _voice(language: str, site: Site, engines: Sequence[Synthesizer]) -> Voice:
    try:
        choice = choose(language, site.prompts.voices.get(language, ()), engines)
    except SynthesisFailed as error:
        return Voice(language, why=str(error))
    return Voice(language, choice.engine.name, choice.voice, choice.remark)


def _broken(
    folder: Path,
    site: Site,
    engines: Sequence[Synthesizer],
    texts: Sequence[PromptText],
    missing: set[tuple[str, str]],
    dumb: set[str],
) -> Iterator[str]:
    """What is wrong with prompts other than that they are still to be made, or that nobody speaks."""
    voices, recorded = site.prompts.voices, site.recorded_folder()
    store = PromptStore(folder, site.languages, voices=voices, recorded=recorded, engines=engines)
    for problem in store.verify(texts):
        if (problem.language, problem.prompt) not in missing and problem.language not in dumb:
            yield str(problem)
    store.close()


def _unreadable(jobs: Sequence[Job], plays: str) -> list[str]:
    try:
        user = pwd.getpwnam(plays)
    except KeyError:
        return []
    return unreadable([job.place for job in jobs], user.pw_uid, user.pw_gid)
