"""How each prompt gets its sound: from a recording, or from an engine and voice; and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from speech.pcm import active_level, fits_telephone, for_telephone
from speech.saying.prompt_text import Problem, PromptText
from speech.saying.reading import as_spoken
from speech.saying.recordings import recording_for, unused_recordings
from speech.saying.sound_cache import SoundCache
from speech.saying.synthesis import Choice, choose
from speech.saying.synthesizer import SynthesisFailed, Synthesizer
from speech.wav import SoundUnreadable, read_wav

MAKING = "2"  # of for_telephone: raise it when the same sound in gives another one out
AUDIBLE = -45.0  # dBFS; a prompt quieter than that is taken for a dead line


@dataclass(frozen=True)
class Job:
    """One prompt's sound. place: its file, named by all that decides how it sounds. make: writes the file.

    make raises SynthesisFailed, SoundUnreadable (this prompt's fault), CacheUnwritable (the folder's).
    """

    prompt: PromptText
    place: Path
    make: Callable[[], None] = field(compare=False)
    recorded: bool = False


class JobPlanner:
    """Decides; makes nothing itself. voices: language -> wanted voices, best first."""

    def __init__(
        self,
        cache: SoundCache,
        engines: Sequence[Synthesizer],
        voices: Mapping[str, Sequence[str]],
        recorded: Path | None,
    ) -> None:
        self._cache = cache
        self._engines = engines
        self._voices = voices
        self._recorded = recorded
        self._choices: dict[str, Choice] = {}

    def plan(self, prompts: Sequence[PromptText]) -> tuple[list[Job], list[Problem]]:
        """A job for each prompt that can have a sound, a problem for each that cannot."""
        jobs: list[Job] = []
        problems: list[Problem] = []
        for prompt in prompts:
            recording = recording_for(self._recorded, prompt.language, prompt.name)
            try:
                jobs.append(self._from_recording(prompt, recording) if recording else self.from_text(prompt))
            except (SynthesisFailed, SoundUnreadable) as fault:
                problems.append(Problem(prompt.name, prompt.language, str(fault)))
        return jobs, problems

    def from_text(self, prompt: PromptText, *, said: bool = False) -> Job:
        """said: made for one caller. Raises SynthesisFailed when no engine here speaks the language."""
        choice = self._choice(prompt.language)
        text = as_spoken(prompt.text, prompt.language)
        how = choice.engine.fingerprint(choice.voice)
        place = self._cache.place(prompt.language, MAKING, how, text, said=said)

        def make() -> None:
            rate, samples = choice.engine.speak(text, prompt.language, choice.voice)
            self._cache.store(place, for_telephone(samples, rate))

        return Job(prompt, place, make)

    def remarks(self, prompts: Sequence[PromptText]) -> list[str]:
        """Voices that are not those the site asked for, recordings that replace nothing."""
        spoken = {prompt.language for prompt in prompts}
        chosen = sorted((language, choice.remark) for language, choice in self._choices.items())
        remarks = [f"{language}: {remark}" for language, remark in chosen if remark and language in spoken]
        return remarks + unused_recordings(self._recorded, [(p.language, p.name) for p in prompts])

    def _from_recording(self, prompt: PromptText, recording: Path) -> Job:
        try:
            content = sha256(recording.read_bytes()).hexdigest()
        except OSError as fault:
            raise SoundUnreadable(f"{recording}: {fault.strerror}; make it readable or remove it") from fault
        place = self._cache.place(prompt.language, MAKING, "recorded", content)

        def make() -> None:
            rate, samples = read_wav(recording)
            if active_level(samples, rate) < AUDIBLE - 15:
                raise SoundUnreadable(f"{recording}: nothing is to be heard in it; record it again")
            sound = samples if fits_telephone(samples, rate) else for_telephone(samples, rate)
            self._cache.store(place, sound)

        return Job(prompt, place, make, recorded=True)

    def _choice(self, language: str) -> Choice:
        if language not in self._choices:
            self._choices[language] = choose(language, self._voices.get(language, ()), self._engines)
        return self._choices[language]
