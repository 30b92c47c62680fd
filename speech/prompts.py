"""Every sentence the hotline says, as a file Asterisk can play, before the first call asks for it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import structlog

from speech.pcm import active_level, fits_telephone, for_telephone
from speech.reading import as_spoken
from speech.recordings import recording_for, unused_recordings
from speech.sound_cache import SoundCache
from speech.synthesis import Choice, available, choose
from speech.synthesizer import SynthesisFailed, Synthesizer
from speech.wav import SoundUnreadable, read_wav

log = structlog.get_logger(__name__)

_MAKING = "1"  # of speech.pcm.for_telephone and speech.reading: raise it when their results change
_AUDIBLE = -45.0  # dBFS; quieter than that, a prompt is taken for silence on the line


class PromptMissing(LookupError):
    """No sound was prepared for this name, in this language or the default one. Whose: ours or the menu's."""


@dataclass(frozen=True)
class PromptText:
    """One fixed sentence. name: "<menu>.<node>.<part>", e.g. "main.topic.ask"."""

    name: str
    language: str
    text: str


@dataclass(frozen=True)
class Problem:
    """A prompt that callers would not hear. what: a sentence with the way out."""

    prompt: str
    language: str
    what: str

    def __str__(self) -> str:
        return f"prompt {self.prompt} ({self.language}): {self.what}"


@dataclass(frozen=True)
class Report:
    """What `prepare` did, in numbers of prompts. remarks: worth reading, but callers hear something.

    rendered: made now. cached: were there already. recorded: of both, those a person spoke.
    """

    rendered: int = 0
    cached: int = 0
    recorded: int = 0
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Job:
    """One prompt's sound: where it belongs, and how it is made."""

    prompt: PromptText
    place: Path
    make: Callable[[], None] = field(compare=False)
    recorded: bool = False


