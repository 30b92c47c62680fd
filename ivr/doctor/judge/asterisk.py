"""The Asterisk there is: its age, its parts, and the files it would be given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Asterisk"

SAFE_FROM = {20: (20, 20, 1), 22: (22, 10, 1), 23: (23, 4, 1)}
"""The latest releases, June 2026, that close holes known to be open before them, by branch."""

ENDED = {21}
"""Branches above the oldest that we run, which get no fixes any more."""

MISSING = Trouble(
    "asterisk-missing", AREA, "program", "error",
    "{why}",
    "./hotline up --name {name} fetches a private one below var/asterisk, or install Debian's package asterisk",
    "Asterisk 20 or later carries the calls.",
)  # fmt: skip
HOLES = Trouble(
    "asterisk-holes", AREA, "program", "warning",
    "Asterisk {version} has known holes, closed in {safe}",
    "{update}",
    "A distribution may have closed them in a package with an older number: its changelog tells.",
)  # fmt: skip
OUT_OF_CARE = Trouble(
    "asterisk-ended", AREA, "program", "warning",
    "Asterisk {version}: this branch gets no fixes any more",
    "{update}",
    "Holes found from now on stay open. 20, 22 and 23 are cared for.",
)  # fmt: skip
NO_MODULES = Trouble(
    "asterisk-modules", AREA, "modules", "error",
    "{count} modules are missing in {folder}: {names}",
    "{repair}",
    "Asterisk starts with exactly the modules that a hotline needs.",
)  # fmt: skip
NO_MUSIC = Trouble(
    "music-missing", AREA, "music", "warning",
    "there is no music for waiting callers in {folder}",
    "install Debian's package asterisk-moh-opsound-wav, or put 8 kHz WAV files there",
    "Callers who hear silence take the line for dead and hang up.",
)  # fmt: skip
BAD_FILES = Trouble(
    "asterisk-files", AREA, "files", "error",
    "Asterisk's files cannot be made: {why}",
    "mend the setting that it names in {file}",
    "Files that open a door, or that Asterisk would not understand, are never written.",
)  # fmt: skip
OLD_FILES = Trouble(
    "asterisk-files-old", AREA, "files", "warning",
    "Asterisk was started with other {names} than the site file asks for now",
    "when no call is lost by it: ./hotline down --name {name}; ./hotline up {file} --name {name}",
    "Accounts, ports, numbers, codes and trunks are taken over at a start; a reload brings menus and rules.",
)  # fmt: skip
AS_ROOT = Trouble(
    "asterisk-root", AREA, "user", "warning",
    "{why}",
    "{cure}",
    "A hole in a program that runs as root opens the whole machine.",
)  # fmt: skip
TROUBLES = (MISSING, HOLES, OUT_OF_CARE, NO_MODULES, NO_MUSIC, BAD_FILES, OLD_FILES, AS_ROOT)

REFETCH = "remove {folder} and run ./hotline up: it fetches the present one"
UPGRADE = "apt-get update; apt-get install asterisk"


@dataclass(frozen=True)
class AsteriskFacts:
    """version: "" when there is none, with why. private: the project's own, in `root`.

    files_problem: why its files cannot be made, "" when they can. old_files: those that differ from what
    the running one was given. user: who it runs as, or would; root_because: why that is root.
    """

    name: str
    site_file: str
    version: str
    why: str = ""
    private: bool = False
    root: str = ""
    modules_folder: str = ""
    missing_modules: tuple[str, ...] = ()
    music_folder: str = ""
    music: int = 0
    files_problem: str = ""
    old_files: tuple[str, ...] = ()
    user: str = ""
    root_because: str = ""
    root_cure: str = ""


def judge(seen: AsteriskFacts) -> Iterator[Finding]:
    if not seen.version:
        yield MISSING(why=seen.why, name=seen.name)
        return
    yield from _age(seen)
    yield from _parts(seen)
    yield from _files(seen)
    if seen.root_because:
        yield AS_ROOT(why=seen.root_because, cure=seen.root_cure)
    elif seen.user:
        yield well(AREA, "user", f"runs as '{seen.user}'")


def _age(seen: AsteriskFacts) -> Iterator[Finding]:
    present = tuple(int(part) for part in seen.version.split("."))
    update = REFETCH.format(folder=seen.root) if seen.private else UPGRADE
    safe = SAFE_FROM.get(present[0])
    if safe is not None and present < safe:
        yield HOLES(version=seen.version, safe=".".join(map(str, safe)), update=update)
    elif present[0] in ENDED:
        yield OUT_OF_CARE(version=seen.version, update=update)
    else:
        whose = f"the project's own, in {seen.root}" if seen.private else "the system's"
        yield well(AREA, "program", f"{seen.version}, {whose}")


def _parts(seen: AsteriskFacts) -> Iterator[Finding]:
    if seen.missing_modules:
        yield NO_MODULES(
            count=len(seen.missing_modules),
            folder=seen.modules_folder,
            names=", ".join(seen.missing_modules[:6]) + (" …" if len(seen.missing_modules) > 6 else ""),
            repair=REFETCH.format(folder=seen.root) if seen.private else f"{UPGRADE} --reinstall",
        )
    if seen.music == 0:
        yield NO_MUSIC(folder=seen.music_folder)


def _files(seen: AsteriskFacts) -> Iterator[Finding]:
    if seen.files_problem:
        yield BAD_FILES(why=seen.files_problem, file=seen.site_file)
    elif seen.old_files:
        yield OLD_FILES(names=", ".join(seen.old_files), name=seen.name, file=seen.site_file)
    elif seen.site_file:
        yield well(AREA, "files", "made from the site file, none breaks a rule of the linter")
