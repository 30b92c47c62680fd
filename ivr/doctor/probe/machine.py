"""The machine's room: disk, open files, processors, memory."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psutil

from acd.records import database
from ivr.doctor.finding import Finding
from ivr.doctor.judge import capacity, disk, open_files
from ivr.doctor.judge.capacity import CapacityFacts
from ivr.doctor.judge.disk import DiskFacts
from ivr.doctor.judge.open_files import OpenFileFacts
from ivr.doctor.probe.records import untouched
from ivr.doctor.probe.users import existing, me
from ivr.doctor.subject import Subject, short
from ivr.instance import PROJECT
from ivr.switch_plan import open_files as wanted_files

OPEN_WITHOUT_CALLS = 32  # by Asterisk; measured: 15
OPEN_PER_CALL = 14  # 7 for each leg: measured with 10 callers waiting
MB = 1_000_000
CGROUP = Path("/sys/fs/cgroup")
NR_OPEN = Path("/proc/sys/fs/nr_open")


def examine_disk(subject: Subject) -> Iterator[Finding]:
    folder = existing(subject.instance.home)
    room = os.statvfs(folder)
    calls, size = _journal(subject)
    yield from disk.judge(
        DiskFacts(
            folder=short(folder),
            user=me(),
            writable=os.access(folder, os.W_OK | os.X_OK),
            free=shutil.disk_usage(folder).free,
            inodes=room.f_favail if room.f_files else None,
            expected_calls=subject.expected_calls,
            calls=calls,
            bytes_of_calls=size,
        )
    )


def _journal(subject: Subject) -> tuple[int, int]:
    """(calls in it, bytes it takes); zeros for a server, or one that cannot be read."""
    if subject.settings is None:
        return 0, 0
    file = database.file_of(database.parse(subject.settings.database))
    if file is None or not os.access(file, os.R_OK):
        return 0, 0
    with (
        contextlib.suppress(sqlite3.Error, OSError),
        contextlib.closing(untouched(Path(file))) as connection,
    ):
        [calls] = connection.execute("SELECT count(*) FROM calls").fetchone()
        return calls, Path(file).stat().st_size
    return 0, 0


def examine_open_files(subject: Subject, plays: str) -> Iterator[Finding]:
    """plays: the user Asterisk runs as."""
    expected = subject.expected_calls
    wanted = wanted_files(expected)
    pid = subject.processes.asterisk
    limit = _limit_here(wanted) if pid is None else _limit_of(pid)
    if limit is None:
        return
    needed = OPEN_WITHOUT_CALLS + expected * OPEN_PER_CALL
    used = None if pid is None else _open_now(pid)
    yield from open_files.judge(OpenFileFacts(plays, limit, needed, wanted, expected, used))


def _limit_here(wanted: int) -> int:
    """What a start would give Asterisk: root may raise it as far as the kernel goes, others to the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = int(NR_OPEN.read_text())
    if hard == resource.RLIM_INFINITY:
        return min(wanted, most)
    return min(wanted, most if os.geteuid() == 0 else hard)


def _limit_of(pid: int) -> int | None:
    """In force for a process: "Max open files            4096                 4096                 files"."""
    try:
        lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    except OSError:
        return None
    soft = next((line.split()[3] for line in lines if line.startswith("Max open files")), "")
    return int(soft) if soft.isdigit() else None


def _open_now(pid: int) -> int | None:
    try:
        return psutil.Process(pid).num_fds()
    except psutil.Error:
        return None


def examine_capacity(subject: Subject, plays: str) -> Iterator[Finding]:
    yield from capacity.judge(
        CapacityFacts(
            expected_calls=subject.expected_calls,
            cores=len(os.sched_getaffinity(0)),
            available=_memory() // MB,
            running=subject.running,
            as_root=os.geteuid() == 0,
            asterisk=f"Asterisk itself as '{plays}'" if plays else "",
            project=str(PROJECT),
        )
    )


def _memory() -> int:
    """Bytes that new programs can have: of the machine, or of the control group this runs in."""
    available = psutil.virtual_memory().available
    with contextlib.suppress(OSError, ValueError, IndexError):
        own = Path("/proc/self/cgroup").read_text().splitlines()[-1].partition("::")[2].lstrip("/")
        most = int((CGROUP / own / "memory.max").read_text())  # "max" is no number: no limit
        available = min(available, most - int((CGROUP / own / "memory.current").read_text()))
    return max(0, available)