class PromptStore:
    """The prompts of one version of the menus. Stores of several versions may share a folder.

    folder: cache, see `SoundCache`. languages: the site's, default first. voices: language -> wanted
    voices, best first. recorded: folder of recordings. engines: best first, those of this machine if None.
    workers: engine processes at once, as many as cores if None.
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
        self.languages = tuple(languages)
        self._voices = dict(voices or {})
        self._recorded = recorded
        self._engines = list(available() if engines is None else engines)
        self._workers = workers or os.cpu_count() or 1
        self._choices: dict[str, Choice] = {}
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._saying: dict[Path, asyncio.Task[None]] = {}
        self._told: set[tuple[str, str]] = set()

    def prepare(
        self, prompts: Sequence[PromptText], progress: Callable[[int, int], None] | None = None
    ) -> Report:
        """Make the sounds that are missing, several at once; afterwards `path` knows all of `prompts`.

        progress: called with (done, of all) after each. Blocks: in a service, call it in a thread.
        What is wrong with single prompts is in the report; raises CacheUnwritable when none can be kept.
        """
        began = time.monotonic()
        problems = self._plan(prompts)
        jobs = list(self._jobs.values())
        missing = {job.place: job for job in jobs if not self.cache.has(job.place)}
        problems += self._make_all(list(missing.values()), progress or (lambda done, of: None))
        for job in jobs:
            self.cache.touch(job.place)
        self.cache.sweep(keep=frozenset(job.place for job in jobs))
        failed = {(p.language, p.prompt) for p in problems}
        rendered = [
            j for j in jobs if j.place in missing and (j.prompt.language, j.prompt.name) not in failed
        ]
        return Report(
            rendered=len(rendered),
            cached=sum(job.place not in missing for job in jobs),
            recorded=sum(job.recorded for job in jobs),
            seconds=time.monotonic() - began,
            problems=tuple(problems),
            remarks=tuple(self._remarks(prompts)),
        )

    def path(self, name: str, language: str) -> Path:
        """The prompt's file without its extension, absolute, as STREAM FILE wants it.

        A prompt that has no sound in this language is said in the site's first. Raises PromptMissing.
        """
        for spoken in (language, self.languages[0]):
            job = self._jobs.get((spoken, name))
            if job is None:
                continue
            if spoken != language and (language, name) not in self._told:
                self._told.add((language, name))
                log.warning(
                    "prompt is said in another language", prompt=name, wanted=language, language=spoken
                )
            return job.place.with_suffix("")
        raise PromptMissing(f"there is no prompt {name!r} in {language!r}; prepare the menu's prompts first")

    async def say(self, text: str, language: str) -> Path:
        """A sentence made for one caller (numbers, times), as `path` gives it; kept for the next who needs it.

        Raises SynthesisFailed, CacheUnwritable. A caller who leaves meanwhile disturbs nobody else
        waiting for the same sentence.
        """
        job = self._spoken_job(PromptText("", language, text))
        if self.cache.has(job.place):
            return job.place.with_suffix("")
        task = self._saying.get(job.place)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(job.make))
            self._saying[job.place] = task
            task.add_done_callback(lambda _: self._saying.pop(job.place, None))
        await asyncio.shield(task)
        return job.place.with_suffix("")

    def verify(self, prompts: Sequence[PromptText] | None = None) -> list[Problem]:
        """What callers would not hear, of `prompts` (default: those prepared). Reads every file, makes none."""
        problems = [] if prompts is None else self._plan(prompts)
        for job in self._jobs.values():
            if what := _fault_of(job.place):
                problems.append(Problem(job.prompt.name, job.prompt.language, what))
        return problems

    def _plan(self, prompts: Sequence[PromptText]) -> list[Problem]:
        jobs: dict[tuple[str, str], _Job] = {}
        problems: list[Problem] = []
        for prompt in prompts:
            try:
                recording = recording_for(self._recorded, prompt.language, prompt.name)
                job = self._recorded_job(prompt, recording) if recording else self._spoken_job(prompt)
                jobs[prompt.language, prompt.name] = job
            except (SynthesisFailed, SoundUnreadable) as fault:
                problems.append(Problem(prompt.name, prompt.language, str(fault)))
        self._jobs = jobs
        return problems

    def _spoken_job(self, prompt: PromptText) -> _Job:
        choice = self._choice(prompt.language)
        text = as_spoken(prompt.text, prompt.language)
        place = self.cache.place(prompt.language, _MAKING, choice.engine.fingerprint(choice.voice), text)

        def make() -> None:
            rate, samples = choice.engine.speak(text, prompt.language, choice.voice)
            self.cache.store(place, for_telephone(samples, rate))

        return _Job(prompt, place, make)

    def _recorded_job(self, prompt: PromptText, recording: Path) -> _Job:
        try:
            content = sha256(recording.read_bytes()).hexdigest()
        except OSError as fault:
            raise SoundUnreadable(f"{recording}: {fault.strerror}") from fault
        place = self.cache.place(prompt.language, _MAKING, "recorded", content)

        def make() -> None:
            rate, samples = read_wav(recording)
            sound = samples if fits_telephone(samples, rate) else for_telephone(samples, rate)
            if active_level(sound, 8000) < _AUDIBLE:
                raise SoundUnreadable(f"{recording}: nothing is to be heard in it; record it again")
            self.cache.store(place, sound)

        return _Job(prompt, place, make, recorded=True)

    def _choice(self, language: str) -> Choice:
        if language not in self._choices:
            self._choices[language] = choose(language, self._voices.get(language, ()), self._engines)
        return self._choices[language]

    def _make_all(self, jobs: list[_Job], progress: Callable[[int, int], None]) -> list[Problem]:
        """Each engine run is a process of its own; the threads only wait for them."""
        problems: list[Problem] = []
        with ThreadPoolExecutor(self._workers, thread_name_prefix="prompts") as pool:
            futures = {pool.submit(job.make): job for job in jobs}
            try:
                for done, (future, job) in enumerate(futures.items(), 1):
                    try:
                        future.result()
                    except (SynthesisFailed, SoundUnreadable) as fault:
                        problems.append(Problem(job.prompt.name, job.prompt.language, str(fault)))
                    progress(done, len(jobs))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                wait(futures, return_when=FIRST_EXCEPTION)
        return problems

    def _remarks(self, prompts: Sequence[PromptText]) -> list[str]:
        spoken = {prompt.language for prompt in prompts}
        remarks = [c.remark for language, c in self._choices.items() if language in spoken and c.remark]
        return remarks + unused_recordings(self._recorded, [(p.language, p.name) for p in prompts])


def _fault_of(place: Path) -> str:
    """Why a caller would not hear this file, or ""."""
    if not place.exists():
        return "has no sound yet; run `./hotline up` or `./hotline demo`, which make it"
    if not SoundCache(place.parent.parent).has(place):
        return f"{place} is cut off or not an 8 kHz 16-bit mono WAV; delete it and it is made again"
    try:
        rate, samples = read_wav(place)
    except SoundUnreadable as fault:
        return f"{fault}; delete it and it is made again"
    if active_level(samples, rate) < _AUDIBLE:
        return f"{place} is silent; delete it and it is made again"
    return ""
