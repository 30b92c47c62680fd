"""RHVoice: clear and fast, several voices. Debian's packages rhvoice, rhvoice-russian, rhvoice-english.

The packages bring voices under different licences. Those that anybody may use for any purpose are taken
unless the site names another; see docs/decisions/prompts-engines.md.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from speech.pcm import Samples
from speech.saying.engine_process import ask_version, run_engine
from speech.saying.synthesizer import SynthesisFailed

# Best first. LGPL-2.1+ all of them.
FREE_VOICES = {"ru": ("anna", "elena", "irina", "aleksandr"), "en": ("alan", "slt", "bdl", "clb")}
_LANGUAGES = {"Russian": "ru", "English": "en"}
_DATA = (Path("/usr/share/RHVoice"), Path("/usr/local/share/RHVoice"))


@dataclass(frozen=True)
class RHVoice:
    """rate, pitch: per cent of the voice's own. data: the folder with voices/ and languages/."""

    program: str = "RHVoice-test"
    data: Path = _DATA[0]
    rate: int = 100
    pitch: int = 100
    timeout: float = 30.0

    @property
    def name(self) -> str:
        return "rhvoice"

    def voices(self, language: str) -> tuple[str, ...]:
        return tuple(v for v in FREE_VOICES.get(language, ()) if self._installed.get(v) == language)

    def restricted_voices(self, language: str) -> tuple[str, ...]:
        free = FREE_VOICES.get(language, ())
        return tuple(
            sorted(v for v, spoken in self._installed.items() if spoken == language and v not in free)
        )

    def fingerprint(self, voice: str) -> str:
        return f"rhvoice {self.version} {voice} {self._revision(voice)} r{self.rate} t{self.pitch}"

    def speak(self, text: str, language: str, voice: str) -> tuple[int, Samples]:
        if self._installed.get(voice) != language:
            raise SynthesisFailed(f"rhvoice has no voice {voice!r} for {language!r} on this machine")
        command = [self.program, "-p", voice, "-r", str(self.rate), "-t", str(self.pitch), "-o", "-"]
        return run_engine(self.name, command, text, self.timeout)

    @cached_property
    def version(self) -> str:
        """Of Debian's package, because the program does not know its own; "unknown" elsewhere."""
        if not shutil.which("dpkg-query"):
            return "unknown"
        return ask_version(self.name, ["dpkg-query", "-W", "-f", "${Version}", "rhvoice"]) or "unknown"

    @cached_property
    def _installed(self) -> dict[str, str]:
        """Voice -> language, of the voices in the data folder."""
        found: dict[str, str] = {}
        for info in sorted(self.data.glob("voices/*/voice.info")):
            language = re.search(r"^language=(\S+)", info.read_text(errors="replace"), re.MULTILINE)
            if language and language[1] in _LANGUAGES:
                found[info.parent.name] = _LANGUAGES[language[1]]
        return found

    def _revision(self, voice: str) -> str:
        info = self.data / "voices" / voice / "voice.info"
        found = re.search(r"^revision=(\S+)", info.read_text(errors="replace"), re.MULTILINE)
        return found[1] if found else "0"

    @classmethod
    def found(cls) -> RHVoice | None:
        """The machine's RHVoice with at least one voice, or None."""
        program = shutil.which("RHVoice-test")
        data = next((folder for folder in _DATA if (folder / "voices").is_dir()), None)
        return cls(program=program, data=data) if program and data else None
