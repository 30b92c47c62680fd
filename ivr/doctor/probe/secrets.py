"""Modes of the files that hold secrets."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from ivr.doctor.finding import Finding
from ivr.doctor.judge import secrets
from ivr.doctor.judge.secrets import NOTHING_MORE, RENEW, Kept, SecretFacts
from ivr.doctor.probe.users import me
from ivr.doctor.subject import Subject, short

HELD = (
    ("secrets.json", "the phones' passwords and the manager's", RENEW),
    ("asterisk/etc/pjsip.conf", "the phones' passwords", "delete secrets.json and start anew"),
    ("asterisk/etc/manager.conf", "the manager's password", "delete secrets.json and start anew"),
    ("pseudonyms.secret", "the key from pseudonyms to numbers", NOTHING_MORE),
    ("people.sqlite", "callers' numbers", NOTHING_MORE),
    ("people.sqlite-wal", "callers' numbers", NOTHING_MORE),
    ("journal.sqlite", "every call's story", NOTHING_MORE),
    ("journal.sqlite-wal", "every call's story", NOTHING_MORE),
    ("control.sock", "the way to reload and look on", NOTHING_MORE),
)


def examine(subject: Subject) -> Iterator[Finding]:
    home = subject.instance.home
    kept = tuple(kept for path, holds, after in HELD if (kept := _look(home / path, holds, after)))
    yield from secrets.judge(SecretFacts(subject.name, short(home), me(), kept, subject.stranger))


def _look(path: Path, holds: str, after: str) -> Kept | None:
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return Kept(short(path), holds, bool(mode & (stat.S_IRWXG | stat.S_IRWXO)), after)
