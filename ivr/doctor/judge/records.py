"""Can the journal and the key table be read and written, and who writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Records"

Version = Literal["current", "none", "old", "new"]

UNREACHABLE = Trouble(
    "database-unreachable", AREA, "database", "error",
    "{what}: {why}",
    "start the database server, or mend database: in the site file (the password belongs in ~/.pgpass)",
    "The hotline does not start without its records.",
)  # fmt: skip
UNREADABLE = Trouble(
    "database-unreadable", AREA, "database", "error",
    "{what}: {why}",
    "move {file} away (it is made anew), or put a backup in its place",
    "A file that is cut off, or is no database, cannot be continued.",
)  # fmt: skip
FORBIDDEN = Trouble(
    "database-forbidden", AREA, "database", "error",
    "user '{user}' may not read and write {file}, which belongs to '{owner}'",
    "run the hotline as '{owner}', or: chown {user} {file}",
    "SQLite needs the file, and the folder it lies in, for reading and for writing.",
)  # fmt: skip
TOO_NEW = Trouble(
    "database-newer", AREA, "database", "error",
    "{what} was written by a newer hotline (version {version}, this one knows {known})",
    "update the hotline, or name another database",
    "An older hotline would not understand its tables.",
)  # fmt: skip
TO_BE_UPGRADED = Trouble(
    "database-older", AREA, "database", "warning",
    "{what} is at version {version}, this hotline wants {known}",
    "make a backup; the next ./hotline up {site} --name {name} brings it up to date",
    "Afterwards an older hotline cannot read it.",
)  # fmt: skip
TAKEN = Trouble(
    "journal-taken", AREA, "journal", "error",
    "another process writes it: {who}",
    "stop that one, or give this hotline a database of its own",
    "One controller decides and writes; a second one is refused.",
)  # fmt: skip
FAILING = Trouble(
    "journal-failing", AREA, "journal", "error",
    "it cannot be written, {behind} entries wait in memory: {why}",
    "make room on the disk, or bring the database server back; the entries are written then",
    "Calls go on; what waits is lost if the controller dies.",
)  # fmt: skip
TROUBLES = (UNREACHABLE, UNREADABLE, FORBIDDEN, TOO_NEW, TO_BE_UPGRADED, TAKEN, FAILING)


@dataclass(frozen=True)
class Database:
    """One of the two. what: "journal" or "people". file: "" for a server. exists: it was made already.

    allowed: this user may read and write it. trouble: what opening it said, "" when it opened.
    """

    what: str
    where: str
    known: str
    file: str = ""
    exists: bool = True
    allowed: bool = True
    owner: str = ""
    version: Version = "current"
    present: str | None = None
    trouble: str = ""

    def but(self, **known: Any) -> Self:
        """The same, knowing more."""
        return replace(self, **known)


@dataclass(frozen=True)
class RecordFacts:
    """writer: who holds the journal's lock, "" for nobody; ours: that is this hotline's controller.

    failing: why the running controller cannot write, "" in health; behind: entries that wait for it.
    """

    name: str
    site: str
    user: str
    databases: tuple[Database, ...]
    writer: str = ""
    ours: bool = False
    failing: str = ""
    behind: int = 0


def judge(seen: RecordFacts) -> Iterator[Finding]:
    for database in seen.databases:
        yield from _database(seen, database)
    if seen.writer and not seen.ours:
        yield TAKEN(who=seen.writer)
    if seen.failing:
        yield FAILING(why=seen.failing, behind=seen.behind)
    elif seen.ours:
        yield well(AREA, "journal", "the controller writes it, nothing waits")


def _database(seen: RecordFacts, it: Database) -> Iterator[Finding]:
    what = f"{it.what} ({it.where})"
    versions = {"version": it.present, "known": it.known, "name": seen.name, "site": seen.site, "what": what}
    if not it.exists:
        if it.allowed:  # a folder that takes no file is a finding of its own
            yield well(AREA, it.what, f"{it.where}: made at the first start")
    elif not it.allowed:
        yield FORBIDDEN(user=seen.user, file=it.file, owner=it.owner)
    elif it.trouble and it.file:
        yield UNREADABLE(what=what, why=it.trouble, file=it.file)
    elif it.trouble:
        yield UNREACHABLE(what=what, why=it.trouble)
    elif it.version == "new":
        yield TOO_NEW(**versions)
    elif it.version == "old":
        yield TO_BE_UPGRADED(**versions)
    else:
        yield well(AREA, it.what, f"{it.where}: {'empty' if it.version == 'none' else 'up to date'}")
