"""Who holds a file's lock, asked of the kernel: trying to take it could make a starting hotline fail."""

from __future__ import annotations

from pathlib import Path

LOCKS = Path("/proc/locks")


def lock_holder(path: Path) -> int | None:
    """The pid that holds a flock on this file; None when nobody does, or the kernel does not tell."""
    try:
        seen, table = path.stat(), LOCKS.read_text()
    except OSError:
        return None
    holders = [pid for pid, inode in flocks(table) if inode == seen.st_ino]
    # A file of another disk may have the same inode number: the right process has this one open.
    return next((pid for pid in holders if has_open(pid, path) is not False), None)


def flocks(table: str) -> list[tuple[int, int]]:
    """(pid, inode) of each flock in /proc/locks: "5: FLOCK  ADVISORY  WRITE 696 fe:00:5384459 0 EOF"."""
    found: list[tuple[int, int]] = []
    for line in table.splitlines():
        match line.split():
            case [_, "FLOCK", _, _, pid, place, *_] if pid.isdigit() and int(pid) > 0:
                found.append((int(pid), int(place.rpartition(":")[2])))
            case _:
                continue  # another kind of lock, or one that somebody waits for ("->")
    return found


def has_open(pid: int, path: Path) -> bool | None:
    """Whether a process has this file open; None when we may not look."""
    try:
        return any(link.samefile(path) for link in Path(f"/proc/{pid}/fd").iterdir() if link.exists())
    except PermissionError:
        return None
    except OSError:
        return False
