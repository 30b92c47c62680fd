"""Whose things are."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterable
from pathlib import Path

ASKING = 'while IFS= read -r file; do [ -r "$file" ] || printf "%s\\n" "$file"; done'


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def me() -> str:
    return name_of(os.geteuid())


def owner_of(path: Path) -> str:
    """The owner's name. Raises OSError."""
    return name_of(path.stat().st_uid)


def existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def unreadable(paths: Iterable[Path], uid: int, gid: int) -> list[str]:
    """Those that this user cannot read, asked of the kernel as him when we are root, else of our own rights."""
    files = list(map(str, paths))
    if os.geteuid() != 0 or uid == 0:
        return [file for file in files if not os.access(file, os.R_OK)]
    asked = subprocess.run(
        ["/bin/sh", "-c", ASKING],
        input="".join(f"{file}\n" for file in files),
        capture_output=True,
        text=True,
        user=uid,
        group=gid,
        extra_groups=[],
        check=False,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
    )
    return asked.stdout.splitlines()
