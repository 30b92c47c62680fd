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
    "./hotline up {site} --name {name} fetches a private one below var/asterisk, or install Debian's package asterisk",
    "Asterisk 20 or later carries the calls.",
)  # fmt: skip
HOLES = Trouble(
    "asterisk-holes", AREA, "program", "warning",
    "{version}, {whose}, has known holes; they are closed in {safe}",
    "the project's own: rm -r var/asterisk, and the next ./hotline up fetches the present one; "
    "the system's: apt-get update; apt-get install asterisk",
    "A distribution may have closed them in a package with an older number: its changelog tells.",
)  # fmt: skip
OUT_OF_CARE = Trouble(
    "asterisk-ended", AREA, "program", "warning",
    "{version}, {whose}: this branch gets no fixes any more",
    "the project's own: rm -r var/asterisk, and the next ./hotline up fetches the present one; "
    "the system's: a newer Debian package, or none: then ./hotline up fetches a private one",
    "Holes found from now on stay open. 20, 22 and 23 are cared for.",
)  # fmt: skip
NO_MODULES = Trouble(
    "asterisk-modules", AREA, "modules", "error",
    "{count} modules are missing in {folder}: {names}",
    "the project's own: rm -r var/asterisk, and the next ./hotline up fetches it again; "
    "the system's: apt-get install --reinstall asterisk asterisk-modules",
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
    "when no call is lost by it: ./hotline down --name {name}; ./hotline up {site} --name {name}",
    "Accounts, ports, numbers, codes and trunks are taken over at a start; a reload brings menus and rules.",
)  # fmt: skip
ROOT_FOR_WANT_OF_A_USER = Trouble(
    "asterisk-root-no-user", AREA, "user", "warning",
    "Asterisk runs as root: there is no user 'hotline' or 'nobody' to run it as",
    "adduser --system --group hotline; ./hotline down --name {name}; ./hotline up {site} --name {name}",
    "A hole in a program that runs as root opens the whole machine.",
)  # fmt: skip
ROOT_BECAUSE_CLOSED = Trouble(
    "asterisk-root-closed", AREA, "user", "warning",
    "Asterisk runs as root: user '{user}' cannot reach {closed}",
    "chmod o+rx {closed}, chmod o+x on the folders above it; ./hotline down --name {name}; "
    "./hotline up {site} --name {name}",
    "A hole in a program that runs as root opens the whole machine.",
)  # fmt: skip
ROOT_AS_STARTED = Trouble(
    "asterisk-root", AREA, "user", "warning",
    "Asterisk runs as root, but need not: it could run as '{user}'",
    "./hotline down --name {name}; ./hotline up {site} --name {name}",
    "A hole in a program that runs as root opens the whole machine.",
)  # fmt: skip
TROUBLES = (
    MISSING, HOLES, OUT_OF_CARE, NO_MODULES, NO_MUSIC, BAD_FILES, OLD_FILES,
    ROOT_FOR_WANT_OF_A_USER, ROOT_BECAUSE_CLOSED, ROOT_AS_STARTED,
)  # fmt: skip


@dataclass(frozen=True)
class Owner:
    """Who Asterisk runs as, or would; "" when that is not known.

    wanted: who it should run as when `user` is root; "" when there is none. closed: the folder that he
    cannot reach, "" when he could run it.
    """

    user: str = ""
    wanted: str = ""
    closed: str = ""


@dataclass(frozen=True)
class AsteriskFacts:
    """version: "" when there is none, with why. private: the project's own, in `root`.

    files_made: they could be; files_problem: why not, "" when nobody tried. old_files: those that differ from what
    the running one was given.
    """

    name: str
    site: str
    version: str
    why: str = ""
    private: bool = False
    root: str = ""
    modules_folder: str = ""
    missing_modules: tuple[str, ...] = ()
    music_folder: str = ""
    music: int = 0
    files_made: bool = False
    files_problem: str = ""
    old_files: tuple[str, ...] = ()
    owner: Owner = Owner()


def judge(seen: AsteriskFacts) -> Iterator[Finding]:
    if not seen.version:
        yield MISSING(why=seen.why, name=seen.name, site=seen.site)
        return
    yield from _age(seen)
    yield from _parts(seen)
    yield from _files(seen)
    yield from _user(seen)


def _age(seen: AsteriskFacts) -> Iterator[Finding]:
    present = tuple(int(part) for part in seen.version.split("."))
    whose = f"the project's own, in {seen.root}" if seen.private else "the system's"
    safe = SAFE_FROM.get(present[0])
    if safe is not None and present < safe:
        yield HOLES(version=seen.version, safe=".".join(map(str, safe)), whose=whose)
    elif present[0] in ENDED:
        yield OUT_OF_CARE(version=seen.version, whose=whose)
    else:
        yield well(AREA, "program", f"{seen.version}, {whose}")


def _parts(seen: AsteriskFacts) -> Iterator[Finding]:
    if seen.missing_modules:
        yield NO_MODULES(
            count=len(seen.missing_modules),
            folder=seen.modules_folder,
            names=", ".join(seen.missing_modules[:6]) + (" …" if len(seen.missing_modules) > 6 else ""),
        )
    if seen.music == 0:
        yield NO_MUSIC(folder=seen.music_folder)


def _files(seen: AsteriskFacts) -> Iterator[Finding]:
    if seen.files_problem:
        yield BAD_FILES(why=seen.files_problem, file=seen.site)
    elif seen.old_files:
        yield OLD_FILES(names=", ".join(seen.old_files), name=seen.name, site=seen.site)
    elif seen.files_made:
        yield well(AREA, "files", "made from the site file, none breaks a rule of the linter")


def _user(seen: AsteriskFacts) -> Iterator[Finding]:
    owner = seen.owner
    told = {"user": owner.wanted, "name": seen.name, "site": seen.site}
    if owner.user and owner.user != "root":
        yield well(AREA, "user", f"runs as '{owner.user}'")
    elif owner.user and not owner.wanted:
        yield ROOT_FOR_WANT_OF_A_USER(**told)
    elif owner.user and owner.closed:
        yield ROOT_BECAUSE_CLOSED(**told, closed=owner.closed)
    elif owner.user:
        yield ROOT_AS_STARTED(**told)
