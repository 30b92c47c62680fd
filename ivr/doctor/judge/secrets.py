"""Who can read what only the owner should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Secrets"

OPEN = Trouble(
    "secret-open", AREA, "files", "error",
    "others can read {path} ({holds})",
    "chmod 600 {path}; if somebody may have read it: {after}",
    "Passwords, callers' numbers and the key of the pseudonyms are for the hotline's owner alone.",
)  # fmt: skip
NOT_MINE = Trouble(
    "instance-foreign", AREA, "folder", "error",
    "{folder} belongs to '{owner}', you are '{user}'",
    "run this as '{owner}': sudo -u {owner} ./hotline doctor --name {name}",
    "Its files and sockets are closed to others, so nearly nothing can be seen.",
)  # fmt: skip
TROUBLES = (OPEN, NOT_MINE)

RENEW = "delete it and start anew, all phones get new passwords"
NOTHING_MORE = "it cannot be undone, know whose it was"


@dataclass(frozen=True)
class Kept:
    """A file that holds secrets. open: group or others may read it. after: what else to do once it was open."""

    path: str
    holds: str
    open: bool
    after: str = NOTHING_MORE


@dataclass(frozen=True)
class SecretFacts:
    """kept: the files that exist. stranger: the folder's owner, when the user here may not look into it."""

    name: str
    folder: str
    user: str
    kept: tuple[Kept, ...] = ()
    stranger: str = ""


def judge(seen: SecretFacts) -> Iterator[Finding]:
    if seen.stranger:
        yield NOT_MINE(folder=seen.folder, owner=seen.stranger, user=seen.user, name=seen.name)
        return
    exposed = [one for one in seen.kept if one.open]
    for one in exposed:
        yield OPEN(path=one.path, holds=one.holds, after=one.after)
    if not seen.kept:
        yield well(AREA, "files", "none yet; the first start makes them, readable by their owner only")
    elif not exposed:
        yield well(AREA, "files", f"{len(seen.kept)} files, readable by their owner only")
