"""Every sentence the hotline says, as a file Asterisk can play, before the first call asks for it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import structlog

from speech.pcm import active_level
from speech.saying.prompt_job import AUDIBLE, Job, JobPlanner
from speech.saying.prompt_text import Problem, PromptText, Report
from speech.saying.sound_cache import CacheUnwritable, SoundCache
from speech.saying.synthesis import available
from speech.saying.synthesizer import SynthesisFailed, Synthesizer
from speech.wav import SoundUnreadable, read_wav

__all__ = ["Problem", "PromptMissing", "PromptStore", "PromptText", "Report"]

log = structlog.get_logger(__name__)

Progress = Callable[[int, int], None]


class PromptMissing(LookupError):
    """No sound was prepared under this name, in this language or the site's first. Whose: ours."""


class PromptStore:
    """The prompts of one version of the menus. Stores of several versions may share a folder.

    folder: the cache, see `SoundCache`. languages: the site's, the default first. voices: language ->
    wanted voices, best first. recorded: folder of recordings. engines: best first; None takes this
    machine's. workers: engine processes at once; None is as many as cores.
    """

    def __init__(
        self,
        folder: Path,
        languages: Sequence[str],
        *,
        voices: Mapping[str, Sequence[str]] | None = None,
        recorded: Path | None = None,
        engines: Sequence[Synthesizer] | None = None,
        workers: int | None = None,
    ) -> None:
        self.cache = SoundCache(folder)
        self._default = languages[0]
        engines = available() if engines is None else engines
        self._planner = JobPlanner(self.cache, engines, voices or {}, recorded)
        # A thread here only waits for the engine's process, so threads keep all cores busy.
        self._pool = ThreadPoolExecutor(workers or os.cpu_count() or 1, thread_name_prefix="prompts")
        self._jobs: dict[tuple[str, str], Job] = {}
        self._saying: dict[Path, asyncio.Future[None]] = {}
        self._told: set[tuple[str, str]] = set()

    def prepare(self, prompts: Sequence[PromptText], progress: Progress | None = None) -> Report:
        """Make the sounds that are missing, several at once; afterwards `path` knows all that have one.

        progress: called with (made, of how many) after each. Blocks: in a service, call it in a thread.
        What is wrong with single prompts is in the report. Raises CacheUnwritable when none can be kept.
        """
        began = time.monotonic()
        self.cache.sweep()
        jobs, problems = self._planner.plan(prompts)
        missing = {job.place: job for job in jobs if not self.cache.has(job.place)}
        failed = self._make(list(missing.values()), progress or (lambda _made, _of: None))
        problems += [
            Problem(j.prompt.name, j.prompt.language, failed[j.place]) for j in jobs if j.place in failed
        ]
        good = [job for job in jobs if job.place not in failed]
        self._jobs = {(job.prompt.language, job.prompt.name): job for job in good}
        for job in good:
            self.cache.touch(job.place)
        return Report(
            rendered=sum(job.place in missing for job in good),
            cached=sum(job.place not in missing for job in good),
            recorded=sum(job.recorded for job in good),
            seconds=time.monotonic() - began,
            problems=tuple(problems),
            remarks=tuple(self._planner.remarks(prompts)),
        )

    def path(self, name: str, language: str) -> Path:
        """The prompt's file without its extension, absolute, as STREAM FILE wants it.

        A prompt that has no sound in this language is said in the site's first. Raises PromptMissing.
        """
        for spoken in (language, self._default):
            job = self._jobs.get((spoken, name))
            if job is None:
                continue
            if spoken != language and (language, name) not in self._told:
                self._told.add((language, name))
                log.warning("prompt is said in another language", prompt=name, wanted=language, said=spoken)
            return job.place.with_suffix("")
        raise PromptMissing(f"there is no prompt {name!r} in {language!r}; prepare the menu's prompts first")

    async def say(self, text: str, language: str) -> Path:
        """A sentence made for one caller (numbers, times), as `path` gives it; kept for the next one.

        Asked for by several at once, it is made once; a caller who leaves meanwhile disturbs nobody.
        Raises SynthesisFailed, CacheUnwritable.
        """
        job = self._planner.from_text(PromptText("", language, text), said=True)
        if self.cache.has(job.place):
            self.cache.touch(job.place)
            return job.place.with_suffix("")
        making = self._saying.get(job.place)
        if making is None:
            making = asyncio.get_running_loop().run_in_executor(self._pool, job.make)
            self._saying[job.place] = making
            making.add_done_callback(lambda done: self._said(job.place, done))
        await asyncio.shield(making)
        return job.place.with_suffix("")

    async def warm(self, sentences: Iterable[tuple[str, str]]) -> int:
        """Make sentences that will probably be said, (text, language), one after the other.

        For a task beside the calls; returns how many there are now. One that cannot be made is logged.
        """
        made = 0
        for text, language in sentences:
            try:
                await self.say(text, language)
                made += 1
            except SynthesisFailed as fault:
                log.warning("sentence cannot be made", language=language, reason=str(fault))
            except CacheUnwritable as fault:
                log.error("no sentence can be kept", reason=str(fault))
                break
        return made

    def verify(self, prompts: Sequence[PromptText] | None = None) -> list[Problem]:
        """What callers would not hear of `prompts` (None: those prepared). Reads every file, makes none."""
        jobs, problems = (list(self._jobs.values()), []) if prompts is None else self._planner.plan(prompts)
        faults = [(job.prompt, self._fault(job.place)) for job in jobs]
        return problems + [Problem(prompt.name, prompt.language, what) for prompt, what in faults if what]

    def close(self) -> None:
        """Nothing more will be said; what is being made is finished first."""
        self._pool.shutdown(cancel_futures=True)

    def _make(self, jobs: list[Job], progress: Progress) -> dict[Path, str]:
        """Why, of those that could not be made."""
        failed: dict[Path, str] = {}
        futures = {self._pool.submit(job.make): job for job in jobs}
        try:
            for made, future in enumerate(as_completed(futures), 1):
                try:
                    future.result()
                except (SynthesisFailed, SoundUnreadable) as fault:
                    failed[futures[future].place] = str(fault)
                progress(made, len(jobs))
        finally:
            for future in futures:
                future.cancel()
        return failed

    def _said(self, place: Path, done: asyncio.Future[None]) -> None:
        del self._saying[place]
        if not done.cancelled():
            done.exception()  # whoever waits gets it; if all have hung up, nobody has to

    def _fault(self, place: Path) -> str:
        """Why a caller would not hear this file, or ""."""
        if not place.exists():
            return "it has no sound yet; prepare the prompts before the first call"
        if not self.cache.has(place):
            return f"{place} is cut off or not an 8 kHz 16-bit mono WAV; preparing makes it again"
        try:
            rate, samples = read_wav(place)
        except SoundUnreadable as fault:
            return str(fault)
        return (
            f"{place} is silent; delete it and prepare again" if active_level(samples, rate) < AUDIBLE else ""
        )
