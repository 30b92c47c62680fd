"""espeak-ng: everywhere, robotic, clear enough. In Debian main."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cached_property

from speech.pcm import Samples
from speech.saying.engine_process import ask_version, run_engine
from speech.saying.synthesizer import SynthesisFailed

_VOICES = {"ru": "ru", "en": "en-gb"}


@dataclass(frozen=True)
class Espeak:
    """speed: words per minute. pitch: 0-99. gap: pause between words, tens of milliseconds."""

    program: str = "espeak-ng"
    speed: int = 145
    pitch: int = 50
    gap: int = 0
    timeout: float = 30.0

    @property
    def name(self) -> str:
        return "espeak-ng"

    def voices(self, language: str) -> tuple[str, ...]:
        return (_VOICES[language],) if language in _VOICES else ()

    def restricted_voices(self, language: str) -> tuple[str, ...]:
        return ()

    def fingerprint(self, voice: str) -> str:
        return f"espeak-ng {self.version} {voice} s{self.speed} p{self.pitch} g{self.gap}"

    def speak(self, text: str, language: str, voice: str) -> tuple[int, Samples]:
        if voice not in self.voices(language):
            raise SynthesisFailed(f"espeak-ng has no voice {voice!r} for {language!r}")
        command = [self.program, "--stdin", "--stdout", "-b", "1", "-v", voice]
        command += ["-s", str(self.speed), "-p", str(self.pitch), "-g", str(self.gap)]
        # What stands in double brackets would be read as phonemes.
        return run_engine(self.name, command, re.sub(r"\[+", "[", text), self.timeout)

    @cached_property
    def version(self) -> str:
        """As the program says it, e.g. "1.51". Raises SynthesisFailed."""
        said = ask_version(self.name, [self.program, "--version"])
        found = re.search(r"text-to-speech: (\S+)", said)
        return found[1] if found else "unknown"

    @classmethod
    def found(cls) -> Espeak | None:
        """The machine's espeak-ng, or None."""
        program = shutil.which("espeak-ng")
        return cls(program=program) if program else None
