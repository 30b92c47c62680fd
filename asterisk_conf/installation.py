"""Which Asterisk there is to run: the system's, or the private one of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = 20
PRIVATE = Path("var/asterisk")  # below the project
SYSTEM_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
VERSION_TIMEOUT = 10.0
LOADERS = {
    "x86_64-linux-gnu": "usr/lib64/ld-linux-x86-64.so.2",
    "aarch64-linux-gnu": "usr/lib/ld-linux-aarch64.so.1",
}


class NoAsterisk(RuntimeError):
    """No Asterisk of version 20 or later, neither the system's nor a private one."""


@dataclass(frozen=True)
class Installation:
    """An Asterisk that can be run.

    argv: how its program is called, before any option. A private one goes through its own dynamic loader, so
    that the machine's libraries are neither used nor touched.
    modules, data, music: its folders; music holds 8 kHz WAV. version: e.g. "22.10.1".
    """

    argv: tuple[str, ...]
    modules: Path
    data: Path
    music: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def find(project: Path, *, path: str = SYSTEM_PATH) -> Installation:
    """The system's Asterisk when it is 20 or later, else the project's private one. Raises NoAsterisk.

    path: where the system's program is looked for, as in $PATH.
    """
    seen: list[str] = []
    for candidate in (_system(path), private(project.absolute() / PRIVATE)):
        if candidate is None:
            continue
        if candidate.major >= OLDEST:
            return candidate
        seen.append(candidate.version)
    older = f" (found only {', '.join(seen)})" if seen else ""
    raise NoAsterisk(f"there is no Asterisk {OLDEST} or later here{older}; ./hotline fetches a private one")


def private(root: Path) -> Installation | None:
    """The Asterisk unpacked under `root`, None when there is none or it does not run."""
    for triplet, loader in LOADERS.items():
        libraries = root / "usr/lib" / triplet
        program = root / "usr/sbin/asterisk"
        if not (program.is_file() and (root / loader).is_file() and libraries.is_dir()):
            continue
        argv = (str(root / loader), "--library-path", str(libraries), str(program))
        data = root / "usr/share/asterisk"
        version = version_of(argv)
        if version:
            return Installation(argv, libraries / "asterisk/modules", data, data / "moh", version)
    return None


def _system(path: str) -> Installation | None:
    program = shutil.which("asterisk", path=path)
    version = version_of((program,)) if program else None
    if not program or not version:
        return None
    modules = next((folder for folder in _module_folders() if (folder / "chan_pjsip.so").is_file()), None)
    data = next(
        (Path(text) for text in ("/usr/share/asterisk", "/var/lib/asterisk") if Path(text).is_dir()), None
    )
    if modules is None or data is None:
        return None
    return Installation((program,), modules, data, data / "moh", version)


def _module_folders() -> list[Path]:
    return [*sorted(Path("/usr/lib").glob("*/asterisk/modules")), Path("/usr/lib/asterisk/modules")]


def version_of(argv: tuple[str, ...]) -> str | None:
    """ "22.10.1" as the program itself says, None when it cannot be run."""
    try:
        said = subprocess.run(
            [*argv, "-V"], capture_output=True, text=True, timeout=VERSION_TIMEOUT, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"Asterisk (?:certified/)?(\d+(?:\.\d+)*)", said.stdout)
    return match.group(1) if match else None
